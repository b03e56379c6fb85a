"""The reader: which sentence, list item or table row of the passages found answers a question, and whether any does."""

from core.reader.candidates import Candidate
from core.reader.model import prepare_reader, reader_is_ready
from core.reader.reading import Reading, read

__all__ = ["Candidate", "Reading", "prepare_reader", "read", "reader_is_ready"]
