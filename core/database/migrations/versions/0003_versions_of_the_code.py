"""Which version of reader, cutter and term-maker made what is kept, and for which an update did it again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _number(name: str) -> sa.Column:
    # With a default of the server: an older Answerbook on the same database writes rows without them.
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def upgrade() -> None:
    with op.batch_alter_table("parsed") as table:
        table.add_column(_number("reader_version"))
        table.create_index("ix_parsed_reader_version", ["reader_version", "version_id"])
    with op.batch_alter_table("indexed") as table:
        table.add_column(_number("cutter_version"))
        table.add_column(_number("terms_version"))
    with op.batch_alter_table("source") as table:
        table.add_column(_number("read_for"))
    with op.batch_alter_table("assistant") as table:
        table.add_column(sa.Column("built_for", sa.String(length=32), nullable=False, server_default=""))
