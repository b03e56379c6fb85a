"""An answer in the pieces a model writes it in, out in pieces that are safe to show as Markdown at every moment."""

import re
from collections.abc import Iterable, Iterator

from core.answer.markers import decided_end, in_order, tidy_markers
from core.answer.safe_markdown import safe_markdown, settled
from core.schema import Thought

_OPEN_MARKER = re.compile(r"【[^】\n]{0,60}\Z")
_SHARE = 200  # of what came, as many times is looked at: word by word first, and in larger steps the longer it gets


def shown(pieces: Iterable[str | Thought], sources: str, count: int) -> Iterator[str | Thought]:
    """Give what can be shown of an answer that is being written: links that ``sources`` name, markers up to ``count``.

    What is shown ends with a word, and never changes afterwards. The end of the answer stays back until it is whole,
    when all of it is checked. Thoughts pass. Takes time linear in the text but for one long line that opens a bracket.
    """
    rest, length, tried = "", 0, 0
    order: dict[str, int] = {}
    for piece in pieces:
        if isinstance(piece, Thought):
            if piece.all_before:
                rest, length, tried = "", 0, 0
                order.clear()
            yield piece
            continue
        if not piece:  # the model is waited for
            yield piece
            continue
        rest += piece
        length += len(piece)
        if len(rest) - tried < max(1, length // _SHARE, tried // 8):
            continue
        tried = len(rest)
        end = decided_end(rest[: _settled(rest)])
        if not end or not (text := in_order(tidy_markers(safe_markdown(rest[:end], sources), count), order)):
            continue
        rest, tried = rest[end:], 0
        yield text


def _settled(text: str) -> int:
    """Return how far a text can be shown, whatever comes: up to a blank where no bracket is open."""
    end = settled(text)
    while 0 < end < len(text) and not text[end].isspace() and not text[end - 1].isspace():
        end = settled(text[: max(text.rfind(" ", 0, end), text.rfind("\n", 0, end), 0)])
    marker = _OPEN_MARKER.search(text, 0, end)
    return marker.start() if marker else end
