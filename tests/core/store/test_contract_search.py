"""What a search in every passage store must find. Run on each store in store_kit.MAKERS."""

import numpy as np
import pytest

from core.store import PassageStore
from tests.core.store.store_kit import DIMENSION, fill, found_ids, key, passage, passages, scope, vectors


def test_the_nearest_vector_comes_with_the_highest_similarity(store: PassageStore) -> None:
    fill(store, scope(), 200)
    found = store.search(scope(), vector=vectors(200)[42], terms=[], limit=10)
    found.sort(key=lambda each: -(each.similarity or -2))
    assert found[0].passage.ordinal == 42
    unit = vectors(200) / np.linalg.norm(vectors(200), axis=1, keepdims=True)
    cosines = unit @ unit[42]
    assert [each.passage.ordinal for each in found] == np.argsort(-cosines)[:10].tolist()
    for each in found:
        assert each.similarity == pytest.approx(cosines[each.passage.ordinal], abs=1e-5)
        assert each.lexical is None


def test_similarity_runs_from_one_to_minus_one(store: PassageStore) -> None:
    one = vectors(1)
    store.add(scope(), passages(3), np.vstack([one * 7, -one, one * 1e-3]))
    found = store.search(scope(), vector=one[0] * 100, terms=[], limit=3)
    scores = {each.passage.ordinal: each.similarity for each in found}
    assert scores == {0: pytest.approx(1, abs=1e-5), 1: pytest.approx(-1, abs=1e-5), 2: pytest.approx(1, abs=1e-5)}
    assert all(-1 <= (each.similarity or 0) <= 1 for each in found)


def test_a_passage_with_the_term_beats_one_without(store: PassageStore) -> None:
    fill(store, scope(), 50)
    found = store.search(scope(), vector=None, terms=["word13"], limit=10)
    assert [each.passage.ordinal for each in found] == [13]
    assert found[0].similarity is None
    assert found[0].lexical is not None
    assert found[0].lexical > 0


def test_rare_terms_weigh_more_and_more_terms_score_more(store: PassageStore) -> None:
    texts = ["common common filler", "common rare filler", "filler filler filler", "common filler other"]
    store.add(scope(), [passage(n, terms=terms) for n, terms in enumerate(texts)], vectors(4))
    found = store.search(scope(), vector=None, terms=["common", "rare"], limit=10)
    found.sort(key=lambda each: -(each.lexical or 0))
    assert found[0].passage.ordinal == 1
    assert {each.passage.ordinal for each in found} == {0, 1, 3}


def test_both_parts_give_each_passage_once_with_both_scores(store: PassageStore) -> None:
    fill(store, scope(), 100)
    found = store.search(scope(), vector=vectors(100)[5], terms=["word5", "word77"], limit=3)
    by_ordinal = {each.passage.ordinal: each for each in found}
    assert len(by_ordinal) == len(found)
    assert by_ordinal[5].similarity == pytest.approx(1, abs=1e-5)
    assert by_ordinal[5].lexical is not None
    assert by_ordinal[77].lexical is not None
    assert sum(each.similarity is not None for each in found) == 3
    assert sum(each.lexical is not None for each in found) == 2


def test_limit_holds_for_each_part(store: PassageStore) -> None:
    fill(store, scope(), 60)
    found = store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=7)
    assert sum(each.similarity is not None for each in found) == 7
    assert sum(each.lexical is not None for each in found) == 7
    assert store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=0) == []
    assert len(store.search(scope(), vector=vectors(1)[0], terms=[], limit=1000)) == 60


@pytest.mark.parametrize("terms", [[], [""], [" ", "\t"]])
def test_no_vector_and_no_terms_find_nothing(store: PassageStore, terms: list[str]) -> None:
    fill(store, scope(), 5)
    assert store.search(scope(), vector=None, terms=terms, limit=5) == []


def test_a_question_without_direction_finds_nothing_by_vector(store: PassageStore) -> None:
    fill(store, scope(), 5)
    zero = np.zeros(DIMENSION, np.float32)
    assert store.search(scope(), vector=zero, terms=[], limit=5) == []
    assert [each.similarity for each in store.search(scope(), vector=zero, terms=["word1"], limit=5)] == [None]


@pytest.mark.parametrize(
    "word", ["の日", "größe", "o'brien", "c++", "a:b", "foo-bar", "x" * 200, "the", "AND", "-not", "*"]
)
def test_terms_are_taken_as_they_are(store: PassageStore, word: str) -> None:
    store.add(scope(), [passage(0, terms=f"other {word} words"), passage(1, terms="something else")], vectors(2))
    assert found_ids(store, scope(), [word]) == {passage(0).id}
    store.tidy(scope())
    assert found_ids(store, scope(), [word]) == {passage(0).id}


def test_terms_are_neither_stemmed_nor_folded_by_the_store(store: PassageStore) -> None:
    store.add(scope(), [passage(0, terms="running Café")], vectors(1))
    assert found_ids(store, scope(), ["run", "cafe", "café", "runnin"]) == set()
    assert found_ids(store, scope(), ["Café"]) == {passage(0).id}


def test_many_terms_are_no_trouble(store: PassageStore) -> None:
    fill(store, scope(), 50)
    terms = [f"word{number}" for number in range(3000)]
    assert len(store.search(scope(), vector=None, terms=terms, limit=100)) == 50


def test_rows_not_yet_tidied_are_found(store: PassageStore) -> None:
    fill(store, scope(), 3000, version="one")
    store.tidy(scope())
    late = passage(5, version="two", terms="latecomer")
    store.add(scope(), [late], vectors(1, seed=9))
    assert found_ids(store, scope(), ["latecomer"]) == {late.id}
    near = store.search(scope(), vector=vectors(1, seed=9)[0], terms=[], limit=1)
    assert near[0].passage.id == late.id


def test_a_scope_emptied_and_filled_again_is_searched_as_before(store: PassageStore) -> None:
    fill(store, scope(), 100, version="one")
    store.tidy(scope())
    assert store.delete_versions(scope(), [key("one")]) == 0
    store.tidy(scope())
    assert store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=5) == []
    fill(store, scope(), 20, version="two")
    assert found_ids(store, scope(), ["word3"]) == {passage(3, version="two").id}


def test_source_ids_narrow_both_parts(store: PassageStore) -> None:
    for source in ("s1", "s2", "s3"):
        fill(store, scope(), 100, version=f"v-{source}", source=source)
    store.tidy(scope())
    for wanted in (["s2"], ["s1", "s3"]):
        ids = [key(source) for source in wanted]
        found = store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=150, source_ids=ids)
        assert {each.passage.source_id for each in found} == set(ids)
        assert len(found) >= 100
    assert store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=5, source_ids=[]) == []
    assert store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=5, source_ids=[key("none")]) == []


def test_a_narrowed_search_finds_what_a_wide_one_ranks_far_below(store: PassageStore) -> None:
    fill(store, scope(), 500, version="many", source="big")
    only = passage(0, version="few", source="small", terms="passag and much else that makes it long")
    store.add(scope(), [only], -vectors(1))
    found = store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=3, source_ids=[key("small")])
    assert [(each.passage.id, each.similarity is None, each.lexical is None) for each in found] == [
        (only.id, False, False)
    ]
