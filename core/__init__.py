"""Answerbook without its screens: from a file's bytes to a cited answer."""
