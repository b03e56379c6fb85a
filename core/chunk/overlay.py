"""Passages as they were cut and an owner's hand edits in, the passages that questions find out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from core.chunk.anchors import Places, Span
from core.chunk.cut import without_furniture
from core.chunk.patching import Replacement, patched
from core.chunk.units import trimmed
from core.schema import Document, EditKind, HandEdit, Passage, Patch, asked_besides

MOST_SHARED = 1 / 3  # of a passage: what it has in common with its neighbour by overlap is less


@dataclass(frozen=True, slots=True)
class Overlay:
    """The passages with the edits in them; where each edit found its place, and those that found none, by their ids."""

    passages: tuple[Passage, ...]
    places: dict[str, Span]
    unfit: tuple[str, ...]


def overlaid(document: Document, passages: Sequence[Passage], edits: Sequence[HandEdit]) -> Overlay:
    """Put hand edits over a document's passages: what no edit is about stays as it is, but for its number.

    The words of a changed place are in one passage only, whole. Words that were switched off are in none, also where
    passages overlap. A later change of a place takes that of an earlier one.
    """
    if not edits:
        return Overlay(tuple(passages), {}, ())
    finder = Places(document.text)
    in_order = sorted(edits, key=lambda edit: edit.number)
    places = {edit.id: place for edit in in_order if (place := finder.find(edit.anchor))}
    unfit = tuple(edit.id for edit in in_order if edit.id not in places and edit.kind is not EditKind.ADD)
    shaped = _shaped(document, list(passages), [edit for edit in in_order if edit.id in places], places)
    replacements = _replacements(in_order, places)
    changed = _changed(document, shaped, replacements) if replacements else shaped
    asked = _asked(changed, [edit for edit in in_order if edit.kind is EditKind.ASK and edit.id in places], places)
    added = [edit for edit in in_order if edit.kind is EditKind.ADD]
    whole = _with_added(document, asked, added, places) if added else asked
    numbered = tuple(each if each.ordinal == n else replace(each, ordinal=n) for n, each in enumerate(whole))
    return Overlay(numbered, places, unfit)


def with_aliases(passages: Sequence[Passage]) -> list[Passage]:
    """Add a passage for each question that people ask for one: it is found by the question, and says what that says."""
    aliases = [
        replace(passage, asked=question, alias_of=passage.ordinal)
        for passage in passages
        for question in asked_besides(passage)
    ]
    return [*passages, *(replace(alias, ordinal=len(passages) + n) for n, alias in enumerate(aliases))]


# --- Split and joined -------------------------------------------------------------------------------------------------


def _shaped(
    document: Document, passages: list[Passage], edits: Sequence[HandEdit], places: dict[str, Span]
) -> list[Passage]:
    """Split and join passages, in the order in which that was asked for."""
    rows = sorted({row for passage in passages for row in passage.rows})
    headings = sorted({span for passage in passages for span in passage.heading_spans})
    known = _Known(rows, headings)
    for edit in edits:
        start, end = places[edit.id]
        if edit.kind is EditKind.SPLIT:
            split = [list(_split(document, each, start, known)) for each in passages]
            passages = [part for parts in split for part in parts]
        elif edit.kind is EditKind.JOIN:
            passages = _joined(document, passages, (start, end), known)
    return passages


@dataclass(frozen=True, slots=True)
class _Known:
    """The table rows and headings of a whole document, in order."""

    rows: Sequence[Span]
    headings: Sequence[Span]


def _split(document: Document, passage: Passage, place: int, known: _Known) -> Iterator[Passage]:
    if not passage.start < place < passage.end:
        yield passage
        return
    for start, end in ((passage.start, place), (place, passage.end)):
        start, end = trimmed(document.text, start, end)
        if start < end:
            yield _respanned(document, passage, start, end, known)


def _joined(document: Document, passages: list[Passage], span: Span, known: _Known) -> list[Passage]:
    """Make one passage of a span; where it lies in one already nothing is changed.

    What stands in the span and in a neighbour is taken from that where it is more than they share by overlap.
    """
    touched = [each for each in passages if each.start < span[1] and span[0] < each.end]
    if not touched or any(each.start <= span[0] and span[1] <= each.end for each in touched):
        return passages
    one = _respanned(document, touched[0], *span, known)
    before: list[Passage] = []
    behind: list[Passage] = []
    for each in passages:
        inside = span[0] <= each.start and each.end <= span[1]
        shared = min(each.end, span[1]) - max(each.start, span[0])
        if shared > MOST_SHARED * (each.end - each.start) and not inside:
            bounds = (each.start, span[0]) if each.start < span[0] else (span[1], each.end)
            each = _respanned(document, each, *trimmed(document.text, *bounds), known)
        if not inside:
            (before if each.start < span[0] else behind).append(each)
    return [*before, one, *behind]


def _respanned(document: Document, passage: Passage, start: int, end: int, known: _Known) -> Passage:
    """Return a passage with another span of its document, with what that has of rows, headings and pages."""
    bare = replace(
        passage,
        start=start,
        end=end,
        text=document.text[start:end],
        page=document.page_at(start),
        rows=tuple(_within(known.rows, start, end)),
        heading_spans=tuple(_within(known.headings, start, end)),
        page_breaks=_page_breaks(document, start, end),
    )
    return without_furniture(document, bare)


def _within(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    for span in spans[bisect_left(spans, (start, start)) :]:
        if span[0] >= end:
            return
        if span[1] <= end:
            yield span


def _page_breaks(document: Document, start: int, end: int) -> tuple[int, ...]:
    starts = document.page_starts
    return tuple(starts[bisect_right(starts, start) : bisect_left(starts, end)])


# --- Changed and switched off -----------------------------------------------------------------------------------------


def _replacements(edits: Sequence[HandEdit], places: dict[str, Span]) -> list[Replacement]:
    """Return what stands instead of what, in order and apart. What is switched off is so whatever else was changed."""
    off = [places[edit.id] for edit in edits if edit.kind is EditKind.OFF and edit.id in places]
    taken: list[Replacement] = [Replacement(*span, None) for span in _united(off)]
    for edit in reversed(edits):
        if edit.kind is EditKind.CHANGE and edit.id in places:
            start, end = places[edit.id]
            if all(end <= other.first or other.last <= start for other in taken):
                taken.append(Replacement(start, end, edit.words))
    return sorted(taken, key=lambda each: each.first)


def _united(spans: Sequence[Span]) -> list[Span]:
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((start, end))
    return united


def _changed(document: Document, passages: Sequence[Passage], replacements: Sequence[Replacement]) -> list[Passage]:
    """Put replacements into the passages that hold them; each is whole in at least one, and in none by half."""
    rows = sorted({row for passage in passages for row in passage.rows})
    known = _Known(rows, sorted({span for passage in passages for span in passage.heading_spans}))
    spans = [(passage.start, passage.end) for passage in passages]
    for each in replacements:
        spans = _around(spans, each)
    made = []
    for passage, (start, end) in zip(passages, spans, strict=True):
        start, end = trimmed(document.text, start, end)
        if start >= end:
            continue
        if (start, end) != (passage.start, passage.end):
            passage = _respanned(document, passage, start, end, known)
        inside = [each for each in replacements if start <= each.first and each.last <= end]
        passage = patched(passage, inside) if inside else passage
        if passage.text.strip():
            made.append(passage)
    return made


def _around(spans: Sequence[Span], each: Replacement) -> list[Span]:
    """Draw the bounds of passages so that none holds a half of a replacement; the first that holds a part gets it."""
    whole = any(start <= each.first and each.last <= end for start, end in spans)
    drawn = []
    for start, end in spans:
        if start >= each.last or end <= each.first or (start <= each.first and each.last <= end):
            drawn.append((start, end))
        elif each.words is not None and not whole and start <= each.first:
            drawn.append((start, each.last))
            whole = True
        elif start <= each.first:
            drawn.append((start, each.first))
        else:
            drawn.append((min(each.last, end), end))
    return drawn


# --- Asked and added --------------------------------------------------------------------------------------------------


def _asked(passages: list[Passage], edits: Sequence[HandEdit], places: dict[str, Span]) -> list[Passage]:
    """Give the questions that people ask to the passages that hold most of what they were said to ask for."""
    for edit in edits:
        span = places[edit.id]
        shares = [max(0, min(p.end, span[1]) - max(p.start, span[0])) for p in passages]
        most = max(shares, default=0)
        for place, (passage, share) in enumerate(zip(passages, shares, strict=True)):
            if share and (share == most or 2 * share >= passage.end - passage.start):
                asked = "\n".join(dict.fromkeys(filter(None, (*passage.asked.split("\n"), edit.words))))
                passages[place] = replace(passage, asked=asked)
    return passages


def _with_added(
    document: Document, passages: list[Passage], edits: Sequence[HandEdit], places: dict[str, Span]
) -> list[Passage]:
    """Put passages of the owner's own behind those at whose place they were added; else at the end."""
    for edit in edits:
        at = places[edit.id][1] if edit.id in places else len(document.text)
        behind = bisect_left([each.start for each in passages], at) if _in_order(passages) else len(passages)
        before = passages[behind - 1] if behind else None
        added = Passage(
            ordinal=0,
            start=at,
            end=at,
            text=edit.words,
            context=before.context if before else document.title,
            headings=before.headings if before else (),
            page=document.page_at(at) if edit.id in places else None,
            patches=(Patch(at, at + len(edit.words), at, at),),
            origin="added",
        )
        passages = [*passages[:behind], added, *passages[behind:]]
    return passages


def _in_order(passages: Sequence[Passage]) -> bool:
    return all(one.start <= other.start for one, other in pairwise(passages))
