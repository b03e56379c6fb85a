"""What a demo came to, for the page to leave behind: asked, answered, refused, what it cost, what is missing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from core.assistants import assistants
from core.assistants.conversations import citation_of
from core.assistants.source_names import page_called
from core.database import DemoAnswer, DemoLink, now, session
from core.demo.progress import Asked, Progress
from core.demo.runs import Run
from core.errors import NotFound
from core.spending import in_euros

MOST_QUESTIONS = 200  # of a link: many more than a page holds
_MARKER = re.compile(r"\s?\[\d{1,3}\]")
_MARKDOWN = re.compile(r"\*\*|__|`|^#+ |^> ?|^[-*] ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """A question, its answer as plain words, and the places it stands on: "terms.pdf, page 3"."""

    question: str
    answer: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a demo came to, counted: ``cited`` and ``refused`` of the ``asked`` questions; ``cost`` is a sentence.

    ``missing`` are the questions that found nothing, each once.
    """

    assistant: str
    about: str
    day: datetime
    asked: int
    cited: int
    refused: int
    cost: str
    answered: tuple[Line, ...]
    missing: tuple[str, ...]


def report_of_run(run: Run, progress: Progress) -> Report:
    """Return what a demo that was walked through came to so far. Raises NotFound."""
    cost = progress.cost
    return _report(
        run.assistant_id, "", progress.questions, cost.micro_euros, cost.unpriced, any_model=cost.answers > 0
    )


def report_of_link(assistant_id: str, link_id: str) -> Report:
    """Return what was asked at a demo link, by all of its viewers. Raises NotFound."""
    with session() as db:
        link = db.get(DemoLink, link_id)
        if link is None or link.assistant_id != assistant_id:
            raise NotFound("This demo link is not here any more.", "Make a new one.", code="no_demo")
        chosen = select(DemoAnswer).where(DemoAnswer.link_id == link_id)
        newest = chosen.order_by(col(DemoAnswer.created_at).desc(), col(DemoAnswer.id)).limit(MOST_QUESTIONS)
        rows = list(reversed(db.exec(newest).all()))
    asked = [_asked(number, row) for number, row in enumerate(rows)]
    written = [each for each in asked if each.kind == "written"]
    spent = sum(each.spent or 0 for each in asked)
    unpriced = sum(each.spent is None for each in written)
    return _report(assistant_id, link.banner, asked, spent, unpriced, any_model=bool(spent or written))


def _asked(number: int, row: DemoAnswer) -> Asked:
    citations = tuple(map(citation_of, row.citations))
    return Asked(number, row.question, row.answer, row.kind, citations, 0.0, row.micro_euros, row.created_at)


def _report(
    assistant_id: str, about: str, asked: Sequence[Asked], spent: int, unpriced: int, *, any_model: bool
) -> Report:
    questions = [each for each in asked if each.kind != "talk"]  # a greeting is no question
    cited = [each for each in questions if each.is_cited]
    refused = [each for each in questions if each.kind == "unknown"]
    return Report(
        assistant=assistants.profile(assistant_id).name,
        about=about,
        day=now(),
        asked=len(questions),
        cited=len(cited),
        refused=len(refused),
        cost=_cost(spent, unpriced, any_model=any_model),
        answered=tuple(_line(each) for each in cited),
        missing=tuple(dict.fromkeys(" ".join(each.question.split()) for each in refused)),
    )


def _cost(spent: int, unpriced: int, *, any_model: bool) -> str:
    if not any_model:
        return "Nothing: no model was asked"
    if unpriced:
        return f"{in_euros(spent)}, and {unpriced} at a price that is not known"
    return in_euros(spent)


def _line(asked: Asked) -> Line:
    text = _MARKER.sub("", asked.text)
    text = _MARKDOWN.sub("", text) if asked.kind == "written" else text
    sources = [
        citation.source_name + (f", {page_called(citation.source_name)} {citation.page}" if citation.page else "")
        for citation in asked.citations
        if citation.supported
    ]
    return Line(" ".join(asked.question.split()), " ".join(text.split()), tuple(dict.fromkeys(sources)))
