"""Load: a file's bytes to a Document, read in a child process that can be stopped and holds no secrets."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.document_json import document_from_json
from core.errors import LoadError
from core.load.limits import LoadLimits, load_limits
from core.load.sandbox import Sandbox
from core.load.scans.pages import HARD_TO_READ, READ_SCANS
from core.load.scans.recognise import recognition_available
from core.load.wire import PageImage, without_attachments
from core.schema import Document
from core.text import detect_language, prepare_languages

__all__ = [
    "HARD_TO_READ",
    "READER_VERSION",
    "READ_SCANS",
    "LoadLimits",
    "PageImage",
    "Sandbox",
    "file_words",
    "load",
    "load_limits",
    "recognition_available",
    "render_page",
]

# Raise it when the same bytes are read as another Document than before: sources are then read again by themselves.
READER_VERSION = 2


def load(
    data: bytes,
    name: str,
    *,
    limits: LoadLimits,
    sandbox: Sandbox,
    progress: Callable[[str, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Document:
    """Read one file. ``name`` is only a hint: what the bytes are is decided by the bytes.

    ``progress`` is called in this thread as ``progress("Reading page", 12, 80)``; ``cancelled`` is asked about ten
    times a second. Raises LoadError (its ``code``: empty, no_text, scanned, encrypted, broken, too_large, too_slow,
    too_much_memory, unsupported, garbled) or Cancelled.
    """
    if not data:
        raise LoadError("This file is empty.", "Upload a file that has text in it.", code="empty")
    if len(data) > limits.megabytes * 1_000_000:
        raise LoadError(
            f"This file is larger than {limits.megabytes} MB.",
            "Split it into smaller files, or save it with smaller pictures.",
            code="too_large",
        )
    prepare_languages()
    answer = sandbox.run({"task": "load", "name": name}, data, limits=limits, progress=progress, cancelled=cancelled)
    body, attachments = without_attachments(answer)
    document = document_from_json(body)
    # Here and not in the child: the model is loaded once for all files, and the child needs neither it nor numpy.
    language = document.language or detect_language(document.text)
    return replace(document, language=language, attachments=attachments)


def file_words(data: bytes, name: str, *, sandbox: Sandbox, limits: LoadLimits) -> str:
    """Return all words that a file holds in any way, read or not, in no particular order. Raises LoadError."""
    _, payload = sandbox.run({"task": "words", "name": name}, data, limits=limits)
    return payload.decode()


def render_page(
    data: bytes,
    page: int,
    *,
    sandbox: Sandbox,
    limits: LoadLimits,
    highlights: Sequence[tuple[int, int]] = (),
    boxes: Sequence[tuple[float, float, float, float]] = (),
    scale: float = 1.5,
    apart: Sequence[tuple[Sequence[tuple[int, int]], Sequence[tuple[float, float, float, float]]]] = (),
) -> PageImage:
    """Draw page ``page`` (from 1) of a PDF or picture as a PNG at ``scale`` pixels a point, with words in yellow.

    ``highlights`` are spans of the page's own text: offsets in ``Document.text`` less ``page_starts[page - 1]``. What
    was recognised in a picture is marked by ``boxes``: left, bottom, right, top in points, as in
    ``Document.word_boxes``. ``apart`` are more of both, of which only the boxes are wanted. Raises LoadError.
    """
    request = {
        "task": "render",
        "page": page,
        "highlights": [list(span) for span in highlights],
        "boxes": [list(box) for box in boxes],
        "scale": scale,
        "apart": [[[list(span) for span in spans], [list(box) for box in around]] for spans, around in apart],
    }
    header, payload = sandbox.run(request, data, limits=limits)
    marks, *found = (
        tuple((box[0], box[1], box[2], box[3]) for box in boxes) for boxes in (header["boxes"], *header["apart"])
    )
    return PageImage(png=payload, width=header["width"], height=header["height"], boxes=marks, apart=tuple(found))
