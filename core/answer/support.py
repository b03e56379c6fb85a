"""A sentence of an answer and a passage in, the span that bears the sentence out best, and whether it does, out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from core.answer.agreement import ADDED_WORDS, Verdict, agreement
from core.answer.passage_spans import Read, Span, evidence, passage_for, shown_spans
from core.answer.prompt_passages import PromptPassage
from core.answer.statement import Statement, quick_terms, statement
from core.foreign import prepare_glosses
from core.reader import on_one_line, stated
from core.text import asked_in, figures

MOST_LOOKED_AT = 6  # spans of a passage that are read closely for one sentence
_WORTH = 0.5  # of the likeliest span's likelihood
_OTHER_ROW, _OTHER_SENTENCE = 0.2, 0.4  # the same of one that has other numbers
_CONTRADICTED = 0.08  # by so much a span that says otherwise must hold more of the sentence than one that does not
_ALL_OF_IT = 0.99  # of a sentence's words: two terms may be explained side by side, each in words that deny the other's
# What the checker's log-odds must come to, and what the rules' verdict adds to them: training/claims/fit.py.
SURE, SURE_ADDED = 2.25, 2.5
BESIDE: dict[Verdict, float] = {"yes": 4.0, "little": 0.0, "other number": -9.0, "no": -2.0}
CHECKED = {"", "en", "de"}  # languages that the checker has seen
_LONGEST_SENTENCE = 1_500  # characters: longer ones are none
_MARKER = re.compile(r"\[\d{1,2}\]")
_JOINT = re.compile(r";\s|,?\s(?:and|while|whereas|but|und|während|aber|y|et|e|en)\s|,\s")
_BLANK_BEFORE = re.compile(r" (?=[.,;:!?])")
_MOST_JOINTS = 6
_ENDS = (".", "!", "?", ":", "…", "|")
_NUMBER = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_NOUGHTS = re.compile(r"(?<=\d)\.0+(?!\d)|(?<=\.\d)0+(?!\d)")
_EURO_BEFORE, _EURO_BEHIND = re.compile(r"€ ?(\d[\d.,]*(?<=\d))"), re.compile(r"(?<=\d) ?€")
_FEWEST_COPIED = 3  # words: fewer may be said of anything
_FEWEST_BEGUN = 6  # of a sentence that broke off
_POINTS_BACK = re.compile(
    r"(?:it|its|they|them|their|this|that|these|those|such|he|she|there|then|otherwise|after that|both|neither|"
    r"es|er|sie|dies\w*|das|dann|danach|sonst|dabei|dafür|davon|beide|solche\w*|in diesem fall|"
    r"esto|eso|estos|este|luego|cela|ceci|il|elle|ils|elles|questo|dit|dat|deze|isto|isso)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Support:
    """The span of a passage's text that bears a sentence out best, the share of its words it holds, and the verdict."""

    start: int
    end: int
    share: float
    supported: bool


_Judged = tuple[Span, Verdict, float]


def best_support(
    sentence: str,
    passage: PromptPassage,
    question: str = "",
    languages: Sequence[str] = (),
    *,
    others: Sequence[PromptPassage] = (),
    added: bool = False,
    begun: bool = False,
) -> Support:
    """Find the sentence or row, or two sentences that follow each other, that bear ``sentence`` out.

    Where none does, it is the one that holds most of it. A sentence that says two things may have one of them there and
    the other one elsewhere in the passage, or in the ``others`` that it cites as well. ``added``: nobody said that it
    stands there, which takes more. ``begun``: it broke off, and may be the beginning of what stands there.
    """
    if len(sentence) > _LONGEST_SENTENCE:
        return Support(0, len(passage.hit.passage.text), 0.0, False)
    whole = _best(sentence, passage, question, tuple(languages), added, begun)
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
def _best(
    sentence: str,
    passage: PromptPassage,
    question: str,
    languages: tuple[str, ...],
    added: bool,
    begun: bool = False,
) -> Support:
    words = _MARKER.sub(" ", sentence)
    told = asked_in(words)
    told = told if asked_in(question) in ("", told) else ""
    read = passage_for(told, passage, languages)
    if not read.spans:
        return Support(0, len(read.passage.text), 0.0, False)
    if (copied := _copied(words, read, begun)) is not None:
        return Support(copied.start, copied.end, 1.0, True)
    said = _read_sentence(words, read, told)
    asked = _read_sentence(question, read, told) if question else None
    judged = [(span, *agreement(said, evidence(read, span), asked, added=added)) for span in _likely(said, read)]
    by_model = _by_model(words, said, read, told, judged, added=added)
    return _by_rules(read, said, judged) if by_model is None else by_model


def _by_model(
    words: str, said: Statement, read: Read, told: str, judged: Sequence[_Judged], *, added: bool
) -> Support | None:
    """Judge by the checker's reading of each span, the rules beside it; None where it cannot read these languages."""
    if read.told or not {told, read.language} <= CHECKED:
        return None
    shown = shown_spans(read)
    around_and_words = [(around, _plain_numbers(there)) for around, there in (shown[span] for span, _, _ in judged)]
    odds = stated(_plain_numbers(_as_sentence(words)), around_and_words)
    if odds is None:
        return None
    sure = [odd + BESIDE[verdict] for odd, (_, verdict, _) in zip(odds, judged, strict=True)]
    best = max(range(len(sure)), key=sure.__getitem__)
    span, _, share = judged[best]
    enough = not added or len(said.words) + len(said.said) >= ADDED_WORDS
    return Support(span.start, span.end, share, enough and sure[best] >= (SURE_ADDED if added else SURE))


def _as_sentence(words: str) -> str:
    """Write a statement as the checker was trained on them: with a mark at its end, and no blank before it."""
    line = _BLANK_BEFORE.sub("", on_one_line(words))
    return line if line.endswith(_ENDS) else f"{line}."


def _by_rules(read: Read, said: Statement, judged: Sequence[_Judged]) -> Support:
    """Judge by words, numbers, names and denials alone."""
    best = next((one for one in judged if one[1] == "yes"), None)
    if best is not None and not any(_overrules(read, one, best, said) for one in judged):
        return Support(best[0].start, best[0].end, best[2], True)
    span, _, share = max(judged, key=lambda one: one[2])
    return Support(span.start, span.end, share, False)


def _copied(words: str, read: Read, begun: bool) -> Span | None:
    """Return the span that a sentence repeats word for word; None where it does not, or has but one or two words.

    Of one that has only ``begun``, the span that begins so.
    """
    bare = _bare(words)
    if bare.count(" ") < _FEWEST_COPIED - 1:
        return None
    begins = begun and bare.count(" ") >= _FEWEST_BEGUN - 1
    texts = ((span, _bare(read.passage.text[span.start : span.end])) for span in read.spans)
    return next((span for span, there in texts if there == bare or (begins and there.startswith(bare))), None)


@lru_cache(maxsize=4096)
def _bare(text: str) -> str:
    """Leave the words of a text, and each number in one way of writing."""
    return " ".join(_WORD.findall(_plain_numbers(text).casefold()))


def _plain_numbers(text: str) -> str:
    """Write each number in one way: "€1,500.00" is "1500 EUR"."""
    plain = _NOUGHTS.sub("", _THOUSANDS.sub("", text))
    return _EURO_BEHIND.sub(" EUR", _EURO_BEFORE.sub(r"\1 EUR", plain))


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


def likelihood(sentence: str, passage: PromptPassage, languages: Sequence[str] = ()) -> float:
    """Tell in a moment how likely something in a passage bears a sentence out: only to choose by."""
    words = _MARKER.sub(" ", sentence)
    told = asked_in(words)
    read = passage_for(told, passage, tuple(languages))
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
