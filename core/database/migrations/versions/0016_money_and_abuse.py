"""What answers cost, how much may be spent and asked, and who asked how often of late."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "spent",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("assistant_id", sa.String(32), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("asker", sa.String(16), nullable=False),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("prompt_tokens", sa.BigInteger(), nullable=False),
        sa.Column("answer_tokens", sa.BigInteger(), nullable=False),
        sa.Column("micro_euros", sa.BigInteger(), nullable=False),
        sa.Column("priced", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    summed = ["day", "assistant_id", "state", "priced", "micro_euros", "answers"]
    op.create_index("ix_spent_day", "spent", summed)
    op.create_table(
        "spending_limit",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "model_price",
        sa.Column("id", sa.String(500), primary_key=True),
        sa.Column("prompt", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "ask_window",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("assistant_id", sa.String(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_ask_window_ends_at", "ask_window", ["ends_at"])
    op.create_table(
        "day_salt",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("encrypted", sa.Text(), nullable=False),
    )
