"""A voice that is being tried out and not saved yet: in the page's fields, and kept beside them."""

from dataclasses import asdict, fields

import streamlit as st

from core.schema import Voice

KEPT_DRAFTS = 100


@st.cache_resource(max_entries=1)
def _kept() -> dict[str, Voice]:
    """Drafts by assistant, in this process: a page change or a reload of the browser brings them back."""
    return {}


def field_key(assistant_id: str, field: str) -> str:
    """Return the key of the widget that holds a field of the draft."""
    return f"voice_{field}_{assistant_id}"


def begin_draft(assistant_id: str, saved: Voice) -> None:
    """Fill the page's fields where they hold nothing yet: with what was left unsaved, else with what is saved."""
    for field, value in asdict(_kept().get(assistant_id, saved)).items():
        st.session_state.setdefault(field_key(assistant_id, field), value)


def set_draft(assistant_id: str, voice: Voice) -> None:
    """Put a voice into the page's fields; only from a callback, or before the fields are drawn."""
    for field, value in asdict(voice).items():
        st.session_state[field_key(assistant_id, field)] = value


def current_draft(assistant_id: str) -> Voice:
    """Return the voice as the fields say it; a sentence that was emptied is the usual one again."""
    said = {field.name: st.session_state.get(field_key(assistant_id, field.name)) for field in fields(Voice)}
    said = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    usual = asdict(Voice())
    return Voice(**{name: value or usual[name] for name, value in said.items()})


def keep_draft(assistant_id: str, draft: Voice, saved: Voice) -> None:
    """Remember an unsaved draft; forget it where it says nothing new."""
    kept = _kept()
    kept.pop(assistant_id, None)
    if draft != saved:
        kept[assistant_id] = draft
        while len(kept) > KEPT_DRAFTS:
            del kept[next(iter(kept))]
