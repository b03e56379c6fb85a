"""The demo kit: links for stakeholders, what was asked there, and a demo that somebody walks through."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _of(table: str, column: str) -> sa.Column:
    return sa.Column(column, sa.String(32), sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "demo_link",
        sa.Column("id", sa.String(32), primary_key=True),
        _of("assistant", "assistant_id"),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("password", sa.String(300), nullable=False),
        sa.Column("banner", sa.String(200), nullable=False),
        sa.Column("opens_all", sa.Boolean(), nullable=False),
        sa.Column("keeps", sa.Boolean(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("opened_at", nullable=True),
        _moment("closed_at", nullable=True),
    )
    op.create_index("ix_demo_link_assistant_id", "demo_link", ["assistant_id"])
    op.create_index("ix_demo_link_secret_hash", "demo_link", ["secret_hash"], unique=True)
    op.create_table(
        "demo_answer",
        sa.Column("id", sa.String(32), primary_key=True),
        _of("demo_link", "link_id"),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("micro_euros", sa.BigInteger(), nullable=True),
        _moment("created_at"),
    )
    op.create_index("ix_demo_answer_link_id", "demo_answer", ["link_id"])
    op.create_index("ix_demo_answer_link_id_created_at", "demo_answer", ["link_id", "created_at"])
    op.create_table(
        "demo_run",
        sa.Column("id", sa.String(32), primary_key=True),
        _of("assistant", "assistant_id"),
        sa.Column("after_message", sa.Integer(), nullable=False),
        sa.Column("after_version", sa.Integer(), nullable=False),
        sa.Column("noted", sa.JSON(), nullable=False),
        _moment("started_at"),
    )
    op.create_index("ix_demo_run_assistant_id", "demo_run", ["assistant_id"])
