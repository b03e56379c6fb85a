"""What Word, PowerPoint and Excel files share: the package, charts, blocks of elements."""
