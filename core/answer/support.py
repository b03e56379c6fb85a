"""A sentence of an answer and a passage in, the span that bears the sentence out best, and whether it does, out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise

from core.answer.agreement import Around, Evidence, Verdict, agreement
from core.answer.likeness import Bag, bag_of
from core.answer.prompt_passages import PromptPassage
from core.answer.statement import Denial, Part, Statement, joined, quick_terms, statement
from core.foreign import prepare_glosses
from core.schema import StoredPassage
from core.text import Segment, asked_in, cells, column_names, figures, header_rows, measured, row_cells, segments_of

MOST_LOOKED_AT = 6  # spans of a passage that are read closely for one sentence
_WORTH = 0.5  # of the likeliest span's likelihood
_OTHER_ROW, _OTHER_SENTENCE = 0.2, 0.4  # the same of one that has other numbers
_MOST_LEADS = 3  # headings over a span
_CONTRADICTED = 0.08  # by so much a span that says otherwise must hold more of the sentence than one that does not
_ALL_OF_IT = 0.99  # of a sentence's words: two terms may be explained side by side, each in words that deny the other's
_LONGEST_SENTENCE = 1_500  # characters: longer ones are none
_MARKER = re.compile(r"\[\d{1,2}\]")
_JOINT = re.compile(r";\s|,?\s(?:and|while|whereas|but|und|während|aber|y|et|e|en)\s|,\s")
_MOST_JOINTS = 6
_NUMBER = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_FEWEST_COPIED = 3  # words: fewer may be said of anything
_SAMPLE = 600
_NOTHING = frozenset(
    ("no", "none", "nein", "keine", "keiner", "keines", "-", "–", "—", "non", "nee", "não", "ninguno", "aucun")
)
_DENYING = re.compile(
    r"\b(?:not|no|never|nicht|keine?|nie|no|non|niet|geen|não|prohibited|excluded|verboten)\b", re.IGNORECASE
)
_HEADING_NUMBER = re.compile(r"(?m)^[# \t]{0,12}(?:§\s?)?\d{1,2}(?:\.\d{1,2})*[.)]?\s|›\s?\d{1,2}(?:\.\d{1,2})*[.)]?\s")
_UNIT_OF_COLUMN = re.compile(r"(?:_|\(|, |\bin )([^\W\d_]{1,12}|€|%)\)?\s*\Z")  # "max_load_kg", "Weight (kg)"
_POINTS_BACK = re.compile(
    r"(?:it|its|they|them|their|this|that|these|those|such|he|she|there|then|otherwise|after that|both|neither|"
    r"es|er|sie|dies\w*|das|dann|danach|sonst|dabei|dafür|davon|beide|solche\w*|in diesem fall|"
    r"esto|eso|estos|este|luego|cela|ceci|il|elle|ils|elles|questo|dit|dat|deze|isto|isso)\b",
    re.IGNORECASE,
)
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

    def statement(self, text: str, *, column: bool = False) -> Statement:
        """Read some of its words; in the name of a ``column`` a capital makes no name."""
        return statement(text, self.languages, column or self.language == "de", self.foreign)


_Judged = tuple[Span, Verdict, float]


def best_support(
    sentence: str,
    passage: PromptPassage,
    question: str = "",
    languages: Sequence[str] = (),
    *,
    others: Sequence[PromptPassage] = (),
    added: bool = False,
) -> Support:
    """Find the sentence or row, or two sentences that follow each other, that bear ``sentence`` out.

    Where none does, it is the one that holds most of it. A sentence that says two things may have one of them there and
    the other one elsewhere in the passage, or in the ``others`` that it cites as well. ``added``: nobody said that it
    stands there, which takes more.
    """
    if len(sentence) > _LONGEST_SENTENCE:
        return Support(0, len(passage.hit.passage.text), 0.0, False)
    whole = _best(sentence, passage, question, tuple(languages), added)
    if whole.supported:
        return whole
    for first, second in _in_two(sentence):
        halves = [_best(half, passage, question, tuple(languages), added) for half in (first, second)]
        here = next((half for half in halves if half.supported), None)
        if here and all(
            half.supported or any(_best(text, other, question, tuple(languages), added).supported for other in others)
            for half, text in zip(halves, (first, second), strict=True)
        ):
            return replace(here, share=whole.share)
    return whole


def _in_two(sentence: str) -> Iterator[tuple[str, str]]:
    """Cut a sentence in two where each half has a number of its own."""
    for match in islice(_JOINT.finditer(sentence), _MOST_JOINTS):
        first, second = sentence[: match.start()], sentence[match.end() :]
        if _NUMBER.search(first) and _NUMBER.search(_MARKER.sub(" ", second)):
            yield first, second


@lru_cache(maxsize=512)
def _best(sentence: str, passage: PromptPassage, question: str, languages: tuple[str, ...], added: bool) -> Support:
    words = _MARKER.sub(" ", sentence)
    told = asked_in(words)
    told = told if asked_in(question) in ("", told) else ""
    read = _passage_for(told, passage, languages)
    if not read.spans:
        return Support(0, len(read.passage.text), 0.0, False)
    if (copied := _copied(words, read)) is not None:
        return Support(copied.start, copied.end, 1.0, True)
    said = _read_sentence(words, read, told)
    asked = _read_sentence(question, read, told) if question else None
    verdicts = [(span, *agreement(said, evidence(read, span), asked, added=added)) for span in _likely(said, read)]
    best = next((one for one in verdicts if one[1] == "yes"), None)
    if best is not None and not any(_overrules(read, one, best, said) for one in verdicts):
        return Support(best[0].start, best[0].end, best[2], True)
    span, _, share = max(verdicts, key=lambda one: one[2])
    return Support(span.start, span.end, share, False)


def _copied(words: str, read: Read) -> Span | None:
    """Return the span that a sentence repeats word for word; None where it does not, or has but one or two words."""
    bare = _bare(words)
    if bare.count(" ") < _FEWEST_COPIED - 1:
        return None
    return next((span for span in read.spans if _bare(read.passage.text[span.start : span.end]) == bare), None)


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _overrules(read: Read, one: _Judged, best: _Judged, said: Statement) -> bool:
    """Tell whether a span that says otherwise is nearer to what is said than one that seems to bear it out."""
    (span, verdict, share), (chosen, _, least) = one, best
    if verdict == "other number":
        rows = all(read.split[each.segments[0]].kind == "row" for each in (span, chosen))
        return share >= least + (_OTHER_ROW if rows else _OTHER_SENTENCE)
    if verdict != "no" or said.said or least >= _ALL_OF_IT:
        return False
    shorter = span.end - span.start < chosen.end - chosen.start
    return share >= least + _CONTRADICTED or (share >= least and shorter)


def _read_sentence(words: str, read: Read, told: str) -> Statement:
    """Read a sentence of an answer, or a question; in English words too where the passage is in another language."""
    german = told == "de" or (not told and read.language == "de")
    foreign = read.told if read.told and read.language and read.told not in ("en", read.language) else ""
    if foreign:
        prepare_glosses([words], foreign)
    return statement(words, read.languages, german, foreign)


def _passage_for(told: str, passage: PromptPassage, languages: tuple[str, ...]) -> Read:
    """Read a passage; as a text in another language only where the sentence is in none of the sources' languages."""
    foreign = bool(passage.hit.asked_in) or (bool(languages) and told not in languages)
    return read_passage(passage, languages, told if foreign and told != _language_of(passage) else "")


def _language_of(passage: PromptPassage) -> str:
    return passage.hit.language or asked_in(passage.hit.passage.text[:_SAMPLE])


@lru_cache(maxsize=64)
def read_passage(passage: PromptPassage, languages: tuple[str, ...], told: str) -> Read:
    """Split a passage into what a sentence may stand on, for sentences in the language ``told``."""
    stored = passage.hit.passage
    split = tuple(segments_of(stored))
    own = _language_of(passage)
    spoken = tuple(dict.fromkeys((*languages, *filter(None, (own,)))))
    named = f"{stored.context}\n{_ENDING.sub('', passage.hit.source_name)}"
    foreign = own if told and own and own not in ("en", told) else ""
    if foreign:
        prepare_glosses([stored.text, named], foreign)
    headers = frozenset(header_rows(stored, split))
    return Read(stored, split, headers, tuple(_spans(split)), own, told, foreign, spoken, named)


def _spans(split: Sequence[Segment]) -> Iterable[Span]:
    """Every sentence and row, and every two that follow each other closely (a heading or question counts as one)."""
    single = [Span(each.start, each.end, (index,)) for index, each in enumerate(split) if each.kind not in _LEADS]
    double = [
        Span(one.start, other.end, (index, index + 1))
        for index, (one, other) in enumerate(pairwise(split))
        if (one.block == other.block or one.kind == "question") and "row" not in (one.kind, other.kind)
    ]
    return single + double or [Span(each.start, each.end, (index,)) for index, each in enumerate(split)]


def likelihood(sentence: str, passage: PromptPassage, languages: Sequence[str] = ()) -> float:
    """Tell in a moment how likely something in a passage bears a sentence out: only to choose by."""
    words = _MARKER.sub(" ", sentence)
    told = asked_in(words)
    read = _passage_for(told, passage, tuple(languages))
    said = _read_sentence(words, read, told)
    return max((_rank(said, read, span) for span in read.spans), default=0.0)


def _likely(said: Statement, read: Read) -> list[Span]:
    """Return the spans that are worth a close look, the likeliest first."""
    spans = [
        span for span in read.spans if len(said.parts) > 1 or len(span.segments) == 1 or _belong_together(read, span)
    ]
    ranks = {span: _rank(said, read, span) for span in spans or read.spans}
    ranked = sorted(ranks, key=lambda span: -ranks[span])
    return [span for span in ranked[:MOST_LOOKED_AT] if ranks[span] >= _WORTH * ranks[ranked[0]] or span is ranked[0]]


def _belong_together(read: Read, span: Span) -> bool:
    """Tell whether one statement may stand in two sentences: a question and its answer, or one that points back."""
    first, second = (read.split[index] for index in span.segments)
    return first.kind == "question" or _POINTS_BACK.match(read.passage.text, second.start) is not None


def _rank(said: Statement, read: Read, span: Span) -> float:
    """Tell in a moment how likely a span bears a sentence out: by words and numbers shared, and how short it is."""
    terms, figures = _quick(read.passage.text[span.start : span.end], read.languages, read.foreign)
    words = sum(not word.wide.isdisjoint(terms) for word in said.words) / max(1, len(said.words))
    own = [f"{each.raw:.10g}" for each in said.said]
    numbers = sum(each in figures for each in own) / len(own) if own else 0.0
    return words + 0.3 * numbers - 0.0004 * (span.end - span.start)


@lru_cache(maxsize=4096)
def _quick(text: str, languages: tuple[str, ...], foreign: str) -> tuple[frozenset[str], frozenset[str]]:
    return quick_terms(text, languages, foreign), figures(text)


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
