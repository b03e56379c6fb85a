"""Text: the words, sentences, numbers, table cells and language of a text, told one way for everybody."""

from core.text.language import detect_language
from core.text.numbers import counted
from core.text.question import read_question
from core.text.sentences import Segment, SegmentKind, cells, names_columns, segments
from core.text.terms import content_terms, search_terms

__all__ = [
    "TERMS_VERSION",
    "Segment",
    "SegmentKind",
    "cells",
    "content_terms",
    "counted",
    "detect_language",
    "names_columns",
    "read_question",
    "search_terms",
    "segments",
]

# Raise it when the same text gives other search terms than before: indexes are then built again by themselves.
TERMS_VERSION = 1
