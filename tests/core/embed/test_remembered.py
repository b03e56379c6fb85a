"""Vectors of sentences that were asked for before, and how many threads a product takes."""

import subprocess
import sys
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from core.embed import embedding, remembered, text_vectors
from core.schema import BUILT_IN_EMBEDDING


def test_only_what_is_not_known_is_made_and_no_more_than_the_most_are_kept() -> None:
    made: list[Sequence[str]] = []
    kept: OrderedDict[str, np.ndarray] = OrderedDict()

    def vectors(texts: Sequence[str]) -> np.ndarray:
        made.append(texts)
        return np.array([[float(len(text)), 1.0] for text in texts])

    first = remembered(["a", "bb", "a"], vectors, kept, 3)
    assert first.tolist() == [[1, 1], [2, 1], [1, 1]]
    assert remembered(["bb", "ccc", "dddd"], vectors, kept, 3).tolist() == [[2, 1], [3, 1], [4, 1]]
    assert made == [["a", "bb"], ["ccc", "dddd"]]
    assert list(kept) == ["bb", "ccc", "dddd"]


def test_the_built_in_vectors_are_the_same_whatever_was_asked_before() -> None:
    texts = ["Import tax", "", "The recipient pays it.", "Import tax"]
    embeddings = embedding(BUILT_IN_EMBEDDING)
    first, again = text_vectors(embeddings, texts), text_vectors(embeddings, texts[::-1])
    assert np.array_equal(first, again[::-1])
    assert np.array_equal(first, np.asarray(embeddings.embed_documents(texts), dtype=np.float32))


def test_products_of_short_rows_are_made_by_one_thread() -> None:
    said = "import core.reader, threadpoolctl; print([each['num_threads'] for each in threadpoolctl.threadpool_info()])"
    told = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout
    assert set(told.strip()[1:-1].split(", ")) == {"1"}
