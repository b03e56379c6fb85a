"""The sentence that says which of the things a question names is in none of the documents, in the asker's language."""

import re
from collections.abc import Sequence

# What one thing is missing is said with, then several; "{}" stands for them.
_SENTENCES = {
    "en": ("{} is not in your documents.", "{} are not in your documents.", "and"),
    "de": ("{} steht nicht in Ihren Dokumenten.", "{} stehen nicht in Ihren Dokumenten.", "und"),
    "es": ("{} no está en sus documentos.", "{} no están en sus documentos.", "y"),
    "fr": ("{} n'est pas dans vos documents.", "{} ne sont pas dans vos documents.", "et"),
}
_SMALL_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "what how is are the does do of for where when who which can my have in on",
        "de": "was wie ist sind der die das den für wo wann wer welche welcher welches kann mein ein kostet gibt und",
        "es": "qué que cómo cuánto cuesta es son el la los las para dónde cuándo quién puedo mi hay en",
        "fr": "quel quelle combien coûte est sont le la les pour où quand qui puis mon ma dans du des",
    }.items()
}
_WORD = re.compile(r"[^\W\d_]+")


def not_there(question: str, missing: Sequence[str]) -> str:
    """Return "AX-9999-B is not in your documents." in the language of the question, English where it does not tell."""
    typed = _WORD.findall(question.casefold())
    found = {language: sum(word in words for word in typed) for language, words in _SMALL_WORDS.items()}
    one, several, joined_by = _SENTENCES[max(found, key=found.__getitem__)]
    if len(missing) == 1:
        return one.format(missing[0])
    return several.format(f"{', '.join(missing[:-1])} {joined_by} {missing[-1]}")
