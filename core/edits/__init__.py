"""Edits: what owners changed by hand in the passages of their sources, kept beside the texts."""

from core.edits.records import (
    add_edit,
    change_edit,
    edits_of,
    end_edit,
    history,
    note_unfit,
    stamp_in,
    stamp_of,
    take_in,
    unfit_counts,
)

__all__ = [
    "add_edit",
    "change_edit",
    "edits_of",
    "end_edit",
    "history",
    "note_unfit",
    "stamp_in",
    "stamp_of",
    "take_in",
    "unfit_counts",
]
