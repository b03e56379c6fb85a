"""The ShipIt sample: the documents of a fictional parcel carrier, and questions with the places that answer them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

QuestionKind = Literal[
    "fact", "table", "comparison", "multi", "followup", "not_in_documents", "colloquial", "typo"
]  # fmt: skip
Speaker = Literal["user", "assistant"]

SAMPLE_NAME = "ShipIt help"
KINDS: tuple[QuestionKind, ...] = get_args(QuestionKind)

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: the file's name, its page or sheet from 1 (None: it has none) and the words there.

    ``quote`` is the text as it is read from the file, on one line; cells of a table row are parted by a blank.
    """

    document: str
    page: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """A question as a customer would ask it, and what a right answer holds.

    Every string of ``answer_contains`` belongs in a right answer and stands in the quote of a place. ``places`` is
    empty where the documents have no answer. ``history`` is what was said before a follow-up question: who said it,
    and the words.
    """

    id: str
    kind: QuestionKind
    question: str
    places: tuple[Place, ...] = ()
    answer_contains: tuple[str, ...] = ()
    suggested: bool = False
    history: tuple[tuple[Speaker, str], ...] = ()

    @property
    def document(self) -> str:
        """The file of the first place, or an empty string."""
        return self.places[0].document if self.places else ""

    @property
    def page(self) -> int | None:
        """The page of the first place, where there is one."""
        return self.places[0].page if self.places else None

    @property
    def quote(self) -> str:
        """The words of the first place, or an empty string."""
        return self.places[0].quote if self.places else ""


def sample_files() -> list[Path]:
    """Return the sample's documents, by name."""
    return sorted(path for path in (_FOLDER / "files").iterdir() if not path.name.startswith("."))


@cache
def _questions() -> tuple[SampleQuestion, ...]:
    lines = (_FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_question(json.loads(line)) for line in lines if line)


def sample_questions() -> list[SampleQuestion]:
    """Return every question about the sample, in the order of the file."""
    return list(_questions())


def _question(row: Mapping[str, Any]) -> SampleQuestion:
    """Read one line: ``document``, ``page`` and ``quote``, or lists of them where several places answer."""
    if "documents" in row:
        places = tuple(map(Place, row["documents"], row["pages"], row["quotes"]))
    else:
        places = (Place(row["document"], row["page"], row["quote"]),) if row["document"] else ()
    return SampleQuestion(
        id=row["id"],
        kind=row["kind"],
        question=row["question"],
        places=places,
        answer_contains=tuple(row["answer_contains"]),
        suggested=row.get("suggested", False),
        history=tuple((turn["role"], turn["text"]) for turn in row.get("history", ())),
    )


SUGGESTED: tuple[str, ...] = tuple(question.question for question in _questions() if question.suggested)
EXAMPLE: SampleQuestion = next(question for question in _questions() if question.suggested)
