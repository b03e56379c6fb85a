"""Alembic's entry: runs the migrations on the connection that core.migrate hands over."""

from alembic import context
from sqlmodel import SQLModel

import core.database  # noqa: F401  the tables must be known before they are compared

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
