"""Versions, jobs and messages in the order in which they came, whatever the clock said; who died over a job; names.

The database numbers the rows itself, so that an older Answerbook on the same one numbers them too: Postgres by a
sequence, SQLite, which has none for such a column, by a trigger. A later migration that builds one of these tables
anew on SQLite has to make its trigger again.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("version", "job", "message")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
        _number_old_rows(table)
        op.create_index(f"ix_{table}_number", table, ["number"], unique=True)
        if op.get_bind().dialect.name == "postgresql":
            _number_by_sequence(table)
        else:
            _number_by_trigger(table)
    op.create_index("ix_version_source_id_number", "version", ["source_id", "number"])
    op.create_index("ix_job_state_number", "job", ["state", "number"])
    op.drop_index("ix_job_state_created_at", table_name="job")
    for column in ("deaths", "silences"):
        op.add_column("job", sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    _write_names_one_way()


def _write_names_one_way() -> None:
    """Accents as one sign each (NFC), so that a file is met again; where both are there already, both stay."""
    source = sa.table("source", *(sa.column(name) for name in ("id", "assistant_id", "name", "deleted_at")))
    rows = op.get_bind().execute(sa.select(source)).all()
    taken = {(row.assistant_id, row.name) for row in rows if row.deleted_at is None}
    for row in rows:
        name = unicodedata.normalize("NFC", row.name)
        if name == row.name or (row.deleted_at is None and (row.assistant_id, name) in taken):
            continue
        taken.add((row.assistant_id, name))
        op.execute(source.update().where(source.c.id == row.id).values(name=name))


def _number_old_rows(table: str) -> None:
    """By the clock, and where that says the same moment, by the order within a conversation or by id."""
    order = "created_at, position, id" if table == "message" else "created_at, id"
    op.execute(
        f"UPDATE {table} SET number = numbered.place"
        f" FROM (SELECT id, row_number() OVER (ORDER BY {order}) AS place FROM {table}) AS numbered"
        f" WHERE numbered.id = {table}.id"
    )


def _number_by_sequence(table: str) -> None:
    op.execute(f"CREATE SEQUENCE {table}_number OWNED BY {table}.number")
    op.execute(f"SELECT setval('{table}_number', (SELECT coalesce(max(number), 0) + 1 FROM {table}), false)")
    op.execute(f"ALTER TABLE {table} ALTER COLUMN number SET DEFAULT nextval('{table}_number')")


def _number_by_trigger(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_number AFTER INSERT ON {table} WHEN NEW.number = 0 BEGIN"
        f" UPDATE {table} SET number = (SELECT max(number) + 1 FROM {table}) WHERE id = NEW.id; END"
    )
