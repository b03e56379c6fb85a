"""An answer while it comes: its words so far, or one line that says what is waited for until the first of them."""

import time
from dataclasses import dataclass

from core.errors import ModelError
from core.schema import Thought
from pages.parts.words import answer_markdown

LOOKING = ":gray[:material/search: Looking in your sources…]"
THINKING = ":gray[:material/psychology: Thinking…]"
LOADING = ":gray[:material/hourglass_top: The model is still loading… ({seconds} s)]"
SILENT = (
    ":gray[:material/hourglass_top: No word from the model yet ({seconds} s). One that runs on your own computer may "
    "still be loading.]"
)
SILENT_SECONDS = 8.0  # of a model without a word, after which that is said


@dataclass(slots=True)
class LiveAnswer:
    """What is shown of an answer; ``text`` is what has come of it."""

    text: str = ""
    thinks: bool = False
    loads: bool = False
    asked_at: float = 0.0  # when the model was first waited for; 0 before

    def heard(self, error: ModelError) -> None:
        """Note why the model is asked again."""
        self.loads = error.code == "loading"

    def take(self, piece: str | Thought) -> str:
        """Take the next piece and return the Markdown to show now."""
        self.asked_at = self.asked_at or time.monotonic()
        if isinstance(piece, Thought):
            self.thinks = True
            self.text = "" if piece.all_before else self.text
        else:
            self.text += piece  # an empty one: drawing lets “Stop” end the run, and so the request
        return answer_markdown(self.text, "written") if self.text else self._waiting()

    def _waiting(self) -> str:
        seconds = time.monotonic() - self.asked_at
        if self.thinks:
            return THINKING
        if self.loads:
            return LOADING.format(seconds=round(seconds))
        return SILENT.format(seconds=round(seconds)) if seconds >= SILENT_SECONDS else LOOKING
