"""Quotes keep their sources' own words: what older answers had escaped for one reader is unescaped once, here."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ESCAPED = re.compile(r"\\([\\`*_\[\]<>#~$])")
BATCH = 500


def upgrade() -> None:
    message = sa.table("message", sa.column("id", sa.String), sa.column("kind", sa.String), sa.column("text", sa.Text))
    connection = op.get_bind()
    chosen = sa.select(message.c.id, message.c.text).where(message.c.kind == "quotes")
    last = ""
    while rows := connection.execute(chosen.where(message.c.id > last).order_by(message.c.id).limit(BATCH)).all():
        last = rows[-1].id
        for row in rows:
            text = ESCAPED.sub(r"\1", row.text)
            if text != row.text:
                connection.execute(sa.update(message).where(message.c.id == row.id).values(text=text))
