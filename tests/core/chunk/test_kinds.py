"""Which kind a document is, on real files; and how each kind is cut."""

from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest

from core.chunk import chunk, detect_kind
from core.chunk.kinds import clause_marks, question_marks, shaped
from core.schema import CUT_KINDS, Block, CutKind, CutSettings, Document

ALIKE: tuple[CutKind, ...] = ("manual", "table", "mail")
FAQ = "\n\n".join(
    f"Q{n}. What does rule {n} say?\n\nA. Rule {n} says that parcel {n} is handed over." for n in range(1, 9)
)
CONTRACT = "\n\n".join(
    [
        "Terms of the agreement between both parties",
        "1. Definitions",
        "1.1 The Supplier is the party that shall deliver the goods under this agreement.",
        "1.2 The Customer is the party that shall pay for them.",
        "2. Liability",
        "2.1 Neither party shall be liable for delays that it did not cause. " + "This holds for each party. " * 30,
        "2.2 The parties shall settle disputes under this agreement in Utrecht. " + "This holds for each party. " * 30,
        "3. Termination",
        "3.1 Either party may terminate this agreement in writing. " + "The other party shall confirm it. " * 25,
    ]
)


def plain(text: str, kind: str = "txt") -> Document:
    """A text as the reader of plain text gives it: a paragraph for each part between empty lines."""
    blocks, at = [], 0
    for part in text.split("\n\n"):
        blocks.append(Block("paragraph", at, at + len(part)))
        at += len(part) + 2
    return Document(text, tuple(blocks), kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("office-book-war-and-peace-1225p.txt", "text"),
        ("office-winter-sports.epub", "text"),
        ("office-norwich-city.txt", "text"),
        ("office-fake-html-pre.htm", "text"),
        ("office-pdf_layout-parser-paper-fast.pdf", "text"),
        ("office-handbook-872p.docx", "manual"),
        ("office-language-docs_fr_olap.pdf", "manual"),
        ("pdf-GeoTopo-komprimiert.pdf", "manual"),
        ("office-2023-half-year-analyses-by-segment.xlsx", "table"),
        ("office-stanley-cups.csv", "table"),
        ("office-more-than-1k-cells.xlsx", "table"),
        ("office-pdf_list-item-example.pdf", "questions"),
        ("office-sample-presentation.pptx", "slides"),
        ("office-fake-power-point.ppt", "slides"),
        ("office-eml_mime-simple.eml", "mail"),
        ("office-fake-email.msg", "mail"),
    ],
)
def test_real_files_are_told_apart(name: str, kind: str, real_document: Callable[[str], Document]) -> None:
    assert detect_kind(real_document(name)) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("delivery-and-tracking.md", "questions"),
        ("price-list-2026.xlsx", "table"),
        ("customs-and-import-tax-guide.pdf", "manual"),
        ("returns-policy.docx", "manual"),
    ],
)
def test_files_of_the_sample_are_told_apart(name: str, kind: str, sample_document: Callable[[str], Document]) -> None:
    assert detect_kind(sample_document(name)) == kind


def licence(package: str) -> str:
    """The licence in a package that Answerbook uses: a real contract."""
    files = distribution(package).files or []
    path = next(file for file in files if "LICENSE" in Path(str(file)).name)
    return Path(str(path.locate())).read_text(encoding="utf-8")


@pytest.mark.parametrize("package", ["requests", "tenacity"])
def test_a_real_licence_is_a_contract(package: str, read_file: Callable[[Path], Document], tmp_path: Path) -> None:
    path = tmp_path / "licence.txt"
    path.write_text(licence(package), encoding="utf-8")
    document = read_file(path)
    assert detect_kind(document) == "contract"
    passages = chunk(document, CutSettings(kind="contract"))
    begun = [p.text.split("\n")[0].strip() for p in passages]
    assert any(line.startswith("4. Redistribution.") for line in begun)
    assert any(line.startswith("7. Disclaimer of Warranty.") for line in begun)


def test_general_text_is_cut_as_it_always_was(real_document: Callable[[str], Document]) -> None:
    for name in ("office-winter-sports.epub", "office-pdf_multi-column.pdf", "office-example-10k.html"):
        document = real_document(name)
        assert shaped(document, "text") == (document, frozenset())
        for alike in ALIKE:
            assert chunk(document, CutSettings(kind=alike)) == chunk(document, CutSettings())


def test_each_question_is_a_passage_with_its_answer() -> None:
    document = plain(FAQ)
    assert detect_kind(document) == "questions"
    assert len(chunk(document, CutSettings())) == 1
    passages = chunk(document, CutSettings(kind="questions"))
    assert [p.text.count("?") for p in passages] == [1] * 8
    assert [p.text.count("handed over") for p in passages] == [1] * 8
    assert all(p.heading_spans == ((p.start, p.start + p.text.index("?") + 1),) for p in passages)


def test_a_long_answer_keeps_its_question_in_front() -> None:
    long = FAQ.replace("parcel 3 is handed over.", "parcel 3 is handed over at the door of its recipient. " * 60)
    passages = chunk(plain(long), CutSettings(kind="questions"))
    parts = [p for p in passages if "Rule 3" in p.text or "door" in p.text]
    assert len(parts) > 1
    assert all("What does rule 3 say?" in p.context for p in parts)


def test_a_question_over_a_question_has_no_answer() -> None:
    document = plain("Who may send a parcel?\n\nWho may fetch it at the counter?\n\nEverybody who has its number.")
    assert [document.text[mark.start : mark.end] for mark in question_marks(document)] == [
        "Who may fetch it at the counter?"
    ]


def test_each_clause_begins_a_passage_and_its_part_stands_in_front() -> None:
    document = plain(CONTRACT)
    assert detect_kind(document) == "contract"
    passages = chunk(document, CutSettings(kind="contract"))
    by_start = {p.text[:3]: p for p in passages}
    assert {"2. ", "2.2", "3. "} <= set(by_start)
    assert "2. Liability" in by_start["2.2"].headings
    assert not any(p.text.startswith("This holds") for p in passages)


@pytest.mark.parametrize(
    "text",
    [
        "3. In the year 2019 we sold more.\n\n7. May was wet.",  # dates and a list that begins anywhere
        "1. Sugar\n\n5. Flour\n\n9. Salt",  # numbers that do not go on
    ],
)
def test_numbers_that_do_not_go_on_are_no_clauses(text: str) -> None:
    assert len(clause_marks(plain(text))) <= 1


def test_each_slide_is_a_passage() -> None:
    slides = [f"Slide {n}\n\nPoint {n} of this talk, said in a few words that fit on one slide." for n in range(1, 7)]
    text, blocks, starts = "", [], []
    for number, slide in enumerate(slides, 1):
        starts.append(len(text))
        title = slide.split("\n\n")[0]
        blocks.append(Block("paragraph", len(text), len(text) + len(title), number))
        blocks.append(Block("paragraph", len(text) + len(title) + 2, len(text) + len(slide), number))
        text += slide + "\n\n"
    document = Document(text, tuple(blocks), "pptx", page_count=6, page_word="slide", page_starts=tuple(starts))
    assert len(chunk(document, CutSettings())) == 1
    assert [p.page for p in chunk(document, CutSettings(kind="slides"))] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("kind", CUT_KINDS)
@pytest.mark.parametrize("made", [plain(FAQ), plain(CONTRACT), plain("A line\nand another? Yes.\n\n1. x\n\n" * 40)])
def test_no_kind_loses_a_word(kind: CutKind, made: Document) -> None:
    for size in (200, 1600):
        passages = chunk(made, CutSettings(size, 0, kind))
        held = set().union(*(range(p.start, p.end) for p in passages))
        assert not [n for n, sign in enumerate(made.text) if not sign.isspace() and n not in held]
        assert all(made.text[p.start : p.end] == p.text for p in passages)
        assert [p.ordinal for p in passages] == list(range(len(passages)))
