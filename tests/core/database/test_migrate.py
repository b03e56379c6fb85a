"""A data folder is brought up to date by itself, after a copy; a newer one is refused and left alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from core.database import engine
from core.database.engine import make_engine
from core.database.migrate import bring_up_to_date
from core.errors import DataFolderError


def revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


@pytest.mark.usefixtures("database")
def test_a_fresh_database_has_the_tables_the_code_expects() -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from sqlmodel import SQLModel

    with engine().connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    assert differences == []


def test_an_older_folder_is_copied_first_and_then_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_engine(f"sqlite:///{tmp_path / 'answerbook.db'}")
    bring_up_to_date(made, tmp_path)
    with made.begin() as connection:
        connection.execute(text("INSERT INTO original (hash, size, body) VALUES ('h', 1, 'x')"))
    add_migration(tmp_path / "migrations", monkeypatch)
    bring_up_to_date(made, tmp_path)
    assert revision(tmp_path / "answerbook.db") == "9999"
    copies = list((tmp_path / "backups").glob("*.db"))
    assert len(copies) == 1
    assert revision(copies[0]) != "9999"
    with closing(sqlite3.connect(copies[0])) as copy:
        assert copy.execute("SELECT count(*) FROM original").fetchone() == (1,)


def add_migration(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a later migration behind the real ones, as a later release would."""
    import shutil

    from alembic.script import ScriptDirectory

    from core.database import migrate

    newest = ScriptDirectory(str(migrate.MIGRATIONS)).get_current_head()
    shutil.copytree(migrate.MIGRATIONS, folder)
    (folder / "versions" / "9999_later.py").write_text(
        f"from alembic import op\nimport sqlalchemy as sa\nrevision='9999'\ndown_revision={newest!r}\n"
        "def upgrade():\n    op.add_column('assistant', sa.Column('later', sa.Integer()))\n"
    )
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)


def test_a_folder_of_a_newer_answerbook_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "answerbook.db"
    made = make_engine(f"sqlite:///{path}")
    bring_up_to_date(made, tmp_path)
    with made.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(DataFolderError) as refused:
        bring_up_to_date(made, tmp_path)
    assert refused.value.code == "too_new"
    assert revision(path) == "from_the_future"
    assert not (tmp_path / "backups").exists()


def test_a_folder_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    blocked = tmp_path / "data"
    blocked.write_text("not a folder")
    with pytest.raises(DataFolderError) as refused:
        bring_up_to_date(make_engine(f"sqlite:///{blocked / 'answerbook.db'}"), blocked)
    assert refused.value.code == "not_writable"
    assert str(tmp_path) not in str(refused.value)


OLD_ROWS = """
INSERT INTO assistant (id, name, colour, generation_id, voice_id, search_passages, suggested, looked_at_passages,
    created_at) VALUES ('a', 'Help', '', '', '', 6, '[]', false, '2026-01-01 00:00:00+00:00');
INSERT INTO source (id, assistant_id, name, version_id, created_at)
    VALUES ('s', 'a', 'prices.md', '', '2026-01-01 00:00:00+00:00');
INSERT INTO source (id, assistant_id, name, version_id, created_at)
    VALUES ('t', 'a', 'cafe\u0301.md', '', '2026-01-01 00:00:00+00:00');
INSERT INTO source (id, assistant_id, name, version_id, created_at)
    VALUES ('u', 'a', 'a\u0308.md', '', '2026-01-01 00:00:00+00:00');
INSERT INTO source (id, assistant_id, name, version_id, created_at)
    VALUES ('v', 'a', '\u00e4.md', '', '2026-01-01 00:00:00+00:00')
"""
VERSION = """INSERT INTO version (id, source_id, original_hash, size, kind, title, language, page_word, characters,
    identity, warnings, created_at) VALUES ('{id}', 's', 'h', 1, '', '', '', '', 0, '', '[]', '{moment}+00:00')"""
JOB = """INSERT INTO job (id, kind, assistant_id, state, stage, done, total, error, remedy, code, attempts,
    stop_requested, result, created_at) VALUES ('{id}', 'read', 'a', 'waiting', '', 0, 0, '', '', '', 0, false, '{{}}',
    '{moment}+00:00')"""


def test_rows_of_before_are_numbered_by_their_moment_and_later_ones_after_them(database: str) -> None:
    """Also those that an Answerbook without numbers writes afterwards, on the same database."""
    from alembic import command
    from alembic.config import Config

    from core.database import migrate
    from core.settings import settings

    made = make_engine(settings().database)
    settings().data.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    moments = {"b": "2026-03-01 00:00:00", "c": "2026-02-01 00:00:00", "a": "2026-03-01 00:00:00"}
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for statement in OLD_ROWS.split(";"):
            connection.execute(text(statement))
        for row_id, moment in moments.items():
            connection.exec_driver_sql(VERSION.format(id=row_id, moment=moment))
            connection.exec_driver_sql(JOB.format(id=row_id, moment=moment))
    bring_up_to_date(made, settings().data)
    with made.begin() as connection:
        for row_id in ("later", "latest"):
            connection.exec_driver_sql(VERSION.format(id=row_id, moment="2020-01-01 00:00:00"))
            connection.exec_driver_sql(JOB.format(id=row_id, moment="2020-01-01 00:00:00"))
    with made.connect() as connection:
        for table in ("version", "job"):
            ids = connection.execute(text(f"SELECT id FROM {table} ORDER BY number")).scalars().all()
            assert ids == ["c", "a", "b", "later", "latest"], (database, table)
        names = connection.execute(text("SELECT name FROM source ORDER BY id")).scalars().all()
    assert names == ["prices.md", "caf\u00e9.md", "a\u0308.md", "\u00e4.md"]
    made.dispose()


def test_an_update_that_ends_halfway_has_changed_nothing_and_can_be_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answerbook.db"
    made = make_engine(f"sqlite:///{path}")
    bring_up_to_date(made, tmp_path)
    before = revision(path)
    add_migration(tmp_path / "migrations", monkeypatch)
    later = tmp_path / "migrations" / "versions" / "9999_later.py"
    whole = later.read_text()
    later.write_text(f"{whole}    raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        bring_up_to_date(made, tmp_path)
    assert revision(path) == before
    later.write_text(whole)
    bring_up_to_date(made, tmp_path)
    assert revision(path) == "9999"


def test_a_first_start_that_ends_halfway_can_be_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_engine(f"sqlite:///{tmp_path / 'answerbook.db'}")
    add_migration(tmp_path / "migrations", monkeypatch)
    later = tmp_path / "migrations" / "versions" / "9999_later.py"
    whole = later.read_text()
    later.write_text(f"{whole}    raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        bring_up_to_date(made, tmp_path)
    later.write_text(whole)
    bring_up_to_date(made, tmp_path)
    assert revision(tmp_path / "answerbook.db") == "9999"
