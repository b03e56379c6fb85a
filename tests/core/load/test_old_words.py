"""Words of old office files and RTF, counted apart from their readers: what a reader misses is told."""

import struct
from collections.abc import Iterable

import pytest

from core.load import LoadLimits, Sandbox
from core.load.completeness import missing_words
from core.load.rich_text.reader import own_words as rich_text_words
from core.load.slides.old_reader import own_words as slide_words
from core.load.word.old_reader import own_words as word_words
from core.schema import Document
from tests.core.load.old_makers import make_doc, make_ppt
from tests.core.load.test_page_formats import read

USUAL = b"\x00\x00"
SENTENCE = "Parcels to the islands take nine days and cost more than parcels to the coast.\r"


def said(own: Iterable[tuple[str, str]]) -> str:
    return " ".join(" ".join(text.split()) for _, text in own if text.split())


def test_words_of_an_old_word_document_are_found_without_its_reader() -> None:
    beside = {
        "footnotes": "\x02 Except gifts.\r",
        "headers": "Page \x13 PAGE \x143\x15\tTerms\r",
        "comments": "\x05Why?\r",
    }
    data = make_doc([("See \x13 HYPERLINK x \x14the list\x15, not secret words.\r", USUAL)], beside, hidden="secret")
    own = list(word_words(data))
    assert said(own) == "See the list, not words. Except gifts. Terms Why?"
    assert {part for part, text in own if text.strip()} == {"", "footnotes", "headers", "comments"}


def test_text_beyond_what_an_old_word_document_states_is_told_of(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = bytearray(make_doc([(SENTENCE, USUAL), ("Whoever lives further out fetches what came for them.\r", USUAL)]))
    struct.pack_into("<I", data, 512 + 0x4C, len(SENTENCE))
    document = read(bytes(data), "a.doc", sandbox, limits)
    assert [warning.what for warning in document.warnings] == ["About 38 % of its words were not read."]


def test_words_of_an_old_presentation_are_found_without_its_reader() -> None:
    data = make_ppt([[(0, "Fees"), (1, "Second\rThird")], [(0, "Secret plan")]], "Slowly.", 2, "Really?")
    own = list(slide_words(data))
    assert said(own) == "Fees Second Third Really? Slowly."
    assert [part for part, _ in own] == ["", "", "comments", "notes"]


def test_text_on_no_shape_of_an_old_presentation_is_told_of(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = make_ppt([[(0, "Fees")], [(0, "More"), (1, SENTENCE)]], listed="Whoever lives further out fetches it.")
    document = read(data, "a.ppt", sandbox, limits)
    assert [warning.what for warning in document.warnings] == ["About 26 % of its words were not read."]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (rb"One\par two {\b th}ree", "One two three"),
        (rb"{\fonttbl{\f0\fcharset204 Arial;}}{\stylesheet{\s1 heading;}}\f0 \'ea\'e8\'f2", "кит"),
        (rb"\uc1 \u1082?\u1080?\u1090?", "кит"),
        (rb"caf\'e9 {\v secret}{\deleted gone}{\*\unknown x}{\field{\*\fldinst PAGE}{\fldrslt 3}}", "café 3"),
        (rb"{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt Boxed}}{\footnote Below}", "Boxed Below"),
        (rb"{\pict\wmetafile8 " + b"\n" + b"0123abcd" * 20 + rb"}Seen", "Seen"),
        (rb"{\*\bkmkstart a}Open {\b bold", "Open bold"),
    ],
)
def test_words_of_rtf_are_found_by_cutting_its_controls_off(body: bytes, words: str) -> None:
    assert said(rich_text_words(rb"{\rtf1\ansi\ansicpg1252 " + body + b"}")) == words


@pytest.mark.timeout(20)
def test_many_texts_are_counted_as_fast_as_one() -> None:
    document = Document(" ".join(f"a{number}" for number in range(100_000)), (), "xls")
    own = [("", f"b{number}") for number in range(100_000)]
    missing = missing_words(document, own)
    assert missing is not None
    assert missing.what == "None of its words were read."
