"""Where recognised words stand on their page: what a highlight of a scan is drawn from."""

from bisect import bisect_right
from itertools import islice, takewhile

from core.load import HARD_TO_READ
from core.schema import Document, WordBox

Box = tuple[float, float, float, float]


def boxes_of(document: Document, start: int, end: int) -> tuple[Box, ...]:
    """Return boxes around the recognised words of ``document.text[start:end]``, words of one line in one box.

    A box is left, bottom, right, top in points of the page; nothing where the words were not recognised.
    """
    boxes: list[Box] = []
    for word in _words_of(document, start, end):
        box = (word.left, word.bottom, word.right, word.top)
        if boxes and _go_on(boxes[-1], box):
            boxes[-1] = _around(boxes[-1], box)
        else:
            boxes.append(box)
    return tuple(boxes)


def _words_of(document: Document, start: int, end: int) -> list[WordBox]:
    """Return the recognised words of a span; those of which a part lies in it, too."""
    first = bisect_right(document.word_boxes, start, key=lambda word: word.end)
    return list(takewhile(lambda word: word.start < end, islice(document.word_boxes, first, None)))


def _go_on(line: Box, box: Box) -> bool:
    """Tell whether a word stands to the right of others on their line, not far away as in the next cell of a table."""
    height = min(line[3] - line[1], box[3] - box[1])
    shared = min(line[3], box[3]) - max(line[1], box[1])
    return shared > 0.5 * height and -0.5 * height <= box[0] - line[2] <= 2 * height


def _around(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def is_hard_to_read(document: Document, start: int, end: int) -> bool:
    """Tell whether a span was recognised in a picture, and its letters are not sure."""
    words = _words_of(document, start, end)
    letters = sum(word.end - word.start for word in words)
    return sum(word.confidence * (word.end - word.start) for word in words) < HARD_TO_READ * letters
