"""Old Word and PowerPoint files (.doc, .ppt), made by hand."""

import pytest

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load
from tests.core.load.old_makers import make_compound, make_doc, make_ppt
from tests.core.load.test_page_formats import blocks, read

USUAL, HEADING = b"\x00\x00", b"\x01\x00"
IN_TABLE, ROW_END = b"\x00\x00\x16\x24\x01", b"\x00\x00\x16\x24\x01\x17\x24\x01"


def test_an_old_word_document_has_headings_tables_notes_and_comments(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = make_doc(
        [
            ("Rates\r", HEADING),
            ("See \x13 HYPERLINK x \x14the list\x15, not secret words.\r", USUAL),
            ("To\x07", IN_TABLE),
            ("Price\x07", IN_TABLE),
            ("\x07", ROW_END),
            ("Spain\x07", IN_TABLE),
            ("12 €\x07", IN_TABLE),
            ("\x07", ROW_END),
            ("After.\r", USUAL),
        ],
        {
            "footnotes": "\x02 Except gifts.\r",
            "comments": "\x05Valid until June.\r",
            "headers": "Revision F\tPage \x13 PAGE \x143\x15\r",
            "text boxes": "Boxed.\r",
        },
        hidden="secret",
    )
    document = read(data, "a.doc", sandbox, limits)
    assert document.kind == "doc"
    assert blocks(document) == [
        ("paragraph", "Revision F"),
        ("heading", "Rates"),
        ("paragraph", "See the list, not  words."),
        ("table", "To | Price\nSpain | 12 €"),
        ("paragraph", "After."),
        ("paragraph", "Boxed."),
        ("paragraph", "Comment: Valid until June."),
        ("list", "(1) Except gifts."),
    ]
    assert [warning.what for warning in document.warnings] == ["Hidden text was not read (6 characters)."]


def test_an_old_presentation_has_slides_notes_and_comments(sandbox: Sandbox, limits: LoadLimits) -> None:
    slides = [[(1, "Second\rThird"), (0, "Fees")], [(0, "Secret plan")], [(4, "Last")]]
    document = read(make_ppt(slides, "Say it slowly.", 2, "Really?"), "a.ppt", sandbox, limits)
    assert (document.kind, document.page_word, document.page_names) == ("ppt", "slide", ("Fees", "", ""))
    assert [(words, block.page) for (_, words), block in zip(blocks(document), document.blocks, strict=True)] == [
        ("Fees", 1),
        ("Second", 1),
        ("Third", 1),
        ("Notes: Say it slowly.", 1),
        ("Comment by Ilse: Really?", 1),
        ("Last", 3),
    ]
    assert [warning.what for warning in document.warnings] == ["Slide 2 is hidden and was not read."]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (make_doc([("Locked.\r", USUAL)], flags=0x0100), "encrypted"),
        (make_compound({"WordDocument": b"\x00"}), "broken"),
        (make_compound({"WordDocument": b"\xec\xa5".ljust(600, b"\xff")}), "encrypted"),
        (make_compound({"WordDocument": b"\xec\xa5".ljust(12, b"\x00").ljust(600, b"\x7f")}), "broken"),
        (make_compound({"PowerPoint Document": b"\x0f\x00\xee\x03\xff\xff\xff\xff" * 900}), "unsupported"),
    ],
)
def test_what_is_locked_or_damaged_says_so(data: bytes, code: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    with pytest.raises(LoadError) as refused:
        load(data, "a.doc", limits=limits, sandbox=sandbox)
    assert refused.value.code == code
    assert "Error" not in str(refused.value)
