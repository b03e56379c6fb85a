"""The steps of a demo that are about one answer: with its source, beside the plain model's, refused, opened."""

import streamlit as st

from core.assistants.suggested_questions import question_about
from core.demo import Progress, Run
from core.spending import in_euros
from pages.parts.demo_ask import PLAIN, ask_button, ask_form, draw_asked, show_citation_here
from pages.parts.source_view import draw_citations
from pages.parts.words import answer_markdown, name_and_page, plain

OFF_TOPIC = "Who won the football World Cup in 1998?"


def draw_cited(run: Run, progress: Progress) -> None:
    """A question about the file, answered from it."""
    if cited := progress.cited:
        st.markdown(f"“{plain(cited.question)}”")
        draw_asked(run.assistant_id, cited, "cited")
        st.caption(f"Answered in {cited.seconds:.1f} s.")
        return
    if progress.file is None:
        st.caption("After the file.")
        return
    st.write(f"Let them ask something that stands in **{plain(progress.file.name)}**.")
    ask_form(run, "cited", question_about(progress.file.source_id), "Something that stands in the file")
    if answered := [asked for asked in progress.questions if asked.kind != "unknown"]:
        draw_asked(run.assistant_id, answered[-1], "other")
        st.caption(f"This answer does not stand on {plain(progress.file.name)}, so the step is still open.")
    elif progress.questions:
        st.caption("It found nothing for that. Use words that stand in the file.")


def draw_plain(run: Run, progress: Progress) -> None:
    """The same question to the model alone, beside the answer from the file."""
    if progress.plain and progress.cited:
        st.markdown(f"“{plain(progress.plain.question)}”")
        own, alone = st.columns(2)
        with own:
            st.caption("From the file")
            draw_asked(run.assistant_id, progress.cited, "own")
        with alone:
            st.caption(f"{plain(progress.plain.model)}, without the file")
            st.markdown(answer_markdown(progress.plain.text, "written"))
            if progress.plain.spent is not None:
                st.caption(f"It cost {in_euros(progress.plain.spent)}.")
    elif not progress.has_model:
        st.write(
            "There is no model set, so there is nothing to compare with: answers are quotes from the file. With one "
            "you would see here what it says to the same question without the file, which it has never read: it has no "
            "source to name, and what it says cannot be checked."
        )
        st.page_link("settings.py", label="Set a model", icon=":material/settings:")
    elif progress.cited is None:
        st.caption("After the answer with its source.")
    else:
        st.write("Ask the model the same, without the file. It has no source to name.")
        ask_button(run, PLAIN, progress.cited.question, "Ask the plain model")


def draw_refused(run: Run, progress: Progress) -> None:
    """A question that the sources do not answer, and that it does not answer."""
    if refused := progress.refused:
        st.markdown(f"“{plain(refused.question)}”")
        st.markdown(answer_markdown(refused.text, refused.kind))
        return
    st.write("Ask something that does not stand in the sources. It should say so, and not guess.")
    ask_form(run, "refused", OFF_TOPIC)
    asked = progress.questions[-1] if progress.questions else None
    if asked and asked.is_cited and asked is not progress.cited:
        st.caption("It answered the last question. Look whether that really stands in the source it names:")
        draw_asked(run.assistant_id, asked, "refused")


def draw_opened(run: Run, progress: Progress) -> None:
    """The place an answer stands on, opened with its words lit."""
    if opened := progress.opened:
        st.markdown(f":material/find_in_page: Opened: **{name_and_page(opened.name, opened.page)}**")
    elif progress.cited:
        st.write("Open the place it stands on. The words are lit there.")
    else:
        st.caption("After the answer with its source.")
    if progress.cited:
        draw_citations(run.assistant_id, progress.cited.citations, "opened", show_citation_here)
