"""Running heads and footers of a PDF: the same words at the edge of page after page, at most with the page's number.

What else differs from page to page (an invoice's number, a date, a row of a schedule) is never a running head.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.load.pdf.line import Line, PageLines
from core.load.pdf.tables import is_row

_MOST_LINES = 4  # looked at above and below the page's text
_LONGEST = 150
_LONGEST_NUMBER = 20
_PAGE_WORD = (
    r"(?:pages?|pag|pp?|pg|seiten?|s|p[aá]ginas?|p[aá]g|pagina|strana|strony?|str|sid[ea]|sivu|oldal|стр|страница|σελ"
    r"|blatt|folio|sheet|slide|folie|sayfa|trang|halaman|صفحة|עמוד|第|页|頁|ページ|쪽|페이지)"
)
_PAGE_AND_TOTAL = re.compile(
    rf"(?<![^\W\d_])(?:{_PAGE_WORD}\.?\s*+)?(?P<page>\d{{1,5}})\s*+[)\].]?\s*+(?:of|von|de|sur|di|van|av|af|ze?|из|/)\s*+"
    r"(?P<total>\d{1,5})(?![\d./-])",
    re.I,
)
_AFTER_PAGE_WORD = re.compile(
    rf"(?<![^\W\d_]){_PAGE_WORD}[.:#]?(?:\s*+(?P<page>\d{{1,5}})|\s++(?P<roman>[ivxlc]{{1,7}}))(?![\w./-]*\w)", re.I
)
_BEFORE_PAGE_WORD = re.compile(r"(?<!\S)(?P<page>\d{1,5})\.?\s*(?:oldal|쪽|페이지|页|頁|ページ)", re.I)
_FIRST = re.compile(r"\W*(?P<page>\d{1,5}|[ivxlc]{1,7})(?=[\s|•·]|$)", re.I)
_LAST = re.compile(r"(?:(?<=[\s|•·\[(])|(?<=[\s|][–—-])|(?<=^))(?P<page>\d{1,5}|[ivxlc]{1,7})[\s|.)\]–—-]*$", re.I)
_LETTERED = re.compile(r"\W*(?:[A-Z]{1,3}|\d{1,2})[\s.–-]{1,3}(?P<page>\d{1,4})\W*$")
_DAY = re.compile(r"\W*\d{1,2}\.?\s+\S+\s+(?:19|20)\d\d\b")
_BAR = re.compile(r"[|•·–—]\s*$")
_BAR_AFTER = re.compile(r"\s*[|•·–—]")
_ASKS_FOR_NUMBER = re.compile(r"(?:[:.#№°=]|\b(?:no|nr|num|number|nummer))\s*$", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}|\d+")
_DIGITS = re.compile(r"\d+")
_NUMBERED = re.compile(r"\d|^\W*[ivxlc]{1,7}\b|\b[ivxlc]{1,7}\W*$", re.I)
_AMID = re.compile(r"(?<![\w.,/:-])(?P<page>\d{1,5})(?![\w.,/:-]*\d)")
_MANY_WORDS = 6
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_LARGER = 1.18


@dataclass(frozen=True, slots=True)
class Furniture:
    """Line numbers by page: the running heads and footers, and those among them that are searched all the same."""

    lines: Mapping[int, frozenset[int]]
    told_once: Mapping[int, frozenset[int]]


class _Slot(NamedTuple):
    """Where in a line its page's number may stand: the line's words around it, and how far the number runs ahead.

    ``sure``: nothing but a page's number looks like this. ``loose``: it need not run with the pages.
    """

    words: str
    ahead: int
    sure: bool
    first: bool = False
    loose: bool = False


class _Outer(NamedTuple):
    """A line at the edge of a page: its place from the edge, whether at the top, its words and its height's bucket.

    ``alone``: its page has so few lines that they may be all there is: a label, a caption, a slide.
    """

    page: int
    line: int
    depth: int
    top: bool
    words: str
    place: int
    slots: tuple[_Slot, ...]
    alone: bool


def find_furniture(pages: Sequence[PageLines], body: float) -> Furniture:
    """Return the running heads and footers of a document whose ordinary text is ``body`` points high."""
    if len(pages) < 3:
        return Furniture({}, {})
    outer = [line for page in pages for line in _outer_lines(page, body)]
    marked = _contiguous(outer, _repeated(outer, len(pages)))
    by_number = {page.number: page for page in pages}
    lines: dict[int, set[int]] = defaultdict(set)
    for each in outer:
        if (each.page, each.line) in marked and not _is_row_of_table(by_number[each.page], each.line):
            lines[each.page].add(each.line)
    found = {number: frozenset(indices) for number, indices in lines.items()}
    return Furniture(found, _told_once(pages, found))


def is_page_number(words: str, page: int) -> bool:
    """Tell whether a line says nothing but the number of its page."""
    return len(words) <= _LONGEST_NUMBER and any(
        slot.ahead == 0 and slot.sure for slot in _slots(words, page, large=False, top=False)
    )


def _outer_lines(page: PageLines, body: float) -> Iterator[_Outer]:
    lines, text = page.page.lines, page.page.text
    order = sorted((index for index in range(len(lines)) if lines[index].height), key=lambda i: lines[i].bottom)
    alone = len(order) <= _MOST_LINES
    for top, edge in ((False, order[:_MOST_LINES]), (True, order[: -_MOST_LINES - 1 : -1])):
        for depth, index in enumerate(edge):
            line = lines[index]
            if line.end - line.start > _LONGEST:
                continue
            words = text[line.start : line.end]
            large = line.height > body * _LARGER or (line.bold and top)
            slots = tuple(_slots(words, page.number, large=large, top=top))
            yield _Outer(page.number, index, depth, top, _key(words), round(line.bottom / 6), slots, alone)


def _key(words: str) -> str:
    return "".join(words.casefold().split())


def _slots(words: str, page: int, *, large: bool, top: bool) -> Iterator[_Slot]:
    """Yield the ways in which a line may hold the page's number."""
    if _NUMBERED.search(words) is None:
        return
    if (found := _PAGE_AND_TOTAL.search(words)) and int(found["page"]) <= int(found["total"]):
        start, end = found.span()
        told = found.group()[0].isalpha() or not _WORD.search(words[:start] + words[end:])
        if told or not words[:start].strip() or not words[end:].strip():
            yield _Slot(_key(f"{words[:start]}#/#{words[end:]}"), int(found["page"]) - page, sure=True, loose=told)
    for pattern in (_AFTER_PAGE_WORD, _BEFORE_PAGE_WORD):
        if found := pattern.search(words):
            yield _slot(words, found, page, sure=True)
    if found := _LETTERED.match(words):
        rest = _DIGITS.sub("#", words[: found.start("page")])
        yield _Slot(_key(rest + "#"), _value(found["page"]) - page, sure=True)
    if (found := _FIRST.match(words)) and not _DAY.match(words):
        bare = len(_key(words)) - len(found["page"]) <= 2
        sure = bare or _BAR_AFTER.match(words, found.end("page")) is not None
        yield _slot(words, found, page, sure=sure, first=True)
    count = len(words.split())
    if (found := _LAST.search(words)) and found.start("page"):
        before = words[: found.start("page")]
        sure = _BAR.search(before) is not None
        if sure or not (_ASKS_FOR_NUMBER.search(before) or (top and count < 3) or (large and count < _MANY_WORDS)):
            yield _slot(words, found, page, sure=sure)
    if not top and count >= _MANY_WORDS:
        for found in _AMID.finditer(words):
            yield _slot(words, found, page, sure=False)


def _slot(words: str, found: re.Match[str], page: int, *, sure: bool, first: bool = False) -> _Slot:
    start, end = found.span("page" if found["page"] else "roman")
    return _Slot(_key(f"{words[:start]}#{words[end:]}"), _value(words[start:end]) - page, sure, first)


def _value(number: str) -> int:
    """Return what a number says; one in Roman numerals that is none runs with no page."""
    if number.isdigit():
        return int(number)
    values = [_ROMAN[sign] for sign in number.casefold()]
    return sum(-one if one < following else one for one, following in zip(values, [*values[1:], 0], strict=True))


def _repeated(outer: Sequence[_Outer], count: int) -> set[tuple[int, int]]:
    """Return page and line of what repeats: the same words at much the same height, or outermost on many pages."""
    least, often = max(3, count // 20), max(4, count // 5)
    seen: Counter[tuple[str, int]] = Counter()
    outermost: Counter[str] = Counter()
    running: Counter[tuple[str, int]] = Counter()
    forms: dict[int, set[bool]] = defaultdict(set)
    for each in outer:
        if each.alone:
            continue
        for words in {each.words, *(slot.words for slot in each.slots)}:
            seen[words, each.place] += 1
            outermost[words] += each.depth == 0
        for slot in each.slots:
            running[slot.words, slot.ahead] += 1
    for each in outer:
        for slot in each.slots:
            if running[slot.words, slot.ahead] >= 3:
                forms[slot.ahead].update((True, False) if slot.sure else (slot.first,))

    def often_here(words: str, place: int) -> bool:
        here = seen[words, place] + seen[words, place - 1] + seen[words, place + 1]
        return here >= least or outermost[words] >= often

    def runs(slot: _Slot) -> bool:
        if slot.loose:
            return True
        # Ahead of its page a number may be an invoice's: it is believed where the document counts its pages so.
        return running[slot.words, slot.ahead] >= 3 and (slot.sure or slot.ahead <= 0 or len(forms[slot.ahead]) == 2)

    return {
        (each.page, each.line)
        for each in outer
        if often_here(each.words, each.place)
        or any(often_here(slot.words, each.place) and runs(slot) for slot in each.slots)
    }


def _contiguous(outer: Sequence[_Outer], repeated: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Keep what has nothing but repeated lines between itself and the page's edge."""
    kept: set[tuple[int, int]] = set()
    reached: dict[tuple[int, bool], int] = defaultdict(int)
    for each in sorted(outer, key=lambda each: each.depth):
        if (each.page, each.line) in repeated and reached[each.page, each.top] == each.depth:
            reached[each.page, each.top] += 1
            kept.add((each.page, each.line))
    return kept


def _is_row_of_table(page: PageLines, index: int) -> bool:
    """Tell whether a line is a row of figures beside another: rows may be alike on many pages and stay rows."""
    lines, text = page.page.lines, page.page.text
    near = [lines[place] for place in (index - 1, index + 1) if 0 <= place < len(lines)]
    return is_row(text[lines[index].start : lines[index].end]) and any(
        is_row(text[line.start : line.end]) and _follows(lines[index], line) for line in near
    )


def _follows(one: Line, other: Line) -> bool:
    return abs(one.bottom - other.bottom) < 3.5 * max(one.height, other.height)


def _told_once(pages: Sequence[PageLines], furniture: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """Return the furniture, each text where it comes first, that holds words which stand nowhere else."""
    if not furniture:
        return {}
    rest: list[str] = []
    firsts: dict[tuple[str, ...], tuple[int, int]] = {}
    for page in pages:
        text, position = page.page.text, 0
        for index in sorted(furniture.get(page.number, ())):
            line = page.page.lines[index]
            rest.append(text[position : line.start])
            position = max(position, line.end)
            words = text[line.start : line.end]
            firsts.setdefault(_facts(words), (page.number, index))
        rest.append(text[position:])
    body = "\n".join(rest).casefold()
    told: dict[int, set[int]] = defaultdict(set)
    for facts, (number, index) in firsts.items():
        if any(word not in body for word in facts):
            told[number].add(index)
    return {number: frozenset(indices) for number, indices in told.items()}


def _facts(words: str) -> tuple[str, ...]:
    """Return a line's words and numbers without its page's number."""
    for pattern in (_PAGE_AND_TOTAL, _AFTER_PAGE_WORD, _BEFORE_PAGE_WORD, _LETTERED, _FIRST, _LAST):
        if found := pattern.search(words) if pattern not in (_FIRST, _LETTERED) else pattern.match(words):
            words = words[: found.start()] + " " + words[found.end() :]
            break
    return tuple(word.casefold() for word in _WORD.findall(words))
