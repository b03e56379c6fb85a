"""Quotes that an older Answerbook kept escaped are the source's own words after the update."""

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import select

from core.assistants import conversations, lifecycle
from core.database import Message, engine, session
from core.database.migrate import MIGRATIONS
from core.schema import Answer

WORDS = "costs $12 … A_B*C … (#4) [1] 1. item ~x~ `code` <b> & &amp; $a$ back\\slash \\* :smile:"
ESCAPED = r"costs \$12 … A\_B\*C … (\#4) \[1\] 1. item \~x\~ \`code\` \<b\> & &amp; \$a\$ back\\slash \\\* :smile:"


@pytest.mark.usefixtures("database")
def test_older_quotes_are_unescaped_once_and_nothing_else_is_touched() -> None:
    made = conversations.start_conversation(lifecycle.create_assistant("Help"))
    conversations.add_question(made, ESCAPED)
    conversations.add_answer(made, Answer(f"“{ESCAPED}” [1]\n\n“{ESCAPED}” [2]", "quotes"))
    conversations.add_answer(made, Answer(ESCAPED, "written"))
    for _ in range(7):
        conversations.add_answer(made, Answer(r"“\*” [1]", "quotes"))
    migration = ScriptDirectory(str(MIGRATIONS)).get_revision("0005")
    assert migration is not None
    migration.module.BATCH = 3
    with engine().begin() as connection, Operations.context(MigrationContext.configure(connection)):
        migration.module.upgrade()
    with session() as db:
        chosen = select(Message.text).where(Message.conversation_id == made).order_by(Message.position)
        texts = list(db.exec(chosen).all())
    assert texts[:3] == [ESCAPED, f"“{WORDS}” [1]\n\n“{WORDS}” [2]", ESCAPED]
    assert set(texts[3:]) == {"“*” [1]"}
