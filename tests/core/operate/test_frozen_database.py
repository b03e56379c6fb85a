"""A Postgres that is there and says nothing: a real server, stopped in the middle, as a frozen machine is."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core.assistants import assistants
from core.database import Assistant, engine, migrate, patience, session
from core.errors import DataFolderError
from core.operate import health
from core.settings import settings
from tests.core.postgres import missing_programs, postgres_server
from tests.needs import need, posix
from tests.pages.kit import run, texts

pytestmark = [pytest.mark.postgres, posix, pytest.mark.timeout(180)]
FRAME = str(Path(__file__).parents[3] / "pages" / "frame.py")


class Freezer:
    """Stops all processes of a Postgres and lets them go on."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(f"{url}/postgres") as connection:
            folder = connection.execute("SHOW data_directory").fetchall()[0][0]
        self.first = int(Path(folder, "postmaster.pid").read_text().split()[0])

    def signal(self, number: signal.Signals) -> None:
        children = Path(f"/proc/{self.first}/task/{self.first}/children").read_text().split()
        for process in (self.first, *map(int, children)):
            # The first process, going on, may have buried a child that ended in the frost.
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)


@pytest.fixture
def freezer(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Freezer]:
    """A server of this test alone with an assistant in it, to be frozen; its silence is borne for seconds."""
    monkeypatch.setattr(patience.PatientConnection, "silent_seconds", 4.0)
    monkeypatch.setattr(patience, "CONNECT_SECONDS", 3)
    need("postgres", missing_programs())
    with postgres_server() as url:
        monkeypatch.setenv("DATABASE_URL", f"{url}/postgres")
        settings.cache_clear()
        engine.cache_clear()
        with session() as db:
            db.add(Assistant(name="Kept"))
        freezer = Freezer(url)
        yield freezer
        freezer.resume()
        engine().dispose()
        engine.cache_clear()


def probes() -> int:
    return sum(thread.name == "probe" for thread in threading.enumerate())


def test_a_probe_of_a_frozen_database_says_which_part_and_asks_once(
    freezer: Freezer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience.PatientConnection, "silent_seconds", 60.0)
    assert health("here")["database"] == "ok"
    freezer.freeze()
    with ThreadPoolExecutor(20) as pool:
        reports = list(pool.map(lambda _: health("here"), range(40)))
    assert {(report["ok"], report["database"]) for report in reports} == {(False, "away")}
    assert probes() == 1
    freezer.resume()
    while health("here")["database"] != "ok":
        pass
    assert probes() == 0


def test_what_was_asked_of_a_frozen_database_ends_in_words_and_goes_on_after_it(freezer: Freezer) -> None:
    with session() as db:
        assert db.exec(select(Assistant.name)).all() == ["Kept"]
    freezer.freeze()
    with pytest.raises(DataFolderError) as caught:
        assistants.assistant_names()
    assert caught.value.code == "database_away"
    freezer.resume()
    assert list(assistants.assistant_names().values()) == ["Kept"]


def test_a_change_that_meets_the_frost_is_made_whole_or_not_at_all(freezer: Freezer) -> None:
    def change() -> None:
        with session() as db:
            db.add(Assistant(name="New"))
            db.flush()
            freezer.freeze()

    with pytest.raises(DataFolderError) as caught:
        change()
    assert caught.value.code == "database_away"
    freezer.resume()
    assert sorted(assistants.assistant_names().values()) in (["Kept"], ["Kept", "New"])


def test_a_page_says_that_the_database_does_not_answer(freezer: Freezer) -> None:
    freezer.freeze()
    page = AppTest.from_file(FRAME, default_timeout=120).run()
    assert "The database does not answer." in texts(page)
    freezer.resume()
    run(page)
    assert "The database does not answer." not in texts(page)
    assert "Kept" in texts(page)


def test_a_statement_that_takes_its_time_is_not_cut_while_a_migration_runs(freezer: Freezer) -> None:
    with engine().connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, patience.PatientConnection)
        with migrate._unhurried(connection):
            assert raw.silent_seconds == migrate.MIGRATION_SECONDS
            connection.execute(text("SELECT 1"))
        assert raw.silent_seconds == 4.0
