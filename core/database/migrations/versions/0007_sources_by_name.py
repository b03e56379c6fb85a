"""A source by its name: adding a file asks for it, and must not look through all the others."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_source_assistant_id_name", "source", ["assistant_id", "name"])
