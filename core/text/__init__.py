"""Text: the words, sentences, numbers, table cells and language of a text, told one way for everybody."""

from core.text.amounts import CURRENCIES, MEASURES, Amount, amounts, measured
from core.text.asked_in import asked_in
from core.text.column_names import begins_with_header, column_names, goes_on, header_rows, row_cells
from core.text.exact import exact_things, holds
from core.text.find_words import Stands, find_words
from core.text.invisible import without_invisible
from core.text.language import detect_language, forget_languages, prepare_languages
from core.text.language_notes import foreign_note, preparing_note, stand_in_note
from core.text.names import countries_in, english_names, months_in, named_as_in, with_countries_as
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
from core.text.others import for_others
from core.text.own_words import OwnWords, is_sayable
from core.text.question import COMPOUNDING, as_typed, read_question, unknown_words
from core.text.sentences import Segment, SegmentKind, segments, segments_of, sentence_spans
from core.text.steps import Step, fitting, lie_apart, may_fall_into, step, unit_of_column
from core.text.tables import cells, has_header, names_columns
from core.text.terms import STOP_WORDS, content_terms, search_terms
from core.text.vocabulary import Vocabulary, compound_cuts, words_in

__all__ = [
    "COMPOUNDING",
    "CURRENCIES",
    "CURRENCY_SIGNS",
    "MEASURES",
    "STOP_WORDS",
    "TERMS_VERSION",
    "Amount",
    "OwnWords",
    "Segment",
    "SegmentKind",
    "Stands",
    "Step",
    "Vocabulary",
    "amounts",
    "as_typed",
    "asked_in",
    "begins_with_header",
    "cells",
    "column_names",
    "compound_cuts",
    "content_terms",
    "counted",
    "countries_in",
    "detect_language",
    "ends_in_figure",
    "english_names",
    "exact_things",
    "figures",
    "fills_figure_column",
    "find_words",
    "fitting",
    "for_others",
    "foreign_note",
    "forget_languages",
    "goes_on",
    "has_header",
    "header_rows",
    "holds",
    "is_figure",
    "is_number",
    "is_sayable",
    "is_sign",
    "is_year",
    "lie_apart",
    "may_fall_into",
    "measured",
    "months_in",
    "named_as_in",
    "names_columns",
    "prepare_languages",
    "preparing_note",
    "read_question",
    "row_cells",
    "search_terms",
    "segments",
    "segments_of",
    "sentence_spans",
    "shows_amount",
    "signs_apart",
    "stand_in_note",
    "step",
    "unit_of_column",
    "unknown_words",
    "with_countries_as",
    "without_invisible",
    "words_in",
]

# Raise it when the same text gives other search terms than before: indexes are then built again by themselves.
TERMS_VERSION = 3
