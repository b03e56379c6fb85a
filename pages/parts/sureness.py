"""How sure the assistant is before it answers, in words, with the test questions on both sides of each choice."""

from collections.abc import Sequence

import streamlit as st

from core.assistants import assistants, saved_questions
from core.assistants.saved_questions import QuestionRow
from core.schema import SURENESS, Sureness
from core.text import counted
from pages.parts import search_state
from pages.parts.screen import pressed
from pages.parts.words import plain

NAMES: dict[str, str] = {"readily": "Answers readily", "measured": "As measured", "sure": "Only when sure"}
MEANS: dict[str, str] = {
    "readily": "It shows what comes nearest where nothing clearly answers. It says less often that it does not know, "
    "and is more often beside the point.",
    "measured": "It answers where that was right most often, measured on many questions.",
    "sure": "It shows only what clearly answers. It says more often that it does not know, also where the answer "
    "is there.",
}
SHOWN = 20


def draw_sureness(assistant_id: str) -> None:
    """The slider, and which test questions are answered at the setting it stands on."""
    chosen = assistants.sureness(assistant_id)
    entry = search_state.sureness(assistant_id)
    entry.set(chosen)
    with st.container(border=True, key="sureness_card"):
        st.subheader("“Not in your documents”", anchor=False)
        st.select_slider(
            "How sure it has to be before it answers",
            SURENESS,
            format_func=NAMES.__getitem__,
            key=entry.key,
            on_change=pressed(_choose),
            args=(assistant_id,),
        )
        st.caption(
            f"{MEANS[chosen]} It holds for answers that are quoted; where a model writes, the model decides. "
            "What a table answers by its columns and what names a number that is nowhere stay as they are."
        )
        _draw_sides(saved_questions.saved_questions(assistant_id), chosen)


def _choose(assistant_id: str) -> None:
    chosen = search_state.sureness(assistant_id).get()
    assistants.set_sureness(assistant_id, next(each for each in SURENESS if each == chosen))


def _draw_sides(rows: Sequence[QuestionRow], chosen: Sureness) -> None:
    """How many test questions each setting answers, and which ones the chosen one does and does not."""
    known = [row for row in rows if row.surest is not None]
    if not known:
        if rows:
            st.caption("Run the test questions to see here which of them each setting answers.")
        return
    counts = " · ".join(
        f"{'**' if each == chosen else ''}{NAMES[each]}: {sum(_answers(row, each) for row in known):,}"
        f"{'**' if each == chosen else ''}"
        for each in SURENESS
    )
    st.markdown(f"Answered of {counted(len(known), 'test question')}: {counts}")
    if len(known) < len(rows):
        st.caption(f"{counted(len(rows) - len(known), 'question')} not asked yet.")
    answered = [row for row in known if _answers(row, chosen)]
    _draw_side("It answers", ":material/check:", answered, chosen)
    _draw_side(
        "It says that it does not know", ":material/help:", [row for row in known if row not in answered], chosen
    )


def _draw_side(title: str, icon: str, rows: Sequence[QuestionRow], chosen: Sureness) -> None:
    st.markdown(f"{icon} **{title} ({len(rows):,})**")
    for row in sorted(rows, key=lambda each: _changes(each) == "")[:SHOWN]:
        changes = _changes(row)
        st.markdown(f"- {plain(row.question[:200])}" + (f" :small[:gray[{changes}]]" if changes else ""))
    if len(rows) > SHOWN:
        st.caption(f"and {counted(len(rows) - SHOWN, 'more question')}")


def _answers(row: QuestionRow, sureness: Sureness) -> bool:
    """Tell whether a question is answered at a setting: at each that is not surer than the surest at which it is."""
    return row.surest in SURENESS and SURENESS.index(sureness) <= SURENESS.index(row.surest)


def _changes(row: QuestionRow) -> str:
    """Say where a question changes sides; "" of what is the same at every setting."""
    return {"readily": "only when it answers readily", "measured": "not when it must be sure"}.get(row.surest or "", "")
