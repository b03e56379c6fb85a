"""No function that a stranger's text goes through takes longer than the text is long, beyond the length times its log.

Loops can be quadratic where no pattern is. What the worker does with a text runs in threads of the server.
"""

from collections.abc import Callable

import pytest

from core.answer.cite import check_citations
from core.answer.contact import contact_lines
from core.answer.follow_up import exchanged
from core.answer.markers import in_order, tidy_markers
from core.answer.near import looked_for, near_questions
from core.answer.prompt_passages import PromptPassage
from core.answer.quote import quotes
from core.answer.safe_markdown import safe_markdown
from core.answer.small_talk import small_talk, without_courtesies
from core.answer.stand_alone import stand_alone
from core.answer.table_reading import table_answers
from core.chunk import chunk, without_furniture
from core.load.limits import Reading
from core.load.readers import find_reader
from core.retrieve.meant_sources import SourceInfo, which_sources
from core.schema import Block, CutSettings, Document, Hit, StoredPassage, Turn, Voice
from core.text import (
    amounts,
    asked_in,
    cells,
    content_terms,
    detect_language,
    figures,
    has_header,
    is_number,
    read_question,
    search_terms,
    segments,
    sentence_spans,
    shows_amount,
    signs_apart,
    step,
    without_invisible,
)
from tests.core.hostile_runs import plain_runs, too_steep

# A quarter of it is longer than a passage, an answer and the sample a language is told from.
LENGTH = 16_384


def hit(text: str) -> Hit:
    passage = StoredPassage("p", "s", "v", 0, 0, len(text), 1, text, "Guide", " ".join(search_terms(text)))
    return Hit(passage, "guide.txt", 1.0)


def cut(kind: str) -> Callable[[str], object]:
    def work(text: str) -> None:
        rows = ((0, len(text) // 2), (len(text) // 2, len(text))) if kind == "table" else ()
        document = Document(text, (Block(kind, 0, len(text), rows=rows),), "txt")  # type: ignore[arg-type]
        for passage in chunk(document, CutSettings(), "Guide"):
            without_furniture(document, passage)

    return work


def read_as(name: str) -> Callable[[str], object]:
    from core.errors import LoadError

    reading = Reading(name, 5000, 100, lambda *_: None)

    def work(text: str) -> None:
        try:
            find_reader(("words " + text).encode("utf-8", "replace"), reading)()
        except LoadError:
            return

    return work


WORKS: dict[str, Callable[[str], object]] = {
    "chunk a paragraph": cut("paragraph"),
    "chunk a list": cut("list"),
    "chunk a table": cut("table"),
    "search_terms": lambda text: search_terms(text, ("de", "en")),
    "content_terms": lambda text: content_terms(text, ("de", "en")),
    "read_question": lambda text: read_question(text, ("en",)),
    "segments": segments,
    "sentence_spans": lambda text: list(sentence_spans(text, 0, len(text))),
    "detect_language": detect_language,
    "asked_in": asked_in,
    "cells": cells,
    "has_header": lambda text: has_header([[text, "a"], ["b", text]]),
    "numbers": lambda text: (is_number(text), shows_amount(text), figures(text), signs_apart(text)),
    "without_invisible": without_invisible,
    "safe_markdown": lambda text: safe_markdown(text, text),
    "safe_markdown of a beginning": lambda text: safe_markdown(text, text, complete=False),
    "markers": lambda text: in_order(tidy_markers(text, 5), {}),
    "quotes": lambda text: quotes(read_question("What does it cost in 2023?"), [hit(text), hit("It costs 5 euros.")]),
    "table_answers": lambda text: table_answers(read_question(f"What is the cheapest, {text}?"), [hit(text)]),
    "table_answers from a table": lambda text: table_answers(
        read_question("How much is 3 kg to zone 2?"),
        [hit(f"Zone | up to 5 kg\nZone 2 | 4.00\n{text} | {text}\n{text}")],
    ),
    "amounts": lambda text: (amounts(text), step(f"up to {text}")),
    "check_citations": lambda text: check_citations(
        f"It costs 5 euros [1]. {text}", [PromptPassage(hit("It costs 5 euros."), (hit("It costs 5 euros.").passage,))]
    ),
    "check_citations in a passage": lambda text: check_citations(
        "It costs 5 euros [1].", [PromptPassage(hit(text), (hit(text).passage,))]
    ),
    "stand_alone": lambda text: stand_alone(text, [Turn("user", text)]),
    "stand_alone after a short question": lambda text: stand_alone(text[:280], [Turn("user", text[:280])]),
    "exchanged": lambda text: exchanged(f"and {text}"[:300], text[:300]),
    "small_talk": lambda text: (small_talk(text, Voice(name=text)), small_talk(text[:400], Voice())),
    "without_courtesies": lambda text: (without_courtesies(text), without_courtesies(f"hi, {text}, thanks")),
    "contact_lines": lambda text: contact_lines([hit(text)], ("en",)),
    "near_questions": lambda text: (
        looked_for(read_question(text)),
        near_questions(read_question("What does it cost?"), [hit(text)], answered=lambda _: True, suggested=[text]),
    ),
    "meant_sources": lambda text: which_sources(
        read_question(text), [SourceInfo("a", text, "v", text), SourceInfo("b", "b.pdf", "w", "", "", text)]
    ),
    "read a text": read_as("a.txt"),
    "read a Markdown text": read_as("a.md"),
    "read a table": read_as("a.csv"),
    "read a web page": read_as("a.html"),
    "read an e-mail": lambda text: read_as("a.eml")(text.replace("words ", "Subject: a\n\n", 1)),
}


@pytest.mark.parametrize("name", WORKS)
def test_no_function_takes_longer_than_its_text_is_long(name: str) -> None:
    slow = list(filter(None, (too_steep(WORKS[name], run, only=LENGTH) for run in plain_runs())))
    assert not slow, "\n".join(["", *slow])


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Contents\n\nChapter one " + "." * 40_000 + "a 12\n", "a.txt"),
        ("Contents\n\nChapter one " + "." * 300_000 + "a 12\n", "a.txt"),
        ("- Hello" + " " * 80_000 + "end\n- Bye\n", "a.txt"),
        ("Hello " + "." * 40_000 + '"' * 40_000 + "a", "a.txt"),
        ("- Hello" + " \x0b" * 80_000 + "end\n- Bye\n", "a.txt"),
        ("- Hello\n" + "- \x0b\u3000" * 80_000 + "end\n- Bye\n", "a.md"),
        ("a" * 1_000_000 + "-\n" + "b" * 1_000_000, "a.txt"),
        ("e" + "\u0301\u0316" * 300_000, "a.txt"),
        ("Part | Price\n" + "| " * 300_000, "a.md"),
        ("中。”" * 50_000, "a.txt"),
        ("1,234" * 200_000, "a.csv"),
    ],
    ids=range(11),
)
def test_a_hostile_text_is_read_cut_and_made_into_terms(text: str, name: str) -> None:
    """What is no more than seconds of work is measured by the time limit above: quadratic, each takes many minutes."""
    document = find_reader(text.encode(), Reading(name, 5000, 100, lambda *_: None))()
    passages = chunk(document, CutSettings(), "Guide")
    assert passages
    assert len(passages) < len(text) / 100
    for passage in passages:
        search_terms(without_furniture(document, passage).search_text, ("en",))
