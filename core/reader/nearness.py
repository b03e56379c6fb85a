"""Question and sentences of one language other than English in, how near each is in meaning out.

The model that reads knows English alone. Of 688 German questions about German documents the signs alone put .396 of the
answers first, the signs and this nearness .502.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from core.embed import ACROSS_LANGUAGES, across_vectors
from core.errors import ModelError
from core.log import log_failure

REMEMBERED = 3_000  # vectors kept, 2 kB each: ranking and quoting a question read the same sentences

_remembered: OrderedDict[str, np.ndarray] = OrderedDict()
_lock = threading.Lock()


def is_comparable(language: str) -> bool:
    """Tell whether sentences of a language can be compared."""
    return language in ACROSS_LANGUAGES


def nearness(question: str, sentences: Sequence[str]) -> np.ndarray | None:
    """Return the cosine of each sentence with the question; None where they cannot be compared on this machine."""
    try:
        vectors = _vectors([question, *sentences])
    except ModelError as error:
        log_failure("reader.not_compared", error)
        return None
    return np.asarray(vectors[1:] @ vectors[0])


def _vectors(texts: Sequence[str]) -> np.ndarray:
    with _lock:
        known = {text: _remembered[text] for text in texts if text in _remembered}
    unread = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(unread, across_vectors(unread), strict=True))
    with _lock:
        _remembered.update((text, known[text]) for text in unread)
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return np.array([known[text] for text in texts])
