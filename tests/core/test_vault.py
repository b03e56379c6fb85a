"""Keys at rest."""

import multiprocessing
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import AnswerbookError, DataFolderError
from core.vault import KEY_FILE, Vault, masked

KEY = "sk-very-secret-0123456789"


def _key_of(folder: Path) -> bytes:
    Vault(folder).encrypt("x")
    return (folder / KEY_FILE).read_bytes()


@pytest.mark.parametrize("secret", ["", "a sentence of the host"])
def test_a_key_comes_back_in_another_process(tmp_path: Path, secret: str) -> None:
    token = Vault(tmp_path, SecretStr(secret)).encrypt(KEY)
    assert KEY not in token
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(Vault(tmp_path, SecretStr(secret)).decrypt, (token,)) == KEY


def test_the_key_file_is_for_its_owner_only(tmp_path: Path) -> None:
    Vault(tmp_path / "new" / "folder").encrypt(KEY)
    path = tmp_path / "new" / "folder" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [KEY_FILE]


def test_with_a_secret_no_key_file_is_made(tmp_path: Path) -> None:
    Vault(tmp_path, SecretStr("secret")).encrypt(KEY)
    assert not list(tmp_path.iterdir())


def test_processes_that_start_at_once_end_with_one_key(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(20)]
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = pool.map(_key_of, [folder for folder in folders for _ in range(4)], chunksize=1)
    assert all(len(set(keys[at : at + 4])) == 1 for at in range(0, len(keys), 4))
    assert len(set(keys)) == len(folders)


def test_what_the_file_locked_is_read_after_a_secret_was_set(tmp_path: Path) -> None:
    token = Vault(tmp_path).encrypt(KEY)
    assert Vault(tmp_path, SecretStr("secret")).decrypt(token) == KEY


@pytest.mark.parametrize("damage", ["other secret", "", "gAAAA", "ä"])
def test_what_cannot_be_read_any_more_says_so(tmp_path: Path, damage: str) -> None:
    token = Vault(tmp_path, SecretStr("one")).encrypt(KEY)
    vault = Vault(tmp_path, SecretStr("two" if damage == "other secret" else "one"))
    with pytest.raises(AnswerbookError, match="cannot be read any more") as caught:
        vault.decrypt(token if damage == "other secret" else damage)
    assert "Enter the key again" in caught.value.remedy
    assert caught.value.code == "vault"


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 44])
def test_a_damaged_key_file_is_never_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    with pytest.raises(DataFolderError, match="damaged"):
        Vault(tmp_path).encrypt(KEY)
    assert (tmp_path / KEY_FILE).read_bytes() == content


def test_a_data_folder_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderError, match="cannot be read or written"):
        Vault(tmp_path / "file").encrypt(KEY)


def test_a_vault_shows_no_secret(tmp_path: Path) -> None:
    assert "hidden" not in repr(Vault(tmp_path, SecretStr("hidden")))


@pytest.mark.parametrize(
    ("key", "shown"), [(KEY, "sk-…6789"), ("0123456789abcdefghij", "…ghij"), ("short", "…"), (" ", "")]
)
def test_a_shown_key_is_its_last_four_characters(key: str, shown: str) -> None:
    assert masked(key) == shown
