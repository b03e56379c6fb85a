"""Pages in scripts that the built-in recognition does not know, by Tesseract where it is on the machine.

It is the one program that the reading process may start (core/load/guard.py): it gets the picture by a pipe, writes
no file, and ends with the time a page may take.
"""

import csv
import io
import re
import shutil
import subprocess
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from core.load.limits import RECOGNITION_SECONDS
from core.load.scans.recognise import RecognisedLine, RecognisedWord

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SCRIPT = re.compile(r"^Script: (\w+)", re.M)
# The languages that a script is read as, where they are installed; the names are Tesseract's.
_LANGUAGES = {
    "Arabic": "ara fas urd", "Armenian": "hye", "Bengali": "ben", "Cyrillic": "rus ukr bul srp mkd bel kaz",
    "Devanagari": "hin mar nep san", "Ethiopic": "amh", "Georgian": "kat", "Greek": "ell", "Gujarati": "guj",
    "Gurmukhi": "pan", "Hangul": "kor", "Hebrew": "heb", "Kannada": "kan", "Khmer": "khm", "Korean": "kor",
    "Lao": "lao", "Malayalam": "mal", "Myanmar": "mya", "Sinhala": "sin", "Tamil": "tam", "Telugu": "tel",
    "Thai": "tha",
}  # fmt: skip
_MOST_LANGUAGES = 3


@cache
def tesseract() -> str:
    """Return the path of Tesseract's program, empty where there is none."""
    return shutil.which("tesseract") or ""


def recognise_script(picture: "NDArray[np.uint8]") -> list[RecognisedLine]:
    """Return the lines of a picture of shape (height, width, 3), colours as blue, green, red, in reading order.

    Nothing where Tesseract is missing, does not know the script, or lacks its languages.
    """
    if not tesseract():
        return []
    data = _png(picture)
    script = _SCRIPT.search(_run(data, "--psm", "0"))
    languages = [each for each in _LANGUAGES.get(script[1] if script else "", "").split() if each in _installed()]
    if not languages:
        return []
    table = _run(data, "-l", "+".join(languages[:_MOST_LANGUAGES]), "tsv")
    words = [row for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE) if _is_word(row)]
    place = ("page_num", "block_num", "par_num", "line_num")
    return [_line(list(line)) for _, line in groupby(words, key=lambda row: [row[each] for each in place])]


@cache
def _installed() -> frozenset[str]:
    return frozenset(_run(b"", "--list-langs", pipes=()).split()[1:])


def _run(data: bytes, *options: str, pipes: tuple[str, ...] = ("stdin", "stdout")) -> str:
    try:
        done = subprocess.run(
            [tesseract(), *pipes, *options], input=data, capture_output=True, timeout=RECOGNITION_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace")


def _png(picture: "NDArray[np.uint8]") -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(picture[:, :, ::-1]).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def _is_word(row: dict[str, str]) -> bool:
    return row.get("level") == "5" and bool((row.get("text") or "").strip())


def _line(rows: list[dict[str, str]]) -> RecognisedLine:
    words = []
    for row in rows:
        left, top, width, height = (float(row[each]) for each in ("left", "top", "width", "height"))
        words.append(RecognisedWord(row["text"].strip(), (left, top, left + width, top + height)))
    lefts, tops, rights, bottoms = zip(*(word.box for word in words), strict=True)
    sure = sum(float(row["conf"]) for row in rows) / len(rows) / 100
    return RecognisedLine(tuple(words), (min(lefts), min(tops), max(rights), max(bottoms)), max(0.0, min(1.0, sure)))
