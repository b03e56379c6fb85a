"""An assistant's public address, and what its visitors left behind."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _of_assistant(*, primary_key: bool = False) -> sa.Column:
    owner = sa.ForeignKey("assistant.id", ondelete="CASCADE")
    return sa.Column("assistant_id", sa.String(32), owner, nullable=False, primary_key=primary_key)


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "publication",
        _of_assistant(primary_key=True),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("public_sources", sa.JSON(), nullable=False),
        sa.Column("names_others", sa.Boolean(), nullable=False),
        sa.Column("look", sa.JSON(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("handover", sa.JSON(), nullable=False),
        sa.Column("keep_days", sa.Integer(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
    )
    op.create_index("ix_publication_name", "publication", ["name"], unique=True)
    op.create_table(
        "visitor_answer",
        sa.Column("id", sa.String(32), primary_key=True),
        _of_assistant(),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("feedback", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index("ix_visitor_answer_assistant_id", "visitor_answer", ["assistant_id"])
    op.create_index("ix_visitor_answer_assistant_id_created_at", "visitor_answer", ["assistant_id", "created_at"])
    op.create_table(
        "lead",
        sa.Column("id", sa.String(32), primary_key=True),
        _of_assistant(),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
    )
    op.create_index("ix_lead_assistant_id", "lead", ["assistant_id"])
    op.create_index("ix_lead_assistant_id_created_at", "lead", ["assistant_id", "created_at"])
