"""Lines of PDF pages to blocks: headings, paragraphs, lists, tables of numbers, repeated headers and footers."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.load.pdf.continued import with_names
from core.load.pdf.furniture import find_furniture
from core.load.pdf.line import Line, PageLines
from core.load.pdf.tables import TableLines, find_tables, heads_columns
from core.schema import Block, BlockKind

_BULLET = re.compile(r"([•▪◦●○■□➢✓❖‣⁃·–—-]|o(?=\s)|\(?[a-zA-Z0-9]{1,2}[.)]|\(?[ivxIVX]{1,5}[.)])\s+\S")
_SENTENCE_END = re.compile(r"[.!?:;。！？…][\"'”’)\]]*$")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_NO_WORD = re.compile(r"[\W_]+")
_NO_HEADING = re.compile(r"@|://|\.\s?\.\s?\.\s?\.")
_LARGER = 1.18
_MOST_HEADING_LEVELS = 4
_MOST_HEADING_LINES = 4
Outline = Mapping[int, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class _Style:
    """What the whole document says about its lines: the height of ordinary text and the heading heights' levels."""

    body: float
    levels: Mapping[float, int]
    bold_level: int


def layout(text: str, pages: Sequence[PageLines], outline: Outline) -> tuple[Block, ...]:
    """Return the blocks of a whole PDF, in order. ``outline``: bookmarks by page number, (title, depth from 1)."""
    style = _style(pages)
    furniture = find_furniture(pages, style.body)
    blocks: list[Block] = []
    for page in pages:
        titles = _outline_lines(page, outline.get(page.number, ()))
        lines, told = (each.get(page.number, frozenset()) for each in (furniture.lines, furniture.told_once))
        blocks.extend(_page_blocks(page, style, titles, lines, told))
    return tuple(with_names(pages, blocks, furniture.lines))


def _height(line: Line) -> float:
    return round(line.height, 1)


def _style(pages: Sequence[PageLines]) -> _Style:
    """Measure the document: most characters stand in the body's height; heights clearly larger are headings'."""
    amounts: Counter[float] = Counter()
    bold = lines = 0
    for page in pages:
        for line in page.page.lines:
            amounts[_height(line)] += line.end - line.start
            bold += line.bold
            lines += 1
    amounts.pop(0.0, None)
    if not amounts:
        return _Style(0, {}, 0)
    body = amounts.most_common(1)[0][0]
    total = sum(amounts.values())
    sizes = sorted((size for size in amounts if size >= body * _LARGER and amounts[size] < total * 0.15), reverse=True)
    levels: dict[float, int] = {}
    level, anchor = 0, 0.0
    for size in sizes:
        # Heights within a twentieth of each other are one style whose lines were measured in different fonts.
        if not anchor or size < anchor * 0.95:
            level, anchor = min(level + 1, _MOST_HEADING_LEVELS), size
        levels[size] = level
    bold_level = min(level + 1, _MOST_HEADING_LEVELS + 1) if bold < lines * 0.3 else 0
    return _Style(body, levels, bold_level)


def _outline_lines(page: PageLines, titles: Sequence[tuple[str, int]]) -> dict[int, int]:
    """Return the page's lines that are a bookmark's title, or begin one: line number to depth."""
    if not titles:
        return {}
    keys = [_key(page.page.text[line.start : line.end]) for line in page.page.lines]
    depths: dict[int, int] = {}
    for title, level in titles:
        wanted = _key(title)
        for index, key in enumerate(keys):
            fits = key == wanted or (key.endswith(wanted) and len(key) - len(wanted) <= 4)
            if index in depths or not key or not wanted:
                continue
            if fits:
                depths[index] = level
                break
            if wanted.startswith(key) and "".join(keys[index : index + 3]).startswith(wanted):
                for offset, part in enumerate(keys[index : index + 3]):
                    if wanted.startswith(part) and part:
                        depths[index + offset] = level
                        wanted = wanted[len(part) :]
                break
    return depths


def _key(text: str) -> str:
    return _NO_WORD.sub("", text.casefold())


def _page_blocks(
    page: PageLines, style: _Style, titles: Mapping[int, int], furniture: frozenset[int], told: frozenset[int]
) -> list[Block]:
    lines = page.page.lines
    levels = {index: _heading_level(page, index, style, titles) for index in range(len(lines))}
    in_table = {index for table in page.page.tables for index in range(table.rows[0][0], table.rows[-1][1] + 1)}
    furniture -= in_table
    free = [index for index in range(len(lines)) if index not in furniture and index not in in_table]
    tables = _figure_tables(page, free, levels, style)
    in_table.update(index for table in tables for index in range(table.first, table.last + 1))
    blocks = [
        _block("paragraph" if index in told else "furniture", 0, page, index, index)
        for index in furniture
        if index not in in_table
    ]
    blocks.extend(_table_block(page, table.rows, with_header=table.headed) for table in page.page.tables)
    for table in tables:
        rows = [(table.first, table.header_end)] if table.header_end >= table.first else []
        rows += [(index, index) for index in range(table.header_end + 1, table.last + 1) if index not in furniture]
        blocks.append(_table_block(page, rows, with_header=table.header_end >= table.first))
    blocks.extend(_text_blocks(page, levels, [index for index in free if index not in in_table]))
    return sorted(blocks, key=lambda block: block.start)


def _figure_tables(page: PageLines, free: Sequence[int], levels: Mapping[int, int], style: _Style) -> list[TableLines]:
    """Return the tables of figures among a page's lines, none of which goes on beyond a table of words."""
    lines, text = page.page.lines, page.page.text
    borders = [table.rows[0][0] for table in page.page.tables] + [len(lines)]
    tables: list[TableLines] = []
    low = 0
    for border in borders:
        stretch = []
        for index in free:
            if low <= index < border:
                words = text[lines[index].start : lines[index].end]
                stretch.append((index, words, _is_heading(words, levels[index], style)))
        tables.extend(find_tables(stretch))
        low = border
    return tables


def _is_heading(words: str, level: int, style: _Style) -> bool:
    """Tell whether a line stays a heading right above figures: not when it is only bold and names their columns."""
    return level > 0 and not (level == style.bold_level and heads_columns(words))


def _heading_level(page: PageLines, index: int, style: _Style, titles: Mapping[int, int]) -> int:
    """Return a line's depth as a heading, 0 when it is none: a bookmark's title, larger than the text, or bold."""
    if index in titles:
        return titles[index]
    line = page.page.lines[index]
    level = style.levels.get(_height(line), 0) or (style.bold_level if line.bold else 0)
    if not level or line.end - line.start > 200:
        return 0
    words = page.page.text[line.start : line.end]
    return 0 if words[0] in "•▪◦●➢·" or _NO_HEADING.search(words) or not _LETTERS.search(words) else level


def _block(kind: BlockKind, level: int, page: PageLines, first: int, last: int) -> Block:
    lines = page.page.lines
    return Block(kind, page.start + lines[first].start, page.start + lines[last].end, page.number, level)


def _table_block(page: PageLines, rows: Sequence[tuple[int, int]], *, with_header: bool) -> Block:
    lines = page.page.lines
    spans = tuple((page.start + lines[first].start, page.start + lines[last].end) for first, last in rows)
    first, last = rows[0]
    header = " ".join(page.page.text[lines[first].start : lines[last].end].split()) if with_header else ""
    return Block("table", spans[0][0], spans[-1][1], page.number, 0, header, spans)


def _text_blocks(page: PageLines, levels: Mapping[int, int], free: Sequence[int]) -> list[Block]:
    """Join lines to paragraphs, lists and headings."""
    lines, text = page.page.lines, page.page.text
    right = max((lines[index].right for index in free), default=0.0)
    left = min((lines[index].left for index in free), default=0.0)
    leading = _leading(lines)
    blocks: list[Block] = []
    first = before = -1
    kind: BlockKind = "paragraph"
    level = 0
    for index in free:
        here = text[lines[index].start : lines[index].end]
        bullet = _BULLET.match(here) is not None
        if before >= 0 and index == before + 1 and _goes_on(kind, level, levels[index], bullet):
            previous = text[lines[before].start : lines[before].end]
            parted = not bullet and _parted(lines[before], lines[index], previous, here, leading, right)
            if kind == "heading":
                parted = not here[:1].islower() and lines[before].right - lines[before].left < (right - left) * 0.5
            if not parted:
                before = index
                continue
        if before >= 0:
            blocks.append(_block(*_kind_and_level(kind, level, before - first), page, first, before))
        first = before = index
        level = levels[index]
        kind = "heading" if level else "list" if bullet else "paragraph"
    if before >= 0:
        blocks.append(_block(*_kind_and_level(kind, level, before - first), page, first, before))
    return blocks


def _kind_and_level(kind: BlockKind, level: int, more_lines: int) -> tuple[BlockKind, int]:
    """Return a block's kind and depth: what looks like a heading but runs over many lines is text in bold."""
    return ("paragraph", 0) if kind == "heading" and more_lines >= _MOST_HEADING_LINES else (kind, level)


def _goes_on(kind: str, level: int, next_level: int, bullet: bool) -> bool:
    """Tell whether a line of this sort may belong to the block before it at all."""
    if level or next_level:
        return level == next_level and not (kind == "heading" and bullet)
    return kind == "list" or not bullet


def _leading(lines: Sequence[Line]) -> float:
    """Return the usual distance from one line to the next on this page, in points."""
    steps = sorted(
        _step(before, line)
        for before, line in pairwise(lines)
        if line.height and before.height and _step(before, line) > 0
    )
    return steps[len(steps) // 3] if steps else 0.0


def _step(before: Line, line: Line) -> float:
    """Return how far a line stands below the one before it, in points."""
    return before.bottom - (line.top - line.height)


def _parted(before: Line, line: Line, previous: str, here: str, leading: float, right: float) -> bool:
    """Tell whether a new paragraph begins: a gap, another column or size, an indent, or a sentence ended early."""
    ended = _SENTENCE_END.search(previous) is not None
    if not before.height or not line.height:
        return ended and here[:1].isupper()
    step, height = _step(before, line), before.height
    if step < 0 or line.left > before.right:
        return ended or not here[:1].islower()
    if step > max(leading * 1.4, height * 1.05) and (ended or step > leading * 1.6):
        return True
    indented = line.left - before.left > height * 0.8 and before.right > right * 0.85
    short = before.right - before.left < (right - before.left) * 0.85
    return ended and not here[:1].islower() and (indented or short)
