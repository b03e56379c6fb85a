"""What every passage store must keep apart, delete and refuse. Run on each store in store_kit.MAKERS."""

import dataclasses

import numpy as np
import pytest

from core.errors import StoreError
from core.store import PassageStore
from tests.core.store.store_kit import DIMENSION, fill, found_ids, key, passage, passages, scope, vectors

INJECTIONS = [
    "' OR 1=1 --",
    "x' OR 'a' = 'a",
    "') OR (1=1",
    '" OR ""="',
    "%",
    "*",
    "",
    "../../etc",
    "a'; DROP TABLE x; --",
    "\x00",
    "v" * 65,
    "\ud800",
]


def test_deleting_versions_removes_those_and_no_others(store: PassageStore) -> None:
    for version in ("one", "two", "three"):
        fill(store, scope(), 50, version=version)
    assert store.delete_versions(scope(), [key("one"), key("three"), key("never")]) == 0
    assert store.count(scope()) == store.count(scope(), key("two")) == 50
    found = store.search(scope(), vector=vectors(1)[0], terms=["passag", "one", "three"], limit=200)
    assert {each.passage.version_id for each in found} == {key("two")}
    assert store.vectors(scope(), [passage(0, version="one").id]) == {}
    assert store.delete_versions(scope(), []) == 0


def test_a_version_of_more_than_ten_thousand_passages_is_deleted_whole(store: PassageStore) -> None:
    fill(store, scope(), 10_050, version="big")
    fill(store, scope(), 3, version="small")
    assert store.delete_versions(scope(), [key("big")]) == 0
    assert store.count(scope()) == 3


def test_thousands_of_versions_are_deleted_in_one_call(store: PassageStore) -> None:
    each_of_its_own = [passage(0, version=f"v{number}") for number in range(3000)]
    store.add(scope(), each_of_its_own, vectors(3000))
    assert store.delete_versions(scope(), [key(f"v{number}") for number in range(2990)]) == 0
    assert store.count(scope()) == 10


def test_drop_removes_a_scope_and_no_other(store: PassageStore) -> None:
    fill(store, scope("a"), 10)
    fill(store, scope("b"), 10)
    fill(store, scope("a", build=2), 10)
    store.drop(scope("a"))
    store.drop(scope("a"))
    assert store.scopes() == sorted([scope("b").name, scope("a", build=2).name])
    assert store.count(scope("a")) == 0
    assert store.count(scope("b")) == store.count(scope("a", build=2)) == 10


def test_a_dropped_scope_can_be_filled_again_with_other_vectors(store: PassageStore) -> None:
    fill(store, scope(), 30)
    store.drop(scope())
    other = scope(dimension=8)
    store.add(other, passages(5, version="new"), vectors(5, dimension=8))
    assert store.count(other) == 5
    assert store.search(other, vector=vectors(5, dimension=8)[2], terms=[], limit=1)[0].passage.ordinal == 2


def test_two_assistants_with_the_same_ids_never_see_each_other(store: PassageStore) -> None:
    mine, theirs = scope("a"), scope("b")
    store.add(mine, [passage(0, text="mine", terms="shared mine")], vectors(1))
    store.add(theirs, [passage(0, text="theirs", terms="shared theirs")], vectors(1))
    for where, text in ((mine, "mine"), (theirs, "theirs")):
        found = store.search(where, vector=vectors(1)[0], terms=["shared"], limit=10, source_ids=[key("s")])
        assert [each.passage.text for each in found] == [text]
        assert [each.text for each in store.neighbours(where, key("v"), [0])] == [text]
        assert store.count(where) == 1
    store.delete_versions(mine, [key("v")])
    assert (store.count(mine), store.count(theirs)) == (0, 1)
    assert found_ids(store, mine, ["shared"]) == set()


def test_two_generations_of_one_assistant_are_apart(store: PassageStore) -> None:
    fill(store, scope(build=1), 5)
    wider = scope(build=2, dimension=32)
    store.add(wider, passages(3), vectors(3, dimension=32))
    assert (store.count(scope(build=1)), store.count(wider)) == (5, 3)


@pytest.mark.parametrize("text", INJECTIONS)
def test_strings_that_are_no_ids_match_nothing(store: PassageStore, text: str) -> None:
    fill(store, scope(), 20)
    assert store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=5, source_ids=[text]) == []
    assert store.neighbours(scope(), text, [0]) == []
    assert store.vectors(scope(), [text]) == {}
    assert store.count(scope(), text) == 0
    assert store.delete_versions(scope(), [text]) == 0
    assert store.count(scope()) == 20


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("field", ["id", "source_id", "version_id"])
def test_strings_that_are_no_ids_are_refused(store: PassageStore, field: str, text: str) -> None:
    with pytest.raises(StoreError) as caught:
        store.add(scope(), [passage(1), dataclasses.replace(passage(0), **{field: text})], vectors(2))
    assert caught.value.remedy
    assert store.count(scope()) == 0


@pytest.mark.parametrize("text", ["../x", "a b", "", "a'b", "x" * 70])
def test_a_scope_with_a_dangerous_name_is_refused(store: PassageStore, text: str) -> None:
    bad = dataclasses.replace(scope(), assistant_id=text or "é")
    with pytest.raises(StoreError):
        store.count(bad)
    with pytest.raises(StoreError):
        store.add(bad, [passage()], vectors(1))


def _broken(kind: str) -> np.ndarray:
    array = vectors(3)
    if kind == "nan":
        array[1, 2] = np.nan
    if kind == "infinite":
        array[1, 2] = np.inf
    if kind == "zero":
        array[1] = 0
    shapes = {"narrow": array[:, :-1], "few": array[:2], "flat": array[0], "huge": array.astype(np.float64) * 1e300}
    return shapes.get(kind, array)


@pytest.mark.parametrize("kind_of_vector", ["nan", "infinite", "zero", "narrow", "few", "flat", "huge"])
def test_broken_vectors_are_refused_and_nothing_is_stored(store: PassageStore, kind_of_vector: str) -> None:
    with pytest.raises(StoreError) as caught:
        store.add(scope(), passages(3), _broken(kind_of_vector))
    assert not caught.value.passing
    assert store.count(scope()) == 0


@pytest.mark.parametrize("field", ["text", "context", "terms"])
def test_half_characters_are_refused(store: PassageStore, field: str) -> None:
    with pytest.raises(StoreError):
        store.add(scope(), [dataclasses.replace(passage(), **{field: "half \ud83d"})], vectors(1))
    assert store.count(scope()) == 0


@pytest.mark.parametrize(
    "vector", [np.full(DIMENSION, np.nan), np.ones(DIMENSION + 1), np.ones((1, DIMENSION)), np.full(DIMENSION, np.inf)]
)
def test_a_broken_question_vector_is_refused(store: PassageStore, vector: np.ndarray) -> None:
    fill(store, scope(), 3)
    with pytest.raises(StoreError):
        store.search(scope(), vector=vector, terms=[], limit=3)


def test_another_dimension_than_the_index_has_is_refused(store: PassageStore) -> None:
    fill(store, scope(), 3)
    wrong = scope(dimension=8)
    with pytest.raises(StoreError) as caught:
        store.add(wrong, passages(3, version="w"), vectors(3, dimension=8))
    assert caught.value.code == "dimension"
    with pytest.raises(StoreError):
        store.search(wrong, vector=vectors(1, dimension=8)[0], terms=[], limit=3)
    assert store.count(scope()) == 3
