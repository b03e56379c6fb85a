"""The steps of a demo: how each is drawn, the file, the changed price, and what it cost."""

from collections.abc import Callable

import streamlit as st

from core.assistants import source_rows
from core.demo import (
    FAST_SECONDS,
    PRICE_LIST,
    QUESTION,
    Progress,
    Run,
    add_price_list,
    has_price_list,
    report_of_run,
    take_file,
)
from core.spending import in_euros
from core.text import counted
from pages.parts import state
from pages.parts.demo_ask import ask_button, ask_form, draw_asked
from pages.parts.demo_report import draw_report_download
from pages.parts.screen import pressed
from pages.parts.uploads import draw_uploader
from pages.parts.words import plain

Draw = Callable[[Run, Progress], None]


def draw_step(number: int, title: str, draw: Draw, run: Run, progress: Progress, *, is_current: bool) -> None:
    """One step, folded while its turn has not come; its mark says whether it has happened."""
    is_done, can = progress.done[number], progress.can(number)
    mark = ":green[:material/check_circle:]" if is_done else f":gray[{number + 1}]"
    label = f"{mark} **{title}**" if can else f":gray[:material/do_not_disturb_on:] **{title}** :gray[· needs a model]"
    # A key of its own as it becomes the current one, and as it is done: it then opens by itself.
    key = f"step_{run.id}_{number}_{is_current}_{is_done}_{can}"
    opened = is_current or is_done or (not can and progress.cited is not None)
    with st.expander(label, expanded=opened, key=key, on_change="rerun") as folded:
        if folded.open:
            draw(run, progress)


def draw_file(run: Run, progress: Progress) -> None:
    """A file of whoever looks on, dropped here, or one that was here before."""
    if file := progress.file:
        read = f"read in {in_seconds(file.seconds)}" if file.seconds is not None else "it was here before"
        st.markdown(f":material/description: **{plain(file.name)}** · {read}")
        return
    st.write("Ask for a file of theirs: a manual, a price list, terms. It stays on this server.")
    draw_uploader(run.assistant_id)
    names = {source.id: source.name for source in source_rows.source_names(run.assistant_id)}
    if names:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                "Or one that is here", names, format_func=names.__getitem__, key=f"demo_file_{run.id}", index=None
            )
            st.button(
                "Take this one", key="take_demo_file", disabled=chosen is None, on_click=_take, args=(run, chosen or "")
            )


@pressed
def _take(run: Run, source_id: str) -> None:
    take_file(run, source_id)


def draw_price(run: Run, progress: Progress) -> None:
    """A question about a price, the file with another price under the same name, and the question once more."""
    if changed := progress.changed:
        st.markdown(f"“{plain(changed.after.question)}”")
        before, after = st.columns(2)
        with before:
            st.caption(f"Before {plain(changed.name)} changed")
            draw_asked(run.assistant_id, changed.before, "before")
        with after:
            st.caption(f"{in_seconds(changed.seconds).capitalize()} after it changed")
            draw_asked(run.assistant_id, changed.after, "after")
        return
    if progress.stale:
        st.write("The file has changed since. Ask the same again.")
        ask_button(run, "price", progress.stale.question, "Ask again")
        return
    ours = has_price_list(run.assistant_id)
    st.write("Ask for a price that stands in a file. Then change it there, and ask the same again.")
    ask_form(run, "price", QUESTION if ours else "", "For example: What does … cost?")
    asked = next((each for each in reversed(progress.questions) if each.is_cited), None)
    if asked and asked is not progress.cited:
        draw_asked(run.assistant_id, asked, "price")
    if progress.file:
        st.caption("The changed file, under the same name:")
        draw_uploader(run.assistant_id)
    st.button(
        "Change the price in our list" if ours else "No price list at hand: add ours",
        icon=":material/edit:" if ours else ":material/playlist_add:",
        key="change_price" if ours else "add_price_list",
        on_click=_add,
        args=(run,),
        help=f"“{PRICE_LIST}”, three made-up lines. You can delete it on the page Knowledge afterwards.",
    )


@pressed
def _add(run: Run) -> None:
    add_price_list(run.assistant_id)
    state.remember_toast("Our price list is being read. Then ask.", icon=":material/hourglass_top:")


def draw_cost(run: Run, progress: Progress) -> None:
    """What all of it cost, as it was written down with each request."""
    cost = progress.cost
    asked = counted(len(progress.questions), "question")
    if not cost.answers:
        st.markdown(f"**Nothing** for {asked}: quotes come from your own files, and no model was asked.")
    else:
        unknown = (
            f", and {counted(cost.unpriced, 'answer')} of a model whose price is not known" if cost.unpriced else ""
        )
        st.markdown(f"**{in_euros(cost.micro_euros)}** for {asked}{unknown}.")
    cited = progress.cited
    if cited and progress.file and progress.file.seconds is not None:
        together = progress.file.seconds + cited.seconds
        fast = "" if together <= FAST_SECONDS else " That is longer than a minute: a smaller file reads faster."
        st.caption(f"From the file to the first answer the machine took {in_seconds(together)}.{fast}")
    if progress.questions:
        draw_report_download(report_of_run(run, progress), run.id)


def in_seconds(seconds: float) -> str:
    """Say a time as one reads it: "0.8 s", "12 s", "3 minutes"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 90 else counted(round(seconds / 60), "minute")
