"""The owner's words, how sure an assistant is before it answers, and what test runs found of both."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_words",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("assistant_id", sa.String(32), sa.ForeignKey("assistant.id", ondelete="CASCADE"), nullable=False),
        sa.Column("known_by", sa.String(240), nullable=False),
        sa.Column("said", sa.String(80), nullable=False),
        sa.Column("meant", sa.String(200), nullable=False),
        sa.Column("made_by", sa.String(254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_own_words_assistant_id", "own_words", ["assistant_id"])
    op.create_index("ix_own_words_assistant_id_known_by", "own_words", ["assistant_id", "known_by"], unique=True)
    # With a default of the server: an older Answerbook on the same database writes rows without them.
    op.add_column("assistant", sa.Column("sureness", sa.String(16), nullable=False, server_default="measured"))
    op.add_column("test_run", sa.Column("answered", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
