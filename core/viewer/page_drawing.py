"""Pages of PDFs and pictures drawn in one child process, which ends a minute after the last one."""

import threading
from collections.abc import Sequence
from typing import NamedTuple

from core.load import PageImage, Sandbox, load_limits, render_page

IDLE_SECONDS = 60.0
Span = tuple[int, int]
Box = tuple[float, float, float, float]


class Drawing(NamedTuple):
    """One picture wanted of a page: spans of its own text and boxes (in points) to highlight, and pixels a point.

    ``apart`` are spans and boxes that are only to be found on it.
    """

    highlights: tuple[Span, ...] = ()
    scale: float = 1.5
    boxes: tuple[Box, ...] = ()
    apart: tuple[tuple[tuple[Span, ...], tuple[Box, ...]], ...] = ()


_sandbox = Sandbox()
_lock = threading.Lock()
_timer_lock = threading.Lock()  # another than that of a page being drawn: nobody waits for that
_timer: threading.Timer | None = None


def start_drawing() -> None:
    """Start the child process that draws, ahead of the first page wanted; it ends when none was for a minute."""
    _sandbox.start()
    _end_when_idle()


def draw_page(data: bytes, page: int, drawings: Sequence[Drawing]) -> list[PageImage]:
    """Draw page ``page`` (from 1) of a PDF or picture once for each drawing. Raises LoadError."""
    with _lock:
        images = [
            render_page(
                data,
                page,
                highlights=drawing.highlights,
                boxes=drawing.boxes,
                scale=drawing.scale,
                apart=drawing.apart,
                sandbox=_sandbox,
                limits=load_limits(),
            )
            for drawing in drawings
        ]
    _end_when_idle()
    return images


def _end_when_idle() -> None:
    global _timer
    with _timer_lock:
        if _timer:
            _timer.cancel()
        _timer = threading.Timer(IDLE_SECONDS + 1, _sandbox.close_if_idle, (IDLE_SECONDS,))
        _timer.daemon = True
        _timer.start()
