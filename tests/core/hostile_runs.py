"""Hostile runs of characters, and the judge of whether a work grows faster than its text: for patterns and functions.

Processor time of this thread is measured, so a busy machine does not change the verdict; a suspicious growth is
measured several times and the best of them counts.
"""

import gc
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

RUNS = (
    ".", "…", "!", "?", ". ", " ", "\t", "\n", "\r\n", "\x0b", " \x0b", " \n", "\u00a0", "\u3000", '"', "'", "”", "’",
    "(", ")", "[", "]", "{", "}", "<", ">", "\\", "a", "A", "aB", "a ", "1", "１", "a.", "1.", "1,", "1,234", "1 ",
    "- ", "-", "-\n", "a-\n", "1. a\n", "<!---->", "<!--", "-->", "<a ", "</", "<p>", "&", "&#58;", ":", "/", "//", "@",
    "a@", "www.", "http://", "]:", "](", "[a](", "[a]:", "[1]", "[1, ", "【", "![", "*", "_", "|", "|-", " | ", "#",
    "# a \t", "\x00", "\u0301", "\u0301\u0316", "e\u0301", "\u200d", "\ue000", "\ue001",
    "中", "。", "。”", "が", "ก", "א", "₹ ", "$ ", "%",
    "+", "-+", "FY", "Q1", "2023", "a: b\n", "~", "`", "^", "=", ";", ",", "x ", "—", "of the ", "A b [1]. ",
)  # fmt: skip
BEFORE = ("a", "\n", "1", "[", '"')
AFTER = ("a", ".", "\n", "1", '"', "!", "\x00")
# Few units first, so that what doubles with each unit is seen before it hangs; then lengths in characters.
_FEW = (12, 20, 32, 64)
_LONG = 1024
_LONGER = 4096
_NOTICED = 0.00025  # seconds: more than almost every pattern takes for 1024 characters
MOST = 6.0


class Run(NamedTuple):
    """A text of any length: ``before``, ``unit`` as often as fits, ``after``."""

    before: str
    unit: str
    after: str

    def of(self, units: int) -> str:
        return self.before + self.unit * units + self.after


def plain_runs() -> Iterator[Run]:
    for unit in RUNS:
        yield Run("", unit, "")


def edged_runs() -> Iterator[Run]:
    """Each run with one other sign before or after it, so that a match begins and then fails."""
    for unit in RUNS:
        yield from (Run(edge, unit, "") for edge in BEFORE)
        yield from (Run("", unit, edge) for edge in AFTER)


def too_steep(work: Callable[[str], object], run: Run, *, quick: bool = False, only: int = 0) -> str:
    """Return how the time of ``work`` grows where it grows faster than its text, else an empty string.

    Sizes grow from small, and the first that takes long is looked at closely before a longer one is tried: so what
    is too steep never hangs. ``quick`` tries two sizes, and ``only`` that number of characters.
    """
    length = len(run.unit)
    sizes = (20, _LONG // length) if quick else (*_FEW, _LONG // length, _LONGER // length)
    for units in [only // length] if only else sorted(sizes):
        if processor_time(work, run.of(units)) > _NOTICED and (growth := growth_to(work, run, units)) > MOST:
            return f"{run.before!r} + {run.unit!r} * {units} + {run.after!r}: {growth:.0f} times the time of a quarter"
    return ""


def growth_to(work: Callable[[str], object], run: Run, units: int) -> float:
    """Return how many times longer ``units`` take than a quarter of them: the least of three tries."""
    whole, quarter = run.of(units), run.of(max(1, units // 4))
    growth = float("inf")
    for _ in range(3):
        fewer = min(processor_time(work, quarter) for _ in range(3))
        longer = min(processor_time(work, whole) for _ in range(3))
        growth = min(growth, longer / max(fewer, 0.000005))
        if growth <= MOST:
            break
    return growth


def processor_time(work: Callable[[str], object], text: str) -> float:
    gc.disable()  # looking through all that the tests have loaded would be counted as work on this text
    try:
        started = time.thread_time()
        work(text)
        return time.thread_time() - started
    finally:
        gc.enable()
