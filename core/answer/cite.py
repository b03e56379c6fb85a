"""A model's answer in, safe text and checked citations out: each marker stands for the span that bears it out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from core.answer.markers import MARKER, tidy_markers
from core.answer.prompt_passages import PromptPassage
from core.answer.quote import span_citation
from core.answer.support import Support, best_support, likelihood
from core.schema import Citation
from core.text import segments

_MOST_TRIED = 2  # passages that a sentence without a marker is compared with
_DOUBLED = re.compile(r"(\[\d{1,2}\])(?:[ \t]*\1)+")


def check_citations(
    text: str,
    passages: Sequence[PromptPassage],
    question: str = "",
    languages: Sequence[str] = (),
    *,
    broke_off: bool = False,
) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer with markers [1], [2], … in order of appearance, and the citation each of them stands for.

    In ``text``, [n] names ``passages[n - 1]``; numbers that name none are dropped. A sentence with a marker gets the
    span of the passage that bears it out best; ``supported`` is False where that does not (core/answer/agreement.py).
    An answer without any marker gets them, as ``added``, where sentences are plainly borne out. ``languages`` are those
    of the sources; of a text that ``broke_off`` the last sentence may be the beginning of one.
    """
    text = tidy_markers(text, len(passages))
    added = not MARKER.search(text)
    if added:
        text = _attached(text, passages, question, languages, broke_off=broke_off)
    citations: list[Citation] = []
    cited = {match.start(): span for match, span in _cited(text)}
    beside: dict[tuple[int, int], set[int]] = {}
    for start, span in cited.items():
        beside.setdefault(span, set()).add(int(text[start + 1 : text.index("]", start)]) - 1)

    @cache
    def support_of(span: tuple[int, int], number: int) -> Support:
        others = [passages[other] for other in sorted(beside[span] - {number})]
        begun = broke_off and _is_last(text, span[1])
        return best_support(
            text[slice(*span)], passages[number], question, languages, others=others, added=added, begun=begun
        )

    def numbered(match: re.Match[str]) -> str:
        number = int(match.group(1)) - 1
        passage, support = passages[number], support_of(cited[match.start()], number)
        return f"[{_numbered(replace(_citation(passage, support), added=added), citations)}]"

    return _DOUBLED.sub(r"\1", MARKER.sub(numbered, text)), tuple(citations)


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
    """Give each marker with the span of the sentence it belongs to: the one it stands in, or that ended before it.

    A row says as many things as it has runs of markers: each belongs to what stands between it and the run before.
    """
    text_segments = segments(text)
    starts = [segment.start for segment in text_segments]
    # From ``bare`` to the marker stand only markers and blanks; ``since``: the end of the run before.
    bare = end = since = 0
    for match in MARKER.finditer(text):
        if between := text[end : match.start()].rstrip():
            since, bare = end, end + len(between)
        end = match.end()
        last = bisect_right(starts, match.start()) - 1
        if last > 0 and starts[last] >= bare:
            last = max(0, bisect_left(starts, bare) - 1)
        if last >= 0 and text_segments[last].kind == "row" and text_segments[last].start <= bare:
            yield match, (max(starts[last], since), bare)
        else:
            yield match, (starts[last], text_segments[last].end) if last >= 0 else (0, len(text))


def _is_last(text: str, end: int) -> bool:
    """Tell whether nothing but markers and blanks stands behind a place."""
    return not MARKER.sub("", text[end:]).strip()


def _attached(
    text: str, passages: Sequence[PromptPassage], question: str, languages: Sequence[str], *, broke_off: bool
) -> str:
    """Put a marker behind each sentence that one of the passages plainly bears out."""
    written: list[str] = []
    position = 0
    for segment in segments(text):
        if segment.kind not in ("sentence", "row"):
            continue
        sentence = text[segment.start : segment.end]
        likely = sorted(range(len(passages)), key=lambda index: -likelihood(sentence, passages[index], languages))
        for index in likely[:_MOST_TRIED]:
            begun = broke_off and _is_last(text, segment.end)
            if best_support(sentence, passages[index], question, languages, added=True, begun=begun).supported:
                written += [text[position : segment.end], f" [{index + 1}]"]
                position = segment.end
                break
    return "".join([*written, text[position:]])
