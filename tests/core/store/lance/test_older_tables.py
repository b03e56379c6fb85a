"""Tables written before passages had a table header, rows and page breaks: they answer, and take what is new."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import lancedb
import numpy as np
import pytest

from core.schema import BUILT_IN_DIMENSION, BUILT_IN_EMBEDDING, Scope
from core.store.lance import LanceStore
from core.store.lance.table import NEWER
from tests.core.store.store_kit import key, passages, vectors

ARCHIVE = Path(__file__).parents[2] / "folders" / "before-rooms.zip"
NAME = "a_dcb4650a1e70453b941c760742ba1894_g1"
SCOPE = Scope("dcb4650a1e70453b941c760742ba1894", 1, BUILT_IN_EMBEDDING, BUILT_IN_DIMENSION)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The passage folder of an Answerbook of the version before."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "data" / "passages.lance"


@pytest.fixture
def store(folder: Path) -> Iterator[LanceStore]:
    opened = LanceStore(folder)
    yield opened
    opened.close()


def columns(folder: Path) -> set[str]:
    return set(lancedb.connect(folder).open_table(NAME).schema.names)


def test_an_older_table_answers_and_is_left_as_it_is(store: LanceStore, folder: Path) -> None:
    before = columns(folder)
    assert before.isdisjoint(NEWER)
    [found] = store.search(SCOPE, vector=None, terms=["shippoint", "17"], limit=1)
    assert "17:00" in found.passage.text
    assert (found.passage.table_header, found.passage.rows, found.passage.page_breaks) == ("", (), ())
    near = store.search(SCOPE, vector=np.ones(BUILT_IN_DIMENSION), terms=[], limit=8)
    assert len(near) == store.count(SCOPE) == 8
    version = found.passage.version_id
    assert found.passage in store.neighbours(SCOPE, version, range(8))
    assert columns(folder) == before


def test_an_older_table_takes_new_passages_and_gives_them_back_whole(store: LanceStore, folder: Path) -> None:
    reader = LanceStore(folder)  # as of another process, which opened the table before it changed
    old = reader.search(SCOPE, vector=None, terms=["shippoint"], limit=8)
    store.add(SCOPE, passages(6), vectors(6, dimension=BUILT_IN_DIMENSION))
    store.add(SCOPE, passages(6), vectors(6, dimension=BUILT_IN_DIMENSION))
    store.tidy(SCOPE)
    assert set(NEWER) <= columns(folder)
    for opened in (store, reader, LanceStore(folder)):
        assert opened.count(SCOPE) == 14
        assert opened.neighbours(SCOPE, key("v"), range(6)) == passages(6)
        new = opened.search(SCOPE, vector=None, terms=["word4"], limit=3)
        assert [found.passage for found in new] == [passages(6)[4]]
        again = opened.search(SCOPE, vector=None, terms=["shippoint"], limit=8)
        assert {found.passage.id: found.passage for found in again} == {
            found.passage.id: found.passage for found in old
        }
        assert set(opened.vectors(SCOPE, [passages(6)[2].id])) == {passages(6)[2].id}
    assert store.delete_versions(SCOPE, [key("v")]) == 0
    assert store.count(SCOPE) == 8
