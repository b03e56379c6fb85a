"""A model's answer in, safe text and checked citations out: each marker stands for the span that bears it out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from core.answer.prompt_passages import PromptPassage
from core.answer.quote import span_citation
from core.answer.support import Support, best_support
from core.schema import Citation
from core.text import Segment, content_terms, figures, search_terms, segments, segments_of

_LOOSE_MARKER = re.compile(
    r"([ \t]?)[\[【]\s*\^?(\d{1,2}(?:\s*[,;，；、]\s*\^?\d{1,2})*)(?:†[^\]】\n]{0,40})?\s*[\]】](?!\()"
)
_MARKER = re.compile(r"\[(\d{1,2})\]")
_DOUBLED = re.compile(r"(\[\d{1,2}\])(?:[ \t]*\1)+")


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


def in_order(text: str) -> str:
    """Renumber tidy markers by first appearance, for showing an answer while it is being written."""
    order: dict[str, int] = {}
    return _MARKER.sub(lambda match: f"[{order.setdefault(match.group(1), len(order) + 1)}]", text)


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
        if segment.kind not in ("sentence", "row"):
            continue
        sentence = text[segment.start : segment.end]
        supports = [best_support(sentence, passage, question, languages, added=True) for passage in passages]
        best = max(range(len(supports)), key=lambda index: (supports[index].supported, supports[index].share), default=None)
        if best is not None and supports[best].supported:
            written += [text[position : segment.end], f" [{best + 1}]"]
            position = segment.end
    return "".join([*written, text[position:]])
