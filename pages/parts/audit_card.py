"""Who did what, the newest first."""

import streamlit as st

from core.people import Line, lines
from pages.parts.status import clock
from pages.parts.words import plain

SHOWN = 100
DEEDS = {
    "owner_created": "became the owner",
    "signed_in": "signed in",
    "signed_in_outside": "signed in by the sign-in service",
    "signed_out": "signed out",
    "signed_out_everywhere": "signed out everywhere",
    "locked": "was locked out after ten wrong tries",
    "role_changed": "changed a role",
    "deactivated": "let somebody in no more",
    "activated": "let somebody in again",
    "invited": "invited",
    "invitation_withdrawn": "took an invitation back",
    "joined": "took an invitation",
    "password_link": "made a link to a new password",
    "password_changed": "changed their password",
    "service_set": "set the sign-in service",
    "service_removed": "removed the sign-in service",
    "assistant.created": "made an assistant",
    "assistant.renamed": "renamed an assistant",
    "assistant.binned": "deleted an assistant",
    "assistant.restored": "brought an assistant back",
    "assistant.erased": "erased an assistant",
    "source.added": "added a source",
    "source.binned": "deleted sources",
    "voice.saved": "changed a voice",
    "provider.saved": "set a model service",
    "provider.removed": "removed a model service",
    "demo.made": "made a demo link",
    "demo.closed": "closed a demo link",
    "demo.opened_again": "opened a demo link again",
    "demo.deleted": "deleted a demo link",
    "database.brought_back": "brought a copy of the database back",
    "backup.made": "downloaded everything",
    "backup.restored": "restored a backup",
    "assistant.exported": "saved an assistant as a file",
    "rebuild.going_back": "went back to earlier passages",
}


def draw_audit() -> None:
    """The last lines, folded away until they are wanted."""
    with st.expander("Who did what", expanded=False, key="audit", on_change="rerun") as folded:
        if not folded.open:
            return
        newest = lines(SHOWN)
        st.markdown("\n".join(f"- {_sentence(line)}" for line in newest))
        if len(newest) == SHOWN:
            st.caption(f"The last {SHOWN}. Earlier ones are kept in the database.")


def _sentence(line: Line) -> str:
    about = f" · {plain(line.about)}" if line.about else ""
    did = DEEDS.get(line.deed, line.deed)
    return f":gray[{clock(line.at)}] **{plain(line.who) or 'Somebody'}** {did}{about}"
