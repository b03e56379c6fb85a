"""Who did what, the newest first."""

import streamlit as st

from core.people import Line, lines
from pages.parts.status import clock

SHOWN = 20
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
    "database.brought_back": "brought a copy of the database back",
    "rebuild.going_back": "went back to earlier passages",
}


def draw_audit() -> None:
    """The last lines, folded away until they are wanted."""
    with st.expander("Who did what", expanded=False, key="audit", on_change="rerun") as folded:
        if not folded.open:
            return
        rows = lines()
        st.dataframe([_row(line) for line in rows], hide_index=True, height="content" if len(rows) < SHOWN else 600)
        st.caption("The last 200. Earlier ones are kept in the database.")


def _row(line: Line) -> dict[str, str]:
    return {
        "When": clock(line.at),
        "Who": line.who or "somebody unknown",
        "Did": DEEDS.get(line.deed, line.deed),
        "What": line.about,
    }
