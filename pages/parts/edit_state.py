"""What a session remembers of passages edited by hand, and of questions and answers that are typed in."""

from dataclasses import dataclass

from core.assistants.question_sources import KeptPairs
from core.schema import Passage
from pages.parts.state import Entry, person


@dataclass(frozen=True, slots=True)
class EditRequest:
    """Something that the owner wants to do with a passage, as it was drawn; its dialog stays while it is open."""

    action: str
    source_id: str
    passage: Passage


edit_request: Entry[EditRequest | None] = Entry("edit_request", None)  # stays while its dialog is open


def edit_chosen(name: str) -> Entry[str | None]:
    """What was chosen in the menu of a passage: the widget."""
    return Entry(f"change_{name}", None)


def pairs_draft(source_id: str) -> Entry[KeptPairs | None]:
    """The pairs of a source that a sheet was opened with; None while it is closed."""
    return Entry(f"pairs_draft_{source_id}", None)


def who() -> str:
    """Return the e-mail of who sits at this window; empty where nobody signs in."""
    here = person.get()
    return here.email if here else ""
