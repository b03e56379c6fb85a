"""Pictures of text: photographs and scans as PNG, JPEG, HEIC, TIFF (with many pages), WebP, BMP, GIF and AVIF."""

import importlib.util
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import LoadError
from core.load.limits import Reading
from core.load.pdf.layout import PageLines, layout
from core.load.scans.marker import Apart, Box, marked_page
from core.load.scans.pages import PagePicture, not_installed, placed_words, recognised_pages, scan_warnings
from core.load.scans.reading_order import PAPER
from core.load.scans.recognise import LONGEST_SIDE, MOST_PIXELS, recognition_available
from core.load.wire import Message
from core.schema import Document, Shortfall

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF", "AVIF", "HEIF")
_OF_TELEPHONES = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")  # what a HEIC begins with
_NOT_READ = "This file is a picture, and text in pictures is not read here yet."
_MOST_READ = 150_000_000  # pixels; an A0 sheet at 300 dpi has 139 million
_SMALL = 1600  # letters of small pictures are found better when they are drawn larger
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, UnidentifiedImageError)
Image.MAX_IMAGE_PIXELS = _MOST_READ


def read(data: bytes, reading: Reading) -> Document:
    """Read a picture. Raises LoadError: scanned (text recognition is not installed), broken, too_large."""
    total = _page_count(data)
    if not recognition_available():
        raise not_installed(_NOT_READ)
    count = min(total, reading.pages)
    found = recognised_pages(_pictures(data, count), count, reading)
    pages: list[PageLines] = []
    start = 0
    for number, page in sorted(found.items()):
        pages.append(PageLines(number, start, page.text))
        start += len(page.text.text) + 2
    text = "\n\n".join(page.page.text for page in pages)
    starts = tuple(min(page.start, len(text)) for page in pages)
    cut = [Shortfall(f"Only the first {count:,} of {total:,} pages were read.", "Split it into smaller files.")]
    return Document(
        text=text,
        blocks=layout(text, pages, {}),
        kind="image",
        page_count=len(pages),
        page_word="page",
        page_starts=starts,
        warnings=(*(cut if count < total else ()), *scan_warnings(found, count)),
        word_boxes=placed_words(found, starts),
    )


def _page_count(data: bytes) -> int:
    """Return how many pages a picture has: a TIFF may have many. Raises LoadError."""
    with _opened(data) as picture:
        try:
            return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1
        except _DAMAGED as error:
            raise _damaged() from error


def render(data: bytes, number: int, boxes: list[Box], scale: float, apart: Sequence[Apart] = ()) -> Message:
    """Draw page ``number`` (from 1) of a picture with the boxes (in points) marked. Raises LoadError.

    Boxes of ``apart`` are told and not marked; a picture has no text of its own, so its spans are nowhere.
    """
    picture = page_of(data, number)
    points = PAPER / max(picture.size)
    size = (max(1, round(picture.width * points * scale)), max(1, round(picture.height * points * scale)))
    told = [((), points) for _, points in apart]
    return marked_page(picture.resize(size, Image.Resampling.LANCZOS), boxes, size[1] / scale, scale, apart=told)


def _pictures(data: bytes, count: int) -> Iterator[PagePicture]:
    for number in range(1, count + 1):
        pixels = fitted(page_of(data, number))
        yield PagePicture(number, pixels, PAPER / max(pixels.shape[:2]))


def fitted(picture: Image.Image) -> "NDArray[np.uint8]":
    """Return a picture's pixels as they are recognised: (height, width, 3), neither very large nor very small."""
    import numpy as np

    width, height = picture.size
    scale = min(1.0, (MOST_PIXELS / (width * height)) ** 0.5, LONGEST_SIDE / max(width, height))
    if scale == 1.0:
        scale = max(1.0, min(2.0, _SMALL / max(width, height)))
    if scale != 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


def _opened(data: bytes) -> Any:
    """Return a picture whose pixels are not read yet. Raises LoadError: broken, too_large, unsupported."""
    if data[8:12] in _OF_TELEPHONES:
        _allow_heic()
    try:
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except _DAMAGED as error:
        raise _damaged() from error


def _allow_heic() -> None:
    """Let Pillow open HEIC. Raises LoadError where what reads it, which comes with text recognition, is missing."""
    if importlib.util.find_spec("pi_heif") is None:
        if not recognition_available():
            raise not_installed(_NOT_READ)
        raise LoadError("HEIC pictures are not read here.", "Save it as JPEG and upload that.", code="unsupported")
    from pi_heif import register_heif_opener

    register_heif_opener()


def page_of(data: bytes, number: int) -> Image.Image:
    """Return a picture's page ``number`` (from 1) as it is meant to be seen: turned upright, on white paper.

    Raises LoadError.
    """
    with _opened(data) as picture:
        try:
            picture.seek(number - 1)
            if picture.width * picture.height > _MOST_READ:
                raise _too_large()
            picture.draft("RGB", (LONGEST_SIDE // 2, LONGEST_SIDE // 2))
            return ImageOps.exif_transpose(_on_white(picture))
        except _DAMAGED as error:
            raise _damaged() from error


def _on_white(picture: Any) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        return _eight_bits(picture)
    if picture.mode in ("LA", "PA", "RGBA", "P", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, picture).convert("RGB")
    return picture.convert("RGB")


def _eight_bits(picture: Any) -> Image.Image:
    """Return a grey picture of more than 8 bits with its darkest grey black and its lightest white."""
    import numpy as np

    grey = np.asarray(picture, dtype=np.float32)
    low, high = float(grey.min()), float(grey.max())
    return Image.fromarray(((grey - low) * (255 / max(high - low, 1e-6))).astype(np.uint8)).convert("RGB")


def _damaged() -> LoadError:
    return LoadError(
        "This picture is incomplete or damaged and could not be opened.",
        "Save it again as PNG or JPEG and upload the new copy.",
        code="broken",
    )


def _too_large() -> LoadError:
    return LoadError(
        f"This picture has more than {_MOST_READ // 1_000_000} million pixels.",
        "Save it smaller, or as several pictures, and upload those.",
        code="too_large",
    )
