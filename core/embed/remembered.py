"""Vectors of sentences that were asked for before: ranking, quoting and the next question compare the same ones."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from langchain_core.embeddings import Embeddings

from core.embed.embeddings import StaticEmbeddings

Vectors = Callable[[Sequence[str]], np.ndarray]
BUILT_IN_KEPT = 6_000  # of 1 kB each

_built_in: OrderedDict[str, np.ndarray] = OrderedDict()
_lock = threading.Lock()


def text_vectors(embeddings: Embeddings, texts: Sequence[str]) -> np.ndarray:
    """Return the vectors of texts, float32 of shape ``(len(texts), dimension)``; the built-in ones are remembered.

    Raises ModelError.
    """
    if isinstance(embeddings, StaticEmbeddings):
        return remembered(texts, embeddings.vectors, _built_in, BUILT_IN_KEPT)
    return np.asarray(embeddings.embed_documents(list(texts)), dtype=np.float32)


def remembered(texts: Sequence[str], vectors: Vectors, kept: OrderedDict[str, np.ndarray], most: int) -> np.ndarray:
    """Return the vectors of texts, made by ``vectors`` where they are not ``kept``; of these ``most`` stay."""
    with _lock:
        known = {text: kept[text] for text in texts if text in kept}
    unknown = [text for text in dict.fromkeys(texts) if text not in known]
    if unknown:
        # A row of a large array would keep all of it in memory.
        known.update((text, vector.copy()) for text, vector in zip(unknown, vectors(unknown), strict=True))
    with _lock:
        kept.update((text, known[text]) for text in unknown)
        while len(kept) > most:
            kept.popitem(last=False)
    return np.array([known[text] for text in texts])
