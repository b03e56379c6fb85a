"""Document in, passages out: exact spans of its text, cut where headings, paragraphs, sentences and rows end."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from core.chunk.kinds import SMALL, shaped
from core.chunk.sections import merged, sections_of
from core.chunk.units import TAIL, Unit, trimmed, units_of
from core.pairs import KIND as PAIRS
from core.schema import Block, CutSettings, Document, Passage
from core.text import begins_with_header

# A passage ends at a paragraph's end rather than at a sentence's when it is at least this full there.
FULL_ENOUGH = 0.6
CONTEXT_CHARACTERS = 300
TABLE_HEADER_CHARACTERS = 400
# A longer header is kept with no passage: one line of a hostile file would be stored with each of its passages.
KEPT_HEADER_CHARACTERS = 4000
HEADING_CHARACTERS = 150


def chunk(document: Document, cut: CutSettings, title: str = "") -> list[Passage]:
    """Cut ``document`` into passages of about ``cut.size`` characters, in order, numbered from 0.

    Passages begin at sections and end at paragraphs and sentences; tables stay whole where they fit. ``title`` (else
    the document's own) opens every passage's context. Page headers and footers never begin or end a passage.
    ``cut.kind`` says what stands over what besides the headings, and how small a section may be.
    """
    size = max(cut.size, 1)
    overlap = min(max(cut.overlap, 0), size // 2)
    title = " ".join((title or document.title).split())
    if document.kind == PAIRS:
        return list(_pairs(document, title))
    document, edges = shaped(document, cut.kind)
    headings = _headings_of(document)
    passages: list[Passage] = []
    for section in merged(sections_of(document, edges), size, SMALL.get(cut.kind, 0.0)):
        for units in _packed(units_of(document.text, section.blocks, size), size, overlap):
            passages.append(_passage(document, headings, units, section.path, title, len(passages)))
    return passages


def _pairs(document: Document, title: str) -> Iterator[Passage]:
    """Make a passage of each answer, under the question that it answers."""
    question, ordinal = "", 0
    for block in document.blocks:
        if block.kind == "heading":
            question = document.text[block.start : block.end]
            continue
        yield Passage(
            ordinal=ordinal,
            start=block.start,
            end=block.end,
            text=document.text[block.start : block.end],
            context=" › ".join(filter(None, (title, question))),
            headings=(question,),
            asked=question,
            origin="pair",
        )
        ordinal += 1


def without_furniture(document: Document, passage: Passage) -> Passage:
    """Return a passage with the page headers and footers inside it blanked out; its length and offsets stay.

    So neither search nor model nor quote ever meets "Page 2 of 7", and a citation still lies where it stood.
    """
    text = passage.text
    first = bisect_right(document.blocks, passage.start, key=lambda block: block.end)
    for number in range(first, len(document.blocks)):  # a slice would copy all that follow, for each passage
        block = document.blocks[number]
        if block.start >= passage.end:
            break
        if block.kind == "furniture":
            start, end = max(block.start, passage.start), min(block.end, passage.end)
            blank = " " * (end - start)
            text = text[: start - passage.start] + blank + text[end - passage.start :]
    return passage if text is passage.text else replace(passage, text=text)


# --- packing ----------------------------------------------------------------------------------------------------------


def _packed(units: Sequence[Unit], size: int, overlap: int) -> Iterator[Sequence[Unit]]:
    """Fill passages with units; each begins with as many whole units of the one before as the overlap holds."""
    first = 0
    while first < len(units):
        last = _fill(units, first, size)
        yield units[first : last + 1]
        if last + 1 >= len(units):
            return
        first = _step_back(units, first, last, size, overlap)


def _fill(units: Sequence[Unit], first: int, size: int) -> int:
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


def _table_edge(unit: Unit, following: Unit) -> bool:
    """Whether one of two neighbours is a row of a table too long for one passage and the other is not of it."""
    return unit.table is not following.table and (unit.is_row or following.is_row)


def _step_back(units: Sequence[Unit], first: int, last: int, size: int, overlap: int) -> int:
    """Return the unit with which the next passage begins; a table's rows are never given twice."""
    start = last + 1
    while start - 1 > first and units[start - 1].table is None and not units[start].is_row:
        begin = units[start - 1].start
        if units[last].end - begin > overlap or units[last + 1].end - begin > size:
            break
        start -= 1
    return start


def _passage(
    document: Document,
    headings: Sequence[tuple[int, int]],
    units: Sequence[Unit],
    path: tuple[str, ...],
    title: str,
    ordinal: int,
) -> Passage:
    start, end = units[0].start, units[-1].end
    table = units[0].table
    in_tables = sum(unit.end - unit.start for unit in units if unit.table)
    goes_on = table is not None and units[0].is_row and not _holds_header(document.text, table, start)
    header = f"{units[0].lead} {table.header}" if table is not None and goes_on else ""
    tables = list({id(unit.table): unit.table for unit in units if unit.table}.values())
    return Passage(
        ordinal=ordinal,
        start=start,
        end=end,
        text=document.text[start:end],
        context=_context(title, path, header),
        headings=path,
        page=document.page_at(start),
        kind="table" if in_tables * 2 > end - start else "text",
        table_header=_kept_header(tables[0]) if tables else "",
        rows=tuple(span for table in tables for span in _rows_within(document.text, table, start, end)),
        page_breaks=tuple(_page_breaks(document, start, end)),
        heading_spans=tuple(_within(headings, start, end)),
    )


def _holds_header(text: str, table: Block, start: int) -> bool:
    return bool(table.rows) and start <= table.rows[0][0] and begins_with_header(text, table)


def _kept_header(table: Block) -> str:
    return table.header if len(table.header) <= KEPT_HEADER_CHARACTERS else ""


def _rows_within(text: str, table: Block, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the rows of a table that lie whole in ``text[start:end]``, without the blanks around them."""
    first = bisect_left(table.rows, start, key=lambda row: row[1])
    last = bisect_left(table.rows, end, key=lambda row: row[0])
    for row in table.rows[first:last]:
        left, right = trimmed(text, *row)
        if start <= left < right <= end:
            yield left, right


def _headings_of(document: Document) -> list[tuple[int, int]]:
    """Return the headings that stand over something, in order.

    What stands over nothing, or is as long as a paragraph, may answer though it looks like a heading.
    """
    blocks = [block for block in document.blocks if block.kind != "furniture"]
    return [
        trimmed(document.text, block.start, block.end)
        for block, following in pairwise(blocks)
        if block.kind == "heading"
        and (following.kind != "heading" or following.level > block.level)
        and block.end - block.start <= HEADING_CHARACTERS
    ]


def _within(spans: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    first = bisect_left(spans, start, key=lambda span: span[0])
    return spans[first : bisect_right(spans, end, lo=first, key=lambda span: span[1])]


def _page_breaks(document: Document, start: int, end: int) -> Sequence[int]:
    """Return where the pages begin that follow the one on which a passage begins."""
    starts = document.page_starts
    return starts[bisect_right(starts, start) : bisect_left(starts, end)]


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
