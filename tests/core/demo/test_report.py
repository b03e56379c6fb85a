"""The page to leave behind: its numbers are those of the database, it is one page, and every letter is there."""

import re

import pypdfium2
import pytest

from core.assistants import lifecycle
from core.database import now
from core.demo import (
    begin_run,
    has_model,
    make_link,
    progress_of,
    report_as_html,
    report_as_pdf,
    report_of_link,
    report_of_run,
)
from core.demo.pdf_page import LETTERS
from core.demo.report import Line, Report
from core.demo.visits import keep_asked, link_of, shown_at
from core.errors import NotFound
from core.schema import Answer, Citation
from tests.core.demo.test_progress import OFF_TOPIC, OFFER, WARRANTY, add, ask

pytestmark = pytest.mark.usefixtures("data_folder")


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        return " ".join(str(document[0].get_textpage().get_text_range()).split())
    finally:
        document.close()


def report(**changes: object) -> Report:
    line = Line("What?", "“That.”", ("terms.md",))
    facts = {"assistant": "Help", "about": "", "day": now(), "asked": 1, "cited": 1, "refused": 0, "cost": "€0.12"}
    return Report(**{**facts, "answered": (line,), "missing": (), **changes})  # type: ignore[arg-type]


def citation(*, supported: bool = True) -> Citation:
    return Citation(1, "s", "v", "terms.pdf", 3, 0, 5, "That.", 0, 9, supported=supported)


def test_a_demo_that_was_walked_through() -> None:
    of = lifecycle.create_assistant("Help")
    run = begin_run(of)
    add(of, OFFER)
    for question in (WARRANTY, OFF_TOPIC, "Hello!"):
        ask(of, question)
    made = report_of_run(run, progress_of(run, has_model=has_model()))
    assert (made.asked, made.cited, made.refused, made.missing) == (2, 1, 1, (OFF_TOPIC,))
    pdf = report_as_pdf(made)
    assert pdf is not None
    words = words_of(pdf)
    for part in ("What Help could answer", WARRANTY, "36 months", "offer.md", OFF_TOPIC, "Nothing: no model was asked"):
        assert part in words
    assert "[1]" not in words


def test_a_demo_link_with_all_of_its_viewers_questions() -> None:
    of, other = lifecycle.create_assistant("Help"), lifecycle.create_assistant("Other")
    link = make_link(of, 1, banner="Demo for the board", keeps=True)
    shown = shown_at(link_of(link.secret), link.secret)
    answers = {
        "Cited?": Answer("**That** [1].", "written", (citation(),), spent=40_000),
        "Unborne?": Answer("That [1].", "written", (citation(supported=False),), spent=40_000),
        "Unpriced?": Answer("That [1].", "written", (citation(),)),
        "Unknown?": Answer("I don't know.", "unknown"),
        "Hello": Answer("Hello.", "talk"),
    }
    for visitor, question in enumerate((*answers, "Unknown?")):
        keep_asked(shown, f"v{visitor}", question, answers[question])
    made = report_of_link(of, link.id)
    assert (made.asked, made.cited, made.refused, made.missing) == (5, 2, 2, ("Unknown?",))
    assert made.cost == "€0.08, and 1 at a price that is not known"
    assert made.answered[0] == Line("Cited?", "That.", ("terms.pdf, page 3",))
    with pytest.raises(NotFound):
        report_of_link(other, link.id)


def test_it_is_one_page_whatever_was_asked() -> None:
    long = Line("Why " * 100, "Because " * 200, ("a very long name of a file " * 9,))
    pdf = report_as_pdf(report(assistant="W" * 120, answered=(long,) * 60, missing=("x" * 400, *map(str, range(40)))))
    assert pdf is not None
    words = words_of(pdf)
    assert re.search(r"and \d\d answers more", words)
    assert "What is missing" in words
    assert "and 33 questions more that found nothing" in words or "and 33 questions more" in words
    assert "check what matters" in words
    empty = report_as_pdf(report(asked=0, cited=0, answered=()))
    assert empty is not None
    assert "No question was answered from the documents." in words_of(empty)


def test_every_letter_that_it_takes_is_there_and_for_others_there_is_a_page_to_print() -> None:
    letters = bytes(range(0xA1, 0x100)).decode(LETTERS).replace("\xad", "")
    letters += "".join(map(chr, range(0x21, 0x7F))) + "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
    pdf = report_as_pdf(
        report(answered=(Line("q", " ".join(letters)[:250], ()), Line("r", " ".join(letters)[250:], ())))
    )
    assert pdf is not None
    missing = set(letters) - set(words_of(pdf))
    assert not missing
    for foreign in ("Co kosztuje łódź?", "价格是多少？", "Сколько?", "كم؟", "😀"):
        assert report_as_pdf(report(missing=(foreign,))) is None
        assert foreign in report_as_html(report(missing=(foreign,))).decode()


def test_the_page_to_print_runs_nothing() -> None:
    hostile = "<script>alert(1)</script>"
    made = report_as_html(report(assistant=hostile, about=hostile, cost=hostile, missing=(hostile,))).decode()
    assert "<script" not in made
    assert made.count("&lt;script&gt;") >= 4
