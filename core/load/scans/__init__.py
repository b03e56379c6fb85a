"""Pictures of pages: recognised letters with the box of each word, where recognition is installed."""
