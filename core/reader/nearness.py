"""Question and sentences in, how likely each answers by its meaning out, in 15 languages and between any two of them.

The model that reads knows English alone. This compares vectors of the sentence encoder for 16 languages, turned by
weights of our own so that near is what answers, not what speaks of the same (``training/reader/train_nearness.py``).
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from core.embed import ACROSS_DIMENSION, ACROSS_LANGUAGES, across_vectors
from core.errors import ModelError
from core.log import log_failure

WEIGHTS = Path(__file__).parent / "weights" / "nearness.npz"
WIDTH_SCALE = (20.0, 5.0)  # what the products of two vectors, and the question's, are multiplied by: near 1 then
REMEMBERED = 3_000  # vectors kept, 2 kB each: ranking and quoting a question read the same sentences
MOST_COMPARED = 48  # candidates that are compared with what stands around them

_remembered: OrderedDict[str, np.ndarray] = OrderedDict()
_lock = threading.Lock()


def is_comparable(language: str) -> bool:
    """Tell whether sentences of a language can be compared."""
    return language in ACROSS_LANGUAGES


def nearness(question: str, pairs: Sequence[tuple[str, str]]) -> np.ndarray | None:
    """Return the log-odds that each of (around, words) answers; None where they cannot be compared on this machine.

    All are compared by their words, the best ``MOST_COMPARED`` then with what stands around them; the others score less
    than these.
    """
    if not pairs or _trained() is None:
        return None if pairs else np.zeros(0)
    try:
        vectors = _vectors([question, *(words for _, words in pairs)])
        fit = _odds(vectors[0], vectors[1:], np.zeros_like(vectors[1:]))
        best = np.argsort(-fit, kind="stable")[:MOST_COMPARED]
        closer = _odds(vectors[0], vectors[1:][best], _vectors([pairs[index][0] for index in best]))
    except ModelError as error:
        log_failure("reader.not_compared", error)
        return None
    fit = np.minimum(fit, closer.min() - 1.0)
    fit[best] = closer
    return fit


def _odds(question: np.ndarray, words: np.ndarray, around: np.ndarray) -> np.ndarray:
    """Return log-odds, as ``training/reader/train_nearness.py`` has them."""
    trained = _trained() or {}
    asked = _unit(trained["question_weight"] @ question + trained["question_bias"])
    said = _unit(words @ trained["words_weight"].T + around @ trained["around_weight"].T)
    product, alone = WIDTH_SCALE
    inside = np.concatenate([product * asked * said, np.broadcast_to(alone * asked, said.shape)], axis=1)
    hidden = np.maximum(inside @ trained["hidden_weight"].T + trained["hidden_bias"], 0.0)
    more = hidden @ trained["out_weight"][0] + trained["out_bias"][0]
    return np.asarray(trained["steep"] * (said @ asked) + trained["base"] + more)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


@cache
def _trained() -> dict[str, np.ndarray] | None:
    try:
        with np.load(WEIGHTS, allow_pickle=False) as file:
            return {name: file[name].astype(np.float32) for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        log_failure("reader.not_compared", error)
        return None


def _vectors(texts: Sequence[str]) -> np.ndarray:
    """Return the vectors of texts, of "" zeros."""
    with _lock:
        known = {text: _remembered[text] for text in texts if text in _remembered}
    unread = [text for text in dict.fromkeys(texts) if text and text not in known]
    known.update(zip(unread, across_vectors(unread), strict=True))
    with _lock:
        _remembered.update((text, known[text]) for text in unread)
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    none = np.zeros(ACROSS_DIMENSION, np.float32)
    return np.array([known[text] if text else none for text in texts])
