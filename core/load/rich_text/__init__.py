"""Rich text (RTF): its text, notes, tables and lists."""
