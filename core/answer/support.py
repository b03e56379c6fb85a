"""A sentence of an answer and a passage in, the span that bears the sentence out best, and whether it does, out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from core.answer.agreement import Around, Bag, Verdict, agreement, bag_of
from core.answer.prompt_passages import PromptPassage
from core.answer.statement import Denial, Part, Statement, joined, quick_terms, statement
from core.schema import StoredPassage
from core.text import Segment, asked_in, cells, column_names, figures, header_rows, row_cells, segments_of

MOST_LOOKED_AT = 8  # spans of a passage that are read closely for one sentence
_MOST_LEADS = 3  # headings over a span
_CONTRADICTED = 0.08  # by so much a span that says otherwise must hold more of the sentence than one that does not
_LONGEST_SENTENCE = 1_500  # characters: longer ones are none
_MARKER = re.compile(r"\[\d{1,2}\]")
_SAMPLE = 600
_NOTHING = frozenset(("no", "none", "nein", "keine", "keiner", "keines", "-", "–", "—", "non", "nee", "não", "ninguno", "aucun"))
_DENYING = re.compile(r"\b(?:not|no|never|nicht|keine?|nie|no|non|niet|geen|não|prohibited|excluded|verboten)\b", re.IGNORECASE)
_HEADING_NUMBER = re.compile(r"(?m)^[#\s]*(?:§\s?)?\d{1,2}(?:\.\d{1,2})*[.)]?\s|›\s?\d{1,2}(?:\.\d{1,2})*[.)]?\s")
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_LEADS = ("heading", "question")


@dataclass(frozen=True, slots=True)
class Support:
    """The span of a passage's text that bears a sentence out best, the share of its words it holds, and the verdict."""

    start: int
    end: int
    share: float
    supported: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence or row, or two, ``text[start:end]`` of its passage; ``rows`` and ``leads`` by index of its segments."""

    start: int
    end: int
    segments: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A passage as it is compared: its segments and spans, with the words in and around each span."""

    passage: StoredPassage
    split: tuple[Segment, ...]
    headers: frozenset[int]
    spans: tuple[Span, ...]
    german: bool
    languages: tuple[str, ...]
    named: str


def best_support(
    sentence: str,
    passage: PromptPassage,
    question: str = "",
    languages: Sequence[str] = (),
    *,
    added: bool = False,
) -> Support:
    """Find the sentence or row, or two sentences that follow each other, that bear ``sentence`` out.

    Where none does, it is the one that holds most of it. ``added``: nobody said that it stands there, which takes more.
    """
    read = read_passage(passage, tuple(languages))
    if not read.spans or len(sentence) > _LONGEST_SENTENCE:
        return Support(0, len(read.passage.text), 0.0, False)
    said = read_sentence(sentence, read.languages)
    asked = read_sentence(question, read.languages) if question else None
    ranked = sorted(read.spans, key=lambda span: -_rank(said, read, span))
    verdicts = []
    for span in ranked[:MOST_LOOKED_AT]:
        around = around_of(read, span.segments[0])
        verdicts.append((span, *agreement(said, span_statement(read, span), around, asked, added=added)))
    best = next((one for one in verdicts if one[1] == "yes"), None)
    if best is not None and not any(_overrules(one, best, said) for one in verdicts):
        return Support(best[0].start, best[0].end, best[2], True)
    span, _, share = max(verdicts, key=lambda one: one[2])
    return Support(span.start, span.end, share, False)


def _overrules(one: tuple[Span, Verdict, float], best: tuple[Span, Verdict, float], said: Statement) -> bool:
    """Tell whether a span that says otherwise is nearer to what is said than one that seems to bear it out."""
    if one[1] != "no" or said.said:
        return False
    shorter = one[0].end - one[0].start < best[0].end - best[0].start
    return one[2] >= best[2] + _CONTRADICTED or (one[2] >= best[2] and shorter)


def read_sentence(sentence: str, languages: tuple[str, ...]) -> Statement:
    """Read a sentence of an answer, or a question."""
    words = _MARKER.sub(" ", sentence)
    told = asked_in(words)
    return statement(words, languages, told == "de" or (not told and "de" in languages))


@lru_cache(maxsize=64)
def read_passage(passage: PromptPassage, languages: tuple[str, ...]) -> Read:
    """Split a passage into what a sentence may stand on."""
    stored = passage.hit.passage
    split = tuple(segments_of(stored))
    told = asked_in(stored.text[:_SAMPLE])
    spoken = tuple(dict.fromkeys((*languages, *filter(None, (told, passage.hit.language)))))
    german = told == "de"
    named = f"{stored.context}\n{_ENDING.sub('', passage.hit.source_name)}"
    return Read(stored, split, frozenset(header_rows(stored, split)), tuple(_spans(split)), german, spoken, named)


def _spans(split: Sequence[Segment]) -> Iterable[Span]:
    """Every sentence and row, and every two that follow each other closely (a heading or question counts as one)."""
    single = [
        Span(each.start, each.end, (index,)) for index, each in enumerate(split) if each.kind not in _LEADS
    ]
    double = [
        Span(one.start, other.end, (index, index + 1))
        for index, (one, other) in enumerate(pairwise(split))
        if (one.block == other.block or one.kind == "question") and "row" not in (one.kind, other.kind)
    ]
    return single + double or [Span(each.start, each.end, (index,)) for index, each in enumerate(split)]


def _rank(said: Statement, read: Read, span: Span) -> float:
    """Tell in a moment how likely a span bears a sentence out: words and numbers that both have, and how short it is."""
    terms, figures = _quick(read.passage.text[span.start : span.end], read.languages)
    words = sum(not word.wide.isdisjoint(terms) for word in said.words) / max(1, len(said.words))
    own = [f"{each.raw:.10g}" for each in said.said]
    numbers = sum(each in figures for each in own) / len(own) if own else 0.0
    return words + 0.3 * numbers - 0.0004 * (span.end - span.start)


@lru_cache(maxsize=4096)
def _quick(text: str, languages: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    return quick_terms(text, languages), figures(text)


def span_statement(read: Read, span: Span) -> Statement:
    """Read a span: its sentences, or its row cell by cell; what stands under "Not carried" is denied by that."""
    made = []
    for index in span.segments:
        segment = read.split[index]
        words = read.passage.text[segment.start : segment.end]
        made.append(_row(read, index) if segment.kind == "row" else statement(words, read.languages, read.german))
    whole = made[0] if len(made) == 1 else joined(made)
    return _under(whole, _heading_over(read, span.segments[0]), read.languages, read.german)


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


@lru_cache(maxsize=2048)
def _under(read: Statement, heading: str, languages: tuple[str, ...], german: bool) -> Statement:
    if not heading or not _DENYING.search(heading):
        return read
    over = statement(heading, languages, german).words
    parts = (replace(part, denials=(*part.denials, Denial((*over, *part.words), whole=True))) for part in read.parts)
    return replace(read, parts=tuple(parts))


def _row(read: Read, index: int) -> Statement:
    """Read a row: each cell is a part, with the words of its column; "no" and "none" deny these and the first cell."""
    segment, passage = read.split[index], read.passage
    names = column_names(passage, read.split, set(read.headers), index)
    words = passage.text[segment.start : segment.end]
    values = row_cells(passage, segment, len(names)) if names else row_cells(passage, segment)
    if not values:
        values = cells(words) if "|" in words or "\t" in words else [words]
    names = names if len(names) == len(values) else [""] * len(values)
    return _of_cells(tuple(values), tuple(names), read.languages, read.german)


@lru_cache(maxsize=2048)
def _of_cells(values: tuple[str, ...], names: tuple[str, ...], languages: tuple[str, ...], german: bool) -> Statement:
    read = [statement(value, languages, german) for value in values]
    over = [statement(name, languages, german=True) for name in names]  # a capital there makes no name
    whole = joined(read)
    if len(values) == 1:
        return whole
    cut = enumerate(zip(values, read, over, names, strict=True))
    parts = [_cell(*each, place, read[0]) for place, each in cut]
    return replace(whole, parts=tuple(parts))


def _cell(value: str, cell: Statement, column: Statement, name: str, place: int, key: Statement) -> Part:
    """Make a part of a cell and the name of its column; "no" denies that and the row's name."""
    denials = tuple(denial for part in cell.parts for denial in part.denials)
    if value.strip(" .*").casefold() in _NOTHING and place:
        denials = (Denial((*column.words, *key.words), whole=True),)
    if place and _DENYING.search(name):
        denials = (*denials, Denial((*column.words, *cell.words), whole=True))
    sides = frozenset(side for part in cell.parts for side in part.roles)
    return Part(cell.words, cell.said, sides, denials, column.words, column.said, key=not place)


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
    over = "\n".join([read.named, *reversed(leads)])
    return _around(_HEADING_NUMBER.sub("\n", over), header, read.passage.text, read.languages, read.german)


@lru_cache(maxsize=2048)
def _around(over: str, header: str, text: str, languages: tuple[str, ...], german: bool) -> Around:
    read = joined([statement(over, languages, german), statement(header, languages, german=True)])
    whole = quick_terms(f"{over}\n{text}", languages)
    return Around(bag_of(read.words), read, Bag(whole, whole, frozenset(), ()))
