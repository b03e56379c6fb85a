"""Whose protocol a provider speaks, and what its test found out of how its model wants to be asked."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With defaults of the server: an older Answerbook on the same database writes rows without them.
    op.add_column("provider", sa.Column("make", sa.String(32), nullable=False, server_default="openai"))
    op.add_column("provider", sa.Column("traits", sa.Text(), nullable=False, server_default=""))
