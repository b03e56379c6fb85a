"""What is LanceDB's own: files on this disk, how they grow, break, and heal."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import StoreError
from core.settings import settings
from core.store import store_named
from core.store.lance import table as lance_table
from core.store.lance.lock import held
from core.store.lance.store import LanceStore
from tests.core.counting import calls
from tests.core.store.store_kit import DIMENSION, fill, found_ids, key, passage, passages, scope, vectors
from tests.needs import posix

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "passages.lance"


@pytest.fixture
def store(folder: Path) -> Iterator[LanceStore]:
    opened = LanceStore(folder)
    yield opened
    opened.close()


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes `tidy` rewrite at every call, so that a small test meets what large tables meet."""
    monkeypatch.setattr(lance_table, "_FRAGMENTS", 1)
    monkeypatch.setattr(lance_table, "_VERSIONS", 1)
    monkeypatch.setattr(lance_table, "_LOOSE_ROWS", 0)


def _files(folder: Path, part: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and part in path.relative_to(folder).parts]


def _in_a_process(code: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=os.environ | {"PYTHONPATH": paths})


# --- opening ---------------------------------------------------------------------------------------------------------


def test_without_a_server_passages_are_kept_in_the_data_folder(data_folder: Path) -> None:
    assert settings().preferred_store == "lancedb"
    opened = store_named("lancedb")
    assert opened is store_named("lancedb")
    assert opened.name == "lancedb"
    assert opened.scopes() == []
    assert opened.size() == 0
    assert not data_folder.exists()
    fill(opened, scope(), 3)
    assert (data_folder / "passages.lance").is_dir()


def test_an_address_that_is_none_is_refused_in_words(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not data_folder.exists()
    with pytest.raises(StoreError) as unset:
        store_named("weaviate")
    assert unset.value.code == "weaviate_unset"
    monkeypatch.setenv("WEAVIATE_URL", "ftp://localhost")
    settings.cache_clear()
    assert settings().preferred_store == "weaviate"
    with pytest.raises(StoreError) as caught:
        store_named("weaviate")
    assert "WEAVIATE_URL" in caught.value.remedy


def test_opening_a_store_does_not_load_its_library(tmp_path: Path) -> None:
    code = (
        "import os, sys; os.environ.update(ANSWERBOOK_DATA=sys.argv[1], WEAVIATE_URL='http://127.0.0.1:1')\n"
        "from core.store import store_named\n"
        "store, other = store_named('lancedb'), store_named('weaviate')\n"
        "assert not {'lancedb', 'pyarrow', 'weaviate', 'grpc'} & set(sys.modules)\n"
        "store.check(); assert 'lancedb' in sys.modules"
    )
    assert _in_a_process(code, str(tmp_path)).returncode == 0


# --- how it grows ----------------------------------------------------------------------------------------------------


def test_many_small_adds_and_deletes_do_not_bloat_the_disk(store: LanceStore, folder: Path) -> None:
    long = "some words of a usual length and more of them " * 20
    for number in range(150):
        version = f"v{number}"
        store.add(scope(), [passage(n, version=version, text=long) for n in range(20)], vectors(20))
        if number >= 5:
            store.delete_versions(scope(), [key(f"v{number - 5}")])
        store.tidy(scope())
    alive = store.count(scope())
    assert alive == 100
    assert len(_files(folder, "_versions")) <= 2 * lance_table._VERSIONS
    fresh = LanceStore(folder.with_name("fresh"))
    fresh.add(scope(), [passage(n, text=long) for n in range(alive)], vectors(alive))
    assert (store.size() or 0) < 8 * (fresh.size() or 0) + 2**20


def test_tidy_frees_what_deletes_left_behind(store: LanceStore, folder: Path) -> None:
    for number in range(8):
        made = [passage(n, version=f"v{number}", text=os.urandom(2000).hex()) for n in range(2000)]
        store.add(scope(), made, vectors(2000))
    store.tidy(scope())
    before = store.size() or 0
    store.delete_versions(scope(), [key(f"v{number}") for number in range(1, 8)])
    store.tidy(scope())
    store.tidy(scope())
    assert store.count(scope()) == 2000
    assert (store.size() or 0) < before / 3


def test_tidy_rewrites_a_file_most_of_which_was_deleted(store: LanceStore, folder: Path) -> None:
    for number in range(5):
        made = [passage(n, version=f"v{number}", text=os.urandom(500).hex()) for n in range(1000)]
        store.add(scope(), made, vectors(1000))
    for _ in range(2):
        store._table(scope()).optimize(cleanup_older_than=timedelta(milliseconds=1))
    assert len(_files(folder, "data")) == 1
    before = store.size() or 0
    assert store.delete_versions(scope(), [key(f"v{number}") for number in range(4)]) == 0
    assert (store.size() or 0) >= before
    store.tidy(scope())
    assert (store.size() or 0) < before / 3
    assert store.count(scope()) == 1000


def test_a_search_in_some_sources_looks_at_their_passages_alone(store: LanceStore) -> None:
    for number in range(12):
        store.add(scope(), [passage(n, version=f"v{number}", source=f"s{number}") for n in range(50)], vectors(50))
    narrow: dict[str, Any] = {"terms": ["w1"], "limit": 20, "source_ids": [key("s3"), key("s7")]}
    before = store.search(scope(), vector=vectors(3)[2], **narrow)
    store.tidy(scope())
    store.add(scope(), [passage(n, version="late", source="late") for n in range(5)], vectors(5))
    assert store.search(scope(), vector=vectors(3)[2], **narrow) == before
    later = store.search(scope(), vector=vectors(3)[2], terms=[], limit=20, source_ids=[key("late"), key("s3")])
    assert {hit.passage.source_id for hit in later} == {key("late"), key("s3")}
    for column, name in (("source_id", "s3"), ("version_id", "v3")):
        where = lance_table.among(column, [key(name)])
        plan = store._table(scope()).search(vectors(1)[0], vector_column_name="vector").where(where, prefilter=True)
        assert "ScalarIndexQuery" in plan.explain_plan()


def test_tidy_leaves_a_table_alone_that_has_little_new(store: LanceStore, folder: Path) -> None:
    fill(store, scope(), 3000)
    store.tidy(scope())
    fill(store, scope(), 5, version="little")
    before = set(_files(folder, "data")), set(_files(folder, "_versions"))
    store.tidy(scope())
    assert (set(_files(folder, "data")), set(_files(folder, "_versions"))) == before


def test_reading_goes_on_while_every_tidy_rewrites(store: LanceStore, eager: None) -> None:
    fill(store, scope(), 500, version="stays")
    store.tidy(scope())
    stop, failures = threading.Event(), []

    def read() -> None:
        try:
            while not stop.is_set():
                found = store.search(scope(), vector=vectors(1)[0], terms=["stays"], limit=20)
                assert sum(each.lexical is not None for each in found) == 20
                assert store.count(scope(), key("stays")) == 500
                assert len(set(store.ids(scope()))) >= 500
        except BaseException as error:
            failures.append(error)
            raise

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(25):
        fill(store, scope(), 30, version=f"v{number}")
        store.tidy(scope())
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert store.count(scope()) == 500 + 25 * 30


def test_two_stores_that_write_and_tidy_one_table_at_once_lose_nothing(folder: Path, eager: None) -> None:
    failures: list[BaseException] = []

    def work(name: str) -> None:
        mine = LanceStore(folder)  # its own connection: nothing is shared but the files
        try:
            for number in range(12):
                fill(mine, scope(), 10, version=f"{name}{number}")
                mine.tidy(scope())
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            mine.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in "xy"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    after = LanceStore(folder)
    assert after.count(scope()) == len(set(after.ids(scope()))) == 240


def test_a_writer_that_waits_too_long_for_another_process_says_so(folder: Path) -> None:
    path = folder / "x.lock"
    with held(path), pytest.raises(StoreError) as caught, held(path, wait=0.05):
        pass
    assert caught.value.passing
    with held(path, wait=0):
        pass


@posix
def test_a_killed_process_lets_go_of_the_lock(folder: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from core.store.lance.lock import held\n"
        "with held(Path(sys.argv[1])): print('held', flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert _in_a_process(code, str(folder / "x.lock")).stdout == "held\n"
    with held(folder / "x.lock", wait=0):
        pass


# --- how it breaks ---------------------------------------------------------------------------------------------------


def _search(store: LanceStore) -> object:
    return store.search(scope(), vector=vectors(1)[0], terms=["passag"], limit=50)


@pytest.mark.parametrize("part", ["data", "_versions", "_indices"])
@pytest.mark.parametrize("harm", ["cut", "junk", "gone"])
def test_a_damaged_table_says_so_and_is_rebuilt(store: LanceStore, folder: Path, part: str, harm: str) -> None:
    fill(store, scope(), 300)
    fill(store, scope("b"), 5)
    store.close()
    for path in _files(folder / f"{scope().name}.lance", part):
        if harm == "gone" and part != "_versions":
            path.unlink()
        else:
            path.write_bytes(path.read_bytes()[:40] if harm == "cut" else b"junk" * 100)
    with pytest.raises(StoreError) as caught:
        _search(store)
    assert caught.value.code == "damaged"
    assert "Check passages" in caught.value.remedy
    assert str(folder) not in str(caught.value)
    assert store.count(scope("b")) == 5
    store.drop(scope())
    assert store.scopes() == [scope("b").name]
    fill(store, scope(), 300)
    assert store.count(scope()) == 300
    assert len(found_ids(store, scope(), ["word1", "word2"])) == 2


def test_a_table_that_vanished_is_empty_and_filled_again(store: LanceStore, folder: Path) -> None:
    fill(store, scope(), 30)
    shutil.rmtree(folder)
    assert store.count(scope()) == 0
    assert _search(store) == []
    fill(store, scope(), 7)
    assert store.count(scope()) == 7
    assert found_ids(store, scope(), ["word3"]) == {passage(3).id}


@pytest.mark.parametrize("inside", ["", "_versions", "data"])
def test_what_a_crash_at_creation_leaves_is_no_table(store: LanceStore, folder: Path, inside: str) -> None:
    (folder / f"{scope().name}.lance" / inside).mkdir(parents=True)
    assert store.scopes() == []
    assert store.count(scope()) == 0
    fill(store, scope(), 4)
    assert store.count(scope()) == 4


def test_a_drop_cut_short_is_finished_by_the_next(store: LanceStore, folder: Path) -> None:
    fill(store, scope(), 30)
    fill(store, scope("b"), 30)
    (folder / f"{scope().name}.lance").rename(folder / f"{scope().name}.dropped-1234")
    assert store.scopes() == [scope("b").name]
    store.drop(scope("b"))
    assert [path for path in folder.iterdir() if path.is_dir()] == []


def test_rows_without_their_index_after_a_crash_are_searched_with_our_own_terms(store: LanceStore) -> None:
    store.add(scope(), [passage(0, terms="running the Café")], vectors(1))
    store._table(scope()).drop_index("terms_idx")
    assert found_ids(store, scope(), ["the"]) == {passage(0).id}
    assert found_ids(store, scope(), ["run"]) == set()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = LanceStore(tmp_path / "file" / "passages.lance")
    for call in (store.check, lambda: fill(store, scope(), 3)):
        with pytest.raises(StoreError) as caught:
            call()
        assert caught.value.code == "unwritable"
        assert str(tmp_path) not in str(caught.value)


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(store: LanceStore, folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    with pytest.raises(StoreError) as caught:
        store.check()
    assert caught.value.code == "unwritable"


@posix
def test_a_full_disk_is_told_and_keeps_what_was_there(store: LanceStore, folder: Path) -> None:
    fill(store, scope(), 100)
    code = (
        "import resource, sys; from pathlib import Path; from tests.core.store.store_kit import *\n"
        "from core.store.lance import LanceStore; from core.errors import StoreError\n"
        "store = LanceStore(Path(sys.argv[1])); store.count(scope())\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try: fill(store, scope(), 2000, version='big')\n"
        "except StoreError as error: print(error.code, error, store.count(scope()))\n"
        "try: store.check()\n"
        "except StoreError as error: print(error.code)"
    )
    done = _in_a_process(code, str(folder))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("full The disk is full")
    assert done.stdout.split()[-2:] == ["100", "full"]
    assert store.count(scope()) == 100
    fill(store, scope(), 2000, version="big")
    assert store.count(scope()) == 2100


@posix
@pytest.mark.slow
def test_memory_stays_small_over_hundreds_of_searches(store: LanceStore, folder: Path) -> None:
    fill(store, scope(), 2000)
    code = (
        "import resource, sys; from pathlib import Path; from tests.core.store.store_kit import *\n"
        "from core.store.lance import LanceStore\n"
        "store, question = LanceStore(Path(sys.argv[1])), vectors(1)[0]\n"
        "for n in range(600):\n"
        "    store.search(scope(), vector=question, terms=[f'word{n}', 'passag'], limit=20)\n"
        "    if n in (100, 599): print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    early, late = map(int, _in_a_process(code, str(folder)).stdout.split())
    assert late - early < 40_000  # KB


def test_a_foreign_table_is_not_taken_for_ours(store: LanceStore, folder: Path) -> None:
    import lancedb

    lancedb.connect(folder).create_table(scope().name, data=[{"id": "1", "vector": [1.0] * DIMENSION}])
    with pytest.raises(StoreError) as caught:
        store.add(scope(), passages(1), vectors(1))
    assert caught.value.code == "damaged"


def test_a_search_is_about_as_much_work_as_lancedb_s_own(store: LanceStore) -> None:
    """How long it takes is measured by tests/benchmarks; here LanceDB's own functions that are called are counted."""
    from lancedb.query import MatchQuery

    fill(store, scope(), 8000)
    store.tidy(scope())
    table, question = store._table(scope()), vectors(1)[0]

    def bare() -> None:
        table.search(question).distance_type("cosine").limit(30).to_arrow()
        table.search(MatchQuery("passag word7", "terms"), query_type="fts").limit(30).to_arrow()

    def ours() -> None:
        store.search(scope(), vector=question, terms=["passag", "word7"], limit=30)

    bare(), ours()
    theirs, mine = calls(bare, "lancedb"), calls(ours, "lancedb")
    assert theirs > 10
    assert mine < 2 * theirs
