"""Markdown: the text stays as it is written; headings, lists and tables are found by their lines."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from core.load.limits import Reading, check_length
from core.load.texts.markdown_tables import HtmlTable, html_tables, without_comments
from core.load.texts.plain import decode, spans_of_lines
from core.schema import Block, BlockKind, Document

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*(?:\r\n|\n|\r)(.*?)(?:\r\n|\n|\r)(?:\1|\.\.\.)[ \t]*(?=\r|\n|$)", re.S)
_TITLE = re.compile(r"^title\s*[:=](.*)$", re.M)
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\n]{1,100}\]:")
_TAG = re.compile(r"<[^<>]*>")
_Spans = Sequence[tuple[int, int]]
_KINDS: dict[str, BlockKind] = {
    "heading_open": "heading", "paragraph_open": "paragraph", "bullet_list_open": "list", "ordered_list_open": "list",
    "fence": "paragraph", "code_block": "paragraph", "html_block": "paragraph", "blockquote_open": "paragraph",
    "table_open": "table",
}  # fmt: skip


def read(data: bytes, reading: Reading) -> Document:
    """Read a Markdown text. Its canonical text is the decoded file, marks included, HTML tables laid out in place."""
    from markdown_it import MarkdownIt

    text, warnings = decode(data)
    check_length(len(text))
    front = _FRONT_MATTER.match(text)
    lines = list(spans_of_lines(text))
    body = text
    if front:
        # The same number of lines stays, so that line numbers still fit.
        body = re.sub(r"[^\r\n]", "", text[: front.end()]) + text[front.end() :]
    tokens = [token for token in MarkdownIt("commonmark").enable("table").parse(body) if not token.level and token.map]
    blocks = [] if front is None else _words(text, front.start(2), front.end(2))
    placed = [(token, _filled(text, lines, token)) for token in tokens if token.type in _KINDS]
    pages = [(spans[0][0], spans[-1][1]) for token, spans in placed if spans and token.type == "html_block"]
    tables = list(html_tables(text, pages))
    text = _with_tables(text, tables)
    blocks += [block for token, spans in _outside(placed, tables) if (block := _block(text, spans, token))]
    blocks += [block for table in tables for block in table.blocks]
    blocks += _footnotes(text, lines, tokens)
    blocks.sort(key=lambda block: block.start)
    title = _TITLE.search(front.group(2)) if front else None
    headings = (text[block.start : block.end] for block in blocks if block.kind == "heading" and block.level == 1)
    return Document(
        text=text,
        blocks=tuple(blocks),
        kind="md",
        title=_unquoted(title.group(1))[:300] if title else next(headings, "")[:300],
        warnings=warnings,
    )


def _filled(text: str, lines: _Spans, token: "Token") -> _Spans:
    """Return the lines of a token that are not empty."""
    first, last = token.map or (0, 0)
    return [(start, end) for start, end in lines[first:last] if text[start:end].strip()]


def _with_tables(text: str, tables: Sequence[HtmlTable]) -> str:
    pieces, position = [], 0
    for table in tables:
        pieces += [text[position : table.start], table.text]
        position = table.end
    return "".join([*pieces, text[position:]])


def _outside(placed: Sequence[tuple["Token", _Spans]], tables: Sequence[HtmlTable]) -> Iterator[tuple["Token", _Spans]]:
    """Yield tokens with what of their lines lies in no HTML table; both are in order."""
    first = 0
    for token, spans in placed:
        while spans and first < len(tables) and tables[first].end <= spans[0][0]:
            first += 1
        number, parts = first, spans
        while spans and number < len(tables) and tables[number].start < spans[-1][1]:
            start, end = tables[number].start, tables[number].end
            cut = [piece for each in parts for piece in ((each[0], min(each[1], start)), (max(each[0], end), each[1]))]
            parts = [(begin, finish) for begin, finish in cut if begin < finish]
            number += 1
        if parts:
            yield token, parts


def _block(text: str, lines: _Spans, token: "Token") -> Block | None:
    kind = _KINDS[token.type]
    start, end = lines[0][0], lines[-1][1]
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
    if kind == "heading":
        return _heading(text, lines, int(token.tag[1:]))
    if kind == "table":
        rows = (lines[0], *lines[2:])
        header = " | ".join(cell.strip() for cell in text[start : lines[0][1]].strip().strip("|").split("|"))
        rows = tuple((max(row[0], start), min(row[1], end)) for row in rows)
        return Block("table", start, end, header=header, rows=rows)
    if token.type == "html_block" and not any(map(str.isalnum, _TAG.sub("", without_comments(words)))):
        return Block("furniture", start, end) if words.strip() else None
    return Block(kind, start, end) if words.strip() else None


def _footnotes(text: str, lines: _Spans, tokens: Sequence["Token"]) -> list[Block]:
    """Return footnotes of a single word, which Markdown itself takes for the address of a link and does not show."""
    seen = {line for token in tokens if token.map for line in range(*token.map)}
    notes = [span for line, span in enumerate(lines) if line not in seen and _FOOTNOTE.match(text, *span)]
    return [block for start, end in notes for block in _words(text, start, end)]


def _words(text: str, start: int, end: int) -> list[Block]:
    """Return a paragraph of what stands between two places; none where there are no words."""
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
    return [Block("paragraph", start, end)] if start < end else []


def _heading(text: str, lines: Sequence[tuple[int, int]], level: int) -> Block | None:
    """Return a heading without its marks: the #s before and after it, or the line below it."""
    start, end = lines[0]
    if not text[start:end].lstrip().startswith("#"):
        end = lines[-2][1] if len(lines) > 1 else end
        return Block("heading", start + len(text[start:end]) - len(text[start:end].lstrip()), end, level=level)
    line = text[start:end].rstrip(" \t")
    words = line.lstrip().lstrip("#").lstrip(" \t")
    start += len(line) - len(words)
    without_marks = words.rstrip("#")
    if without_marks.endswith((" ", "\t")):
        words = without_marks.rstrip(" \t")
    return Block("heading", start, start + len(words), level=level) if words.strip(" #") else None


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[value[:1] in ("'", '"') : len(value) - (value[-1:] in ("'", '"'))]
