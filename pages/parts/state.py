"""What a session remembers between two runs of a page: everything that is kept in Streamlit's session state, by name.

A session is one open browser window. A widget whose value is read elsewhere, or set by us, has its key here too.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import streamlit as st

from core.assistants.sources import Added
from core.assistants.voices import SavedVoice
from core.errors import AnswerbookError
from core.operate import Copy
from core.people import Person, Role
from core.provider import LocalService
from core.schema import Answer, Voice
from pages.parts.words import plain

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import DeletedFile, UploadedFile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One thing that a session remembers: its key (a widget's, where one fills it) and what holds until it is set."""

    key: str
    first: T

    def get(self) -> T:
        """Return what is remembered."""
        return cast(T, st.session_state.get(self.key, self.first))

    def set(self, value: T) -> None:
        """Remember this; for a widget only from a callback, or before it is drawn."""
        st.session_state[self.key] = value

    def begin(self, value: T) -> None:
        """Remember this where nothing is remembered yet: the value that a widget stands on at first."""
        st.session_state.setdefault(self.key, value)

    def take(self) -> T:
        """Return what is remembered, and forget it: for what is wanted only once."""
        return cast(T, st.session_state.pop(self.key, self.first))

    def forget(self) -> None:
        """Let it be as it was at first."""
        st.session_state.pop(self.key, None)


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """What the owner wants done with sources: an action of a row's menu, or of several rows at once."""

    action: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoiceTrial:
    """A question that was put to a draft of a voice, and how that draft answered it."""

    question: str
    answer: Answer
    voice: Voice


@dataclass(frozen=True, slots=True)
class CopyWanted:
    """A copy that the owner wants back, and the database that this was said of."""

    copy: Copy
    database: str


@dataclass(frozen=True, slots=True)
class Toast:
    """A sentence that says what was done, with an icon."""

    sentence: str
    icon: str


# --- Every page -----------------------------------------------------------------------------------------------------

chosen_assistant_id: Entry[str | None] = Entry("assistant_id", None)  # the assistant that the pages are about
choices: Entry[int] = Entry("assistant_choices", 0)  # how often another one was chosen
next_page: Entry[str] = Entry("next_page", "")  # once: the page to go to, as a dialog cannot go there itself
toast: Entry[Toast | None] = Entry("toast", None)  # once: what was done, said after the page is drawn anew
viewer_page: Entry[int | None] = Entry("viewer_page", None)  # turned to in the citation viewer; None: the cited page
person_id: Entry[str | None] = Entry("person_id", None)  # who is here; "": nobody is signed in; None: not looked yet
person: Entry[Person | None] = Entry("person", None)
role: Entry[Role] = Entry("role", Role.VIEWER)  # what may be done here; set anew at each run
press_error: Entry[AnswerbookError | None] = Entry("press_error", None)  # once: why what was pressed did nothing


def forget_everything() -> None:
    """Let nothing of what this window held go over to whoever sits there now."""
    st.session_state.clear()


def assistant_picker(choice: int) -> Entry[str]:
    """The widget in the sidebar that shows the chosen assistant.

    Each choice has a widget of its own: the browser may still send what an earlier one stood on, and that must not
    undo a choice.
    """
    return Entry(f"assistant_picker_{choice}", "")


def remember_toast(sentence: str, icon: str = ":material/check_circle:") -> None:
    """Have a sentence said once the page is drawn anew: what is said now would be gone by then."""
    toast.set(Toast(sentence, icon))


def show_toast() -> None:
    """Say what was remembered to be said, once."""
    if remembered := toast.take():
        st.toast(plain(remembered.sentence), icon=remembered.icon)


def limit(scope: str, name: str) -> Entry[float | None]:
    """The widget in Settings that holds a limit, of all assistants or of one."""
    return Entry(f"limit_{scope}_{name}", None)


# --- Home and Knowledge ---------------------------------------------------------------------------------------------

assistant_filter: Entry[str | None] = Entry("assistant_filter", None)  # the widget
assistant_page: Entry[int] = Entry("assistant_page", 1)  # the widget
upload_error: Entry[AnswerbookError | None] = Entry("upload_error", None)  # why files could not be kept
uploads_left: Entry[tuple[str, tuple[str, ...]] | None] = Entry("uploads_left", None)  # whose, and which were not kept
uploader_owners: Entry[frozenset[str]] = Entry("uploader_owners", frozenset())  # assistants whose uploader was shown
whole_folder: Entry[bool] = Entry("whole_folder", False)  # the widget
source_filter: Entry[str | None] = Entry("source_filter", None)  # the widget
source_sort: Entry[str | None] = Entry("source_sort", None)  # the widget
source_page: Entry[int] = Entry("source_page", 1)  # the widget
source_request: Entry[SourceRequest | None] = Entry("source_request", None)  # stays while its dialog is open
sources_busy: Entry[bool] = Entry("sources_busy", False)  # files were being read, or removed, when it was last drawn


def uploads(assistant_id: str, folder: bool) -> Entry[Sequence["UploadedFile | DeletedFile"]]:
    """What was dropped into an assistant's uploader since the page was opened: the widget."""
    return Entry(f"uploads_{'folder' if folder else 'files'}_{assistant_id}", ())


def upload_results(assistant_id: str) -> Entry[tuple[Added, ...]]:
    """What became of the files that were not simply new, of all drops until closed."""
    return Entry(f"upload_results_{assistant_id}", ())


def source_chosen(source_id: str) -> Entry[bool]:
    """The tick of a source's row."""
    return Entry(f"choose_{source_id}", False)


# --- Passages -------------------------------------------------------------------------------------------------------

passages_view: Entry[str | None] = Entry("passages_view", None)  # the widget: by page, all, or another cut


def source_shown(assistant_id: str) -> Entry[str | None]:
    """The source whose passages are looked at: the widget."""
    return Entry(f"passages_of_{assistant_id}", None)


def page_of(version_id: str) -> Entry[int]:
    """The page of a source that is looked at, from 1: the widget."""
    return Entry(f"page_of_{version_id}", 1)


def list_page(name: str) -> Entry[int]:
    """How far a long list of passages is turned, from 1: the widget."""
    return Entry(f"shown_{name}", 1)


def cut_trial(assistant_id: str, part: str) -> Entry[int]:
    """What is tried out, the "size" of a passage or the "overlap" of two: the widgets."""
    return Entry(f"trial_{part}_{assistant_id}", 0)


# --- Voice ----------------------------------------------------------------------------------------------------------

voice_error: Entry[AnswerbookError | None] = Entry("voice_error", None)  # once: why it could not be saved
voice_to_show: Entry[Voice | None] = Entry("voice_to_show", None)  # once: put into the fields before they are drawn
voice_to_restore: Entry[SavedVoice | None] = Entry("voice_to_restore", None)  # once: asked about in a dialog
full_prompt: Entry[bool] = Entry("full_prompt", False)  # the widget that shows it
trial_question: Entry[str | None] = Entry("try_question", None)  # the widget
question_again: Entry[str] = Entry("question_again", "")  # once: put to the draft as it is by now


def voice_field(assistant_id: str, field: str) -> Entry[str | None]:
    """A field of a voice that is not saved yet: the widget."""
    return Entry(f"voice_{field}_{assistant_id}", None)


def voice_base(assistant_id: str) -> Entry[Voice | None]:
    """The saved voice that the fields were filled from: what differs from it was changed in this window."""
    return Entry(f"voice_base_{assistant_id}", None)


def voice_trial(assistant_id: str) -> Entry[VoiceTrial | None]:
    """How the draft answered last."""
    return Entry(f"tried_{assistant_id}", None)


# --- Chat -----------------------------------------------------------------------------------------------------------

chat_error: Entry[AnswerbookError | None] = Entry("chat_error", None)  # why the last question has no answer
near_question: Entry[str] = Entry("near_question", "")  # once: what was clicked beneath an answer, to be asked
answer_ended: Entry[threading.Event | None] = Entry("answer_ended", None)  # set when an answer is written down


def conversation(assistant_id: str) -> Entry[str | None]:
    """The conversation that an assistant's chat stands in; None at the beginning of a new one."""
    return Entry(f"conversation_{assistant_id}", None)


def thumb(message_id: str) -> Entry[int | None]:
    """What the owner thinks of an answer, 1 up and 0 down: the widget."""
    return Entry(f"thumb_{message_id}", None)


def comment(message_id: str) -> Entry[str]:
    """What an answer should have said, as it is typed."""
    return Entry(f"comment_{message_id}", "")


# --- Settings and People ---------------------------------------------------------------------------------------------

reads_closely: Entry[bool] = Entry("reads_closely", True)  # the widget
found_here: Entry[tuple[LocalService, ...] | None] = Entry("found_here", None)  # on this computer; None: not looked yet
search_model: Entry[str] = Entry("search_model", "")  # the widget: the embedding that is looked at
store_test: Entry[str | AnswerbookError | None] = Entry("store_test", None)  # once: Weaviate's version, or its trouble
copy_error: Entry[AnswerbookError | None] = Entry("copy_error", None)  # once: why a copy could not be brought back
copy_wanted: Entry[CopyWanted | None] = Entry("copy_wanted", None)  # stays while its dialog is open
invitation_link: Entry[str] = Entry("invitation_link", "")  # where it was asked for, and its end
checking: Entry[bool] = Entry("checking", False)  # a check was at work when it was last drawn
