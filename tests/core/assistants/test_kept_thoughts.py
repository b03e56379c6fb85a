"""What a model thought is kept with its answer, shown only as the reason for it, and never said again."""

from core.assistants import conversations, lifecycle
from core.schema import Answer, Turn


def test_thoughts_are_kept_beside_the_answer_and_are_no_part_of_the_conversation(data_folder: object) -> None:
    made = conversations.start_conversation(lifecycle.create_assistant("Help"))
    conversations.add_question(made, "What does storage cost?")
    conversations.add_answer(made, Answer("4 EUR a day.", "written", thoughts="Passage [1]\nsays 4 EUR."))
    conversations.add_answer(made, Answer("Not there.", "unknown", looked_for=("lima",), language="en"))
    _, answer, other = conversations.messages(made)
    assert (answer.thoughts, other.thoughts) == ("Passage [1]\nsays 4 EUR.", "")
    assert (other.looked_for, other.language) == (("lima",), "en")
    assert conversations.history([answer]) == [Turn("assistant", "4 EUR a day.")]
    assert "says 4 EUR" not in conversations.as_markdown("Help", [answer])
