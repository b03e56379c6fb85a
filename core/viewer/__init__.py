"""Viewer: a citation opened at its place, and how a source was cut."""

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
    "bar_step",
    "cut_source",
    "holding",
    "is_hard_to_read",
    "length_counts",
    "numbers",
    "on_page",
    "open_place",
    "page_layout",
    "page_name",
    "pieces_of",
]
