"""Twenty ways to ruin a data folder, done to real files: each ends in a sentence, and nothing is removed."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.database import engine
from core.database.copies import fault_of
from core.errors import DataFolderError
from tests.core.database.damage_kit import WAYS, contents, used_folder


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return used_folder(tmp_path_factory.mktemp("killed") / "data", tmp_path_factory.mktemp("running"))


@pytest.fixture
def folder(data_folder: Path, used: Path) -> Path:
    shutil.copytree(used, data_folder)
    return data_folder


@pytest.mark.parametrize("way", WAYS)
def test_a_ruined_folder_is_a_sentence_and_nothing_is_removed(folder: Path, way: str) -> None:
    ruin, code = WAYS[way]
    ruin(folder)
    before = contents(folder)
    for _ in range(2):
        with pytest.raises(DataFolderError) as refused:
            engine()
        assert refused.value.code == code
        assert refused.value.what
        assert refused.value.remedy
        assert str(folder) not in str(refused.value)
    after = contents(folder)
    after.pop("answerbook.db-wal", None) if after.get("answerbook.db-wal") == b"" else None
    assert after == before


@pytest.mark.parametrize("way", ["passages", "a copy", "a secret"])
def test_an_empty_database_beside_what_was_kept_is_not_taken_for_a_new_one(data_folder: Path, way: str) -> None:
    name = {"passages": "passages.lance/a.lance/x", "a copy": "backups/answerbook-0003.db", "a secret": "secret.key"}
    left = data_folder / name[way]
    left.parent.mkdir(parents=True)
    left.write_bytes(b"x")
    for path in (None, data_folder / "answerbook.db"):
        if path is not None:
            path.touch()
        with pytest.raises(DataFolderError) as refused:
            engine()
        assert refused.value.code == "lost"


def test_a_new_folder_is_new_also_where_the_first_start_was_killed(data_folder: Path) -> None:
    data_folder.mkdir()
    (data_folder / "passages.lance").mkdir()  # an empty store is made before anything is in it
    with closing(sqlite3.connect(data_folder / "answerbook.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    engine()
    engine().dispose()
    assert fault_of(data_folder / "answerbook.db") == ""


def test_the_last_changes_may_be_all_there_was(folder: Path) -> None:
    (folder / "answerbook.db-wal").unlink()
    with pytest.raises(DataFolderError) as refused:
        engine()
    assert refused.value.code == "lost"


@pytest.mark.parametrize("closed", ["answerbook.db", "answerbook.db-wal", "."])
def test_a_file_without_rights_is_said_and_works_once_it_has_them(folder: Path, closed: str) -> None:
    path = folder / closed
    rights = path.stat().st_mode
    path.chmod(0)
    try:
        if os.access(path, os.R_OK):
            pytest.skip("whoever runs this may read everything")
        with pytest.raises(DataFolderError) as refused:
            engine()
        assert refused.value.code in ("no_database", "not_writable")
    finally:
        path.chmod(rights)
    engine()
