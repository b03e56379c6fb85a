"""What is known of an answer's citations is kept with it, and what was kept before is read as it was."""

from dataclasses import asdict, replace

from core.assistants import conversations, lifecycle
from core.database import Message, session
from core.schema import Answer, Citation

PLACE = Citation(1, "s1", "v1", "prices.pdf", 3, 10, 34, "A parcel costs 3 euros.", 0, 200)


def test_that_a_citation_was_added_is_kept_and_one_from_before_was_not() -> None:
    made = conversations.start_conversation(lifecycle.create_assistant("Help"))
    conversations.add_answer(made, Answer("It costs 3 euros [1].", "written", (replace(PLACE, added=True),)))
    older = conversations.add_answer(made, Answer("It costs 3 euros [1].", "written", (PLACE,)))
    kept = asdict(PLACE)
    del kept["added"]
    with session() as db:
        db.get_one(Message, older).citations = [kept]
    assert [message.citations[0].added for message in conversations.messages(made)] == [True, False]


def test_the_note_of_an_answer_is_kept_and_stands_in_the_file() -> None:
    made = conversations.start_conversation(lifecycle.create_assistant("Help"))
    conversations.add_answer(made, Answer("It costs 3 euros.", "written", note="Check it."))
    conversations.add_answer(made, Answer("It costs 3 euros.", "written"))
    said = conversations.messages(made)
    assert [message.note for message in said] == ["Check it.", ""]
    assert "*Check it.*" in conversations.as_markdown("Help", said)
