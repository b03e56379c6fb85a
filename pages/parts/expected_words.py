"""What kept words from being found, in the owner's words, with what helps one click away."""

import streamlit as st

from core import edits
from core.assistants import documents, saved_questions, source_rows, sources
from core.errors import AnswerbookError
from core.explain import Cause, Expected, Place, SearchTest
from core.schema import Citation
from pages.parts import edit_state, search_state, state
from pages.parts.placed_passage import reason_words
from pages.parts.screen import pressed
from pages.parts.source_view import show_citation
from pages.parts.words import ago, plain

HEADLINES = {
    Cause.NOTHING: "Nothing kept it back",
    Cause.NOT_ANSWERING: "Found, but not taken for the answer",
    Cause.OUTRANKED: "Others came first",
    Cause.SWITCHED_OFF: "Switched off by hand",
    Cause.CUT_APART: "Cut apart",
    Cause.LOST: "Its passage is missing from the search",
    Cause.LEFT_OUT: "Taken for the head or foot of pages",
    Cause.READING: "Not read yet",
    Cause.NEVER_READ: "In a file, but never read",
    Cause.OLD_VERSION: "Only in an older version",
    Cause.IN_BIN: "In a source that was deleted",
    Cause.OTHER_ASSISTANT: "In another assistant's source",
    Cause.NO_SOURCE: "In none of the sources",
}
MOST_NAMED = 5


def draw_expected(assistant_id: str, test: SearchTest, expected: Expected) -> None:
    """What became of the words, where they stand, and what helps."""
    good = expected.cause == Cause.NOTHING
    icon = ":material/check_circle:" if good else ":material/search_insights:"
    with st.container(border=True, key="expected_result", gap="small"):
        st.markdown(f"{icon} **{HEADLINES[expected.cause]}**")
        st.markdown(told(expected, test))
        for number, place in enumerate(expected.places):
            draw_place(assistant_id, place, number)
        if expected.not_looked_into:
            names = ", ".join(plain(name) for name in expected.not_looked_into[:MOST_NAMED])
            more = " and others" if len(expected.not_looked_into) > MOST_NAMED else ""
            st.caption(f"What stands in these files cannot be told: {names}{more}. Pictures and locked files are such.")
        draw_remedies(assistant_id, expected)


def told(expected: Expected, test: SearchTest) -> str:
    """Say what kept the words back and what helps, as Markdown."""
    place = expected.places[0] if expected.places else None
    name, used = plain(place.source_name) if place else "", len(test.hits)
    return {
        Cause.NOTHING: lambda: _nothing(place, test),
        Cause.NOT_ANSWERING: lambda: _not_answering(expected, place),
        Cause.OUTRANKED: lambda: _outranked(expected, test),
        Cause.CUT_APART: lambda: (
            f"The words lie in passages {_numbers(place)} of {name}: no passage holds all of them. Larger passages, or "
            "another kind of cut, keep them together."
        ),
        Cause.SWITCHED_OFF: lambda: (
            f"{name} has these words, and they were switched off by hand: no question finds them, whatever it asks."
        ),
        Cause.LOST: lambda: (
            f"{name} has these words, but their passage is not in the search. “Check passages” in "
            "Settings makes it again."
        ),
        Cause.LEFT_OUT: lambda: (
            f"{name} has these words where its pages repeat them; that is not searched. Put them "
            "into the text itself, or save the file as a Word document and add that."
        ),
        Cause.READING: lambda: f"{name} has these words. It is being read, or waits for its turn: ask again then.",
        Cause.NEVER_READ: lambda: f"{name} has these words, but they were not read. {plain(expected.why)}".strip(),
        Cause.OLD_VERSION: lambda: (
            f"An older version of {name} has them; the one that answers does not"
            f"{f' (it came {ago(place.added_at)})' if place and place.added_at else ''}. Add a version that has them."
        ),
        Cause.IN_BIN: lambda: f"{name} has these words, and it is in the bin: nothing of it is found.",
        Cause.OTHER_ASSISTANT: lambda: (
            f"{name} has these words; it belongs to the assistant {plain(place.assistant_name) if place else ''}."
        ),
        Cause.NO_SOURCE: lambda: (
            "No source of this assistant has these words, nor has one of another assistant or of "
            f"the bin{'' if used else ', and nothing near the question was found'}. Add a document that says it."
        ),
    }[expected.cause]()


def _numbers(place: Place | None) -> str:
    return " and ".join(str(number + 1) for number in (place.passages if place else ()))


def _nothing(place: Place | None, test: SearchTest) -> str:
    at = f"It came at place {place.place}" if place else "It was found"
    return f"{at}, and the {'model is given it' if test.by_model else 'answer quotes it'}."


def _not_answering(expected: Expected, place: Place | None) -> str:
    at = f"Its passage came at place {place.place}" if place else "Its passage was found"
    instead = f"The answer quotes this instead: “{plain(expected.quoted[:240])}”"
    if not expected.quoted:
        instead = "Nothing that was found was taken for an answer, so the assistant says that it does not know."
    return f"{at}. {instead} It helps to say the answer in a sentence of its own, in the words people ask with."


def _outranked(expected: Expected, test: SearchTest) -> str:
    place, used = expected.places[0].place, len(test.hits)
    at = f"Its passage came at place {place}, and the first {used} are used."
    if place is None:
        at = f"Its passage is not among the {len(test.order)} that have words or a meaning like the question's."
    why = reason_words(expected.own, used) if expected.own and expected.own.reason else ""
    lacking = ", ".join(plain(word) for word in expected.own.lacking[:MOST_NAMED]) if expected.own else ""
    lacks = f"These words of the question are not in it: {lacking}." if lacking else ""
    before = ", ".join(dict.fromkeys(plain(hit.source_name) for hit in expected.before))
    came = f"Before it came passages of {before}." if before else ""
    return " ".join(filter(None, (at, why, lacks, came)))


def draw_place(assistant_id: str, place: Place, number: int) -> None:
    """One place where the words stand, opening in the citation viewer where its text is kept."""
    page = f", {place.page_word} {place.page}" if place.page else ""
    passage = f", passage {_numbers(place)}" if place.passages else ""
    rank = f" · place {place.place}" if place.place else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(place.source_name)}**{page}{passage}{rank}", width="stretch")
        can_open = bool(place.version_id) and place.assistant_id == assistant_id
        icon = ":material/find_in_page:"
        if can_open and st.button("Show it", key=f"show_place_{number}", icon=icon, type="tertiary"):
            state.viewer_page.forget()
            show_citation(assistant_id, _as_citation(place, number))
    st.caption(f"“{plain(' '.join(place.text.split())[:300])}”")


def _as_citation(place: Place, number: int) -> Citation:
    return Citation(
        number=number + 1,
        source_id=place.source_id,
        version_id=place.version_id,
        source_name=place.source_name,
        page=place.page,
        start=place.start,
        end=place.end,
        quote=place.text,
        passage_start=place.start,
        passage_end=place.end,
    )


def draw_remedies(assistant_id: str, expected: Expected) -> None:
    """What helps, one click away."""
    cause, place = expected.cause, expected.places[0] if expected.places else None
    with st.container(horizontal=True):
        if cause == Cause.NO_SOURCE and st.button("Add documents", key="to_add", icon=":material/upload_file:"):
            st.switch_page("pages/knowledge.py")
        if cause == Cause.LOST and st.button("Open Settings", key="to_settings", icon=":material/settings:"):
            st.switch_page("pages/settings.py")
        if place is None:
            return
        if cause in TO_PASSAGES:
            to_passages(assistant_id, place, "trial" if cause == Cause.CUT_APART else "all")
        if cause in TO_ROW and st.button("Open its row", key="to_its_row", icon=":material/library_books:"):
            state.source_filter.set(place.source_name)
            st.switch_page("pages/knowledge.py")
        if cause in MENDED:
            label, icon, mend = MENDED[cause]
            st.button(label, key="mend", icon=icon, on_click=pressed(mend), args=(assistant_id, place))


def to_passages(assistant_id: str, place: Place, view: str) -> None:
    """The way to the passages of the source."""
    label = "Try another cut" if view == "trial" else "Open its passages"
    if st.button(label, key="to_passages", icon=":material/segment:"):
        state.passages_view.set(view)
        st.switch_page("pages/passages.py", query_params={"assistant": assistant_id, "source": place.source_id})


def read_again(assistant_id: str, place: Place) -> None:
    """Have a source read again."""
    sources.read_again(assistant_id, [place.source_id])
    state.remember_toast("It is being read again. Look once more when it is done.", ":material/refresh:")


def restore(assistant_id: str, place: Place) -> None:
    """Take a source out of the bin."""
    sources.restore_source(assistant_id, place.source_id)
    state.remember_toast("It is back, and is being read again.")


def add_here(assistant_id: str, place: Place) -> None:
    """Give this assistant the same file that another one has."""
    data = documents.original_bytes(place.assistant_id, place.source_id)
    [added] = sources.add_files(assistant_id, [(place.source_name, data)])
    state.remember_toast(added.sentence or f"{place.source_name} was added, and is being read.")


def switch_on(assistant_id: str, place: Place) -> None:
    """Undo the hand edit that switched words off."""
    edits.end_edit(assistant_id, place.source_id, place.edit_id, edit_state.who())
    state.remember_toast("They are found again in a moment. Look once more then.")


TO_PASSAGES = (Cause.CUT_APART, Cause.OUTRANKED, Cause.NOT_ANSWERING, Cause.LEFT_OUT)
TO_ROW = (Cause.NEVER_READ, Cause.READING, Cause.OLD_VERSION)
MENDED = {
    Cause.NEVER_READ: ("Read it again", ":material/refresh:", read_again),
    Cause.SWITCHED_OFF: ("Switch it on", ":material/toggle_on:", switch_on),
    Cause.IN_BIN: ("Restore it", ":material/restore_from_trash:", restore),
    Cause.OTHER_ASSISTANT: ("Add that file here", ":material/upload_file:", add_here),
}


def draw_save(assistant_id: str, test: SearchTest, expected: Expected) -> None:
    """Keep question and words, to be asked again after every change."""
    place = next((place for place in expected.places if place.assistant_id == assistant_id), None)
    with st.container(horizontal=True, vertical_alignment="center"):
        if place:
            st.checkbox(f"Only from {plain(place.source_name)}", key=search_state.only_there(assistant_id).key)
        st.button(
            "Save as a test question",
            key="save_question",
            icon=":material/bookmark_add:",
            on_click=pressed(save),
            args=(assistant_id, test.question, expected.words, place.source_id if place else ""),
        )


def save(assistant_id: str, question: str, words: str, source_id: str) -> None:
    """Save a test question, once however often it is pressed."""
    only = source_id if search_state.only_there(assistant_id).get() else ""
    person = state.person.get()
    if only and source_rows.source_row(assistant_id, only) is None:
        raise AnswerbookError("This source is not here any more.", "Look for the words again.", code="no_source")
    saved_questions.save_question(assistant_id, question, words, only, person.email if person else "")
    state.remember_toast("Kept among the test questions.", ":material/bookmark_added:")
