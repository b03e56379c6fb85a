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
