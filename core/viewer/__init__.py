"""Viewer: a citation opened at its place, and how a source was cut."""

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
from core.viewer.page_layout import PageLayout, page_layout
from core.viewer.passages import (
    CutSource,
    bar_step,
    cut_source,
    holding,
    length_counts,
    numbers,
    on_page,
    page_name,
    pieces_of,
)
from core.viewer.place import PagePicture, PageText, open_place
from core.viewer.word_places import is_hard_to_read

__all__ = [
    "CutSource",
    "PageLayout",
    "PagePicture",
    "PageText",
    "PassageSeen",
    "UnfitEdit",
    "add_passage",
    "ask_as",
    "bar_step",
    "change_words",
    "cut_source",
    "editable_text",
    "holding",
    "is_hard_to_read",
    "join_with_next",
    "keep_my_words",
    "length_counts",
    "numbers",
    "on_page",
    "open_place",
    "page_layout",
    "page_name",
    "pieces_of",
    "seen",
    "split_passage",
    "split_places",
    "switch_off",
    "unfit_edits",
]
