"""Word documents, new and old: every word as its reader sees it, to blocks."""
