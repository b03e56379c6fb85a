"""A voice that is being tried out and not saved yet: in the page's fields, and kept beside them."""

from dataclasses import asdict
from typing import Any

import streamlit as st

from core.schema import Voice
from pages.parts import state

MOST_DRAFTS = 100


@st.cache_resource(max_entries=1)
def _drafts() -> dict[str, Voice]:
    """Drafts by assistant, in this process: a page change or a reload of the browser brings them back."""
    return {}


def begin_draft(assistant_id: str, saved: Voice) -> None:
    """Fill the page's fields where they hold nothing yet: with what was left unsaved, else with what is saved.

    Where another window has saved a voice meanwhile, the fields that were not changed in this one follow it.
    """
    for field, value in asdict(_drafts().get(assistant_id, saved)).items():
        state.voice_field(assistant_id, field).begin(value)
    follow_saved(assistant_id, saved)


def follow_saved(assistant_id: str, saved: Voice) -> bool:
    """Let unchanged fields follow what was saved in another window; returns whether there was something new in it.

    Only from a callback, or before the fields are drawn.
    """
    base = state.voice_base(assistant_id).get()
    state.voice_base(assistant_id).set(saved)
    if base is None or base == saved:
        return False
    draft, before, after = asdict(current_draft(assistant_id)), asdict(base), asdict(saved)
    for field, value in after.items():
        if draft[field] == before[field]:
            state.voice_field(assistant_id, field).set(value)
    return True


def set_draft(assistant_id: str, voice: Voice) -> None:
    """Put a voice into the page's fields; only from a callback, or before the fields are drawn."""
    for field, value in asdict(voice).items():
        state.voice_field(assistant_id, field).set(value)


def current_draft(assistant_id: str) -> Voice:
    """Return the voice as the fields say it; a sentence that was emptied is the usual one again."""
    values: dict[str, Any] = asdict(Voice())
    for field, usual in values.items():
        values[field] = (state.voice_field(assistant_id, field).get() or "").strip() or usual
    return Voice(**values)


def keep_draft(assistant_id: str, draft: Voice, saved: Voice) -> None:
    """Remember an unsaved draft; forget it where it says nothing new."""
    drafts = _drafts()
    drafts.pop(assistant_id, None)
    if draft != saved:
        drafts[assistant_id] = draft
        while len(drafts) > MOST_DRAFTS:
            del drafts[next(iter(drafts))]
