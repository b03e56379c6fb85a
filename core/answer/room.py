"""How much a model takes at once, and what of it a prompt may fill."""

from collections.abc import Callable
from dataclasses import dataclass, field

from core.provider import is_local
from core.schema import Provider

SMALL_WINDOW = 4_096  # tokens; up to here the short prompt is used
LOCAL_WINDOW = 4_096  # tokens; what Ollama and LM Studio cut at without a word where nobody set another window
WANTED_WINDOW = 8_192
"""Tokens in which the fullest prompt of Answerbook has room, with its answer: what Ollama is to be asked for."""
_ANSWER = 1_024  # tokens kept for an answer
_THOUGHTS = 8_192  # tokens kept for an answer with the thoughts before it


@dataclass(frozen=True, slots=True)
class Room:
    """What a model takes at once. ``window``: tokens of prompt and answer together; None where nobody told.

    ``rewrites``: whether it is asked to say a follow-up in full where the words do not suffice. ``learn`` is called
    with the window that a service tells when it refuses a prompt.
    """

    window: int | None = None
    thinks: bool = False
    rewrites: bool = True
    learn: Callable[[int], None] | None = field(default=None, compare=False)

    @property
    def is_small(self) -> bool:
        """Whether the short prompt is used."""
        return self.window is not None and self.window <= SMALL_WINDOW

    @property
    def answer(self) -> int:
        """Tokens kept for the answer: what ``max_tokens`` may be at most where the window is known."""
        most, share = (_THOUGHTS, 2) if self.thinks else (_ANSWER, 4)
        return most if self.window is None else min(most, self.window // share)

    @property
    def prompt(self) -> int | None:
        """Tokens the prompt may have; None where the window is not known."""
        return None if self.window is None else self.window - self.answer


UNKNOWN_ROOM = Room()


def room_for(provider: Provider, told: int | None = None, learn: Callable[[int], None] | None = None) -> Room:
    """Return the room of a provider's chat model. ``told`` is the window it told when it refused a prompt.

    Follow-ups are left to the words where the model runs on this machine or near it, or thinks first: such a server
    mostly does one thing at a time, so a second call would double the wait before the first word.
    """
    local, traits = is_local(provider.base_url), provider.traits
    window = told or traits.window
    if provider.make == "ollama":
        window = min(window or WANTED_WINDOW, WANTED_WINDOW)  # its own protocol is told how much to hold
    elif local:
        window = window or LOCAL_WINDOW
    return Room(window, traits.thinks, rewrites=not local and not traits.thinks, learn=learn)
