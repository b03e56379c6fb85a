"""An owner's logo: any picture in, a small PNG out, so that no page loads a large file or one that runs."""

import io
from base64 import b64decode, b64encode

from core.errors import AnswerbookError

PIXELS = 128  # drawn at most 36 points high: sharp on any screen
MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000


def logo_from(picture: bytes) -> str:
    """Return a picture as a PNG of at most 128 pixels, in base64. Raises AnswerbookError for what is none."""
    from PIL import Image

    try:
        if len(picture) > MOST_BYTES:
            raise ValueError
        with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG", "WEBP", "GIF")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError
            small = opened.convert("RGBA")
        small.thumbnail((PIXELS, PIXELS))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise AnswerbookError(
            "This picture cannot be used as a logo.", "Use a PNG, JPEG, WebP or GIF of at most 5 MB.", code="bad_logo"
        ) from None
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return b64encode(out.getvalue()).decode()


def logo_png(logo: str) -> bytes:
    """Return a kept logo as PNG."""
    return b64decode(logo)
