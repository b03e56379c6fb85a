"""Conversations on SQLite and on a real Postgres: kept, found again, judged, taken away as a file, thrown away."""

from dataclasses import asdict, replace

import pytest
import sqlalchemy

from core.assistants import conversations, lifecycle
from core.database import Message, session
from core.errors import NotFound
from core.schema import Answer, Citation, Hit, StoredPassage, Turn

pytestmark = pytest.mark.usefixtures("database")
CITATION = Citation(
    number=1,
    source_id="s1",
    version_id="v1",
    source_name="prices.pdf",
    page=3,
    start=10,
    end=34,
    quote="A parcel costs\n  3 euros.",
    passage_start=0,
    passage_end=200,
)


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def talk(assistant_id: str, *questions: str) -> str:
    """Begin a conversation and put questions in it; each is answered in the same words."""
    made = conversations.start_conversation(assistant_id)
    for question in questions:
        conversations.add_question(made, question)
        conversations.add_answer(made, Answer("It costs 3 euros [1].", "written", citations=(CITATION,)))
    return made


def titles(assistant_id: str, words: str = "") -> list[str]:
    return [row.title for row in conversations.conversations(assistant_id, words)]


def test_what_mistyped_words_were_taken_for_is_kept_with_the_answer(assistant_id: str) -> None:
    made = conversations.start_conversation(assistant_id)
    conversations.add_answer(made, Answer("It costs 3 euros.", "written", understood=("insurance", "parcel")))
    conversations.add_answer(made, Answer("It costs 3 euros.", "written"))
    assert [message.understood for message in conversations.messages(made)] == [("insurance", "parcel"), ()]


def test_what_was_said_comes_back_in_order_with_its_citations(assistant_id: str) -> None:
    made = talk(assistant_id, "What does a parcel cost?", "And a letter?")
    messages = conversations.messages(made)
    assert [(message.role, message.text) for message in messages] == [
        ("user", "What does a parcel cost?"),
        ("assistant", "It costs 3 euros [1]."),
        ("user", "And a letter?"),
        ("assistant", "It costs 3 euros [1]."),
    ]
    assert [message.kind for message in messages] == ["", "written", "", "written"]
    assert [asdict(citation) for citation in messages[1].citations] == [asdict(CITATION)]
    assert list(messages[0].citations) == []
    assert conversations.history(messages)[:2] == [
        Turn("user", "What does a parcel cost?"),
        Turn("assistant", "It costs 3 euros [1]."),
    ]


def test_a_conversation_is_listed_with_the_number_of_its_questions_the_last_moved_first(assistant_id: str) -> None:
    first, second = talk(assistant_id, "First?"), talk(assistant_id, "Second?")
    conversations.start_conversation(assistant_id)
    assert titles(assistant_id) == ["Second?", "First?"]
    conversations.add_question(first, "Third?")
    rows = conversations.conversations(assistant_id)
    assert [(row.id, row.title, row.questions) for row in rows] == [(first, "First?", 2), (second, "Second?", 1)]


def test_what_was_found_for_an_answer_is_kept_short(assistant_id: str) -> None:
    passage = StoredPassage(
        id="p", source_id="s", version_id="v", ordinal=4, start=5, end=905, page=2, text="x" * 900, context="", terms=""
    )
    made = conversations.start_conversation(assistant_id)
    conversations.add_answer(made, Answer("Nothing.", "unknown", hits=(Hit(passage, "prices.pdf", 0.87654),)))
    [found] = (asdict(found) for found in conversations.messages(made)[0].passages)
    assert (found["source_name"], found["page"], found["start"], found["end"]) == ("prices.pdf", 2, 5, 905)
    assert (found["text"], found["score"]) == ("x" * 300, 0.877)


def test_what_is_offered_where_nothing_fits_is_kept_with_the_answer(assistant_id: str) -> None:
    made = conversations.start_conversation(assistant_id)
    near = ("Who pays?", "Lost parcels")
    conversations.add_answer(made, Answer("Nothing.", "unknown", looked_for=("Japan",), near=near, language="de"))
    conversations.add_answer(made, Answer("Hello.", "talk"))
    offering, plain = conversations.messages(made)
    assert (offering.looked_for, offering.near, offering.language) == (("Japan",), near, "de")
    assert (plain.kind, plain.looked_for, plain.near, plain.language) == ("talk", (), (), "")


def test_an_answer_that_an_older_answerbook_writes_offers_nothing(assistant_id: str) -> None:
    made = conversations.start_conversation(assistant_id)
    conversations.add_answer(made, Answer("Nothing.", "unknown", looked_for=("Japan",)))
    known = "conversation_id, role, text, kind, citations, found, seconds, stopped_early, feedback, comment, created_at"
    with session() as db:
        db.execute(
            sqlalchemy.text(f"INSERT INTO message (id, position, {known}) SELECT 'older', 2, {known} FROM message")
        )
    assert [message.looked_for for message in conversations.messages(made)] == [("Japan",), ()]


@pytest.mark.parametrize("length", [80, 81, 5000])
def test_a_long_first_question_is_cut_for_the_title_and_kept_whole(assistant_id: str, length: int) -> None:
    question = "q" * length
    made = conversations.start_conversation(assistant_id)
    conversations.add_question(made, question)
    conversations.add_question(made, "A second question changes no title")
    assert titles(assistant_id) == [question if length == 80 else "q" * 79 + "…"]
    assert conversations.messages(made)[0].text == question


def test_words_are_searched_for_as_they_are_typed(assistant_id: str) -> None:
    safe, underscore, seven = "Is it 100% safe?", "What is order_number?", "What of order 7 number?"
    talk(assistant_id, safe)
    talk(assistant_id, underscore)
    talk(assistant_id, seven)
    expected = {
        "100%": [safe],
        "%": [safe],
        "_": [underscore],
        "order_number": [underscore],
        "ORDER": [seven, underscore],
        "number what": [seven, underscore],
        "number safe": [],
        "\\": [],
        "3 euros": [seven, underscore, safe],
    }
    assert {words: titles(assistant_id, words) for words in expected} == expected


def test_a_deleted_conversation_is_neither_listed_nor_opened(assistant_id: str) -> None:
    gone, left = talk(assistant_id, "Gone?"), talk(assistant_id, "Left?")
    conversations.delete_conversation(assistant_id, gone)
    assert titles(assistant_id) == ["Left?"]
    assert titles(assistant_id, "Gone") == []
    for refused in (conversations.conversation, conversations.delete_conversation):
        with pytest.raises(NotFound) as error:
            refused(assistant_id, gone)
        assert error.value.code == "no_conversation"
    assert conversations.conversation(assistant_id, left)


def test_a_conversation_of_another_assistant_does_not_exist(assistant_id: str) -> None:
    other = lifecycle.create_assistant("Other")
    theirs = talk(other, "Theirs?")
    for refused in (conversations.conversation, conversations.delete_conversation):
        with pytest.raises(NotFound):
            refused(assistant_id, theirs)
    assert titles(assistant_id) == []
    assert titles(other) == ["Theirs?"]


def test_feedback_is_kept_changed_and_taken_back_on_its_own_answer_only(assistant_id: str) -> None:
    made = talk(assistant_id, "One?", "Two?")
    judged = conversations.messages(made)[1].id

    def feedback() -> list[tuple[int, str]]:
        return [(message.feedback, message.comment) for message in conversations.messages(made)]

    nothing = (0, "")
    conversations.set_feedback(judged, -1)
    conversations.set_comment(judged, "  The price is from last year.\n")
    for thumb in (-1, 1, 0, -1):
        conversations.set_feedback(judged, thumb)
        assert feedback() == [nothing, (thumb, "The price is from last year."), nothing, nothing]
    conversations.set_comment(judged, " ")
    conversations.set_feedback(judged, 0)
    assert feedback() == [nothing] * 4


def test_the_words_that_answer_are_kept_and_an_older_citation_has_none(assistant_id: str) -> None:
    made = conversations.start_conversation(assistant_id)
    spans = ((3, 9), (12, 20))
    conversations.add_answer(made, Answer("“A parcel costs 3 euros.” [1]", "quotes", (replace(CITATION, spans=spans),)))
    old = asdict(CITATION)
    del old["spans"]
    message_id = conversations.add_answer(made, Answer("It costs 3 euros [1].", "written"))
    with session() as db:
        db.get_one(Message, message_id).citations = [old]
    new_message, old_message = conversations.messages(made)
    assert new_message.citations[0].spans == spans
    assert old_message.citations == (CITATION,)


def test_the_file_has_every_answer_with_the_places_it_cites(assistant_id: str) -> None:
    made = conversations.start_conversation(assistant_id)
    conversations.add_question(made, "What does a parcel cost?")
    without_page = Citation(2, "s2", "v2", "rules.md", None, 0, 5, "Rules", 0, 5)
    conversations.add_answer(made, Answer("3 euros [1], by the rules [2].", "written", (CITATION, without_page)))
    assert conversations.as_markdown("Help", conversations.messages(made)) == (
        "# Conversation with Help\n\n"
        "## What does a parcel cost?\n\n"
        "3 euros [1], by the rules [2].\n\n"
        "- [1] prices.pdf, page 3: “A parcel costs 3 euros.”\n"
        "- [2] rules.md: “Rules”\n"
    )


HOSTILE = [
    "![i](http://evil.example/i.png)",
    "<img src=http://evil.example/i.png> <!-- hidden",
    "[x]: http://evil.example",
    "[1]: //evil.example [1]",
    "---\ntitle: x\n---",
    "# heading\n\n```\ncode",
    "- item\n\n    indented",
    "1. item",
    "www.evil.example http://evil.example",
    "<https://evil.example> &lt;b&gt; `code` **bold** ~~gone~~ $x$ a\\*b",
    "“words” [2]",
    "=== setext",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_questions_and_quotes_stand_in_the_file_letter_for_letter(assistant_id: str, hostile: str) -> None:
    from markdown_it import MarkdownIt

    line = " ".join(hostile.split())
    citation = replace(CITATION, source_name=hostile, quote=hostile)
    made = conversations.start_conversation(assistant_id)
    conversations.add_question(made, hostile)
    conversations.add_answer(made, Answer(f"“{line}” [1]", "quotes", (citation,)))
    conversations.add_question(made, "And?")
    conversations.add_answer(made, Answer(line, "unknown"))
    file = conversations.as_markdown(hostile, conversations.messages(made))
    blocks = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(file)
    pieces = [[child for child in block.children or [] if child.type != "text_special"] for block in blocks]
    assert {child.type for children in pieces for child in children} <= {"text"}
    shown = ["".join(child.content for child in block.children or []) for block in blocks if block.children]
    assert shown == [
        f"Conversation with {line}",
        line,
        f"“{line}” [1]",
        f"[1] {line}, page 3: “{line}”",
        "And?",
        line,
    ]
    assert [block.tag for block in blocks if block.type == "heading_open"] == ["h1", "h2", "h2"]
    assert not [block.type for block in blocks if block.type in ("html_block", "fence", "code_block", "hr")]


@pytest.mark.parametrize("code", ["```\ncode", "~~~~ x\n```\n~~~", "a\n   ```python\ncode\n``` not closed"])
def test_a_block_of_code_that_was_not_closed_does_not_swallow_the_rest(assistant_id: str, code: str) -> None:
    from markdown_it import MarkdownIt

    made = conversations.start_conversation(assistant_id)
    for text in (code, "```\nwhole\n```"):
        conversations.add_question(made, "What is it?")
        conversations.add_answer(made, Answer(f"**So** [1]:\n\n{text}", "written", (CITATION,)))
    file = conversations.as_markdown("Help", conversations.messages(made))
    types = [block.type for block in MarkdownIt("commonmark").parse(file)]
    assert [types.count(kind) for kind in ("heading_open", "fence", "list_item_open")] == [3, 2, 2]
    assert "**So** [1]:" in file
