"""How much a model takes at once, and what of it a prompt may fill."""

from dataclasses import dataclass

from core.provider import OLLAMA_WINDOW, answer_tokens, is_local
from core.schema import ModelTraits, Provider

SMALL_WINDOW = 4_096  # tokens; up to here the short prompt is used
LOCAL_WINDOW = 4_096  # tokens; what Ollama and LM Studio cut at without a word where nobody set another window


@dataclass(frozen=True, slots=True)
class Room:
    """What a model takes at once. ``window``: tokens of prompt and answer together; None where nobody told.

    ``thinks``: it writes thoughts before its answer. ``rewrites``: whether it is asked to say a follow-up in
    full where the words do not suffice.
    """

    window: int | None = None
    thinks: bool = False
    rewrites: bool = True

    @property
    def is_small(self) -> bool:
        """Whether the short prompt is used."""
        return self.window is not None and self.window <= SMALL_WINDOW

    @property
    def answer(self) -> int:
        """Tokens kept for the answer, with its thoughts: as many as it is allowed."""
        return answer_tokens(ModelTraits(thinks=self.thinks, window=self.window))

    @property
    def prompt(self) -> int | None:
        """Tokens the prompt may have; None where the window is not known."""
        return None if self.window is None else self.window - self.answer


UNKNOWN_ROOM = Room()


def room_for(provider: Provider) -> Room:
    """Return the room of a provider's chat model.

    Follow-ups are left to the words where the model runs on this machine or near it, or thinks first: such a server
    mostly does one thing at a time, so a second call would double the wait before the first word.
    """
    local, traits = is_local(provider.base_url), provider.traits
    window = traits.window
    if provider.make == "ollama":
        window = window or OLLAMA_WINDOW  # its own protocol is told how much to hold
    elif local:
        window = window or LOCAL_WINDOW
    return Room(window, traits.thinks, rewrites=not local and not traits.thinks)
