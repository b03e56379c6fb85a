"""HTML tables in a Markdown text: their tags become blanks and bars, so that every word stays at its place."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from core.load.builder import join_cells
from core.schema import Block
from core.text import has_header

_TABLE = re.compile(r"<(/?)table\b[^<>]*>", re.I)
_MARK = re.compile(r"</?([a-z][\w-]*)(?:\s[^<>]*)?/?>", re.I | re.S)
_LINE_BREAK = re.compile(r"[\r\n]")
_ENTITY = re.compile(r"&(?:#\w{1,8}|\w{1,32});")


class HtmlTable(NamedTuple):
    """A table's place in the text, its text there, as long as before, and its blocks: what stands over it, its rows."""

    start: int
    end: int
    text: str
    blocks: list[Block]


def html_tables(text: str, spans: list[tuple[int, int]]) -> Iterator[HtmlTable]:
    """Yield the tables that begin within ``spans`` (blocks of HTML) and end anywhere behind; those in tables not."""
    after = 0
    if not any(_TABLE.search(text, start, end) for start, end in spans):
        return
    text = without_comments(text)
    ends = _ends(text)
    for start, end in spans:
        for opening in _TABLE.finditer(text, start, end):
            closing = ends.get(opening.start(), 0)
            if opening.start() >= after and closing:
                after = closing
                if table := _table(text, opening.start(), closing):
                    yield table


def without_comments(text: str) -> str:
    """Return the text with blanks in place of comments."""
    pieces, position = [], 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        pieces += [text[position:start], " " * (end + 3 - start)]
        position = end + 3
    return "".join([*pieces, text[position:]])


def _ends(text: str) -> dict[int, int]:
    """Return where each table ends by where it begins, without those that never do."""
    ends: dict[int, int] = {}
    unclosed: list[int] = []
    for mark in _TABLE.finditer(text):
        if not mark[1]:
            unclosed.append(mark.start())
        elif unclosed:
            ends[unclosed.pop()] = mark.end()
    return ends


def _table(text: str, start: int, end: int) -> HtmlTable | None:
    pieces: list[str] = []
    rows: list[list[tuple[int, int]]] = []
    heads: list[bool] = []
    position, cell_start, depth, caption = start, 0, 0, (0, 0)
    for mark in _MARK.finditer(text, start, end):
        name, closes = (mark[1] or "").lower(), text.startswith("</", mark.start())
        pieces.append(_shown(text[position : mark.start()]))
        blanks = " " * (mark.end() - mark.start())
        depth += name == "table" and (-1 if closes else 1)
        if depth > 1:
            return None  # a table within lays out a page
        if name in ("td", "th", "tr", "caption", "table") and cell_start:
            if rows:
                rows[-1].append((cell_start, mark.start()))
            else:
                caption = (cell_start, mark.start())
            cell_start = 0
        if name == "tr" and not closes:
            blanks = "\n" + blanks[1:]
            rows.append([])
            heads.append(True)
        elif name in ("td", "th") and not closes and rows:
            blanks = ("|" if rows[-1] else " ") + blanks[1:]
            heads[-1] = heads[-1] and name == "th"
            cell_start = mark.end()
        elif name == "caption" and not closes and not rows:
            cell_start = mark.end()
        pieces.append(blanks)
        position = mark.end()
    shown = "".join([*pieces, _shown(text[position:end])])
    return _finished(shown, start, caption, [row for row in zip(rows, heads, strict=True) if row[0]])


def _finished(
    shown: str, start: int, caption: tuple[int, int], rows: list[tuple[list[tuple[int, int]], bool]]
) -> HtmlTable | None:
    """Return the table with its blocks; nothing where no row has words."""
    lines: list[tuple[int, int]] = []
    cells: list[list[str]] = []
    for row, _ in rows:
        words = [shown[first - start : last - start].strip() for first, last in row]
        if span := _trimmed(shown, row[0][0] - start, row[-1][1] - start):
            lines.append((span[0] + start, span[1] + start))
            cells.append(words)
    if not lines:
        return None
    filled = [head for (row, head) in rows if _trimmed(shown, row[0][0] - start, row[-1][1] - start)]
    header = join_cells(cells[0]) if filled[0] or has_header(cells) else ""
    blocks = [Block("table", lines[0][0], lines[-1][1], header=header, rows=tuple(lines))]
    over = _trimmed(shown, caption[0] - start, caption[1] - start) if caption[1] else None
    if over and over[1] + start <= lines[0][0]:
        blocks.insert(0, Block("paragraph", over[0] + start, over[1] + start))
    return HtmlTable(start, start + len(shown), shown, blocks)


def _shown(words: str) -> str:
    """Return what stands between two tags on one line, as long as before: letters for entities, blanks at the end."""
    flat = _LINE_BREAK.sub(" ", words)
    plain = _ENTITY.sub(lambda entity: unescape(entity[0]).replace("\xa0", " "), flat) if "&" in flat else flat
    return plain.ljust(len(words)) if len(plain) <= len(words) else flat


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    words = text[start:end]
    if not words.strip(" |"):
        return None
    return start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
