"""Show it: a demo in seven steps on somebody's own file; each is ticked when it has happened."""

import streamlit as st

from core import jobs
from core.demo import begin_run, current_run, end_run, has_model, progress_of
from core.text import counted
from pages.parts.demo_answers import draw_cited, draw_opened, draw_plain, draw_refused
from pages.parts.demo_steps import draw_cost, draw_file, draw_price, draw_step
from pages.parts.screen import chosen_assistant, confirm, in_words, pressed
from pages.parts.words import plain

MEASURE = 860
TITLES = (
    "Their file",
    "An answer with its source",
    "The plain model beside it",
    "A question it must refuse",
    "The source, opened at the place",
    "A changed price, answered right",
    "What it cost",
)

assistant = chosen_assistant()
run = current_run(assistant.id)


@pressed
def begin() -> None:
    """Begin, or begin anew."""
    begin_run(assistant.id)


def ask_to_begin_anew() -> None:
    """Ask once before the ticks are gone."""
    confirm(
        "Begin anew?",
        "All seven steps are open again. The files stay among the sources, and the questions in the chat.",
        "Begin anew",
        begin,
    )


def draw_beginning() -> None:
    """What this is, and the one click."""
    st.write(
        f"Show **{plain(assistant.name)}** to somebody, on a file of theirs: an answer with its source, what a "
        "plain model says instead, a question it refuses, a price that changes, and what it all cost. It works without "
        "a model and without the internet, too."
    )
    st.markdown("\n".join(f"{number}. {title}" for number, title in enumerate(TITLES, 1)))
    st.button("Begin", type="primary", icon=":material/play_arrow:", key="begin_demo", on_click=begin)


@st.fragment(run_every=1.0)
@in_words
def draw_reading() -> None:
    """Say that files are being read; when the last one is, the page is drawn once more."""
    left = jobs.reading_count(assistant.id)
    if not left:
        st.rerun(scope="app")
    st.info(f"Reading {counted(left, 'file')}.", icon=":material/hourglass_top:")


st.title("Show it in seven steps", anchor=False)
if run is None:
    with st.container(width=MEASURE):
        draw_beginning()
    st.stop()

reading = jobs.reading_count(assistant.id)  # looked at first: what is read meanwhile is drawn at the next look
progress = progress_of(run, has_model=has_model())
done = progress.done
waiting = (number for number, is_done in enumerate(done) if not is_done and progress.can(number))
current = next(waiting, len(done) - 1)
drawn = (draw_file, draw_cited, draw_plain, draw_refused, draw_opened, draw_price, draw_cost)
with st.container(width=MEASURE):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(assistant.name)}** · {sum(done)} of {len(done)} done", width="stretch")
        if st.button("Begin anew", icon=":material/restart_alt:", key="begin_demo_anew", type="tertiary"):
            ask_to_begin_anew()
        if st.button(
            "Leave", icon=":material/logout:", key="leave_demo", type="tertiary", help="What was asked is kept."
        ):
            end_run(assistant.id)
            st.switch_page("publish.py")
    if reading:
        draw_reading()
    for number, (title, draw) in enumerate(zip(TITLES, drawn, strict=True)):
        draw_step(number, title, draw, run, progress, is_current=number == current)
