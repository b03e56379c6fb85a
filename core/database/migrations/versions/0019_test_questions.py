"""Test questions of an assistant, and what each run of them gave."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "test_question",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("assistant_id", sa.String(32), sa.ForeignKey("assistant.id", ondelete="CASCADE"), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(32), nullable=False),
        sa.Column("made_by", sa.String(254), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_test_question_assistant_id", "test_question", ["assistant_id"])
    op.create_index("ix_test_question_assistant_id_created_at", "test_question", ["assistant_id", "created_at"])
    op.create_table(
        "test_run",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("assistant_id", sa.String(32), sa.ForeignKey("assistant.id", ondelete="CASCADE"), nullable=False),
        sa.Column("job_id", sa.String(32), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("ranks", sa.JSON(), nullable=False),
        sa.Column("quoted", sa.JSON(), nullable=False),
        sa.Column("search", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_test_run_assistant_id", "test_run", ["assistant_id"])
    op.create_index("ix_test_run_job_id", "test_run", ["job_id"])
    op.create_index("ix_test_run_assistant_id_started_at", "test_run", ["assistant_id", "started_at"])
