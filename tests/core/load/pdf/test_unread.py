"""What of a PDF's words is not read or not searched is said."""

from core.load.pdf.forms import Mark
from core.load.pdf.line import PageText
from core.load.pdf.unread import Held, unread
from core.schema import Block, Document

WORDS = "The boiler pressure must stay above the mark, otherwise the burner is switched off by the control unit."


def said(text: str, blocks: tuple[Block, ...], own: str, marks: tuple[Mark, ...] = ()) -> list[str]:
    document = Document(text, blocks, "pdf", page_count=1, page_word="page", page_starts=(0,))
    return [each.what for each in unread(document, [PageText(text, (), ())], [Held(own, marks)])]


def whole(text: str) -> tuple[Block, ...]:
    return (Block("paragraph", 0, len(text), 1),)


def test_nothing_is_said_of_what_was_read_in_another_order() -> None:
    turned = " | ".join(reversed(WORDS.split()))
    assert said(turned, whole(turned), WORDS) == []


def test_words_that_a_page_holds_and_the_text_does_not_are_counted() -> None:
    half = WORDS[: len(WORDS) // 2]
    (sentence,) = said(half, whole(half), WORDS)
    assert "of its words were not read" in sentence


def test_a_field_that_was_not_read_is_named() -> None:
    field = Mark("field", (0.0, 0.0, 9.0, 9.0), "Ottilie Brandtner lives in Halden Works Ostrum")
    (sentence,) = said(WORDS, whole(WORDS), WORDS, (field,))
    assert "form fields" in sentence


def test_words_that_stand_only_in_running_heads_are_counted() -> None:
    (sentence,) = said(WORDS, (Block("furniture", 0, len(WORDS), 1),), WORDS)
    assert "not searched" in sentence
