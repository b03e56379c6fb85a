"""The databases that core's database tests run on: always SQLite, and a real PostgreSQL where one can be started."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.core.postgres import missing_programs, postgres_server


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    if reason := missing_programs():
        pytest.skip(reason)
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A fresh, migrated database of each kind; the tests use it through core.database as the app does."""
    from core.database import engine
    from core.settings import settings

    if request.param == "postgres":
        import psycopg

        server = request.getfixturevalue("postgres")
        name = f"t{uuid4().hex}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        monkeypatch.setenv("DATABASE_URL", f"{server}/{name}")
    settings.cache_clear()
    engine.cache_clear()
    yield request.param
    engine().dispose()
    engine.cache_clear()
    settings.cache_clear()
