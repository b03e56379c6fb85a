"""Viewer: a citation opened at its place, and how a source was cut."""

from core.viewer.compare import CutChange, cut_change
from core.viewer.hand_edits import (
    PassageSeen,
    UnfitEdit,
    add_passage,
    ask_as,
    change_words,
    editable_text,
    join_with_next,
    keep_my_words,
    seen,
    split_passage,
    split_places,
    switch_off,
    unfit_edits,
)
from core.viewer.looks_wrong import LooksWrong, is_judged, looks_wrong
from core.viewer.page_drawing import start_drawing
from core.viewer.page_layout import PageLayout, page_layout
from core.viewer.parts import PICTURES, Part, Parts, on_part, parts_of
from core.viewer.passages import (
    CutSource,
    bar_step,
    cut_source,
    holding,
    kind_found,
    length_counts,
    numbers,
    pieces_of,
)
from core.viewer.place import PagePicture, PageText, open_place
from core.viewer.text_layout import LaidBlock, TextLayout, text_layout
from core.viewer.word_places import is_hard_to_read

__all__ = [
    "PICTURES",
    "CutChange",
    "CutSource",
    "LaidBlock",
    "LooksWrong",
    "PageLayout",
    "PagePicture",
    "PageText",
    "Part",
    "Parts",
    "PassageSeen",
    "TextLayout",
    "UnfitEdit",
    "add_passage",
    "ask_as",
    "bar_step",
    "change_words",
    "cut_change",
    "cut_source",
    "editable_text",
    "holding",
    "is_hard_to_read",
    "is_judged",
    "join_with_next",
    "keep_my_words",
    "kind_found",
    "length_counts",
    "looks_wrong",
    "numbers",
    "on_part",
    "open_place",
    "page_layout",
    "parts_of",
    "pieces_of",
    "seen",
    "split_passage",
    "split_places",
    "start_drawing",
    "switch_off",
    "text_layout",
    "unfit_edits",
]
