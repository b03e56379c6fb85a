"""Which source another one was attached to: an e-mail's attachments are sources of their own under it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default of the server: an older Answerbook on the same database writes rows without it.
    op.add_column("source", sa.Column("part_of", sa.String(32), nullable=False, server_default=""))
    op.create_index("ix_source_part_of", "source", ["part_of"])
