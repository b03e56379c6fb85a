"""Assistants: what the database keeps of each, one file a noun, and each file a door of its own."""
