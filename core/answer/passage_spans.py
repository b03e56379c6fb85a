"""A passage as sentences are compared with it: its spans, what each states and what stands over it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from core.answer.agreement import Around, Evidence
from core.answer.likeness import Bag, bag_of
from core.answer.prompt_passages import PromptPassage
from core.answer.statement import Denial, Part, Statement, joined, quick_terms, statement
from core.foreign import prepare_glosses
from core.reader import Pair, candidates, on_one_line, surroundings
from core.schema import Hit, StoredPassage
from core.text import Segment, asked_in, cells, column_names, header_rows, measured, row_cells, segments_of

_MOST_LEADS = 3  # headings over a span
_SAMPLE = 600
_NOTHING = frozenset(
    ("no", "none", "nein", "keine", "keiner", "keines", "-", "–", "—", "non", "nee", "não", "ninguno", "aucun")
)
_DENYING = re.compile(
    r"\b(?:not|no|never|nicht|keine?|nie|no|non|niet|geen|não|prohibited|excluded|verboten)\b", re.IGNORECASE
)
_HEADING_NUMBER = re.compile(r"(?m)^[# \t]{0,12}(?:§\s?)?\d{1,2}(?:\.\d{1,2})*[.)]?\s|›\s?\d{1,2}(?:\.\d{1,2})*[.)]?\s")
_UNIT_OF_COLUMN = re.compile(r"(?:_|\(|, |\bin )([^\W\d_]{1,12}|€|%)\)?\s*\Z")  # "max_load_kg", "Weight (kg)"
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_LEADS = ("heading", "question")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence or row, or two, ``text[start:end]`` of its passage; its segments by their index."""

    start: int
    end: int
    segments: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A passage as it is compared: its segments and spans, its ``language`` and ``foreign`` as for a statement.

    ``told`` is the language of the sentences where it is another.
    """

    passage: StoredPassage
    split: tuple[Segment, ...]
    headers: frozenset[int]
    spans: tuple[Span, ...]
    language: str
    told: str
    foreign: str
    languages: tuple[str, ...]
    named: str
    source: str

    def statement(self, text: str, *, column: bool = False) -> Statement:
        """Read some of its words; in the name of a ``column`` a capital makes no name."""
        return statement(text, self.languages, column or self.language == "de", self.foreign)


def passage_for(told: str, passage: PromptPassage, languages: tuple[str, ...]) -> Read:
    """Read a passage; as a text in another language only where the sentence is in none of the sources' languages."""
    foreign = bool(passage.hit.asked_in) or (bool(languages) and told not in languages)
    return read_passage(passage, languages, told if foreign and told != language_of(passage) else "")


def language_of(passage: PromptPassage) -> str:
    """Return the language of a passage as far as it is known, two letters or ""."""
    return passage.hit.language or asked_in(passage.hit.passage.text[:_SAMPLE])


@lru_cache(maxsize=64)
def read_passage(passage: PromptPassage, languages: tuple[str, ...], told: str) -> Read:
    """Split a passage into what a sentence may stand on, for sentences in the language ``told``."""
    stored = passage.hit.passage
    split = tuple(segments_of(stored))
    own = language_of(passage)
    spoken = tuple(dict.fromkeys((*languages, *filter(None, (own,)))))
    named = f"{stored.context}\n{_ENDING.sub('', passage.hit.source_name)}"
    foreign = own if told and own and own not in ("en", told) else ""
    if foreign:
        prepare_glosses([stored.text, named], foreign)
    headers = frozenset(header_rows(stored, split))
    return Read(
        stored, split, headers, tuple(_spans(split)), own, told, foreign, spoken, named, passage.hit.source_name
    )


def _spans(split: Sequence[Segment]) -> Iterable[Span]:
    """Every sentence and row, and every two that follow each other closely (a heading or question counts as one)."""
    single = [Span(each.start, each.end, (index,)) for index, each in enumerate(split) if each.kind not in _LEADS]
    double = [
        Span(one.start, other.end, (index, index + 1))
        for index, (one, other) in enumerate(pairwise(split))
        if (one.block == other.block or one.kind == "question") and "row" not in (one.kind, other.kind)
    ]
    return single + double or [Span(each.start, each.end, (index,)) for index, each in enumerate(split)]


@lru_cache(maxsize=2048)
def evidence(read: Read, span: Span) -> Evidence:
    """Read a span, and what stands over it."""
    whole = span_statement(read, span)
    return Evidence(whole, bag_of(whole.words), around_of(read, span.segments[0]))


def span_statement(read: Read, span: Span) -> Statement:
    """Read a span: its sentences, or its row cell by cell; what stands under "Not carried" is denied by that."""
    made = []
    for index in span.segments:
        segment = read.split[index]
        words = read.passage.text[segment.start : segment.end]
        made.append(_row(read, index) if segment.kind == "row" else read.statement(words))
    whole = made[0] if len(made) == 1 else joined(made)
    heading = _heading_over(read, span.segments[0])
    if not heading or not _DENYING.search(heading):
        return whole
    over = read.statement(heading).words
    parts = (replace(part, denials=(*part.denials, Denial((*over, *part.words), whole=True))) for part in whole.parts)
    return replace(whole, parts=tuple(parts))


def _heading_over(read: Read, index: int) -> str:
    """Return the heading right over a span, past the others of its list or table; "" where a question stands there."""
    row = read.split[index].kind == "row"
    for before in reversed(range(index)):
        segment = read.split[before]
        if segment.kind in _LEADS:
            return read.passage.text[segment.start : segment.end] if segment.kind == "heading" else ""
        if (segment.kind == "row") != row and before not in read.headers:
            return ""
    return ""


def _row(read: Read, index: int) -> Statement:
    """Read a row: each cell is a part, with the words of its column; "no" and "none" deny these and the first cell."""
    segment, passage = read.split[index], read.passage
    names = column_names(passage, read.split, set(read.headers), index)
    words = passage.text[segment.start : segment.end]
    values = row_cells(passage, segment, len(names)) if names else row_cells(passage, segment)
    if not values:
        values = cells(words) if "|" in words or "\t" in words else [words]
    if len(values) == 1:
        return read.statement(words)
    names = names if len(names) == len(values) else [""] * len(values)
    made = [read.statement(value) for value in values]
    over = [read.statement(name, column=True) for name in names]
    cut = enumerate(zip(values, made, over, names, strict=True))
    parts = tuple(_cell(*each, place, made[0]) for place, each in cut)
    return replace(joined(made), parts=parts, said=tuple(each for part in parts for each in part.said))


def _cell(value: str, cell: Statement, column: Statement, name: str, place: int, key: Statement) -> Part:
    """Make a part of a cell and the name of its column; "no" denies that and the row's name."""
    denials = tuple(denial for part in cell.parts for denial in part.denials)
    if value.strip(" .*").casefold() in _NOTHING and place:
        denials = (Denial((*column.words, *key.words), whole=True),)
    if place and _DENYING.search(name):
        denials = (*denials, Denial((*column.words, *cell.words), whole=True))
    sides = frozenset(side for part in cell.parts for side in part.roles)
    counted = cell.said
    if (unit := _UNIT_OF_COLUMN.search(name)) and not column.said and measured(unit[1])[0]:
        kind, factor = measured(unit[1])
        counted = tuple(each if each.kind else replace(each, kind=kind, factor=factor) for each in counted)
    return Part(cell.words, counted, sides, denials, column.words, column.said, column.rates, key=not place)


def around_of(read: Read, index: int) -> Around:
    """Return what stands over a span: document, headings, the question it answers, the names of the columns."""
    leads: list[str] = []
    before = index - 1
    while before >= 0 and len(leads) < _MOST_LEADS:
        segment = read.split[before]
        if segment.kind in _LEADS:
            leads.append(read.passage.text[segment.start : segment.end])
        elif leads:
            break
        before -= 1
    header = ""
    if read.split[index].kind == "row":
        header = " | ".join(column_names(read.passage, read.split, set(read.headers), index))
    over = _HEADING_NUMBER.sub("\n", "\n".join([read.named, *reversed(leads)]))
    return _around(read, over, header)


@lru_cache(maxsize=2048)
def _around(read: Read, over: str, header: str) -> Around:
    told = joined([read.statement(over), read.statement(header, column=True)])
    whole = quick_terms(f"{over}\n{read.passage.text}", read.languages, read.foreign)
    return Around(bag_of(told.words), told, Bag(whole, whole, frozenset(), ()))


@lru_cache(maxsize=64)
def shown_spans(read: Read) -> dict[Span, Pair]:
    """Return of each span what stands around it, and its words, a row's with the names of its columns."""
    passage = read.passage
    known = {each.index: each for each in candidates([Hit(passage, read.source, 1.0)], ())[1]}
    shown: dict[Span, Pair] = {}
    for span in read.spans:
        first = known.get(span.segments[0])
        around = first.around if first else surroundings(passage.context or read.source, "", "")
        words = [
            known[index].shown if index in known else on_one_line(passage.text[slice(*_place(read, index))])
            for index in span.segments
        ]
        shown[span] = (around, " ".join(words))
    return shown


def _place(read: Read, index: int) -> tuple[int, int]:
    return read.split[index].start, read.split[index].end
