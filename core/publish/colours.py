"""The owner's colour in, the shades of it that can be read out. Contrast is as WCAG 2.2 reckons it, 4.5:1 for text."""

import colorsys
import re
from collections.abc import Mapping

from core.errors import AnswerbookError

DEFAULT_COLOUR = "#1c6b58"
READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
LIGHT_PAPER, DARK_PAPER = "#ffffff", "#151918"
LIGHT_INK, DARK_INK = "#ffffff", "#000000"  # one of the two can be read on any colour
_COLOUR = re.compile(r"#?([0-9a-f]{6})")


def read_colour(text: str) -> str:
    """Return "#rrggbb" in lower case. Raises AnswerbookError for anything else."""
    match = _COLOUR.fullmatch(text.strip().lower())
    if not match:
        raise AnswerbookError("This is not a colour.", "Choose one, or type it as #1c6b58.", code="bad_colour")
    return f"#{match[1]}"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (none) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def shades(colour: str) -> Mapping[str, str]:
    """Return what a page needs of a colour: the text on it, and itself as text on light and on dark paper."""
    return {
        "colour": colour,
        "on-colour": max((LIGHT_INK, DARK_INK), key=lambda ink: contrast(ink, colour)),
        "accent-light": _readable_on(LIGHT_PAPER, colour),
        "accent-dark": _readable_on(DARK_PAPER, colour),
    }


def _readable_on(paper: str, colour: str) -> str:
    """Return a colour, made darker or lighter until it can be read on a paper; its hue stays."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(colour))
    step = 0.02 if _luminance(paper) < 0.2 else -0.02
    # A little more than needed: quotes and code stand on a paper that is a shade away from the page's own.
    while contrast(colour, paper) < READABLE * 1.15 and 0 <= lightness <= 1:
        lightness += step
        colour = _written(colorsys.hls_to_rgb(hue, min(max(lightness, 0), 1), saturation))
    return colour


def _parts(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _written(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _luminance(colour: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
