"""What an owner changes by hand in the passages of a source, and where in its text that belongs."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EditKind(StrEnum):
    """What a hand edit does with the words at its place."""

    CHANGE = "change"  # other words stand there
    SPLIT = "split"  # a passage ends before them
    JOIN = "join"  # they are one passage
    ADD = "add"  # a passage of the owner's own stands behind them
    OFF = "off"  # they are never found nor quoted
    ASK = "ask"  # people ask for them in words of their own


class EditState(StrEnum):
    """Whether a hand edit is in force."""

    APPLIES = "applies"
    UNFIT = "unfit"  # its place is not in the text any more, or in several places alike
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class TextQuote:
    """A place in a text by its words (W3C TextQuoteSelector): ``exact``, and what stood before and behind it.

    ``start`` is where it stood when it was made: a hint, which no other text has to follow.
    """

    exact: str
    prefix: str = ""
    suffix: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class HandEdit:
    """One hand edit of a source. ``words`` are the owner's: the new words, the added passage, or what people ask.

    The later made, the higher ``number``. ``made_by`` and ``ended_by`` are names, empty where nobody was signed in.
    """

    id: str
    number: int
    kind: EditKind
    anchor: TextQuote
    words: str = ""
    state: EditState = EditState.APPLIES
    made_at: datetime | None = None
    made_by: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
