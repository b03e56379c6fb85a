"""Sources that are questions and answers: typed in, taken from a table, edited, and handed back as one."""

from collections.abc import Iterable
from typing import NamedTuple

from core.assistants import documents, sources
from core.assistants.source_names import clean_file_name
from core.database import Source, session
from core.errors import AnswerbookError, NotFound
from core.pairs import Pair, pairs_from_json, pairs_in_table, pairs_of, pairs_to_json, tidied

MOST_PAIRS = 5_000
MOST_QUESTION, MOST_ANSWER = 300, 8_000  # characters


class KeptPairs(NamedTuple):
    """The pairs of a source, and the version that they are of: what is saved over them must have been made of these."""

    pairs: tuple[Pair, ...]
    version_id: str


def add_pairs(assistant_id: str, name: str, rows: Iterable[tuple[str, str]]) -> sources.Added:
    """Make a source of questions and answers. Raises AnswerbookError where the name is taken or a row says nothing."""
    pairs = _checked(rows)
    cleaned = clean_file_name(name.strip() or "Questions and answers")
    with session() as db:
        taken = sources.is_taken(db, assistant_id, "", cleaned)
    if taken:
        raise AnswerbookError(f"Another source is already called {cleaned}.", "Choose another name.", code="taken")
    return _added(assistant_id, cleaned, pairs)


def kept_pairs(assistant_id: str, source_id: str) -> KeptPairs:
    """Return the pairs of a source as they were saved last, also where they are still being read. Raises NotFound."""
    source = _there(assistant_id, source_id)
    with session() as db:
        newest = sources.newest_version(db, source_id)
    if newest is None:
        raise NotFound("This source is not there any more.", "Choose another one.", code="no_source")
    try:
        saved = pairs_from_json(documents.original_bytes(assistant_id, source_id, newest.id))
        return KeptPairs(tuple(saved), newest.id)
    except ValueError:  # its original is a table
        document = documents.document(newest.id) or documents.document(source.version_id)
    return KeptPairs(tuple(pairs_of(document)) if document else (), newest.id)


def save_pairs(assistant_id: str, source_id: str, rows: Iterable[tuple[str, str]], over: str) -> sources.Added:
    """Keep the pairs of a source as a new version of it, over the version ``over``.

    Raises AnswerbookError where a row says nothing or another window saved meanwhile, NotFound.
    """
    pairs = _checked(rows)
    source = _there(assistant_id, source_id)
    kept = kept_pairs(assistant_id, source_id)
    if kept.pairs == tuple(pairs):
        return sources.Added(source.name, "unchanged", "Nothing was changed.")
    if kept.version_id != over:
        raise AnswerbookError(
            "These questions and answers were changed meanwhile, here or in another window.",
            "Close this and open it again to see them; nothing was written over them.",
            code="changed_meanwhile",
        )
    return _added(assistant_id, source.name, pairs)


def take_as_pairs(assistant_id: str, source_id: str) -> int:
    """Take the first two columns of a table for questions and answers, as its owner says; returns how many there are.

    Raises AnswerbookError where there is no such table, NotFound.
    """
    source = _there(assistant_id, source_id)
    document = documents.document(source.version_id)
    pairs = pairs_in_table(document, named=False) if document else []
    if not pairs:
        raise AnswerbookError(
            f"No table with two columns was found in {source.name}.",
            "The first column is to hold the questions, the second one the answers.",
            code="no_pairs",
        )
    _added(assistant_id, source.name, pairs)
    return len(pairs)


def _added(assistant_id: str, name: str, pairs: list[Pair]) -> sources.Added:
    added = sources.add_file(assistant_id, name, pairs_to_json(pairs))
    if added.outcome in ("refused", "duplicate"):
        raise AnswerbookError(added.sentence, "Nothing was changed.", code=added.outcome)
    return added


def _there(assistant_id: str, source_id: str) -> Source:
    source = sources.source(assistant_id, source_id)
    if source.deleted_at is not None:
        raise NotFound("This source was deleted meanwhile.", "Restore it in Knowledge to edit it.", code="no_source")
    return source


def _checked(rows: Iterable[tuple[str, str]]) -> list[Pair]:
    given = [(question or "", answer or "") for question, answer in rows]
    given = [row for row in given if row[0].strip() or row[1].strip()]
    for number, (question, answer) in enumerate(given, 1):
        if not question.strip() or not answer.strip():
            missing = "question" if not question.strip() else "answer"
            raise AnswerbookError(f"Row {number} has no {missing}.", "Fill it in, or empty the row.", code="half")
        for words, most, what in ((question, MOST_QUESTION, "question"), (answer, MOST_ANSWER, "answer")):
            if len(words) > most:
                raise AnswerbookError(
                    f"The {what} of row {number} has {len(words):,} characters.", f"Use at most {most:,}.", code="long"
                )
    if not given:
        raise AnswerbookError("There is no question with an answer yet.", "Type one.", code="no_pairs")
    if len(given) > MOST_PAIRS:
        raise AnswerbookError(
            f"These are {len(given):,} questions.", f"Make several sources of at most {MOST_PAIRS:,}.", code="many"
        )
    return tidied(given)
