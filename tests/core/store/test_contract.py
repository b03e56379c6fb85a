"""What every passage store must do: what goes in comes out, also again. Run on each store in store_kit.MAKERS."""

import dataclasses

import numpy as np
import pytest

from core.store import PassageStore
from tests.core.store.store_kit import DIMENSION, fill, found_ids, key, passage, passages, scope, vectors


def test_a_scope_never_written_to_holds_nothing(store: PassageStore) -> None:
    assert store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=5) == []
    assert store.count(scope()) == store.count(scope(), key("v")) == 0
    assert list(store.ids(scope())) == []
    assert store.neighbours(scope(), key("v"), [0, 1]) == []
    assert store.vectors(scope(), [passage().id]) == {}
    assert store.delete_versions(scope(), [key("v")]) == 0
    store.tidy(scope())
    store.drop(scope())
    assert store.scopes() == []


def test_passages_come_back_exactly_as_they_went_in(store: PassageStore) -> None:
    fill(store, scope(), 7)
    assert store.neighbours(scope(), key("v"), range(7)) == passages(7)
    by_id = {found.passage.id: found.passage for found in store.search(scope(), vector=None, terms=["v"], limit=10)}
    assert by_id == {each.id: each for each in passages(7)}


@pytest.mark.parametrize(
    "text",
    [
        "O'Brien said \"no\" -- ; DROP TABLE passages; /* ' */ \\ % _ ` $x {y} [z]",
        "Grüße aus Österreich, naïve café, e\u0301 decomposed",
        "日本語のテキスト 中文 한국어",
        "שלום עולם مرحبا",
        "👩‍👩‍👧‍👦 🇦🇹 \U0001f9d1\U0001f3fd",
        "line\nbreaks\r\nand\ttabs \u2028 \u00a0 \ufeff \u200b",
        "",
        "long " * 20_000,
    ],
)
def test_any_text_survives_in_every_field(store: PassageStore, text: str) -> None:
    whole = dataclasses.replace(passage(), text=text, context=text, terms=text, table_header=text)
    store.add(scope(), [whole], vectors(1))
    store.tidy(scope())
    assert store.neighbours(scope(), key("v"), [0]) == [whole]


def test_vectors_come_back_by_id(store: PassageStore) -> None:
    fill(store, scope(), 5)
    wanted = [passage(3).id, passage(1).id, passage(99).id]
    found = store.vectors(scope(), wanted)
    assert set(found) == {passage(3).id, passage(1).id}
    assert found[passage(3).id].dtype == np.float32
    direction = vectors(5)[3] / np.linalg.norm(vectors(5)[3])
    assert np.allclose(found[passage(3).id] / np.linalg.norm(found[passage(3).id]), direction, atol=1e-6)


def test_neighbours_are_in_order_and_of_that_version_only(store: PassageStore) -> None:
    fill(store, scope(), 6, version="one")
    fill(store, scope(), 6, version="two")
    found = store.neighbours(scope(), key("one"), [4, 2, 3, 17, -1, 2])
    assert [each.ordinal for each in found] == [2, 3, 4]
    assert {each.version_id for each in found} == {key("one")}
    assert store.neighbours(scope(), key("one"), []) == []


def test_counts_and_ids(store: PassageStore) -> None:
    fill(store, scope(), 6, version="one")
    fill(store, scope(), 4, version="two")
    assert store.count(scope()) == 10
    assert store.count(scope(), key("two")) == 4
    assert store.count(scope(), key("three")) == 0
    everything = list(store.ids(scope()))
    assert len(everything) == 10
    assert set(everything) == {each.id for each in passages(6, version="one") + passages(4, version="two")}


def test_nothing_added_changes_nothing(store: PassageStore) -> None:
    store.add(scope(), [], np.zeros((0, DIMENSION), np.float32))
    assert store.count(scope()) == 0


def test_adding_again_changes_no_count(store: PassageStore) -> None:
    for _ in range(3):
        fill(store, scope(), 30)
    assert store.count(scope()) == 30
    assert len(set(store.ids(scope()))) == len(list(store.ids(scope()))) == 30
    fill(store, scope(), 40)
    assert store.count(scope()) == 40
    assert len(store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=100)) == 40


def test_the_same_id_again_replaces(store: PassageStore) -> None:
    store.add(scope(), [passage(terms="oldword")], vectors(1))
    newer = passage(text="new text", terms="newword")
    store.add(scope(), [newer], vectors(1, seed=1))
    assert store.neighbours(scope(), key("v"), [0]) == [newer]
    assert found_ids(store, scope(), ["newword"]) == {newer.id}
    assert found_ids(store, scope(), ["oldword"]) == set()


def test_the_same_id_twice_in_one_call_is_stored_once_the_last_one(store: PassageStore) -> None:
    store.add(scope(), [passage(text="first"), passage(1), passage(text="last")], vectors(3))
    assert store.count(scope()) == 2
    assert store.neighbours(scope(), key("v"), [0])[0].text == "last"


def test_more_than_one_batch_is_stored_whole(store: PassageStore) -> None:
    fill(store, scope(), 4500)
    assert store.count(scope()) == 4500
    assert set(store.ids(scope())) == {each.id for each in passages(4500)}


def test_tidy_again_changes_nothing(store: PassageStore) -> None:
    fill(store, scope(), 3000)
    before = set(store.ids(scope())), found_ids(store, scope(), ["word7", "word2999"])
    for _ in range(3):
        store.tidy(scope())
    assert (set(store.ids(scope())), found_ids(store, scope(), ["word7", "word2999"])) == before
    assert before[1] == {passage(7).id, passage(2999).id}
