"""Which process runs a job, and since when an index no longer answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("worker", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("job", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("generation", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
