"""The reader: which sentence, list item or table row of the passages found answers a question, and whether any does."""

from core.reader.candidates import Candidate, candidates, on_one_line, surroundings
from core.reader.checker import stated
from core.reader.model import Pair, prepare_reader
from core.reader.reading import Reading, read
from core.reader.signs import similarities

__all__ = [
    "Candidate",
    "Pair",
    "Reading",
    "candidates",
    "on_one_line",
    "prepare_reader",
    "read",
    "similarities",
    "stated",
    "surroundings",
]
