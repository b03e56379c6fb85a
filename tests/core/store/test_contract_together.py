"""Threads, processes, restarts and kills on every passage store. Run on each store in store_kit.MAKERS."""

import subprocess
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.store import PassageStore
from tests.core.store.store_kit import DIMENSION, fill, found_ids, key, passage, passages, scope, vectors

Open = Callable[[], PassageStore]


Elsewhere = Callable[[str], "subprocess.Popen[str]"]


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
