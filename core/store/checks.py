"""What every store checks before it lets anything in: ids, text and vectors, the same for LanceDB and Weaviate."""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

import numpy as np

from core.errors import StoreError
from core.schema import Patch, Scope, StoredPassage

_KEY = re.compile(r"[0-9A-Za-z_-]{1,64}")
_NAME = re.compile(r"[0-9A-Za-z_]{1,64}")


def scope_name(scope: Scope) -> str:
    """Return ``scope.name`` after checking that it is safe as a table, folder or tenant name. Raises StoreError."""
    if not _NAME.fullmatch(scope.name):
        raise _refused("The name of this assistant's index is not a valid one.")
    return scope.name


def is_passage_id(value: str) -> bool:
    """Say whether this is a UUID as ``str(UUID)`` writes it: 36 characters, lower case."""
    try:
        return str(UUID(value)) == value
    except (ValueError, TypeError, AttributeError):
        return False


def is_key(value: str) -> bool:
    """Say whether this can be a source's or version's id: 1-64 of letters, digits, ``_`` and ``-``."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def passage_ids(values: Iterable[str]) -> list[str]:
    """Return the passage ids worth asking for, each once; what is no id was never stored and is left out."""
    return [value for value in dict.fromkeys(values) if is_passage_id(value)]


def keys(values: Iterable[str]) -> list[str]:
    """Return the source or version ids worth asking for, each once; what is no id was never stored and is left out."""
    return [value for value in dict.fromkeys(values) if is_key(value)]


def checked(
    scope: Scope, passages: Sequence[StoredPassage], vectors: np.ndarray
) -> tuple[list[StoredPassage], np.ndarray]:
    """Return passages and float32 vectors fit to be stored, each id once (the last one given wins).

    Raises StoreError: vectors of another shape than ``(len(passages), scope.dimension)``, not finite or all zero; an
    id that is none; text that is not valid Unicode.
    """
    array = _as_floats(vectors)
    if array.shape != (len(passages), scope.dimension):
        raise _wrong_shape()
    if not np.isfinite(array).all():
        raise _refused("The embedding model returned numbers that are not finite.")
    if not (np.linalg.norm(array, axis=1) > 0).all():
        raise _refused("The embedding model returned an empty vector for a passage.")
    for passage in passages:
        _check_passage(passage)
    last = {passage.id: row for row, passage in enumerate(passages)}
    if len(last) == len(passages):
        return list(passages), array
    rows = sorted(last.values())
    return [passages[row] for row in rows], array[rows]


def checked_query(scope: Scope, vector: np.ndarray | None) -> np.ndarray | None:
    """Return the question's vector as float32 of ``(scope.dimension,)``, or None where it points nowhere (all zero).

    Raises StoreError for another shape or numbers that are not finite.
    """
    if vector is None:
        return None
    array = _as_floats(vector)
    if array.shape != (scope.dimension,):
        raise _wrong_shape()
    if not np.isfinite(array).all():
        raise _refused("The embedding model returned numbers that are not finite.")
    return array if np.linalg.norm(array) > 0 else None


def checked_terms(terms: Sequence[str]) -> list[str]:
    """Return the search terms each once, without empty ones. Raises StoreError for text that is not valid Unicode."""
    words = [word for term in terms for word in term.split()]
    for word in words:
        _check_unicode(word)
    return list(dict.fromkeys(words))


def flat(spans: Sequence[Sequence[int]]) -> list[int]:
    """Write spans or patches as one list of numbers, as both stores keep them."""
    return [offset for span in spans for offset in span]


def pairs(offsets: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Return the spans that ``flat`` wrote."""
    return tuple(zip(map(int, offsets[::2]), map(int, offsets[1::2]), strict=True))


def patches(offsets: Sequence[int]) -> tuple[Patch, ...]:
    """Return the patches that ``flat`` wrote."""
    numbers = [int(offset) for offset in offsets]
    return tuple(Patch(*numbers[place : place + 4]) for place in range(0, len(numbers), 4))


def _check_passage(passage: StoredPassage) -> None:
    """Raise StoreError unless the ids are ids and the texts valid Unicode."""
    if not (is_passage_id(passage.id) and is_key(passage.source_id) and is_key(passage.version_id)):
        raise _refused("A passage came without a valid id.")
    for text in (passage.text, passage.context, passage.terms, passage.table_header, passage.asked):
        _check_unicode(text)


def _check_unicode(text: str) -> None:
    """Raise StoreError for lone surrogates: half characters that no store can write."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _refused("A passage holds characters that are not valid text.") from error


def _as_floats(vectors: np.ndarray) -> np.ndarray:
    """Return the numbers as float32, or raise StoreError where they are none."""
    try:
        with np.errstate(over="ignore"):  # a number too large becomes infinite and is refused as such
            return np.ascontiguousarray(vectors, dtype=np.float32)
    except (ValueError, TypeError) as error:
        raise _wrong_shape() from error


def _wrong_shape() -> StoreError:
    return StoreError(
        "The embedding model returned vectors of another size than this assistant's index holds.",
        "Choose another one in Settings, under Search by meaning; the documents are kept.",
        code="dimension",
    )


def _refused(what: str) -> StoreError:
    return StoreError(
        what, "Nothing was stored. Read the document again; if it happens again, report it.", code="input"
    )
