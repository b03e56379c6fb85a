"""Pictures of pages read one after the other: how far it is, how long it may take, what was hard to read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.errors import LoadError
from core.load.limits import MOST_RECOGNISED, RECOGNITION_SECONDS, Reading
from core.load.scans.recognise import recognise
from core.schema import Shortfall, WordBox
from core.text import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.load.scans.reading_order import RecognisedPage
    from core.load.scans.recognise import RecognisedLine

USUAL_SECONDS = 8.0
HARD_TO_READ = 0.8
READ_SCANS = "Add text recognition with “Read scans”, or run it (OCR) in a scanner program and upload the result."


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page to recognise: its number from 1, its picture (height, width, 3: blue, green, red), a pixel in points."""

    number: int
    picture: "NDArray[np.uint8]"
    points: float


def recognised_pages(pictures: Iterator[PagePicture], count: int, reading: Reading) -> "dict[int, RecognisedPage]":
    """Recognise up to ``MOST_RECOGNISED`` of ``count`` pages, drawn one at a time; return them by page number."""
    from core.load.scans.reading_order import recognised_page

    count = min(count, MOST_RECOGNISED)
    found: dict[int, RecognisedPage] = {}
    reading.ask_time(RECOGNITION_SECONDS)
    reading.tell(f"Recognising {counted(count, 'page')}, which takes {_duration(count * USUAL_SECONDS)}", 0, 0)
    for done, page in enumerate(pictures, 1):
        if done > 1:
            reading.tell("Recognising page", done, count)
        found[page.number] = recognised_page(lines_of(page.picture), page.picture.shape[0], page.points)
        if done == count:
            break
        reading.ask_time(RECOGNITION_SECONDS)
    return found


def lines_of(picture: "NDArray[np.uint8]") -> "list[RecognisedLine]":
    """Return the lines of a picture, read by Tesseract where that is surer: it knows more scripts."""
    from core.load.scans.reading_order import confidence_of
    from core.load.scans.tesseract import recognise_script

    lines = recognise(picture)
    told = any(line.words for line in lines)
    if told and confidence_of(lines) >= HARD_TO_READ:
        return lines
    others = recognise_script(picture)
    return others if others and (not told or confidence_of(others) > confidence_of(lines)) else lines


def not_installed(what: str) -> LoadError:
    """Return the refusal of a file of nothing but pictures (``what`` it is) where text recognition is not installed."""
    return LoadError(what, READ_SCANS, code="scanned")


def scan_warnings(pages: "Mapping[int, RecognisedPage]", pictures: int) -> Iterator[Shortfall]:
    """Say what of a file's ``pictures`` of pages was read only with doubt, or was too much where any was read."""
    if pages and pictures > len(pages):
        yield Shortfall(
            f"Only the first {MOST_RECOGNISED} of {pictures:,} pages that are pictures were read.",
            "Split it into smaller files.",
        )
    wordless = sum(not page.words for page in pages.values())
    if wordless:
        yield Shortfall(f"No words were found in the pictures of {counted(wordless, 'page')}.")
    hard = [number for number, page in sorted(pages.items()) if page.words and page.confidence < HARD_TO_READ]
    if hard:
        them = "it" if len(hard) == 1 else "them"
        yield Shortfall(
            f"{_named(hard)} {'was' if len(hard) == 1 else 'were'} hard to read; check {them}.",
            f"Scan {them} again, straight and at 300 dpi, and add the new file in place of this one.",
        )


def placed_words(pages: "Mapping[int, RecognisedPage]", starts: Sequence[int]) -> tuple[WordBox, ...]:
    """Return the boxes of all recognised words, by offsets in the document's text; ``starts`` are its pages'."""
    return tuple(
        word._replace(start=word.start + starts[number - 1], end=word.end + starts[number - 1])
        for number, page in sorted(pages.items())
        for word in page.words
    )


def _duration(seconds: float) -> str:
    return "less than a minute" if seconds < 50 else f"about {counted(max(1, round(seconds / 60)), 'minute')}"


def _named(numbers: Sequence[int]) -> str:
    """Return "Page 3", "Pages 3 and 7", "Pages 3, 7, 9 and 12 more"."""
    if len(numbers) == 1:
        return f"Page {numbers[0]}"
    shown = [str(number) for number in numbers[:8]]
    last = f"{len(numbers) - 8} more" if len(numbers) > 8 else shown.pop()
    return f"Pages {', '.join(shown)} and {last}"
