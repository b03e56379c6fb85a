"""Plain text and what is kept as such: Markdown, tables of values, JSON, XML, subtitles."""
