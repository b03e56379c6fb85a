"""A page that begins with a title and is a table: the title stays with it and names what stands under it."""

from core.chunk import chunk
from core.schema import Block, BlockKind, CutSettings, Document

SENTENCE = "The accounts follow the rules that the board has set for all of its houses. "
ROWS = "\n".join(f"Row number {number} 1,{number:03} 2,{number:03}" for number in range(12))
BEFORE: list[tuple[BlockKind, str]] = [("heading", "Auditor's report"), ("paragraph", SENTENCE * 8)]
SHEET: list[tuple[BlockKind, str]] = [
    ("heading", "Consolidated balance sheet"),
    ("heading", "(in thousands)"),
    ("paragraph", "31 December 2024\n31 December 2023"),
    ("heading", "Assets"),
    ("table", ROWS),
    ("heading", "Liabilities and equity"),
    ("table", ROWS),
]


def document(*pages: list[tuple[BlockKind, str]]) -> Document:
    """A document of these pages, every heading of one level, as bold lines of a PDF are."""
    text, blocks, starts = "", [], []
    for page, parts in enumerate(pages, 1):
        starts.append(len(text))
        for kind, content in parts:
            blocks.append(Block(kind, len(text), len(text) + len(content), page, int(kind == "heading")))
            text += content + "\n\n"
    return Document(text, tuple(blocks), "pdf", page_count=len(pages), page_word="page", page_starts=tuple(starts))


def test_what_stands_under_a_page_s_title_is_named_by_it() -> None:
    passages = chunk(document(BEFORE, SHEET), CutSettings(400, 0))
    of_the_sheet = [passage for passage in passages if "Row number" in passage.text]
    assert len(of_the_sheet) >= 2
    assert all(passage.headings[0] == "Consolidated balance sheet" for passage in of_the_sheet)
    assert of_the_sheet[-1].headings[-1] == "Liabilities and equity"


def test_a_page_s_title_does_not_end_the_passage_before_it() -> None:
    [report, *sheet] = chunk(document(BEFORE, SHEET), CutSettings(2000, 0))
    assert report.text.endswith("its houses.")
    assert sheet[0].text.startswith("Consolidated balance sheet")


def test_headings_of_a_page_of_text_stay_side_by_side() -> None:
    page: list[tuple[BlockKind, str]] = [
        ("heading", "Delivery"),
        ("paragraph", SENTENCE * 8),
        ("heading", "Returns"),
        ("table", ROWS),
    ]
    passages = chunk(document(page), CutSettings(800, 0))
    assert [passage.headings for passage in passages] == [("Delivery",), ("Returns",)]


def test_a_title_of_another_page_names_nothing_here() -> None:
    last: list[tuple[BlockKind, str]] = [("heading", "Notes"), ("paragraph", SENTENCE * 8)]
    passages = chunk(document(SHEET, last), CutSettings(500, 0))
    assert passages[-1].headings == ("Notes",)
