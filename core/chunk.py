"""Document in, passages out: exact spans of its text, cut where headings, paragraphs, sentences and rows end."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.schema import Block, CutSettings, Document, Passage

# A section shorter than this share of a passage goes together with its neighbours under the same heading.
TINY = 0.35
# A last piece shorter than this share is added to the passage before it, which may grow by as much.
TAIL = 0.15
# A passage ends at a paragraph's end rather than at a sentence's when it is at least this full there.
FULL_ENOUGH = 0.6
# Text of this many characters right before a table too long for one passage is its title and goes with its first rows.
LEAD_CHARACTERS = 300
# Headings that follow each other with nothing between are one title over several lines: so many are kept.
TITLE_LINES = 3
CONTEXT_CHARACTERS = 300
TABLE_HEADER_CHARACTERS = 400

_SENTENCE_END = re.compile(
    r"""(?<!\b[A-Z])(?<!\bMr)(?<!\bDr)(?<!\bNo)(?<!\bNr)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)(?<!\bz\.B)(?<!\bd\.h)(?<!\bbzw)"""
    r"""[.!?…]+["'”’»)\]]*\s+(?![a-z,;])|[。！？｡]+["”’」』）]*\s*"""
)
_LINE_END = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True)
class _Unit:
    """The smallest piece that is never cut: a sentence, a list line, a table that fits, a row of one that does not."""

    start: int
    end: int
    ends_paragraph: bool
    table: Block | None = None
    is_row: bool = False
    lead: str = ""  # of a row: what stands before its table beside headings, such as the years over its columns


@dataclass(frozen=True, slots=True)
class _Section:
    """What stands under one heading, the heading among it, down to the next one."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def length(self) -> int:
        return self.blocks[-1].end - self.blocks[0].start

    @property
    def bare(self) -> bool:
        """Whether the section is a heading with nothing under it."""
        return all(block.kind == "heading" for block in self.blocks)


def chunk(document: Document, cut: CutSettings, title: str = "") -> list[Passage]:
    """Cut ``document`` into passages of about ``cut.size`` characters, in order, numbered from 0.

    Passages begin at sections and end at paragraphs and sentences; tables stay whole where they fit. ``title`` (else
    the document's own) opens every passage's context. Page headers and footers never begin or end a passage.
    """
    size = max(cut.size, 1)
    overlap = min(max(cut.overlap, 0), size // 2)
    title = " ".join((title or document.title).split())
    passages: list[Passage] = []
    for section in _merged(_sections(document), size):
        for units in _packed(_units(document.text, section.blocks, size), size, overlap):
            passages.append(_passage(document, units, section.path, title, len(passages)))
    return passages


def without_furniture(document: Document, passage: Passage) -> Passage:
    """Return a passage with the page headers and footers inside it blanked out; its length and offsets stay.

    So neither search nor model nor quote ever meets "Page 2 of 7", and a citation still lies where it stood.
    """
    text = passage.text
    first = bisect_right(document.blocks, passage.start, key=lambda block: block.end)
    for block in document.blocks[first:]:
        if block.start >= passage.end:
            break
        if block.kind == "furniture":
            start, end = max(block.start, passage.start), min(block.end, passage.end)
            blank = " " * (end - start)
            text = text[: start - passage.start] + blank + text[end - passage.start :]
    return passage if text is passage.text else replace(passage, text=text)


# --- sections ---------------------------------------------------------------------------------------------------------


def _sections(document: Document) -> list[_Section]:
    """Divide a document at its headings. A document without blocks is one paragraph."""
    blocks = [block for block in document.blocks if block.kind != "furniture" and block.end > block.start]
    if not document.blocks and document.text.strip():
        blocks = [Block("paragraph", 0, len(document.text))]
    sections: list[_Section] = []
    open_headings: list[tuple[int, str]] = []
    held: list[Block] = []
    path: tuple[str, ...] = ()
    lines = 0  # of a title over several lines that is being read
    for block in blocks:
        if block.kind == "heading":
            level = max(block.level, 1)
            goes_on = 0 < lines < TITLE_LINES and open_headings[-1][0] == level
            if held and not goes_on:
                sections.append(_Section(path, tuple(held)))
                held = []
            while not goes_on and open_headings and open_headings[-1][0] >= level:
                open_headings.pop()
            open_headings.append((level, " ".join(document.text[block.start : block.end].lstrip("#").split())))
            path = tuple(text for _, text in open_headings)
            lines = lines + 1 if goes_on else 1
        else:
            lines = 0
        held.append(block)
    if held:
        sections.append(_Section(path, tuple(held)))
    return sections


def _merged(sections: Sequence[_Section], size: int) -> Iterator[_Section]:
    """Put tiny sections together with their neighbours, and a bare heading with what follows it."""
    tiny = int(size * TINY)
    held: _Section | None = None
    for section in sections:
        if held is None:
            held = section
            continue
        length = section.blocks[-1].end - held.blocks[0].start
        common = _common(held.path, section.path)
        related = bool(common) or len(section.path) <= 1 or not held.path
        if held.bare and len(held.path) < len(section.path):
            held = _Section(section.path, held.blocks + section.blocks)
        elif length <= size and related and (held.length <= tiny or section.length <= tiny):
            held = _Section(common, held.blocks + section.blocks)
        else:
            yield held
            held = section
    if held is not None:
        yield held


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count]:
        count += 1
    return left[:count]


# --- units ------------------------------------------------------------------------------------------------------------


def _units(text: str, blocks: Sequence[Block], size: int) -> list[_Unit]:
    """Cut blocks into what is never cut further, each at most ``size`` long."""
    units: list[_Unit] = []
    headings = {block.start for block in blocks if block.kind == "heading"}
    for block in blocks:
        if block.kind == "table":
            rows = list(_table_units(text, block, size))
            if rows and rows[0].is_row:
                rows = _with_lead(text, units, rows, headings)
            units.extend(rows)
            continue
        spans = list(_sentences(text, block, size))
        units.extend(_Unit(start, end, (start, end) == spans[-1]) for start, end in spans)
    return _with_tail(units, int(size * TAIL))


def _with_lead(text: str, units: list[_Unit], rows: list[_Unit], headings: set[int]) -> list[_Unit]:
    """Take what stands right before a table (its title, its years) off ``units`` and make it the first of its rows."""
    first = at = len(units)
    while at and units[at - 1].table is None and rows[0].start - units[at - 1].start <= LEAD_CHARACTERS:
        at -= 1
        if at == 0 or units[at - 1].ends_paragraph:
            first = at
    before = units[first:]
    lead = " ".join(text[unit.start : unit.end] for unit in before if unit.start not in headings)
    led = [replace(unit, table=rows[0].table, is_row=True) for unit in before]
    del units[first:]
    return led + [replace(row, lead=lead) for row in rows]


def _with_tail(units: list[_Unit], most: int) -> list[_Unit]:
    """Let a short note under a table that ends a section go with the table's last rows."""
    last = len(units)
    while last and units[last - 1].table is None:
        last -= 1
    tail = units[last:]
    if not tail or not last or not units[last - 1].is_row or tail[-1].end - tail[0].start > most:
        return units
    return units[:last] + [replace(unit, table=units[last - 1].table, is_row=True) for unit in tail]


def _table_units(text: str, table: Block, size: int) -> Iterator[_Unit]:
    start, end = _trimmed(text, table.start, table.end)
    if end - start <= size:
        if end > start:
            yield _Unit(start, end, True, table)
        return
    rows = table.rows or ((table.start, table.end),)
    for row_start, row_end in rows:
        for left, right in _fitting(text, *_trimmed(text, row_start, row_end), size):
            yield _Unit(left, right, True, table, is_row=True)


def _sentences(text: str, block: Block, size: int) -> Iterator[tuple[int, int]]:
    """Cut a paragraph into sentences, a list into lines; what is longer than a passage, between words."""
    pattern = _LINE_END if block.kind == "list" else _SENTENCE_END
    left = block.start
    for match in pattern.finditer(text, block.start, block.end):
        yield from _fitting(text, *_trimmed(text, left, match.end()), size)
        left = match.end()
    yield from _fitting(text, *_trimmed(text, left, block.end), size)


def _fitting(text: str, start: int, end: int, size: int) -> Iterator[tuple[int, int]]:
    """Leave ``text[start:end]`` whole where it fits; else cut it small, between words, so that cuts can overlap."""
    if end - start > size:
        size = max(size // 8, 1)
    while end - start > size:
        cut = _last_blank(text, start + size // 2, start + size)
        if cut <= start:
            cut = start + size
            while cut > start + 1 and unicodedata.category(text[cut])[0] == "M":
                cut -= 1  # never between a letter and the accent on it
        yield _trimmed(text, start, cut)
        start, _ = _trimmed(text, cut, end)
    if end > start:
        yield start, end


def _last_blank(text: str, start: int, end: int) -> int:
    """Return where the last blank in ``text[start:end + 1]`` stands, or -1."""
    return max(text.rfind(blank, start, end + 1) for blank in (" ", "\n", "\t", "\u00a0", "\u3000"))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# --- packing ----------------------------------------------------------------------------------------------------------


def _packed(units: Sequence[_Unit], size: int, overlap: int) -> Iterator[Sequence[_Unit]]:
    """Fill passages with units; each begins with as many whole units of the one before as the overlap holds."""
    first = 0
    while first < len(units):
        last = _fill(units, first, size)
        yield units[first : last + 1]
        if last + 1 >= len(units):
            return
        first = _step_back(units, first, last, size, overlap)


def _fill(units: Sequence[_Unit], first: int, size: int) -> int:
    """Return the last unit of the passage that begins with unit ``first``."""
    begin = units[first].start
    last = first
    while (
        last + 1 < len(units) and units[last + 1].end - begin <= size and not _table_edge(units[last], units[last + 1])
    ):
        last += 1
    if last + 1 == len(units) or _table_edge(units[last], units[last + 1]):
        return last
    if units[-1].end - begin <= size * (1 + TAIL) and not any(unit.table for unit in units[last + 1 :]):
        return len(units) - 1
    for candidate in range(last, first, -1):
        if units[candidate].end - begin < size * FULL_ENOUGH:
            break
        if units[candidate].ends_paragraph:
            return candidate
    return last


def _table_edge(unit: _Unit, following: _Unit) -> bool:
    """Whether one of two neighbours is a row of a table too long for one passage and the other is not of it."""
    return unit.table is not following.table and (unit.is_row or following.is_row)


def _step_back(units: Sequence[_Unit], first: int, last: int, size: int, overlap: int) -> int:
    """Return the unit with which the next passage begins; a table's rows are never given twice."""
    start = last + 1
    while start - 1 > first and units[start - 1].table is None and not units[start].is_row:
        begin = units[start - 1].start
        if units[last].end - begin > overlap or units[last + 1].end - begin > size:
            break
        start -= 1
    return start


def _passage(document: Document, units: Sequence[_Unit], path: tuple[str, ...], title: str, ordinal: int) -> Passage:
    start, end = units[0].start, units[-1].end
    table = units[0].table
    in_tables = sum(unit.end - unit.start for unit in units if unit.table)
    goes_on = table is not None and units[0].is_row and not _holds_header(table, start)
    header = f"{units[0].lead} {table.header}" if table is not None and goes_on else ""
    return Passage(
        ordinal=ordinal,
        start=start,
        end=end,
        text=document.text[start:end],
        context=_context(title, path, header),
        headings=path,
        page=_page(document, start),
        kind="table" if in_tables * 2 > end - start else "text",
    )


def _holds_header(table: Block, start: int) -> bool:
    return bool(table.rows) and start <= table.rows[0][0]


def _context(title: str, path: Sequence[str], header: str) -> str:
    """Join title, headings and table header; where it gets too long the outer headings go first."""
    names = [title, *path] if title and title not in path else list(path)
    names = [_short(name, CONTEXT_CHARACTERS // 2) for name in names if name]
    while len(names) > 2 and len(" › ".join(names)) > CONTEXT_CHARACTERS:
        del names[1]
    if header.strip():
        names.append(_short(" ".join(header.split()), TABLE_HEADER_CHARACTERS))
    return " › ".join(names)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rsplit(" ", 1)[0] + "…"


def _page(document: Document, offset: int) -> int | None:
    if document.page_starts:
        return max(bisect_right(document.page_starts, offset), 1)
    index = bisect_right(document.blocks, offset, key=lambda block: block.start) - 1
    return document.blocks[index].page if index >= 0 else None
