"""Which kind of document it is, and how each kind is cut: its blocks seen the way that kind is made.

A kind never moves a character: it only says which lines stand over which. What is general text is cut as it always was.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from core.chunk.sections import TINY
from core.chunk.units import trimmed
from core.schema import Block, BlockKind, CutKind, Document

MAILS = ("eml", "msg", "mbox")
TABLE_SHARE = 0.6  # of the letters, in tables: a price list, a workbook
# A presentation saved as PDF: so few letters a page, at the middle of at least so many pages, most with a heading.
SLIDE_LETTERS, SLIDE_PAGES, SLIDE_TITLES = 450, 5, 0.7
# Questions and answers: at least so many, and so much of the text stands beneath them, each answer no longer than this.
LEAST_QUESTIONS, QUESTION_SHARE, ANSWER_LETTERS = 4, 0.5, 3000
LEAST_CLAUSES, CLAUSE_SHARE, LEGAL_SHARE = 6, 0.6, 0.003
LEAST_HEADINGS, HEADING_LETTERS, HEADED_SHARE = 6, 3500, 0.8
QUESTION_LETTERS = 200
TITLE_LETTERS = 120
# Manuals, tables and mails are cut as general text: headings, rows and messages are what that goes by. Of the others it
# was measured (tests/benchmarks/kinds.py) that no less is found.
# A section smaller than this share of a passage goes together with its neighbours; of what is not here, none does.
SMALL = {"text": TINY, "table": TINY, "manual": TINY, "mail": TINY, "contract": 0.1, "slides": 0.02}

_QUESTION = re.compile(
    r"(?:[ \t]*(?:\*\*|__)?(?:Q(?:uestion)?|F(?:rage)?|P(?:regunta)?)(?:[ \t]*\d{1,3})?[ \t]*[.:)]"
    r"[ \t]*\S(?:[^\n]{0,239}\S)?"
    r"|[ \t]*(?:#{1,6}[ \t]+|\*\*|__)?(?:\d{1,3}(?:\.\d{1,3}){0,3}[.)]?[ \t]+)?[^\W_][^\n?？]{6,198}[?？])"
    r"(?:\*\*|__)?[ \t]*$"
)
_CLAUSE = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]+|\*\*)?(?:"
    r"(?:Article|Section|Clause|Artikel|Abschnitt|Ziffer|Art[íi]culo|Cl[áa]usula)[ \t]+(?P<word>\d{1,3}|[IVXLC]{1,7})\b"
    r"|§{1,2}[ \t]*(?P<sign>\d{1,4}[a-z]?)\b"
    r"|(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})[.)]?[ \t]+(?=[^\W\d_\"“„(]|[\"“„(]))"
)
_SENTENCE_ENDS = (".", ";", ",", ":", "!", "?", "”", '"')
_LEGAL = re.compile(
    r"\b(?:shall|hereby|hereunder|herein|thereof|party|parties|agreement|licens\w+|liab\w+|warrant\w+|terminat\w+|"
    r"indemnif\w+|vertrag\w*|haftung\w*|kündig\w+|vertragspartei\w*|contrato|cláusula|partes)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of a document that stands over what follows it: its span, and how deep it stands, from 1."""

    start: int
    end: int
    level: int


def detect_kind(document: Document) -> CutKind:
    """Tell which kind a document is by what it holds and how that is laid out; general text where nothing tells."""
    if document.kind in MAILS:
        return "mail"
    if document.page_word == "slide" or _is_like_slides(document):
        return "slides"
    letters = _letters(document, document.blocks)
    if not letters:
        return "text"
    if _letters(document, [block for block in document.blocks if block.kind == "table"]) >= TABLE_SHARE * letters:
        return "table"
    questions = question_marks(document)
    if len(questions) >= LEAST_QUESTIONS and _answered(document, questions) >= QUESTION_SHARE * len(document.text):
        return "questions"
    if _is_contract(document):
        return "contract"
    return "manual" if _is_manual(document, letters) else "text"


def shaped(document: Document, kind: CutKind) -> tuple[Document, frozenset[int]]:
    """Return a document whose blocks say what stands over what in a document of this kind; its text stays as it is.

    Beside it the offsets at which something begins that has no title, such as a clause of running text.
    """
    makers: dict[CutKind, Callable[[Document], list[Mark]]] = {
        "questions": question_marks,
        "contract": clause_marks,
        "slides": _slide_marks,
    }
    marks = makers[kind](document) if kind in makers else []
    if not marks:
        return document, frozenset()
    edges = frozenset(mark.start for mark in marks if mark.start == mark.end)
    return replace(document, blocks=tuple(_with_marks(document, marks))), edges


def _letters(document: Document, blocks: Sequence[Block]) -> int:
    text = document.text
    return sum(len("".join(text[b.start : b.end].split())) for b in blocks if b.kind != "furniture")


def _is_like_slides(document: Document) -> bool:
    pages = document.page_count or 0
    if document.kind != "pdf" or pages < SLIDE_PAGES or len(document.page_starts) != pages:
        return False
    sizes, titled = [0] * pages, set()
    for block in document.blocks:
        if block.page and block.kind != "furniture":
            sizes[block.page - 1] += block.end - block.start
            if block.kind == "heading":
                titled.add(block.page)
    filled = [size for size in sizes if size]
    return bool(filled) and median(filled) <= SLIDE_LETTERS and len(titled) >= SLIDE_TITLES * len(filled)


def _is_manual(document: Document, letters: int) -> bool:
    """Tell whether headings part nearly all of a text into sections short enough to be looked up."""
    headings = [block for block in document.blocks if block.kind == "heading"]
    if len(headings) < LEAST_HEADINGS or letters > HEADING_LETTERS * len(headings):
        return False
    return len(document.text) - headings[0].start >= HEADED_SHARE * len(document.text)


# --- questions and answers --------------------------------------------------------------------------------------------


def question_marks(document: Document) -> list[Mark]:
    """Return the lines that ask what the lines below them answer: a question over a question has no answer."""
    marks, level = [], 1
    lines = list(_lines(document))
    for number, (start, end, block) in enumerate(lines):
        if block.kind == "heading":
            level = block.level + 1
        if block.kind == "table" or not _asks(document, start, end):
            continue
        following = lines[number + 1] if number + 1 < len(lines) else None
        if following is None or following[2].kind == "heading" or _asks(document, following[0], following[1]):
            continue
        marks.append(Mark(start, end, block.level if block.kind == "heading" else level))
    return marks


def _asks(document: Document, start: int, end: int) -> bool:
    return end - start <= QUESTION_LETTERS + 50 and _QUESTION.match(document.text, start, end) is not None


def _answered(document: Document, questions: Sequence[Mark]) -> int:
    """How much of the text stands beneath questions, each with its answer as far as it may reach."""
    ends = [mark.start for mark in questions[1:]] + [len(document.text)]
    return sum(min(end - mark.start, ANSWER_LETTERS) for mark, end in zip(questions, ends, strict=True))


# --- contracts --------------------------------------------------------------------------------------------------------


def clause_marks(document: Document) -> list[Mark]:
    """Return the beginnings of clauses whose numbers go on from one to the next; their words may follow at once."""
    marks: list[Mark] = []
    before: tuple[int, ...] = ()
    for start, end, block in _lines(document):
        match = None if block.kind == "table" else _CLAUSE.match(document.text, start, end)
        number = _number_of(match) if match else ()
        if not number or not _goes_on(before, number):
            continue
        before = number
        is_title = end - start <= TITLE_LETTERS and not document.text[start:end].endswith(_SENTENCE_ENDS)
        marks.append(Mark(start, end if is_title else start, len(number)))
    return marks


def _number_of(match: re.Match[str]) -> tuple[int, ...]:
    written = match["word"] or (match["sign"] or "").rstrip("abcdefghijklmnopqrstuvwxyz") or match["number"] or ""
    if written and not written[0].isdigit():
        return (_roman(written),)
    return tuple(int(part) for part in written.split(".") if part)


def _roman(written: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[sign] for sign in written]
    return sum(-v if v < max(values[n + 1 :], default=0) else v for n, v in enumerate(values))


def _goes_on(before: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """Tell whether a number follows another one: 2 after 1.4, 2.1 after 2, 2.2 after 2.1.3; 1 begins."""
    if not before:
        return number[-1] in (0, 1) and len(number) <= 2
    if len(number) == len(before) + 1:
        return number[:-1] == before and number[-1] in (0, 1)
    if len(number) > len(before):
        return False
    above = before[: len(number)]
    return number[:-1] == above[:-1] and number[-1] == above[-1] + 1


def _is_contract(document: Document) -> bool:
    marks = clause_marks(document)
    text = document.text
    if len(marks) < LEAST_CLAUSES or len(text) - marks[0].start < CLAUSE_SHARE * len(text):
        return False
    return sum(1 for _ in _LEGAL.finditer(text)) >= LEGAL_SHARE * len(text)


# --- slides -----------------------------------------------------------------------------------------------------------


def _slide_marks(document: Document) -> list[Mark]:
    """Each slide's first line stands over the rest of it."""
    marks, page = [], 0
    for start, end, block in _lines(document):
        if block.page and block.page != page and block.kind != "table":
            page = block.page
            marks.append(Mark(start, end if end - start <= TITLE_LETTERS else start, 1))
    return marks


# --- lines and blocks -------------------------------------------------------------------------------------------------


def _lines(document: Document) -> Iterator[tuple[int, int, Block]]:
    """Yield each line that is not empty with the block in which it stands; a table and a heading are one."""
    text = document.text
    blocks = document.blocks or ((Block("paragraph", 0, len(text)),) if text else ())
    for block in blocks:
        if block.kind == "furniture":
            continue
        start = block.start
        while start < block.end:
            line = -1 if block.kind in ("table", "heading") else text.find("\n", start, block.end)
            end = line if line >= 0 else block.end
            left, right = trimmed(text, start, end)
            if right > left:
                yield left, right, block
            start = end + 1


def _with_marks(document: Document, marks: Sequence[Mark]) -> Iterator[Block]:
    """Yield the blocks, cut where marked lines begin and end; a mark without words begins a paragraph of its own."""
    left = list(marks)[::-1]
    blocks = document.blocks or (Block("paragraph", 0, len(document.text)),)
    for block in blocks:
        begin = block.start
        while left and left[-1].start < block.end:
            mark = left.pop()
            if mark.start > begin:
                yield replace(block, kind=_rest(block), start=begin, end=mark.start, level=0)
            if mark.end > mark.start:
                yield replace(block, kind="heading", start=mark.start, end=mark.end, level=mark.level)
            begin = mark.end
        if begin == block.start:
            yield block
        elif document.text[begin : block.end].strip():
            yield replace(block, kind=_rest(block), start=begin, level=0)


def _rest(block: Block) -> BlockKind:
    return "paragraph" if block.kind == "heading" else block.kind
