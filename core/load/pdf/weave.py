"""Puts what was filled into a page's form, and what was typed on it, into its text: each beside or under its label."""

from collections.abc import Sequence
from typing import NamedTuple

from core.load.pdf.forms import Added, Mark
from core.load.pdf.letters import NOWHERE, Box, Letters

_CHECK = "✔"
_MOST_LOOKED_AT = 200_000
_NEAR = 3.0
_LINE = 12.0


class _Row(NamedTuple):
    """A line of the page's own text: its span and its box."""

    start: int
    end: int
    box: Box


class _Entry(NamedTuple):
    """Letters to put in before ``at``, in a row or on a line of their own; ``places`` are pdfium's, -1 for none."""

    at: int
    top: float
    left: float
    own_line: bool
    text: str
    places: Sequence[int]
    box: Box


def woven(letters: Letters, added: Added) -> Letters:
    """Return the page's letters with what was laid over it in place; notes stuck on it stand at the end."""
    text = letters.text
    spans, rest = _parts(letters, added)
    own = text[: added.start] if added.start >= 0 else text
    rows = _rows(letters, own)
    entries: list[_Entry] = []
    notes: list[str] = []
    squeezed = "".join(text.split())
    for number, mark in enumerate(added.marks):
        if mark.kind == "note":
            if "".join(mark.text.split()) not in squeezed:
                notes.append(f"Note: {mark.text}")
            continue
        words, places = _said(mark, text, spans.get(number, []))
        if words:
            entries.append(_entry(letters, rows, mark, words, places))
    return _written(letters, own, entries, rest, notes)


def _parts(letters: Letters, added: Added) -> tuple[dict[int, list[int]], list[int]]:
    """Return for each mark, by its number, the places of the letters drawn in it; and the letters of none."""
    boxes = [(number, mark.box) for number, mark in enumerate(added.marks) if mark.kind != "note"]
    spans: dict[int, list[int]] = {}
    rest: list[int] = []
    looked_at = current = 0
    owner, blanks = -1, []
    for place in range(added.start, len(letters.text)) if added.start >= 0 else ():
        if letters.text[place].isspace():
            blanks.append(place)
            continue
        left, bottom, right, top = letters.box(place)
        across, up = (left + right) / 2, (bottom + top) / 2
        found = -1
        for step in range(len(boxes) if looked_at < _MOST_LOOKED_AT else 0):
            looked_at += 1
            number, box = boxes[(current + step) % len(boxes)]
            if box[0] - 1 <= across <= box[2] + 1 and box[1] - 1 <= up <= box[3] + 1:
                found, current = number, (current + step) % len(boxes)
                break
        mine = rest if found < 0 else spans.setdefault(found, [])
        if mine and found == owner:
            mine.extend(blanks)
        elif found < 0 and mine:
            mine.append(blanks[0] if blanks else -1)
        mine.append(place)
        owner, blanks = found, []
    return spans, rest


def _rows(letters: Letters, own: str) -> list[_Row]:
    rows: list[_Row] = []
    start = 0
    for line in own.split("\n"):
        if line.strip():
            first, last = start + len(line) - len(line.lstrip()), start + len(line.rstrip())
            one, other = letters.box(first), letters.box(last - 1)
            box = min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
            rows.append(_Row(first, last, box))
        start += len(line) + 1
    return rows


def _said(mark: Mark, text: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Return what a mark says: as it is drawn, or what it holds where that is more than is drawn."""
    if mark.kind == "box":
        return (_CHECK, places[:1] or [-1]) if mark.checked else ("", [])
    drawn = "".join(text[place] if place >= 0 else " " for place in places)
    if mark.kind == "list":
        return _list(mark, drawn, places)
    held = "".join(mark.text.split())
    if len(held) > len("".join(drawn.split())):
        return mark.text, [-1] * len(mark.text)
    return drawn, places


def _list(mark: Mark, drawn: str, places: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Return a list as it is drawn, with a check before each option that is chosen."""
    chosen = dict.fromkeys(mark.text.split("\n")) if mark.text else {}
    words: list[str] = []
    where: list[int] = []
    position = 0
    for line in drawn.splitlines(keepends=True):
        if chosen.pop(line.strip(), 0) is None:
            words.append(f"{_CHECK} ")
            where += [-1, -1]
        words.append(line)
        where += places[position : position + len(line)]
        position += len(line)
    for option in chosen:
        more = f"\n{_CHECK} {option}" if words else f"{_CHECK} {option}"
        words.append(more)
        where += [-1] * len(more)
    return "".join(words), where


def _entry(letters: Letters, rows: Sequence[_Row], mark: Mark, words: str, places: Sequence[int]) -> _Entry:
    """Find where a mark belongs: after its label in the same row, before it for a box, else under what is above it."""
    left, bottom, right, top = mark.box
    best: tuple[float, float] | None = None
    at, own_line = 0, True
    for row in rows:
        low, high = row.box[1], row.box[3]
        middle = (low + high) / 2
        if not (bottom - _NEAR <= middle <= top + _NEAR or low <= (bottom + top) / 2 <= high):
            continue
        if mark.kind != "box" and row.box[0] >= left:
            continue
        gap = max(0.0, row.box[0] - right, left - row.box[2])
        if best is None or (gap, -high) < best:
            best = (gap, -high)
            at, own_line = _between(letters, row, left), False
    if best is None:
        above = [row for row in rows if row.box[1] >= top - _NEAR - (row.box[3] - row.box[1]) / 2]
        over = [row for row in above if row.box[0] < right and row.box[2] > left] or above
        at = min(over, key=lambda row: row.box[1] - top).end if over else 0
    line = (left, max(bottom, top - _LINE), right, top)
    return _Entry(at, -top, left, own_line, words, places, line)


def _between(letters: Letters, row: _Row, left: float) -> int:
    """Return the place in a row before which something belongs that begins at ``left``."""
    if row.box[2] <= left + 1:
        return row.end
    return next((place for place in range(row.start, row.end) if letters.box(place)[0] >= left - 1), row.end)


def _written(
    letters: Letters, own: str, entries: Sequence[_Entry], rest: Sequence[int], notes: Sequence[str]
) -> Letters:
    text = letters.text
    pieces: list[str] = []
    places: list[int] = []
    boxes: dict[int, Box] = {}

    def put(words: str, where: Sequence[int], box: Box | None = None) -> None:
        if box:
            boxes.update((len(places) + offset, box) for offset, place in enumerate(where) if place < 0)
        pieces.append(words)
        places.extend(where)

    position = 0
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.own_line, entry.top, entry.left)):
        put(own[position : entry.at], range(position, entry.at))
        position = max(position, entry.at)
        if entry.own_line:
            put("\n" if entry.at else "", [-1] * (entry.at > 0))
        elif pieces and pieces[-1][-1:].strip():
            put(" ", [-1])
        put(entry.text, entry.places, entry.box)
        if entry.own_line and not entry.at:
            put("\n", [-1])
        elif own[position : position + 1].strip():
            put(" ", [-1])
    if own[position:]:
        put(own[position:], range(position, len(own)))
    if rest:
        put("\n" if pieces else "", [-1] * bool(pieces))
        put("".join(text[place] if place >= 0 else " " for place in rest), rest)
    for note in notes:
        note = "\n" + note if pieces else note
        put(note, [-1] * len(note), NOWHERE)
    return letters.reordered("".join(pieces), places, boxes)
