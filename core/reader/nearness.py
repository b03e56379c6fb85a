"""Question and sentences in, how likely each answers by what vectors tell out: two comparisons that cost little.

``nearness`` compares in 15 languages, and between any two of them, where the model that reads knows English alone.
``choice`` compares the built-in embedding's vectors, in a moment, and chooses what that model reads. Both turn vectors
by weights of our own: near is then what answers, not what is alike (``training/reader/train_nearness.py``).
"""

from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np

from core.embed import ACROSS_LANGUAGES, across_vectors, embedding, remembered, text_vectors, weights_in
from core.errors import ModelError
from core.log import log_failure
from core.schema import BUILT_IN_EMBEDDING

Kind = Literal["across", "choice"]
Pair = tuple[str, str]
"""What stands around a sentence (headings, the sentence before), and its words on one line."""

WEIGHTS = Path(__file__).parent / "weights"
WIDTH_SCALE = (20.0, 5.0)  # what the products of two vectors, and the question's, are multiplied by: near 1 then
REMEMBERED = 3_000  # vectors kept, 2 kB each: ranking and quoting a question read the same sentences
MOST_COMPARED = 48  # candidates that are compared with what stands around them

_remembered: OrderedDict[str, np.ndarray] = OrderedDict()


def is_comparable(language: str) -> bool:
    """Tell whether sentences of a language can be compared."""
    return language in ACROSS_LANGUAGES


def nearness(question: str, pairs: Sequence[Pair]) -> np.ndarray | None:
    """Return the log-odds that each candidate answers; None where they cannot be compared on this machine.

    All are compared by their words, the best ``MOST_COMPARED`` then with what stands around them; the others score less
    than these.
    """
    trained = _trained("across")
    if not pairs or trained is None:
        return None if pairs else np.zeros(0)
    try:
        vectors = _across([question, *(words for _, words in pairs)])
        fit = _odds(trained, vectors[0], vectors[1:], np.zeros_like(vectors[1:]))
        best = np.argsort(-fit, kind="stable")[:MOST_COMPARED]
        closer = _odds(trained, vectors[0], vectors[1:][best], _across([pairs[index][0] for index in best]))
    except ModelError as error:
        log_failure("reader.not_compared", error)
        return None
    fit = np.minimum(fit, closer.min() - 1.0)
    fit[best] = closer
    return fit


def choice(question: str, pairs: Sequence[Pair]) -> np.ndarray:
    """Return the log-odds that each candidate answers, as far as single words tell; zeros where they cannot be told."""
    trained = _trained("choice")
    if not pairs or trained is None:
        return np.zeros(len(pairs))
    places = {pair: place for place, pair in enumerate(dict.fromkeys(pairs))}  # of a hostile text all may be alike
    texts = list(dict.fromkeys([question, *(text for pair in places for text in pair)]))
    try:
        vectors = dict(zip(texts, built_in_vectors(texts), strict=True))
    except ModelError as error:  # the signs choose alone then
        log_failure("reader.not_chosen", error)
        return np.zeros(len(pairs))
    around, words = (np.array([vectors[text] for text in side]) for side in zip(*places, strict=True))
    return _odds(trained, vectors[question], words, around)[[places[pair] for pair in pairs]]


def built_in_vectors(texts: Sequence[str]) -> np.ndarray:
    """Return the built-in embedding's vectors, of "" zeros."""
    vectors = text_vectors(embedding(BUILT_IN_EMBEDDING), texts)
    return vectors * np.array([[bool(text)] for text in texts])


def _odds(trained: dict[str, np.ndarray], question: np.ndarray, words: np.ndarray, around: np.ndarray) -> np.ndarray:
    """Return log-odds, as ``training/reader/train_nearness.py`` has them."""
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
def _trained(kind: Kind) -> dict[str, np.ndarray] | None:
    return weights_in(WEIGHTS / f"{kind}.npz", "reader.not_compared")


def _across(texts: Sequence[str]) -> np.ndarray:
    """Return the vectors of texts in any language, of "" zeros."""
    vectors = remembered(texts, across_vectors, _remembered, REMEMBERED)
    return vectors * np.array([[bool(text)] for text in texts])
