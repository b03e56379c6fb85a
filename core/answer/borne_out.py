"""A written answer in, what is shown of it out: itself where the documents say so, else the quotes, or a note."""

from collections.abc import Callable
from dataclasses import replace

from core.errors import ModelError
from core.schema import Answer, Voice

QUOTED_INSTEAD = "The model's answer could not be found in the documents, so here is what they say."
BROKE_OFF = "The model's answer stopped early and could not be found in the documents, so here is what they say."
NOT_FOUND = "The model's answer could not be found in the documents."
CHECK_IT = "None of this answer was found in the documents. Check it before you rely on it."


def over_limit(error: ModelError, quoted: Answer) -> Answer:
    """Return the quotes that are shown as no more may be spent on written answers, and say so."""
    instead = "; here is what the documents say." if quoted.kind == "quotes" else "."
    return replace(quoted, note=f"{error.what.removesuffix('.')}{instead}")


def borne_out(answer: Answer, voice: Voice, quoted: Callable[[], Answer]) -> Answer:
    """Return a written answer that one true citation at least bears out as it is.

    Of another one a voice that keeps to the documents shows the quotes, and says why; any other shows it with a note.
    """
    if any(citation.supported for citation in answer.citations):
        return answer
    if voice.closeness != "strict":
        return replace(answer, note=CHECK_IT)
    instead = quoted()
    quoted_instead = BROKE_OFF if answer.stopped_early else QUOTED_INSTEAD
    note = quoted_instead if instead.kind == "quotes" else NOT_FOUND
    return replace(instead, note=note)
