"""The index of many vectors: the same is found with it as without, whatever came and went since it was made."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from core.store.lance import table as lance_table
from core.store.lance.store import LanceStore
from tests.core.store.store_kit import DIMENSION, passages, scope


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LanceStore:
    monkeypatch.setattr(lance_table, "_MANY_ROWS", 50)
    return LanceStore(tmp_path / "passages.lance")


def indexes(store: LanceStore) -> set[str]:
    return {index.columns[0] for index in store._table(scope()).list_indices()}


def closeness_by_hand(vectors: dict[str, np.ndarray], question: np.ndarray) -> dict[str, float]:
    """The cosine of each passage's vector and the question, one by one."""
    length = np.linalg.norm(question)
    return {key: float(vector @ question / np.linalg.norm(vector) / length) for key, vector in vectors.items()}


def test_all_that_is_near_is_found_whatever_came_and_went(store: LanceStore) -> None:
    generator = np.random.default_rng(3)
    rows = [*passages(90, version="a"), *passages(60, version="b"), *passages(40, version="c")]
    vectors = generator.standard_normal((len(rows), DIMENSION)).astype(np.float32)
    known = {row.id: vector for row, vector in zip(rows, vectors, strict=True)}

    def look() -> None:
        for _ in range(15):
            question = generator.standard_normal(DIMENSION).astype(np.float32)
            for limit in (1, 7, 60, 500):
                hits = store.search(scope(), vector=question, terms=(), limit=limit)
                closeness = closeness_by_hand(known, question)
                similarity = {hit.passage.id: hit.similarity for hit in hits}
                assert similarity == pytest.approx({key: closeness[key] for key in similarity}, abs=1e-5)
                nearest = sorted(closeness.values(), reverse=True)[:limit]
                assert sorted((hit.similarity or 0 for hit in hits), reverse=True) == pytest.approx(nearest, abs=1e-5)

    store.add(scope(), rows[:150], vectors[:150])
    store.tidy(scope())
    assert "vector" in indexes(store)
    known = {row.id: known[row.id] for row in rows[:150]}
    look()
    store.add(scope(), rows[150:], vectors[150:])  # beside the index
    known |= {row.id: vector for row, vector in zip(rows[150:], vectors[150:], strict=True)}
    look()
    store.delete_versions(scope(), [rows[0].version_id])
    known = {row.id: known[row.id] for row in rows if row.version_id != rows[0].version_id}
    look()
    store.add(scope(), rows[90:120], -vectors[90:120])  # other vectors in place of those in the index
    known |= {row.id: -vector for row, vector in zip(rows[90:120], vectors[90:120], strict=True)}
    look()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lance_table, "_LOOSE_ROWS", 0)
        store.tidy(scope())
    look()


def test_few_passages_have_no_index_of_their_vectors(store: LanceStore) -> None:
    rows = passages(49)
    store.add(scope(), rows, np.eye(DIMENSION, dtype=np.float32)[np.arange(49) % DIMENSION])
    store.tidy(scope())
    assert "vector" not in indexes(store)


def test_a_lost_index_of_vectors_is_made_anew(store: LanceStore, tmp_path: Path) -> None:
    rows = passages(80)
    vectors = np.random.default_rng(4).standard_normal((80, DIMENSION)).astype(np.float32)
    store.add(scope(), rows, vectors)
    store.tidy(scope())
    store.close()
    for folder in tmp_path.rglob("_indices"):
        shutil.rmtree(folder)
    store = LanceStore(tmp_path / "passages.lance")
    store.index_anew(scope())
    hits = store.search(scope(), vector=vectors[5], terms=(), limit=80)
    assert len(hits) == 80
    assert max(hits, key=lambda hit: hit.similarity or 0).passage.id == rows[5].id
