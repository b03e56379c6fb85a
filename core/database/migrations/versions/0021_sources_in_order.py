"""Sources in order: folder and tags, preferred, the time in which one answers, and what replaces it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

FOLDER_LENGTH = 200
BATCH = 500


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    # With a default of the server: an older Answerbook on the same database writes rows without them.
    op.add_column("source", sa.Column("folder", sa.String(FOLDER_LENGTH), nullable=False, server_default=""))
    op.add_column("source", sa.Column("preferred", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("source", sa.Column("begins_at", moment, nullable=True))
    op.add_column("source", sa.Column("ends_at", moment, nullable=True))
    op.add_column("source", sa.Column("zone", sa.String(64), nullable=False, server_default=""))
    op.add_column("source", sa.Column("replaced_by", sa.String(32), nullable=False, server_default=""))
    op.add_column("source", sa.Column("order_mark", sa.String(32), nullable=False, server_default=""))
    op.create_index("ix_source_replaced_by", "source", ["replaced_by"])
    op.create_table(
        "source_tag",
        sa.Column("source_id", sa.String(32), sa.ForeignKey("source.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("tag", sa.String(60), primary_key=True),
    )
    op.create_index("ix_source_tag_tag", "source_tag", ["tag"])
    _folders_from_names()


def _folders_from_names() -> None:
    """What came as a part of a folder lies in a folder of that name, as it would had it come today."""
    source = sa.table("source", *(sa.column(name, sa.String) for name in ("id", "name", "folder", "part_of")))
    connection = op.get_bind()
    chosen = sa.select(source.c.id, source.c.name).where(source.c.name.contains("/"), source.c.part_of == "")
    last = ""
    while rows := connection.execute(chosen.where(source.c.id > last).order_by(source.c.id).limit(BATCH)).all():
        last = rows[-1].id
        for row in rows:
            folder = row.name.rpartition("/")[0][:FOLDER_LENGTH].rstrip("/ ")
            connection.execute(sa.update(source).where(source.c.id == row.id).values(folder=folder))
