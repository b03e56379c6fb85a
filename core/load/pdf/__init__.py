"""PDF: its text with headings and tables, and pictures of its pages."""

from core.load.pdf.page import render
from core.load.pdf.reader import read

__all__ = ["read", "render"]
