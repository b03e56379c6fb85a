"""Text: the words, sentences, numbers, table cells and language of a text, told one way for everybody."""

from core.text.asked_in import asked_in
from core.text.column_names import column_names, header_rows, row_cells
from core.text.invisible import without_invisible
from core.text.language import detect_language, forget_languages, prepare_languages
from core.text.language_notes import foreign_note, preparing_note
from core.text.numbers import (
    CURRENCY_SIGNS,
    counted,
    ends_in_figure,
    figures,
    fills_figure_column,
    is_figure,
    is_number,
    is_sign,
    is_year,
    shows_amount,
    signs_apart,
)
from core.text.question import read_question
from core.text.sentences import Segment, SegmentKind, segments, sentence_spans
from core.text.tables import cells, has_header, names_columns
from core.text.terms import content_terms, search_terms

__all__ = [
    "CURRENCY_SIGNS",
    "TERMS_VERSION",
    "Segment",
    "SegmentKind",
    "asked_in",
    "cells",
    "column_names",
    "content_terms",
    "counted",
    "detect_language",
    "ends_in_figure",
    "figures",
    "fills_figure_column",
    "foreign_note",
    "forget_languages",
    "has_header",
    "header_rows",
    "is_figure",
    "is_number",
    "is_sign",
    "is_year",
    "names_columns",
    "prepare_languages",
    "preparing_note",
    "read_question",
    "row_cells",
    "search_terms",
    "segments",
    "sentence_spans",
    "shows_amount",
    "signs_apart",
    "without_invisible",
]

# Raise it when the same text gives other search terms than before: indexes are then built again by themselves.
TERMS_VERSION = 1
