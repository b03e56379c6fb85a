"""Letters in the picture of a page: its lines and words with their places, through RapidOCR, an optional package.

The models lie inside that package and are named by path, so that nothing is ever looked for elsewhere. They know Latin,
Greek, Chinese and Japanese letters.
"""

import importlib.util
import math
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The detector looks at a smaller picture; a line's letters are read from the whole one. Small print needs 1600.
DETECTOR_SIDE = 1600
MOST_PIXELS = 4_200_000  # an A4 page at 200 dpi
LONGEST_SIDE = 5000
_TURNED_LINE = 1.5  # a box this much taller than wide is turned by the library before it is read
_MOST_STRETCHED = 120  # a longer box is no line of letters, and would cost memory by its length
_SAMPLE = 12
_SURE = 0.9
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word and its box in the picture's pixels: left, top, right, bottom, from the upper left corner."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """Words that stand together on one line. ``box`` is where they would stand if the page were straight, in pixels of
    the picture; ``confidence`` goes from 0 to 1. A line that is not ``level`` runs up or down the page's side."""

    words: tuple[RecognisedWord, ...]
    box: Box
    confidence: float
    level: bool = True


def recognition_available() -> bool:
    """Tell whether pictures can be read here; looks for the package without importing it."""
    return importlib.util.find_spec("rapidocr") is not None


def recognise(picture: "NDArray[np.uint8]") -> list[RecognisedLine]:
    """Return the lines of a picture of shape (height, width, 3), colours as blue, green, red; in no order.

    A page that lies on its side or stands on its head is turned first; boxes are those of the picture as given.
    """
    import numpy as np

    height, width = picture.shape[:2]
    turns, crops, quads = _upright(picture)
    if not crops:
        return []
    turned_size = (height, width) if turns % 2 else (width, height)
    quads = _made_legible(crops, quads)
    found = _engine().recognize_txt(crops)
    angle = _skew(quads)
    lines = []
    for text, confidence, letters, quad in zip(found.txts, found.scores, found.word_results, quads, strict=True):
        if words := _words(text, letters, quad):
            placed = tuple(RecognisedWord(word, _turned_back(box, turns, turned_size)) for word, box in words)
            box = _straight(quad, angle, np.array(turned_size) / 2)
            lines.append(RecognisedLine(placed, box, float(confidence), _is_level(quad)))
    return lines


@lru_cache(maxsize=1)
def _engine() -> Any:
    """Load the models; about a second."""
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    # One core stays free, for whoever asks a question meanwhile.
    threads = min(4, max(1, (os.cpu_count() or 2) - 1))
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.return_word_box": True,
            "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
            "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
            "Cls.model_path": str(models / "ch_ppocr_mobile_v2.0_cls_mobile.onnx"),
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTOR_SIDE,
            # Lines read together are made as long as the longest: one by one takes half the memory, and no more time.
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _upright(picture: "NDArray[np.uint8]") -> tuple[int, list[Any], Any]:
    """Return how many quarter turns against the clock make the lines run from left to right, and the lines then."""
    import numpy as np

    turns = 0
    crops, quads = _detected(picture)
    if crops and sum(_is_tall(quad) for quad in quads) > len(quads) / 2:
        turns = 1
        crops, quads = _detected(np.rot90(picture))
    if crops and _on_its_head(crops):
        turns += 2
        crops, quads = _detected(np.rot90(picture, turns))
    return turns, crops, quads


def _detected(picture: Any) -> tuple[list[Any], Any]:
    """Return what looks like a line, cut out and straightened, and its four corners from the upper left clockwise.

    The detector is blind for few words on an otherwise empty page and for very large ones, unless it sees less of them:
    it looks twice, and what it sees only in the smaller picture is added.
    """
    import numpy as np
    from PIL import Image

    picture = np.ascontiguousarray(picture)
    quads = _corners(picture)
    height, width = picture.shape[:2]
    scale = DETECTOR_SIDE / 2 / max(height, width)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = np.ascontiguousarray(np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BILINEAR)))
        more = [quad for quad in _corners(small) / scale if not _covered(quad, quads)]
        quads = np.concatenate([quads, np.array(more)]) if more else quads
    quads = quads.clip(0, (width, height)).astype(np.float32)
    crops = _engine().crop_text_regions(picture, quads)
    kept = [number for number, crop in enumerate(crops) if 0 < crop.shape[1] <= crop.shape[0] * _MOST_STRETCHED]
    return [crops[number] for number in kept], quads[kept].astype(float)


def _corners(picture: Any) -> Any:
    """Return the corners of the lines that the detector sees: shape (lines, 4, 2)."""
    import numpy as np
    from rapidocr.main import RapidOCRError

    margins: dict[str, Any] = {}
    try:
        _, detected = _engine().detect_and_crop(picture, margins)
    except RapidOCRError:  # its way to say that there is no line
        return np.empty((0, 4, 2))
    return detected.boxes.astype(float) - (margins["padding_1"]["left"], margins["padding_1"]["top"])


def _covered(quad: Any, quads: Any) -> bool:
    """Tell whether a line lies over any other."""
    import numpy as np

    low, high = quad.min(axis=0), quad.max(axis=0)
    lows, highs = quads.min(axis=1), quads.max(axis=1)
    shared = np.clip(np.minimum(high, highs) - np.maximum(low, lows), 0, None).prod(axis=1)
    smaller = np.minimum((high - low).prod(), (highs - lows).prod(axis=1))
    return bool((shared > 0.1 * smaller).any())


def _is_tall(quad: Any) -> bool:
    width, height = _sides(quad)
    return height >= width * _TURNED_LINE


def _is_level(quad: Any) -> bool:
    return bool(abs(quad[1][0] - quad[0][0]) >= abs(quad[1][1] - quad[0][1]))


def _sides(quad: Any) -> tuple[float, float]:
    return math.dist(quad[0], quad[1]), math.dist(quad[0], quad[3])


def _made_legible(crops: list[Any], quads: Any) -> Any:
    """Turn what the library turned wrongly, in place; return the corners, the first where the first letter begins.

    It takes each tall box for a line that runs down: it may be a single letter, or a line that runs up.
    """
    import numpy as np

    heights = sorted(_sides(quad)[1] for quad in quads if not _is_tall(quad))
    one_line = heights[len(heights) // 2] * _TURNED_LINE if heights else 0.0
    turned = quads.copy()
    for number, quad in enumerate(quads):
        if not _is_tall(quad):
            continue
        if _sides(quad)[1] <= one_line:
            crops[number] = np.ascontiguousarray(np.rot90(crops[number], -1))
            continue
        _, judged = _engine().cls_and_rotate([_beginning(crops[number])])
        runs_up = judged.cls_res[0][0] == "180" and judged.cls_res[0][1] > _SURE
        if runs_up:
            crops[number] = np.ascontiguousarray(np.rot90(crops[number], 2))
        turned[number] = quad[[3, 0, 1, 2]] if runs_up else quad[[1, 2, 3, 0]]
    return turned


def _beginning(crop: Any) -> Any:
    """Return as much of a line as the model that tells up from down can see without it being squeezed."""
    return crop[:, : 4 * crop.shape[0]].copy()


def _on_its_head(crops: list[Any]) -> bool:
    """Judge by the longest lines."""
    longest = sorted(crops, key=lambda crop: crop.shape[1], reverse=True)[:_SAMPLE]
    _, judged = _engine().cls_and_rotate([_beginning(crop) for crop in longest])
    return sum(label == "180" and score > _SURE for label, score in judged.cls_res) > len(longest) / 2


def _skew(quads: Any) -> float:
    """Return by how much the lines slope down to the right, in radians."""
    level = [quad for quad in quads if _is_level(quad) and not _is_tall(quad)]
    longest = sorted(level, key=_sides, reverse=True)[:40]
    slopes = sorted(math.atan2(quad[1][1] - quad[0][1], quad[1][0] - quad[0][0]) for quad in longest)
    return slopes[len(slopes) // 2] if slopes else 0.0


def _straight(quad: Any, angle: float, centre: Any) -> Box:
    """Return a line's box after the page was turned round its centre by the skew."""
    import numpy as np

    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    corners = (quad - centre) @ turn + centre
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _words(text: str, letters: Any, quad: Any) -> list[tuple[str, Box]]:
    """Cut a line at its blanks; where a word stands is known by the columns of the picture its letters were read in."""
    columns = [column for word in letters.word_cols for column in word]
    words = text.split()
    solid = sum(map(len, words))
    if not solid:
        return []
    if len(columns) != solid:  # letters that are written as two characters: by their number then
        columns = [place for place, letter in enumerate(text) if not letter.isspace()]
    length = letters.line_txt_len if len(columns) == solid and letters.line_txt_len else float(len(text))
    half = (columns[-1] - columns[0]) / (len(text.strip()) - 1) / 2 if solid > 1 else length / 2
    cut, at = [], 0
    for word in words:
        cut.append((columns[at] + 0.5 - half, columns[at + len(word) - 1] + 0.5 + half))
        at += len(word)
    return [(word, _part(quad, start / length, end / length)) for word, (start, end) in zip(words, cut, strict=True)]


def _part(quad: Any, start: float, end: float) -> Box:
    """Return the box around the part of a line between two shares of its length."""
    import numpy as np

    begin, end_above, end_below, begin_below = quad
    sides = ((begin, end_above), (begin_below, end_below))
    shares = [min(1.0, max(0.0, share)) for share in (start, end)]
    points = np.array([first + (last - first) * share for first, last in sides for share in shares])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _turned_back(box: Box, turns: int, size: tuple[int, int]) -> Box:
    """Return a box of the turned page as one of the picture before; ``size``: width and height of the turned page."""
    left, top, right, bottom = box
    width, height = size
    for _ in range(turns):
        left, top, right, bottom = height - bottom, left, height - top, right
        width, height = height, width
    return left, top, right, bottom
