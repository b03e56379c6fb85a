"""A question's built-in vector in, one nearer to the passages that answer it out: nobody asks in the words of the text.

How the weights are made: ``training/reader/train_question.py``. Passages keep the vectors they have.
"""

from functools import cache
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings

from core.embed.embeddings import StaticEmbeddings, embed_query, unit_length
from core.embed.weights_file import weights_in

WEIGHTS = Path(__file__).parent / "weights" / "question.npz"
INSIDE = 4.0  # what goes into the hidden layer is multiplied by: vectors of length 1 in 256 dimensions are small


def search_vector(embeddings: Embeddings, question: str) -> np.ndarray:
    """Return the vector that a question searches with, float32 of shape ``(dimension,)``. Raises ModelError."""
    vector = embed_query(embeddings, question)
    return toward_answers(vector) if isinstance(embeddings, StaticEmbeddings) else vector


def toward_answers(vector: np.ndarray) -> np.ndarray:
    """Turn a question's built-in vector, ``(256,)``; as it is where the weights can't be read."""
    trained = _trained()
    if trained is None:
        return vector
    hidden = np.maximum(INSIDE * (trained["in_weight"] @ vector + trained["in_bias"]), 0.0)
    turned = trained["weight"] @ vector + trained["out_weight"] @ hidden + trained["bias"]
    return unit_length((vector + turned)[None].astype(np.float32))[0]


@cache
def _trained() -> dict[str, np.ndarray] | None:
    return weights_in(WEIGHTS, "search.question_not_turned")
