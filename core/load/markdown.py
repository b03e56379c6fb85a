"""Markdown: the text stays as it is written; headings, lists and tables are found by their lines."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.load.limits import Reading, check_length
from core.load.plain import decode, spans_of_lines
from core.schema import Block, BlockKind, Document

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"---[ \t]*(\r\n|\n|\r)(.*?)(\r\n|\n|\r)(---|\.\.\.)[ \t]*(?=\r|\n|$)", re.S)
_TITLE = re.compile(r"^title:(.*)$", re.M)
_KINDS: dict[str, BlockKind] = {
    "heading_open": "heading", "paragraph_open": "paragraph", "bullet_list_open": "list", "ordered_list_open": "list",
    "fence": "paragraph", "code_block": "paragraph", "html_block": "paragraph", "blockquote_open": "paragraph",
    "table_open": "table",
}  # fmt: skip


def read(data: bytes, reading: Reading) -> Document:
    """Read a Markdown text. Its canonical text is the decoded file, marks included."""
    from markdown_it import MarkdownIt

    text, warnings = decode(data)
    check_length(len(text))
    front = _FRONT_MATTER.match(text)
    lines = list(spans_of_lines(text))
    blocks: list[Block] = []
    body = text
    if front:
        blocks.append(Block("furniture", 0, front.end()))
        # The same number of lines stays, so that line numbers still fit.
        body = re.sub(r"[^\r\n]", "", text[: front.end()]) + text[front.end() :]
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    for place, token in enumerate(tokens):
        if token.level == 0 and token.map and (kind := _KINDS.get(token.type)):
            first, last = token.map[0], min(token.map[1], len(lines)) - 1
            if block := _block(text, lines[first : last + 1], kind, tokens[place]):
                blocks.append(block)
    title = _TITLE.search(front.group(2)) if front else None
    headings = (text[block.start : block.end] for block in blocks if block.kind == "heading" and block.level == 1)
    return Document(
        text=text,
        blocks=tuple(blocks),
        kind="md",
        title=_unquoted(title.group(1))[:300] if title else next(headings, "")[:300],
        warnings=warnings,
    )


def _block(text: str, lines: Sequence[tuple[int, int]], kind: BlockKind, token: "Token") -> Block | None:
    filled = [(start, end) for start, end in lines if text[start:end].strip()]
    if not filled:
        return None
    start, end = filled[0][0], filled[-1][1]
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
    if kind == "heading":
        return _heading(text, filled, int(token.tag[1:]))
    if kind == "table":
        rows = (filled[0], *filled[2:])
        header = " | ".join(cell.strip() for cell in text[start : filled[0][1]].strip().strip("|").split("|"))
        rows = tuple((max(row[0], start), min(row[1], end)) for row in rows)
        return Block("table", start, end, header=header, rows=rows)
    if token.type == "html_block" and text.startswith("<!--", start) and text.endswith("-->", start + 4, end):
        return Block("furniture", start, end)
    return Block(kind, start, end)


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
