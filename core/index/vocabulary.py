"""The words of an assistant's current versions, counted from their kept texts: in the background, and kept in memory.

SQL stays the only truth: nothing is stored, so that every folder has it, however old its index is.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol

from core.assistants import documents, own_words
from core.embed import common_words
from core.log import log_failure
from core.text import Vocabulary, words_in

KEPT = 4  # assistants whose words are kept; those of 10,000 passages take under 10 MB
WAITED = 0.3  # seconds that a question waits for them: a small assistant's are counted by then


class _Versioned(Protocol):
    @property
    def version_id(self) -> str: ...


class _Counted:
    """What was counted of an assistant: of which sources, the versions in it, and the words."""

    def __init__(self, sources: Mapping[str, _Versioned]) -> None:
        self.sources = sources
        self.versions = frozenset(source.version_id for source in sources.values())
        self.counting: Future[Vocabulary] | None = None


_counted: dict[str, _Counted] = {}
_before: dict[str, Vocabulary] = {}
_UNCOUNTED = Vocabulary({})
# By assistant: its sources' words, and the same with its owner's. What was read of a question is kept in these.
_read_with: dict[str, tuple[Vocabulary | None, Vocabulary]] = {}
_lock = threading.Lock()
_counter = ThreadPoolExecutor(1, thread_name_prefix="vocabulary")


def vocabulary_of(assistant_id: str, sources: Mapping[str, _Versioned]) -> Vocabulary | None:
    """Return the words of these sources with the owner's words; None where there is neither.

    The sources' are missing while they are being counted for the first time, or cannot be. After a change those from
    before are given until the new ones are counted, unless a version is gone.
    """
    words, own = _words_of(assistant_id, sources), own_words.pairs(assistant_id)
    if not own:
        return words
    read = _read_with.get(assistant_id)
    if read is None or read[0] is not words or read[1].own != own:
        if len(_read_with) >= KEPT:
            _read_with.clear()
        counted = _UNCOUNTED if words is None else words
        read = _read_with[assistant_id] = (words, counted.with_own_words(own))
    return read[1]


def _words_of(assistant_id: str, sources: Mapping[str, _Versioned]) -> Vocabulary | None:
    with _lock:
        known = _counted.get(assistant_id)
        if known is None or known.sources is not sources:
            known = _begin(assistant_id, sources, known)
        counting = known.counting
    assert counting is not None
    wait([counting], WAITED)
    if not counting.done():
        return _before.get(assistant_id)
    if error := counting.exception():
        log_failure("vocabulary.not_counted", error)
        with _lock:
            _counted.pop(assistant_id, None)
        return None
    return counting.result()


def _begin(assistant_id: str, sources: Mapping[str, _Versioned], known: _Counted | None) -> _Counted:
    begun = _Counted(sources)
    _before.pop(assistant_id, None)
    if known is not None and known.counting and known.counting.done() and not known.counting.exception():
        if begun.versions == known.versions:
            known.sources = sources  # one was renamed: the words are the same
            return known
        if begun.versions > known.versions:
            _before[assistant_id] = known.counting.result()
    while len(_counted) >= KEPT:
        oldest = next(iter(_counted))
        del _counted[oldest]
        _before.pop(oldest, None)
    earlier = _before.get(assistant_id)
    new = begun.versions - known.versions if earlier and known else begun.versions
    begun.counting = _counter.submit(_count, sorted(new), earlier)
    _counted.pop(assistant_id, None)
    _counted[assistant_id] = begun
    return begun


def _count(version_ids: Iterable[str], earlier: Vocabulary | None) -> Vocabulary:
    counts: Counter[str] = earlier.counts() if earlier else Counter()
    for version_id in version_ids:
        if document := documents.document(version_id):
            counts.update(words_in(document.text))
    return Vocabulary(counts, common_words())
