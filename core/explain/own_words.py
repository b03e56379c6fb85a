"""A word of the owner's, taken where it can stand for another: not one that every question has."""

from core.assistants.own_words import save_own_word
from core.errors import AnswerbookError
from core.text import is_sayable


def add_own_word(assistant_id: str, said: str, meant: str, made_by: str = "") -> None:
    """Save what a word that people say stands for.

    Raises AnswerbookError (code "every_word", and as ``save_own_word`` does), NotFound.
    """
    if any(map(str.isalnum, said)) and not is_sayable(said):
        raise AnswerbookError(
            f"“{' '.join(said.split())}” stands in many questions, whatever they ask.",
            "Add a word to it, or write it in capitals where it is an abbreviation.",
            code="every_word",
        )
    save_own_word(assistant_id, said, meant, made_by)
