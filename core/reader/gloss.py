"""A question in another language in, English words for it out: "wer zahlt den zoll" becomes "who pays customs".

No translation: each word for itself becomes the English one nearest in meaning, of those that offices, shops and
people who ask them use, and of nearly equal ones that which stands in the passages found. It is enough for the model
that reads English, which is used to keywords.
"""

import re
from collections import OrderedDict
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from core.embed import across_vectors, weights_in
from core.reader.small_words import SMALL_WORDS

WORDS = Path(__file__).parent / "weights" / "english.npz"  # made by training/reader/english_words.py
NEARLY = 0.08  # a word of the passages goes before one that is nearer by so much
LEAST = 0.45  # a word that is nearer to none stays as it is: a name
MOST_WORDS = 40
REMEMBERED = 5_000
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class _English(NamedTuple):
    """``words`` by row of ``vectors``, float32 of shape (words, width) and length 1; ``turn`` is (width, 512)."""

    words: np.ndarray
    vectors: np.ndarray
    turn: np.ndarray


_known: OrderedDict[str, list[tuple[str, float]]] = OrderedDict()


def gloss(question: str, language: str, said: AbstractSet[str]) -> str:
    """Return English words for a question, "" in a language of which the small words are not known.

    ``said`` are the words of the passages, in lower case. Raises ModelError where words cannot be compared.
    """
    small = SMALL_WORDS.get(language)
    if small is None or _english() is None:
        return ""
    words = _WORD.findall(question.casefold())[:MOST_WORDS]
    _compare([word for word in words if word not in small and not any(map(str.isdigit, word))])
    found = [small[word] if word in small else _chosen(word, said) for word in words]
    return " ".join(filter(None, found))


def _chosen(word: str, said: AbstractSet[str]) -> str:
    """Return the word for one: the nearest, or one of the passages that is nearly as near; else itself."""
    near = _known.get(word, [])
    if word in said or not near or near[0][1] < LEAST:
        return word
    return next((each for each, how in near if each in said and how > near[0][1] - NEARLY), near[0][0])


def _compare(words: list[str]) -> None:
    """Remember the nearest words of each."""
    english = _english()
    unknown = [word for word in dict.fromkeys(words) if word not in _known]
    if not unknown or english is None:
        return
    turned = across_vectors(unknown) @ english.turn.T
    turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
    for word, how in zip(unknown, turned @ english.vectors.T, strict=True):
        _known[word] = [(str(english.words[row]), float(how[row])) for row in np.argsort(-how)[:8]]
    while len(_known) > REMEMBERED:
        _known.popitem(last=False)


@cache
def _english() -> _English | None:
    arrays = weights_in(WORDS, "reader.not_compared")
    if arrays is None:
        return None
    words = np.array(WORDS.with_suffix(".txt").read_text(encoding="utf-8").split())
    vectors = arrays["vectors"] / np.linalg.norm(arrays["vectors"], axis=1, keepdims=True)
    return _English(words, vectors, arrays["turn"])
