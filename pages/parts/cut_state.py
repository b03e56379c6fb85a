"""What a session remembers of the cut of a source: page, words and passage looked at, and what is tried out."""

from collections.abc import Sequence

from core.schema import CutKind, CutSettings
from pages.parts.state import Entry

passage_words: Entry[str | None] = Entry("passage_words", None)  # the widget: the words looked for


def passage_chosen(version_id: str) -> Entry[int | None]:
    """The number of the passage that was chosen on its page, from 1."""
    return Entry(f"passage_of_{version_id}", None)


def words_jumped_to(version_id: str) -> Entry[str]:
    """The words looked for whose first passage was gone to."""
    return Entry(f"jumped_{version_id}", "")


def flaws_shown(version_id: str) -> Entry[Sequence[str]]:
    """What may look wrong with a passage, of which those are listed: the widget."""
    return Entry(f"flaws_of_{version_id}", ())


def kind_trial(source_id: str) -> Entry[CutKind]:
    """The kind of cut that is tried out on a source: the widget."""
    return Entry(f"trial_kind_{source_id}", "text")


def cut_asked(assistant_id: str) -> Entry[tuple[str, CutSettings] | None]:
    """The source and the cut that questions are asked of."""
    return Entry(f"cut_asked_{assistant_id}", None)


def only_new(source_id: str) -> Entry[bool]:
    """Whether only those passages of another cut are listed that are not there now: the widget."""
    return Entry(f"only_new_{source_id}", True)
