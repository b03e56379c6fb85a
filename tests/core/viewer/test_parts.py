"""A source in parts that can be looked at one at a time, and a part as it is laid out."""

from itertools import pairwise

import pytest

from core.chunk import chunk
from core.schema import Block, CutSettings, Document, Passage
from core.viewer import text_layout
from core.viewer.parts import PART_CHARACTERS, Parts, divided

SENTENCE = "The parcel stays with the neighbour until the evening. "


def long_text(paragraphs: int) -> Document:
    text, blocks = "", []
    for _ in range(paragraphs):
        blocks.append(Block("paragraph", len(text), len(text) + len(SENTENCE) * 8))
        text += SENTENCE * 8 + "\n\n"
    return Document(text, tuple(blocks), "txt")


def sheet(rows: int, pages: tuple[int, ...] = ()) -> Document:
    lines = [f"Zone {n} | Country number {n} | {n} euro" for n in range(rows)]
    spans, at = [], 0
    for line in lines:
        spans.append((at, at + len(line)))
        at += len(line) + 1
    text = "\n".join(lines)
    block = Block("table", 0, len(text), header=lines[0], rows=tuple(spans), page=1 if pages else None)
    return Document(text, (block,), "xlsx", page_starts=pages, page_word="sheet" if pages else "")


def whole(parts: Parts, length: int) -> bool:
    each = parts.each
    joined = all(one.end == following.start for one, following in pairwise(each))
    return each[0].start == 0 and each[-1].end == length and joined


def test_a_long_text_is_cut_between_paragraphs() -> None:
    document = long_text(100)
    parts = divided(document)
    assert parts.word == "part"
    assert whole(parts, len(document.text))
    assert all(part.end - part.start <= PART_CHARACTERS for part in parts.each)
    assert {part.start for part in parts.each} <= {block.start for block in document.blocks}


def test_a_short_text_is_one_part_and_an_empty_one_too() -> None:
    assert len(divided(long_text(1)).each) == 1
    assert len(divided(Document("", (), "txt")).each) == 1


def test_a_long_sheet_is_cut_between_rows() -> None:
    document = sheet(1000, (0,))
    parts = divided(document)
    assert parts.word == "part"
    assert len(parts.each) > 5
    assert {part.start for part in parts.each} <= {row[0] for row in document.blocks[0].rows}
    assert {part.page for part in parts.each} == {1}


def test_a_pdfs_pages_stay_whole_however_long_they_are() -> None:
    document = Document("x " * 20000, (), "pdf", page_starts=(0, 10), page_word="page")
    assert [(part.start, part.end, part.page) for part in divided(document).each] == [(0, 10, 1), (10, 40000, 2)]
    assert divided(document).word == "page"


@pytest.mark.parametrize("text", ["x" * 30000, "words " * 9000, "line\n" * 9000])
def test_a_text_without_blocks_is_cut_all_the_same(text: str) -> None:
    parts = divided(Document(text, (), "txt"))
    assert whole(parts, len(text))
    assert all(0 < part.end - part.start <= PART_CHARACTERS for part in parts.each)


def test_a_place_is_found_in_its_part() -> None:
    parts = divided(long_text(100))
    for number, part in enumerate(parts.each, 1):
        assert parts.at(part.start) == number
        assert parts.at(part.end - 1) == number


def test_all_words_of_a_part_are_laid_out_with_their_passages() -> None:
    document = long_text(40)
    passages = chunk(document, CutSettings(700, 200))
    for part in divided(document).each:
        layout = text_layout(document, passages, part)
        laid = "".join(run.text for block in layout.blocks for run in block.runs)
        assert "".join(laid.split()) == "".join(document.text[part.start : part.end].split())
        assert all(run.passages for block in layout.blocks for run in block.runs)
        begun = [place for block in layout.blocks for run in block.runs for place in run.first]
        assert begun == list(range(len(layout.passages)))


def test_what_two_passages_share_belongs_to_both() -> None:
    document = Document(SENTENCE * 3, (Block("paragraph", 0, len(SENTENCE) * 3),), "txt")
    at = len(SENTENCE)
    passages = [
        Passage(0, 0, 2 * at, document.text[: 2 * at]),
        Passage(1, at, 3 * at, document.text[at : 3 * at]),
    ]
    (block,) = text_layout(document, passages, divided(document).each[0]).blocks
    assert [(run.passages, run.first) for run in block.runs] == [((0,), (0,)), ((0, 1), (1,)), ((1,), ())]


def test_a_table_is_laid_out_in_rows_and_a_later_part_has_its_header_in_front() -> None:
    document = sheet(1000, (0,))
    passages = chunk(document, CutSettings())
    second = divided(document).each[1]
    (table,) = text_layout(document, passages, second).blocks
    assert table.header
    assert table.runs[0].cells == ("Zone 0", "Country number 0", "0 euro")
    assert table.runs[0].passages == ()
    assert all(run.passages and len(run.cells) == 3 for run in table.runs[1:])


def test_signs_between_blocks_are_left_out_and_words_are_not() -> None:
    text = "# Title\n\nlost words"
    document = Document(text, (Block("heading", 2, 7, level=1),), "md")
    heading, rest = text_layout(document, [], divided(document).each[0]).blocks
    assert (heading.kind, heading.runs[0].text) == ("heading", "Title")
    assert rest.runs[0].text.strip() == "lost words"
