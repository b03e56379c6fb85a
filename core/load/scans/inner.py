"""Pictures that are pages within Word and PowerPoint files: recognised where that is installed, else counted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from core.errors import LoadError
from core.load.limits import RECOGNITION_SECONDS, Reading
from core.load.pdf.layout import layout
from core.load.pdf.line import PageLines
from core.load.scans.pages import READ_SCANS, lines_of
from core.load.scans.recognise import recognition_available
from core.schema import Shortfall
from core.text import counted

_MOST = 100
_SAVE_AS_PDF = "Save the file as PDF and add that; its pages are then read as pictures."


@dataclass
class InnerPictures:
    """Reads pictures one by one, each once however often it is shown; ``unread`` counts those that could not be."""

    reading: Reading
    read: dict[bytes, list[str]] = field(default_factory=dict)
    unread: int = 0

    def paragraphs(self, data: bytes) -> list[str]:
        """Return what a picture says, paragraph by paragraph; nothing of one that was read before."""
        key = sha256(data).digest()
        if key in self.read:
            return []
        self.read[key] = []
        if not recognition_available() or len(self.read) > _MOST:
            self.unread += 1
            return []
        self.reading.ask_time(RECOGNITION_SECONDS)
        self.reading.tell("Recognising picture", len(self.read), 0)
        try:
            self.read[key] = _paragraphs(data)
        except LoadError:
            self.unread += 1  # damaged, or drawn in a way that only Windows shows
        return self.read[key]

    def shortfalls(self) -> Iterator[Shortfall]:
        """Yield what was not read."""
        if self.unread:
            verb = "was" if self.unread == 1 else "were"
            remedy = _SAVE_AS_PDF if recognition_available() else READ_SCANS
            yield Shortfall(f"{counted(self.unread, 'picture')} as large as a page {verb} not read.", remedy)


def _paragraphs(data: bytes) -> list[str]:
    from core.load.scans.picture import fitted, page_of
    from core.load.scans.reading_order import PAPER, recognised_page

    pixels = fitted(page_of(data, 1))
    page = recognised_page(lines_of(pixels), pixels.shape[0], PAPER / max(pixels.shape[:2])).text
    return [page.text[block.start : block.end] for block in layout(page.text, [PageLines(1, 0, page)], {})]
