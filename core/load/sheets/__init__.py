"""Excel workbooks of every kind: cells as they are shown, in tables."""
