"""What is said of hidden slides and of files within a file, in the same words for every kind of file."""

from collections.abc import Iterator, Sequence

from core.schema import Shortfall

_ADD_EMBEDDED = "Open what is embedded by a double click, save it as a file of its own and add that."
_MOST_NAMED = 20


def slides_left_out(hidden: Sequence[int], more: int, unhide: str) -> Iterator[Shortfall]:
    """Say which slides are hidden, by their numbers, and how many ``more`` there are than are read.

    ``unhide`` is the step that shows one again, with the program's name: "“Unhide Slide” in PowerPoint".
    """
    if hidden:
        named = f"{', '.join(map(str, hidden[:_MOST_NAMED]))}{', …' if len(hidden) > _MOST_NAMED else ''}"
        one = len(hidden) == 1
        what = f"Slide {named} is hidden and was not read." if one else f"Slides {named} are hidden and were not read."
        yield Shortfall(what, f"If they are to be answered from: choose {unhide}, save the file and add it again.")
    if more > 0:
        yield Shortfall(f"Its last {more:,} slides were not read.", "Split it into smaller files.")


def files_left_out(count: int, *, shown: bool = True) -> Iterator[Shortfall]:
    """Say how many files within a file were not read; ``shown``: what the page shows of them was."""
    if count:
        what = "A file embedded in it was" if count == 1 else f"{count:,} files embedded in it were"
        yield Shortfall(f"{what} not read{', only what is shown of it' if shown else ''}.", _ADD_EMBEDDED)
