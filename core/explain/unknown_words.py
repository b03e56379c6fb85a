"""Words of questions that found nothing, or little, and that the documents do not have: what may they call it?"""

from dataclasses import dataclass

from core.assistants.asked_questions import asked_questions
from core.pipeline import retriever
from core.text import search_terms, unknown_words

SHOWN = 12
FEW = 1  # citations: so few, and the question may have been for more


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that no document has: in how many questions it stands, the newest of them, and whether nothing was found
    for one of them at least."""

    word: str
    questions: int
    example: str
    found_nothing: bool


def proposed_words(assistant_id: str) -> list[UnknownWord]:
    """Return the words that own words are worth saving for: those of questions that found nothing first.

    Empty while the words of the documents are being counted. Raises NotFound, StoreError, ModelError.
    """
    of_sources = retriever(assistant_id)
    if not of_sources.vocabulary:
        return []
    found: dict[str, UnknownWord] = {}
    for asked in asked_questions(assistant_id):
        if asked.answered and asked.cited > FEW:
            continue
        for word in unknown_words(asked.text, of_sources.languages, of_sources.vocabulary):
            stem = " ".join(search_terms(word, of_sources.languages))
            known = found.setdefault(stem, UnknownWord(word, 0, asked.text, False))
            nothing = known.found_nothing or not asked.answered
            found[stem] = UnknownWord(known.word, known.questions + 1, known.example, nothing)
    return sorted(found.values(), key=lambda each: (not each.found_nothing, -each.questions))[:SHOWN]
