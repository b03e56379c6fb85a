"""Whether the reader looks through what a search has found, for each assistant."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default of the server: an older Answerbook on the same database writes rows without it.
    op.add_column("assistant", sa.Column("reader", sa.Boolean(), nullable=False, server_default=sa.true()))
