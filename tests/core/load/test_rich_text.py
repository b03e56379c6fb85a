"""RTF: notes, headers, text boxes, code pages; nothing hidden or deleted, nothing of pictures."""

import re

import pytest

from core.load import LoadLimits, Sandbox
from core.load.rich_text.codes import FOLLOWED
from tests.conftest import PROJECT
from tests.core.load.test_page_formats import blocks, read


def test_what_stands_beside_the_text_is_read_and_what_is_hidden_is_not(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\stylesheet{\s1 heading 1;}}{\info{\title Rates of 2025}}"
        rb"{\header Revision F\par}{\footer Phone 0431-555010\tab Page {\field{\*\fldinst PAGE}{\fldrslt 3}}\par}"
        rb"\pard\s1 Rates\par\pard{\listtext 1.\tab}Declare\par\pard Pay in June{\footnote {\*\footnote} Except gifts.}"
        rb"{\*\atnid I}{\*\atnauthor Ilse}{\*\annotation Until when?}, {\v margin 62}{\deleted gone}always"
        rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt  as listed}}.{\shp{\*\shpinst{\sp{\sn a}{\sv b}}"
        rb"{\shptxt \pard Boxed.\par}}{\shprslt{\*\do {\dptxbxtext Boxed.\par}}}}\par"
        rb"{\pict\wmetafile8 abcdef}{\object{\*\objdata 0105}{\result Shown}}\par"
        rb"\trowd\clvmgf\cellx1\cellx2\intbl Parcel\cell Small\cell\row"
        rb"\trowd\clvmrg\cellx1\cellx2\intbl\cell Large\cell\row\pard After\par}"
    )
    document = read(data, "a.rtf", sandbox, limits)
    assert document.title == "Rates of 2025"
    assert blocks(document) == [
        ("paragraph", "Revision F"),
        ("heading", "Rates"),
        ("list", "1. Declare"),
        ("paragraph", "Pay in June, always as listed."),
        ("paragraph", "Comment by Ilse: Until when?"),
        ("paragraph", "Boxed."),
        ("paragraph", "Shown"),
        ("table", "Parcel | Small\nParcel | Large"),
        ("paragraph", "After"),
        ("paragraph", "Phone 0431-555010"),
        ("list", "(1) Except gifts."),
    ]
    assert [warning.what for warning in document.warnings] == ["Hidden text was not read (9 characters)."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (rb"{\fonttbl{\f1\fcharset204 Arial;}}\f1 \'cf\'f0\'e8\'e2\'e5\'f2", "Привет"),
        (rb"{\fonttbl{\f1\fcharset128 MS;}}\f1 \'93\'8c\'8b\'9e", "東京"),
        (rb"{\fonttbl{\f1\fcharset2 Symbol;}}5 {\f1 \'b1} 1", "5 ± 1"),
        (rb"\uc2 caf\u233\'c3\'a9 \u-10179??\u-8704??", "café \U0001f600"),
        (rb"{\upr{Preis}{\*\ud{Pr\u228 ?is}}}", "Präis"),
        (rb"\b0\*\cs7 Starred within", "Starred within"),
        (rb"a\bin3 {}{b\~c\_d\-e", "ab c-de"),
    ],
)
def test_letters_are_read_by_their_fonts_and_code_pages(
    text: bytes, words: str, sandbox: Sandbox, limits: LoadLimits
) -> None:
    data = rb"{\rtf1\ansi\ansicpg1252 " + text + rb"\par}"
    assert blocks(read(data, "a.rtf", sandbox, limits)) == [("paragraph", words)]


def test_every_control_word_that_is_acted_on_is_followed() -> None:
    source = (PROJECT / "core" / "load" / "rich_text" / "text.py").read_text(encoding="utf-8")
    named = {word.encode() for word in re.findall(r'\bb"([a-z]+)"', source)}
    assert named - {b"bin"} <= FOLLOWED
