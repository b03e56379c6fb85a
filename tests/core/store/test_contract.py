"""What every passage store must do. Run on each store in store_kit.MAKERS."""

import dataclasses
import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from core.errors import StoreError
from core.store import PassageStore
from tests.core.store.store_kit import DIMENSION, fill, found_ids, key, passage, passages, scope, vectors

Open = Callable[[], PassageStore]
Elsewhere = Callable[[str], "subprocess.Popen[str]"]

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


# --- what goes in comes out ------------------------------------------------------------------------------------------


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


# --- again and again -------------------------------------------------------------------------------------------------


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


# --- search ----------------------------------------------------------------------------------------------------------


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


# --- delete ----------------------------------------------------------------------------------------------------------


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


# --- one assistant never sees another's ------------------------------------------------------------------------------


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


# --- what is refused -------------------------------------------------------------------------------------------------


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


# --- at the same time, and after a restart ---------------------------------------------------------------------------


def test_what_was_written_is_there_after_a_restart(store: PassageStore, open_again: Open) -> None:
    fill(store, scope(), 100)
    store.close()
    again = open_again()
    assert again.count(scope()) == 100
    assert found_ids(again, scope(), ["word7"]) == {passage(7).id}
    assert again.scopes() == [scope().name]
    again.close()
    again.close()


def test_a_second_process_reads_what_the_first_wrote(store: PassageStore, elsewhere: Elsewhere) -> None:
    fill(store, scope(), 40)
    out, _ = elsewhere("read").communicate(timeout=60)
    assert out.split() == ["40", "40", out.split()[2]]
    assert 5 <= int(out.split()[2]) <= 10


def test_an_open_store_sees_what_a_second_process_writes_and_drops(store: PassageStore, elsewhere: Elsewhere) -> None:
    fill(store, scope(), 40)
    assert found_ids(store, scope(), ["other"]) == set()
    assert elsewhere("write").wait(60) == 0
    assert store.count(scope()) == 90
    assert len(found_ids(store, scope(), ["other"], limit=100)) == 50
    assert elsewhere("drop").wait(60) == 0
    assert store.count(scope()) == 0
    assert store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=5) == []
    fill(store, scope(), 7)
    assert store.count(scope()) == 7


def test_threads_may_read_write_delete_and_tidy_together(store: PassageStore) -> None:
    fill(store, scope(), 300, version="stays")
    stop = threading.Event()

    def write(worker: int) -> None:
        for turn in range(6):
            version = f"{worker}-{turn}"
            fill(store, scope(), 60, version=version)
            store.tidy(scope())
            if turn % 2:
                assert store.delete_versions(scope(), [key(version)]) == 0

    def read() -> int:
        turns = 0
        while not stop.is_set():
            found = store.search(scope(), vector=vectors(1)[0], terms=["stays"], limit=20)
            assert sum(each.lexical is not None for each in found) == 20
            assert store.count(scope(), key("stays")) == 300
            assert len(store.neighbours(scope(), key("stays"), [1, 2, 3])) == 3
            assert passage(0, version="stays").id in set(store.ids(scope()))
            turns += 1
        return turns

    with ThreadPoolExecutor(7) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        writers = [pool.submit(write, worker) for worker in range(3)]
        try:
            for each in writers:
                each.result(120)
        finally:
            stop.set()
        assert all(each.result(120) for each in readers)
    assert store.count(scope()) == 300 + 3 * 3 * 60


def test_many_threads_creating_one_scope_store_everything(store: PassageStore) -> None:
    for build in range(1, 13):
        new = scope(build=build)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number, new=new: fill(store, new, 10 * number, version=f"v{number}"), range(1, 17)))
        assert store.count(new) == 10 * sum(range(1, 17))
    assert len(store.scopes()) == 12


def test_threads_adding_the_same_passages_store_each_once(store: PassageStore) -> None:
    for turn in range(5):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _, turn=turn: fill(store, scope(), 30, version=f"v{turn}"), range(8)))
        assert store.count(scope()) == 30 * (turn + 1)


def test_two_processes_may_write_at_once(store: PassageStore, elsewhere: Elsewhere) -> None:
    fill(store, scope(), 10, version="first")
    process = elsewhere("write-forever")
    try:
        assert process.stdout is not None
        process.stdout.readline()
        for turn in range(15):
            fill(store, scope(), 20, version=f"mine{turn}")
            assert found_ids(store, scope(), ["first"], 20) == {each.id for each in passages(10, version="first")}
        for turn in range(15):
            assert store.count(scope(), key(f"mine{turn}")) == 20
    finally:
        process.kill()
        process.wait()


def test_processes_adding_the_same_passages_store_each_once(store: PassageStore, elsewhere: Elsewhere) -> None:
    processes = [elsewhere("same") for _ in range(3)]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    assert store.count(scope()) == len(set(store.ids(scope()))) == 15 * 30


@pytest.mark.parametrize("moment", [0.0, 0.013, 0.05, 0.21])
def test_killed_in_the_middle_of_adding_then_added_again_gives_exact_counts(
    store: PassageStore, elsewhere: Elsewhere, moment: float
) -> None:
    process = elsewhere("write-forever")
    assert process.stdout is not None
    done = [int(process.stdout.readline()) for _ in range(5)][-1]
    time.sleep(moment)
    process.kill()
    done = max([done, *(int(line) for line in process.stdout.read().split("\n")[:-1])])
    process.wait()

    for number in range(done + 1):
        assert store.count(scope(), key(f"v{number}")) == 20
    assert store.count(scope(), key(f"v{done + 1}")) in (0, 20)
    for number in range(done + 3):
        fill(store, scope(), 20, version=f"v{number}")
    store.tidy(scope())
    assert store.count(scope()) == len(set(store.ids(scope()))) == 20 * (done + 3)
    assert found_ids(store, scope(), [f"v{done + 2}"], 100) == {
        each.id for each in passages(20, version=f"v{done + 2}")
    }


def test_check_passes_on_a_healthy_store_and_size_is_told(store: PassageStore) -> None:
    store.check()
    fill(store, scope(), 100)
    store.check()
    size = store.size()
    assert size is None or size > 100 * DIMENSION * 4
