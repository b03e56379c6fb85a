"""How each source is cut: the owner's choice, the kind of each version, and by what its passages are known."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default of the server: an older Answerbook on the same database writes rows without it.
    for table in ("source", "version"):
        op.add_column(table, sa.Column("cut_kind", sa.String(16), nullable=False, server_default=""))
    # What answers already goes on being cut as it was, also when it is read again, until its owner says otherwise.
    op.execute("UPDATE source SET cut_kind = 'text' WHERE version_id <> ''")
    op.create_table(
        "passage_prints",
        sa.Column("generation_id", sa.String(32), sa.ForeignKey("generation.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version_id", sa.String(32), sa.ForeignKey("version.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_passage_prints_version_id", "passage_prints", ["version_id"])
