"""A model's answer in, safe text and checked citations out: each marker stands for the span that bears it out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from core.answer.prompt_passages import PromptPassage
from core.answer.quote import span_citation
from core.schema import Citation
from core.text import Segment, content_terms, figures, search_terms, segments, segments_of

# Shares of a sentence's words, stop words left out, that its span must hold to bear it out.
SUPPORTED = 0.5
SUPPORTED_WITH_NUMBERS = 0.3
ATTACHED = 0.6
ATTACHED_WORDS = 3

_LOOSE_MARKER = re.compile(
    r"([ \t]?)[\[【]\s*\^?(\d{1,2}(?:\s*[,;，；、]\s*\^?\d{1,2})*)(?:†[^\]】\n]{0,40})?\s*[\]】](?!\()"
)
_MARKER = re.compile(r"\[(\d{1,2})\]")
_DOUBLED = re.compile(r"(\[\d{1,2}\])(?:[ \t]*\1)+")


@dataclass(frozen=True, slots=True)
class Support:
    """The span of a passage's text that bears a sentence out best, the share of its words it holds, and the verdict."""

    start: int
    end: int
    share: float
    supported: bool


def check_citations(
    text: str, passages: Sequence[PromptPassage], question: str = "", languages: Sequence[str] = ()
) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer with markers [1], [2], … in order of appearance, and the citation each of them stands for.

    In ``text``, [n] names ``passages[n - 1]``; numbers that name none are dropped. A sentence with a marker gets the
    span of the passage that bears it out best. ``supported`` is False where that holds too little of the sentence, or
    where a number of the sentence stands neither in the passage nor in the question. An answer without any marker gets
    them where sentences are plainly borne out. ``languages`` are those of the sources.
    """
    text = tidy_markers(text, len(passages))
    if not _MARKER.search(text):
        text = _attached(text, passages, question, languages)
    citations: list[Citation] = []
    cited = {match.start(): span for match, span in _cited(text)}

    @cache
    def support_of(span: tuple[int, int], number: int) -> Support:
        return best_support(text[slice(*span)], passages[number], question, languages)

    def numbered(match: re.Match[str]) -> str:
        number = int(match.group(1)) - 1
        passage, support = passages[number], support_of(cited[match.start()], number)
        return f"[{_numbered(_citation(passage, support), citations)}]"

    return _DOUBLED.sub(r"\1", _MARKER.sub(numbered, text)), tuple(citations)


def tidy_markers(text: str, count: int) -> str:
    """Write every kind of marker ([1, 2], 【1】, [^1]) as [1][2]; leave out numbers above ``count``, and number 0."""

    def tidied(match: re.Match[str]) -> str:
        named = [number for number in map(int, re.findall(r"\d+", match.group(2))) if 1 <= number <= count]
        return "".join([match.group(1) if named else "", *(f"[{number}]" for number in named)])

    return _LOOSE_MARKER.sub(tidied, text)


def in_order(text: str, order: dict[str, int] | None = None) -> str:
    """Renumber tidy markers by first appearance, for showing an answer while it is being written.

    ``order`` holds the numbers of what was shown before, and takes those of ``text``.
    """
    order = {} if order is None else order
    return _MARKER.sub(lambda match: f"[{order.setdefault(match.group(1), len(order) + 1)}]", text)


def best_support(sentence: str, passage: PromptPassage, question: str = "", languages: Sequence[str] = ()) -> Support:
    """Find the sentence, or two that follow each other, in a passage that hold most of ``sentence``."""
    text = passage.hit.passage.text
    words = _words(sentence, languages)
    spans = _spans(text, segments_of(passage.hit.passage))
    if not spans:
        return Support(0, len(text), 0.0, False)
    scored = []
    for start, end in spans:
        terms = frozenset(search_terms(text[start:end], languages))
        own = _figures(text[start:end])
        numbers = _figures(sentence)
        share = sum(not terms.isdisjoint(stems) for stems in words.values()) / max(1, len(words))
        agreeing = len(numbers & own) / len(numbers) if numbers else 0.0
        scored.append((share + 0.3 * agreeing - 0.0004 * (end - start), share, start, end))
    _, share, start, end = max(scored, key=lambda one: (one[0], -one[2]))
    return Support(start, end, share, _bears_out(sentence, passage, question, text[start:end], share))


def _bears_out(sentence: str, passage: PromptPassage, question: str, span: str, share: float) -> bool:
    numbers = _figures(sentence) - _figures(question)
    if not numbers <= _figures(f"{passage.hit.passage.context} {passage.hit.passage.text}"):
        return False
    return share >= SUPPORTED or (share >= SUPPORTED_WITH_NUMBERS and bool(numbers & _figures(span)))


def _words(sentence: str, languages: Sequence[str]) -> dict[str, tuple[str, ...]]:
    return content_terms(_MARKER.sub(" ", sentence), languages)


def _figures(text: str) -> frozenset[str]:
    """Return the numbers in a text, those of its markers left out."""
    return figures(_MARKER.sub(" ", text))


def _spans(text: str, text_segments: Sequence[Segment]) -> list[tuple[int, int]]:
    """Every sentence and row, and every two that follow each other closely (a heading or question counts as one)."""
    single = [(segment.start, segment.end) for segment in text_segments if segment.kind not in ("heading", "question")]
    double = [
        (one.start, other.end)
        for one, other in pairwise(text_segments)
        if (one.block == other.block or one.kind == "question") and "row" not in (one.kind, other.kind)
    ]
    return single + double or [(segment.start, segment.end) for segment in text_segments]


def _citation(passage: PromptPassage, support: Support) -> Citation:
    """Make the citation of a span, with the page of that of the joined passages in which it begins."""
    hit = passage.hit
    begins = hit.passage.start + support.start
    part = next((part for part in reversed(passage.parts) if part.start <= begins), hit.passage)
    citation = span_citation(hit, 0, support.start, support.end, supported=support.supported)
    return replace(citation, page=part.page_at(begins), passage_start=part.start, passage_end=part.end)


def _numbered(citation: Citation, citations: list[Citation]) -> int:
    """Return the number of a citation: that of an earlier one of the same place, or the next, which is then kept."""
    for index, earlier in enumerate(citations):
        apart = earlier.end <= citation.start or citation.end <= earlier.start
        if earlier.version_id == citation.version_id and not apart:
            if citation.supported and not earlier.supported:
                citations[index] = replace(citation, number=earlier.number)
            return earlier.number
    citations.append(replace(citation, number=len(citations) + 1))
    return len(citations)


def _cited(text: str) -> Iterator[tuple[re.Match[str], tuple[int, int]]]:
    """Give each marker with the span of the sentence it belongs to: the one it stands in, or that ended before it."""
    text_segments = segments(text)
    starts = [segment.start for segment in text_segments]
    bare = end = 0  # from ``bare`` to the marker stand only markers and blanks
    for match in _MARKER.finditer(text):
        if between := text[end : match.start()].rstrip():
            bare = end + len(between)
        end = match.end()
        last = bisect_right(starts, match.start()) - 1
        if last > 0 and starts[last] >= bare:
            last = max(0, bisect_left(starts, bare) - 1)
        yield match, (starts[last], text_segments[last].end) if last >= 0 else (0, len(text))


def _attached(text: str, passages: Sequence[PromptPassage], question: str, languages: Sequence[str]) -> str:
    """Put a marker behind each sentence that one of the passages plainly bears out."""
    written: list[str] = []
    position = 0
    for segment in segments(text):
        sentence = text[segment.start : segment.end]
        supports = [best_support(sentence, passage, question, languages) for passage in passages]
        best = max(range(len(supports)), key=lambda index: supports[index].share, default=None)
        enough = segment.kind in ("sentence", "row") and len(_words(sentence, languages)) >= ATTACHED_WORDS
        if best is not None and enough and supports[best].supported and supports[best].share >= ATTACHED:
            written += [text[position : segment.end], f" [{best + 1}]"]
            position = segment.end
    return "".join([*written, text[position:]])
