"""What mistyped words of a question were taken for, kept with its answer."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # With a default of the server: an older Answerbook on the same database writes rows without it.
    column = sa.Column("understood", sa.JSON(), nullable=False, server_default="[]")
    with op.batch_alter_table("message") as table:
        table.add_column(column)
