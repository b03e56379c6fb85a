"""The reader: which sentence, list item or table row of the passages found answers a question, and whether any does."""

from core.reader.candidates import Candidate, on_one_line
from core.reader.model import prepare_reader
from core.reader.reading import Reading, read
from core.reader.signs import similarities

__all__ = ["Candidate", "Reading", "on_one_line", "prepare_reader", "read", "similarities"]
