"""What a window remembers of the search test: the question, what was found, the words that should have been found."""

from core.errors import AnswerbookError
from core.explain import Expected, SearchTest
from pages.parts.state import Entry

search_view: Entry[str | None] = Entry("search_view", None)  # the widget: one question, or the test questions
question_page: Entry[int] = Entry("question_page", 1)  # the widget
own_words_page: Entry[int] = Entry("own_words_page", 1)  # the widget
running: Entry[bool] = Entry("running_questions", False)  # the test questions were being asked when it was last drawn


def question(assistant_id: str) -> Entry[str]:
    """The question that is typed: the widget."""
    return Entry(f"search_question_{assistant_id}", "")


def wanted(assistant_id: str) -> Entry[str]:
    """Once: a question that was chosen, to be searched for."""
    return Entry(f"search_wanted_{assistant_id}", "")


def found(assistant_id: str) -> Entry[SearchTest | None]:
    """What the last question found."""
    return Entry(f"search_found_{assistant_id}", None)


def said(assistant_id: str) -> Entry[str]:
    """What people say, to be saved as an own word: the widget."""
    return Entry(f"own_word_said_{assistant_id}", "")


def meant(assistant_id: str) -> Entry[str]:
    """What the documents call it: the widget."""
    return Entry(f"own_word_meant_{assistant_id}", "")


def meant_by(assistant_id: str, word: str) -> Entry[str]:
    """What the documents call a word that is proposed: the widget."""
    return Entry(f"own_word_for_{assistant_id}_{word}", "")


def sureness(assistant_id: str) -> Entry[str]:
    """How sure the assistant is before it answers: the widget."""
    return Entry(f"sureness_{assistant_id}", "measured")


def trouble(assistant_id: str) -> Entry[AnswerbookError | None]:
    """Why the last question could not be searched for, or the words not be looked for."""
    return Entry(f"search_trouble_{assistant_id}", None)


def words(assistant_id: str) -> Entry[str]:
    """The words that should have been found: the widget."""
    return Entry(f"expected_words_{assistant_id}", "")


def expected(assistant_id: str) -> Entry[Expected | None]:
    """What became of these words."""
    return Entry(f"expected_found_{assistant_id}", None)


def only_there(assistant_id: str) -> Entry[bool]:
    """Whether a test question is to be answered by the one source: the widget."""
    return Entry(f"expected_only_there_{assistant_id}", False)


def cut_off_shown(assistant_id: str) -> Entry[bool]:
    """Whether what was cut off is drawn: the widget."""
    return Entry(f"cut_off_shown_{assistant_id}", False)
