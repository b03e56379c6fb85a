"""Text that runs from right to left or from the top down: its letters in the order in which they are read.

pdfium gives most such lines as they are read, but tears apart what was drawn letter by letter.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from core.load.pdf.letters import Box, Letters

_LEFTWARD_LETTERS = "\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
# Most pages hold letters of Europe only, which is told five times faster than that they hold none of the others.
_OTHER_SCRIPT = re.compile("[^\x00-\u058f\u2000-\u2bff]")
_LEFTWARD = re.compile(f"[{_LEFTWARD_LETTERS}]{{2,}}")
_LETTER = re.compile(f"[{_LEFTWARD_LETTERS}]")
_RIGHTWARD_RUN = re.compile(f"[^\\s{_LEFTWARD_LETTERS}]+")
_SIGN = "[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]"
_SIGNS_BELOW = re.compile(f"(?:{_SIGN}\\r?\\n){{3,}}{_SIGN}")
_ALEF = frozenset("\u0622\u0623\u0625\u0627\u0671")
_LAM = "\u0644"
_GAP = 0.18  # of the height: what parts two words
_WIDE_GAP = 2.5  # what parts two columns


class _Placed(NamedTuple):
    """A letter: its place in the text and its box."""

    place: int
    box: Box


def reads_leftward(text: str) -> bool:
    """Tell whether a page holds words of a script that runs from right to left."""
    return _OTHER_SCRIPT.search(text) is not None and _LEFTWARD.search(text) is not None


def in_reading_order(letters: Letters) -> Letters:
    """Put the letters of right-to-left lines in order where they are drawn otherwise, and join columns of signs."""
    if _OTHER_SCRIPT.search(letters.text) is None:
        return letters
    letters = _columns_joined(letters)
    text = letters.text
    if _LETTER.search(text) is None:
        return letters
    pieces: list[str] = []
    places: list[int] = []
    for start, end, row in _rows(letters):
        order = list(range(start, end))
        if row and _is_torn(text, row):
            order = [place for part in _columns(row) for place in [*_put_in_order(text, part), -2]][:-1]
            order += range(end - _line_end(text, start, end), end)
        elif row or _LEFTWARD.search(text, start, end):
            _turn_words(letters, order, start, end)
        _mend_ligatures(letters, order)
        pieces.append("".join(text[place] if place >= 0 else " \n"[-1 - place] for place in order))
        places.extend(max(-1, place) for place in order)
    read = "".join(pieces)
    return letters if read == text else letters.reordered(read, places)


def _columns_joined(letters: Letters) -> Letters:
    """Join what is set from the top down with each sign on a line of its own: a column is a line."""
    text = letters.text
    if _SIGNS_BELOW.search(text) is None:
        return letters
    left_out: set[int] = set()
    for run in _SIGNS_BELOW.finditer(text):
        signs = [place for place in range(*run.span()) if not text[place].isspace()]
        for before, place in pairwise(signs):
            above, below = letters.box(before), letters.box(place)
            width = max(above[2] - above[0], below[2] - below[0])
            step = above[1] - below[1]
            if abs(above[0] + above[2] - below[0] - below[2]) < width and 0 < step < 2 * width:
                left_out.update(range(before + 1, place))
    places = [place for place in range(len(text)) if place not in left_out]
    return letters.reordered("".join(text[place] for place in places), places)


def _line_end(text: str, start: int, end: int) -> int:
    return len(text[start:end]) - len(text[start:end].rstrip("\r\n"))


def _rows(letters: Letters) -> Iterator[tuple[int, int, list[_Placed]]]:
    """Yield the span of each row of the page, several of pdfium's lines at one height being one.

    With it come its letters where most of them run from right to left, else none.
    """
    text = letters.text
    spans: list[tuple[int, int, list[_Placed]]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        found = len(_LETTER.findall(line))
        solid = sum(not letter.isspace() for letter in line)
        drawn = (place for place in range(start, end) if not text[place].isspace() and place not in letters.boxes)
        row = [_Placed(place, letters.box(place)) for place in drawn] if found or solid <= 3 else []
        near = spans and spans[-1][2] and row and _same_height(spans[-1][2][-1].box, row[0].box)
        if near and (found or solid <= 3):
            spans[-1][2].extend(row)
            spans[-1] = (spans[-1][0], end, spans[-1][2])
        else:
            spans.append((start, end, row if found * 2 > solid or (row and solid <= 3) else []))
        start = end
    for first, last, row in spans:
        leftward = sum(_LETTER.match(text[each.place]) is not None for each in row)
        yield first, last, row if leftward * 2 > len(row) else []


def _same_height(one: Box, other: Box) -> bool:
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap > 0.5 * min(one[3] - one[1], other[3] - other[1]) > 0


def _is_torn(text: str, row: Sequence[_Placed]) -> bool:
    """Tell whether letters that follow each other in the text often stand to the right of each other on the page."""
    own = [each.box for each in row if _LETTER.match(text[each.place])]
    steps = [following[0] - before[0] for before, following in pairwise(own)]
    wrong = sum(step > 0.5 for step in steps)
    return wrong * 5 > len(steps)


def _columns(row: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    """Yield the parts of a row from the right that wide gaps part, the letters of each from the right."""
    part: list[_Placed] = []
    for each in sorted(row, key=lambda each: -(each.box[0] + each.box[2])):
        if part and part[-1].box[0] - each.box[2] > _WIDE_GAP * (each.box[3] - each.box[1]):
            yield part
            part = []
        part.append(each)
    yield part


def _put_in_order(text: str, row: Sequence[_Placed]) -> list[int]:
    """Return the places of a row's letters (from the right) as they are read, -1 for a blank between two words."""
    order: list[int] = []
    for before, each in pairwise([row[0], *row]):
        if before is not each and before.box[0] - each.box[2] > _GAP * (each.box[3] - each.box[1]):
            order.append(-1)
        order.append(each.place)
    order = order[1:] if order[:1] == [-1] else order
    words = "".join(text[place] if place >= 0 else " " for place in order)
    for run in _RIGHTWARD_RUN.finditer(words):
        first, last = run.span()
        while last > first and not (words[last - 1].isalnum() or words[last - 1] == "_"):
            last -= 1  # signs at its end belong to the line, which goes leftward
        order[first:last] = order[first:last][::-1]
    return order


def _turn_words(letters: Letters, order: list[int], start: int, end: int) -> None:
    """Turn round the words of a line whose first letter stands left of their last."""
    for word in _LEFTWARD.finditer(letters.text, start, end):
        first, last = word.span()
        if letters.box(first)[0] < letters.box(last - 1)[0] - 1:
            order[first - start : last - start] = order[first - start : last - start][::-1]


def _mend_ligatures(letters: Letters, order: list[int]) -> None:
    """Put lam before alef where both are drawn as one sign, whose letters pdfium turned round with the line's."""
    text = letters.text
    for at, (one, other) in enumerate(pairwise(order)):
        if one < 0 or other < 0 or text[one] not in _ALEF or text[other] != _LAM or one in letters.boxes:
            continue
        if letters.box(one) == letters.box(other):
            order[at], order[at + 1] = other, one
