"""A part of a source's text as it is laid out, each piece of it with the passages that it belongs to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.schema import Block, Document, Passage
from core.viewer.parts import PART_CHARACTERS, Part, on_part
from core.viewer.passages import simple_rows


@dataclass(frozen=True, slots=True)
class Run:
    """Words, or a row's cells, that belong to the same passages: their places in the layout's list, in order.

    ``first`` are those of them that begin here.
    """

    text: str
    passages: tuple[int, ...] = ()
    first: tuple[int, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LaidBlock:
    """A heading, paragraph, list, table or furniture. A table's runs are its rows, with cells; ``header``: the first
    of them names the columns."""

    kind: str
    level: int
    runs: tuple[Run, ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class TextLayout:
    """The passages of a part, and its text in blocks."""

    passages: tuple[Passage, ...]
    blocks: tuple[LaidBlock, ...]


def text_layout(document: Document, passages: Sequence[Passage], part: Part) -> TextLayout:
    """Lay out a part of a document's text with the passages on it."""
    here = on_part(document, passages, part)
    begun: set[int] = set()
    laid = tuple(_laid(document, here, block, begun) for block in _blocks(document, part))
    return TextLayout(tuple(here), laid)


def _blocks(document: Document, part: Part) -> Iterator[Block]:
    """Yield the blocks of a part, cut at its ends; words that stand in none are a paragraph, signs are left out."""
    at = part.start
    for block in document.blocks:
        if block.end <= part.start or block.start >= part.end:
            continue
        start, end = max(block.start, part.start), min(block.end, part.end)
        if _says_something(document.text[at:start]):
            yield Block("paragraph", at, start)
        rows = tuple(row for row in block.rows if row[0] >= start and row[1] <= end)
        yield Block(block.kind, start, end, block.page, block.level, block.header, rows)
        at = end
    if _says_something(document.text[at : part.end]):
        yield Block("paragraph", at, part.end)


def _says_something(text: str) -> bool:
    return any(sign.isalnum() for sign in text)


def _laid(document: Document, passages: Sequence[Passage], block: Block, begun: set[int]) -> LaidBlock:
    rows = simple_rows(document, block, block.rows, PART_CHARACTERS) if block.kind == "table" else ()
    if rows:
        added = len(rows) - len(block.rows)  # a header in front that stands further up, or an empty one
        runs = [Run("", cells=cells) for cells in rows[:added] if any(cells)]
        for (start, end), cells in zip(block.rows, rows[added:], strict=True):
            runs.append(_run(document, passages, start, end, begun, cells))
        return LaidBlock("table", 0, tuple(runs), header=any(rows[0]))
    edges = {edge for p in passages for edge in (p.start, p.end) if block.start < edge < block.end}
    cuts = sorted(edges | {block.start, block.end})
    pieces = [_run(document, passages, start, end, begun) for start, end in pairwise(cuts)]
    return LaidBlock(block.kind, block.level, tuple(run for run in pieces if run.text.strip()))


def _run(
    document: Document,
    passages: Sequence[Passage],
    start: int,
    end: int,
    begun: set[int],
    cells: tuple[str, ...] = (),
) -> Run:
    inside = tuple(n for n, p in enumerate(passages) if p.start < end and p.end > start)
    first = tuple(n for n in inside if n not in begun) if document.text[start:end].strip() else ()
    begun.update(first)
    return Run("" if cells else document.text[start:end], inside, first, cells)
