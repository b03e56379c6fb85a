"""The sentence that says which of the things a question names is in none of the documents, in the asker's language."""

from collections.abc import Sequence

from core.text import asked_in

# What one thing is missing is said with, then several; "{}" stands for them.
_SENTENCES = {
    "en": ("{} is not in the documents.", "{} are not in the documents.", "and"),
    "de": ("{} steht nicht in den Dokumenten.", "{} stehen nicht in den Dokumenten.", "und"),
    "es": ("{} no está en los documentos.", "{} no están en los documentos.", "y"),
    "fr": ("{} n'est pas dans les documents.", "{} ne sont pas dans les documents.", "et"),
}


def not_there(question: str, missing: Sequence[str]) -> str:
    """Return "AX-9999-B is not in the documents." in the language of the question, English where it does not tell."""
    one, several, joined_by = _SENTENCES.get(asked_in(question), _SENTENCES["en"])
    if len(missing) == 1:
        return one.format(missing[0])
    return several.format(f"{', '.join(missing[:-1])} {joined_by} {missing[-1]}")
