"""A whole backup made on one machine and restored on another: from each database and store to each."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlmodel import select

from core import backup
from core.assistants import conversations, lifecycle, provider_settings
from core.assistants.assistants import assistant_called
from core.backup.archive import Archive
from core.database import AuditLine, IndexBuild, SignInSession, session
from core.index import checks
from core.people import create_owner, open_session
from core.publish.api.keys import create_key
from core.publish.publications import save_publication
from core.schema import Provider
from core.settings import settings
from core.spending import save_limits
from tests.conftest import PROJECT
from tests.core.backup.machines import Machine, answers, fill, on
from tests.core.conftest import RunningWeaviate
from tests.core.work import work_off

KEY = "sk-test-4711-0815-secret"
# What a restore says anew: which store holds an index, and who works on what.
MachineOf = Callable[[str, str], Machine]
SAID_ANEW = {"generation", "indexed", "job"}


@pytest.fixture
def machine_of(request: pytest.FixtureRequest, tmp_path: Path) -> MachineOf:
    """Make a machine from words: "postgres weaviate", "sqlite lancedb"."""

    def made(words: str, name: str) -> Machine:
        url, store = "", ()
        if "postgres" in words:
            url = new_database(request.getfixturevalue("postgres"))
        if "weaviate" in words:
            server: RunningWeaviate = request.getfixturevalue("weaviate")
            store = (("WEAVIATE_URL", server.url), ("WEAVIATE_GRPC", server.grpc), ("WEAVIATE_API_KEY", server.key))
        return Machine(tmp_path / name / "data", url, store)

    return made


def new_database(server: str) -> str:
    import psycopg

    name = f"t{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def everything_on() -> None:
    """An Answerbook with something of each kind."""
    made = fill()
    open_session(create_owner("owner@example.com", "", "correct horse battery"))
    provider_settings.keep_provider(Provider("http://127.0.0.1:9/v1", SecretStr(KEY), ""), 0.1, "fallback")
    save_limits({"euros_day": 5_000_000})
    save_publication(made, name="help", state="link")
    create_key(made, "Site", ["ask"])
    conversations.add_question(conversations.start_conversation(made), "Was it \U0001f600 ok? “Ja”")


@contextmanager
def writer() -> Iterator[subprocess.Popen[str]]:
    """Another process on the same Answerbook: it makes an assistant for each line that it is sent."""
    script = (
        "import sys\n"
        "from core.assistants import lifecycle\n"
        "for line in sys.stdin:\n"
        "    lifecycle.create_assistant(line.strip()); print('done', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def write_once(process: subprocess.Popen[str], name: str) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{name}\n")
    process.stdin.flush()
    assert any(line == "done\n" for line in process.stdout)


def note_deed() -> None:
    with session() as db:
        db.add(AuditLine(deed="tested"))


def made_while_others_write(target: IO[bytes]) -> None:
    with writer() as other:
        write_once(other, "Before")
        for number, _ in enumerate(backup.writing_everything(target)):
            if number < 5:
                write_once(other, f"Later {number}")


def contents(path: Path) -> dict[str, list[object]]:
    """All rows of a backup, blobs by their checksum, in an order of their own."""
    found = {}
    with Archive(path) as archive:
        for table in archive.manifest.tables:
            rows = [
                {
                    name: value["sha256"] if isinstance(value, dict) and "sha256" in value else value
                    for name, value in row.items()
                }
                for row in archive.rows(table)
            ]
            found[table] = sorted(rows, key=repr)
    return found


WAYS = [
    ("sqlite lancedb", "sqlite lancedb"),
    pytest.param("sqlite lancedb", "postgres lancedb", marks=pytest.mark.postgres),
    pytest.param("postgres lancedb", "sqlite lancedb", marks=pytest.mark.postgres),
    pytest.param("postgres lancedb", "postgres lancedb", marks=pytest.mark.postgres),
    pytest.param("postgres lancedb", "sqlite weaviate", marks=pytest.mark.postgres),
    pytest.param("sqlite weaviate", "postgres lancedb", marks=pytest.mark.postgres),
    ("sqlite weaviate", "sqlite weaviate"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("before", "after"), WAYS)
def test_everything_comes_back_and_answers_the_same(
    machine_of: MachineOf, tmp_path: Path, before: str, after: str
) -> None:
    old, new = machine_of(before, "old"), machine_of(after, "new")
    file, again = tmp_path / "all.zip", tmp_path / "again.zip"
    with on(old):
        everything_on()
        said = answers()
        assert said[0][1]
        with file.open("wb") as target:
            made_while_others_write(target)
        assert not any("4711" in str(rows) for rows in contents(file).values())
    with on(new):
        assert backup.here() == {"assistant": 0, "source": 0, "conversation": 0, "person": 0}
        done = backup.restore(file)
        assert done.unreadable == 1  # another machine, another secret
        with again.open("wb") as target:
            backup.write_everything(target)
        first, second = contents(file), contents(again)
        assert {row["name"] for row in first["assistant"]} == {"Help", "Before"}  # type: ignore[index]
        for table in first.keys() - SAID_ANEW:
            assert second[table] == first[table], table
        work_off()
        assert answers() == said
        with session() as db:
            assert set(db.exec(select(IndexBuild.store)).all()) == {settings().preferred_store}
            assert db.exec(select(SignInSession)).all() == []
        assert {check.job.state for check in checks() if check.job} == {"done"}
        lifecycle.create_assistant("One more")  # numbers and sequences go on behind what came in
        conversations.add_question(conversations.start_conversation(assistant_called("Help")), "And now?")
        note_deed()
