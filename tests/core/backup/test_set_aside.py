"""Restoring where something is already: it asks, sets that aside, and loses nothing; a full disk changes nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from core import backup
from core.assistants import assistants, lifecycle
from core.backup.make import LEFT_OUT
from core.errors import AnswerbookError
from core.operate import backups_folder, bring_back, copies, state_of_database
from tests.conftest import PROJECT
from tests.needs import posix


def names() -> list[str]:
    return sorted(assistants.assistant_names().values())


def written(path: Path) -> Path:
    with path.open("wb") as target:
        backup.write_everything(target)
    return path


@pytest.mark.usefixtures("database")
def test_what_was_here_is_set_aside_and_can_be_returned_to(tmp_path: Path) -> None:
    lifecycle.create_assistant("Help")
    file = written(tmp_path / "all.zip")
    for name in ("Later", "Much later"):
        lifecycle.create_assistant(name)
    state = state_of_database()
    done = backup.restore(file, state)
    assert names() == ["Help"]
    with pytest.raises(AnswerbookError) as refused:
        backup.restore(file, state)  # the second click of a double click, in whichever process
    assert refused.value.code == "done_already"
    if done.aside.endswith(".db"):
        bring_back(next(copy for copy in copies() if copy.name == done.aside), state_of_database())
    else:
        backup.restore(backups_folder() / done.aside)
    assert names() == ["Help", "Later", "Much later"]
    for number in range(4):
        backup.restore(file)
        lifecycle.create_assistant(f"Again {number}")
    assert names() == ["Again 3", "Help"]


def test_what_does_not_go_along_is_said_of_tables_that_there_are() -> None:
    assert LEFT_OUT.keys() <= SQLModel.metadata.tables.keys()


@pytest.mark.usefixtures("data_folder")
def test_one_secret_opens_the_saved_keys_on_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pydantic import SecretStr

    from core.assistants.provider_settings import keep_provider, provider
    from core.schema import Provider
    from tests.core.backup.machines import Machine, on

    monkeypatch.setenv("ANSWERBOOK_SECRET", "three words together")
    with on(Machine(tmp_path / "old" / "data")):
        keep_provider(Provider("http://127.0.0.1:9/v1", SecretStr("sk-4711"), "m"), 0.1)
        file = written(tmp_path / "all.zip")
    with on(Machine(tmp_path / "new" / "data")):
        assert backup.restore(file).unreadable == 0
        known = provider()
        assert known is not None
        assert known.api_key.get_secret_value() == "sk-4711"


def command(*words: str, answer: str = "", limit: int = 0) -> tuple[int, str]:
    """Run the command in a process of its own; with a limit no file grows beyond so many bytes, as on a full disk."""
    code = (
        "import sys; from core.backup.__main__ import main\n"
        f"limit = {limit}\n"
        "if limit:\n"
        "    import resource, signal\n"
        "    signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=PROJECT, input=answer, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("data_folder")
def test_the_command_asks_before_it_puts_anything_aside(tmp_path: Path) -> None:
    lifecycle.create_assistant("Help")
    file = tmp_path / "all.zip"
    status, said = command("make", str(file))
    assert (status, "It holds 1 assistant" in said, "secret.key" in said) == (0, True, True)
    assert command("make", str(file))[0] == 1, "a file that is there is never replaced"
    lifecycle.create_assistant("Later")
    status, said = command("restore", str(file), answer="no\n")
    assert (status, "Here is 2 assistants" in said, "Nothing was changed" in said) == (1, True, True)
    assert names() == ["Help", "Later"]
    status, said = command("restore", str(file), answer="yes\n")
    assert (status, "answerbook-replaced-" in said) == (0, True)
    assert names() == ["Help"]
    file.write_bytes(file.read_bytes()[:-40])
    assert command("restore", str(file), "--yes") == (1, f"{damaged_words()}\n")


def damaged_words() -> str:
    from core.backup.archive import damaged

    return str(damaged())


@posix
@pytest.mark.slow
def test_a_full_disk_is_a_sentence_and_changes_nothing(data_folder: Path, tmp_path: Path) -> None:
    from core.assistants import sources

    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("large.txt", os.urandom(3_000_000))])
    file = tmp_path / "all.zip"
    status, said = command("make", str(file), limit=1_000_000)
    assert (status, "could not be written" in said) == (1, True), said
    assert list(tmp_path.glob("all.zip*")) == []
    written(file)
    lifecycle.create_assistant("Later")
    before = sorted(path.name for path in data_folder.rglob("*") if path.suffix in (".db", ".zip"))
    status, said = command("restore", str(file), "--yes", limit=1_000_000)
    assert status == 1
    assert "The database is as it was" in said or "Nothing was changed" in said or "disk" in said, said
    assert names() == ["Help", "Later"]
    assert sorted(path.name for path in data_folder.rglob("*") if path.suffix in (".db", ".zip")) == before
    assert not (data_folder / "bringing-back").exists()
