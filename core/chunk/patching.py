"""A passage and what stands instead of some of its words in, the passage with these words out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.schema import Passage, Patch

BETWEEN = "\n\n"  # stands where words were taken out: what stood on both sides is no one sentence
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands instead of ``document.text[first:last]``; None: nothing, it is switched off."""

    first: int
    last: int
    words: str | None


_Done = Sequence[tuple[Replacement, Patch]]


def patched(passage: Passage, replacements: Sequence[Replacement]) -> Passage:
    """Return a passage that was cut from its document, with replacements that lie whole in it, in order and apart.

    A row or heading with changed words stays one; of rows changed together each line is one.
    """
    text, at = "", passage.start
    done: list[tuple[Replacement, Patch]] = []
    for each in replacements:
        text += passage.text[at - passage.start : each.first - passage.start]
        outer = each.first == passage.start or each.last == passage.end
        words = each.words if each.words is not None else "" if outer else BETWEEN
        begin = passage.start + len(text)
        text += words
        done.append((each, Patch(begin, begin + len(words), each.first, each.last)))
        at = each.last
    text += passage.text[at - passage.start :]
    rows = [moved for row in passage.rows if (moved := _moved(row, done))]
    rows += [line for each, patch in done for line in _lines(each, patch, passage.rows)]
    breaks = [_moved_end(place, done) for place in passage.page_breaks]
    return replace(
        passage,
        text=text,
        rows=tuple(sorted(rows)),
        heading_spans=tuple(moved for span in passage.heading_spans if (moved := _moved(span, done))),
        page_breaks=tuple(place for place in breaks if passage.start < place < passage.start + len(text)),
        patches=tuple(patch for _, patch in done),
    )


def _moved(span: Span, done: _Done) -> Span | None:
    """Return where a row or heading stands in the new text; None where more than its own words were changed."""
    for each, _ in done:
        if span[1] <= each.first or each.last <= span[0]:
            continue
        within = span[0] <= each.first and each.last <= span[1]
        whole = span == (each.first, each.last)
        if not within or (whole and (not (each.words or "").strip() or "\n" in (each.words or ""))):
            return None
    return _moved_start(span[0], done), _moved_end(span[1], done)


def _lines(each: Replacement, patch: Patch, rows: Sequence[Span]) -> list[Span]:
    """Return the lines of what replaces whole rows as rows."""
    replaced = [row for row in rows if each.first <= row[0] and row[1] <= each.last]
    words = each.words or ""
    covers = bool(replaced) and (replaced[0][0], replaced[-1][1]) == (each.first, each.last)
    if not covers or (len(replaced) == 1 and "\n" not in words):
        return []
    spans, at = [], patch.start
    for line in words.split("\n"):
        if line.strip():
            spans.append((at, at + len(line)))
        at += len(line) + 1
    return spans


def _moved_start(place: int, done: _Done) -> int:
    moved = place
    for each, patch in done:
        if place >= each.last:
            moved = patch.end + place - each.last
        elif place >= each.first:
            moved = patch.start
    return moved


def _moved_end(place: int, done: _Done) -> int:
    moved = place
    for each, patch in done:
        if place >= each.last:
            moved = patch.end + place - each.last
        elif place > each.first:
            moved = patch.end
    return moved
