"""The passages that look wrong, by what is wrong with them."""

from collections import Counter

import streamlit as st

from core.chunk import FLAW_KINDS, FlawKind
from core.text import counted
from core.viewer import CutSource, LooksWrong
from pages.parts import cut_state
from pages.parts.flaw_words import LABELS, QUIET, remark
from pages.parts.passage_list import Menu, draw_passages


def draw_wrong(cut: CutSource, judged: LooksWrong, menu: Menu) -> None:
    """Pills that say what may be wrong and how often it is, and the passages; none pressed: all that look wrong."""
    often = Counter(flaw.kind for flaws in judged.flaws.values() for flaw in flaws)
    kinds: list[FlawKind] = [kind for kind in FLAW_KINDS if often[kind]]
    if not kinds:
        st.write("Nothing looks wrong with these passages.")
        _say_unknown(judged)
        return
    entry = cut_state.flaws_shown(cut.version_id)
    if set(entry.get()) - set(kinds):
        entry.set([kind for kind in entry.get() if kind in kinds])
    pressed = st.pills(
        "What looks wrong",
        kinds,
        selection_mode="multi",
        format_func=lambda kind: f"{LABELS[kind]} ({often[kind]:,})",
        key=entry.key,
    )
    wanted = set(pressed) or set(kinds) - set(QUIET)
    shown = [
        passage
        for passage in cut.passages
        if any(flaw.kind in wanted for flaw in judged.flaws.get(passage.ordinal, ()))
    ]
    if not shown:
        st.write("Nothing looks wrong with these passages.")
    else:
        st.caption(f"{counted(len(shown), 'passage')} of {len(cut.passages):,}")
    if often["uncited"]:
        st.caption(
            f"Never cited: by none of the {counted(judged.answers, 'answer')} kept so far. That need not be wrong."
        )
    _say_unknown(judged)
    said = {p.ordinal: remark(judged.flaws[p.ordinal], quiet="uncited" in wanted) for p in shown}
    draw_passages(cut.document, shown, f"{cut.version_id}_wrong", remarks=said, menu=menu)


def _say_unknown(judged: LooksWrong) -> None:
    if judged.unknown:
        sources = counted(judged.unknown, "other source")
        st.caption(f"Not compared with {sources}: they were read before passages were compared. Read them again.")
