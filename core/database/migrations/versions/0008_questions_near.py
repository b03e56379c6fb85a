"""What an answer offers beside its text: the words that were looked for, and questions near it that can be answered."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default of the server: an older Answerbook on the same database writes messages without it.
    op.add_column("message", sa.Column("aside", sa.JSON(), nullable=False, server_default="{}"))
