"""Text: the words, sentences, numbers, table cells and language of a text, told one way for everybody."""

from core.text.language import detect_language
from core.text.numbers import counted
from core.text.sentences import Segment, SegmentKind, cells, names_columns, segments, sentence_spans
from core.text.terms import content_terms, search_terms

__all__ = [
    "Segment",
    "SegmentKind",
    "cells",
    "content_terms",
    "counted",
    "detect_language",
    "names_columns",
    "search_terms",
    "segments",
    "sentence_spans",
]
