"""The Search test page: what a question found and why, what should have been found, and the test questions."""

import pytest
from streamlit.testing.v1 import AppTest

from core import jobs
from core.assistants import assistants, conversations, lifecycle, own_words, saved_questions, sources
from core.errors import StoreError
from core.explain import request_run
from core.schema import Answer
from core.store import store_named
from tests.core.work import work_off
from tests.pages.kit import gone_to, opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")
FEES = "# Fees\n\nA parcel to Norway costs 19 euros. A parcel to Spain costs 14 euros.\n"
HOSTILE = "# Depot\n\nThe depot <b>Norway</b> & **parcel** :material/home: <script>alert(1)</script> is closed.\n"
QUESTION = "What does a parcel to Norway cost?"


@pytest.fixture
def assistant_id() -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("fees.md", FEES.encode()), ("de<b>pot*.md", HOSTILE.encode())])
    work_off()
    return made


def searched(assistant_id: str, question: str = QUESTION) -> AppTest:
    at = opened("search", assistant_id)
    at.text_input(key=f"search_question_{assistant_id}").set_value(question)
    at.button(key="search_now").click()
    return run(at)


def looked_for(at: AppTest, assistant_id: str, words: str) -> AppTest:
    at.text_input(key=f"expected_words_{assistant_id}").set_value(words)
    at.button(key="find_words").click()
    return run(at)


def test_without_sources_it_leads_to_knowledge() -> None:
    at = opened("search", lifecycle.create_assistant("Help"))
    assert "has no sources yet" in texts(at)
    assert [button.label for button in at.button] == ["Add documents"]


def test_a_question_shows_its_passages_letter_for_letter(assistant_id: str) -> None:
    at = searched(assistant_id)
    said = texts(at)
    assert "**The answer quotes**" in said
    assert "A parcel to Norway costs 19 euros" in said.replace("**", "").replace("&#32;", " ")  # bold: what answers
    html = "\n".join(block.value for block in at.html)
    assert ">Norway</mark>" in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "<b>" not in html.replace("&lt;b&gt;", "")
    assert "Settings in use, the chat's: 6 passages an answer" in said
    assert len([each for each in at.markdown if "score, by which passages are put in order" in each.value]) == 2


def test_a_hostile_question_is_shown_as_text(assistant_id: str) -> None:
    at = searched(assistant_id, "<script>alert(1)</script> **Norway** parcel " * 40)
    assert "<script>" not in "\n".join(block.value for block in at.html)


def test_an_empty_question_is_told_of(assistant_id: str) -> None:
    assert "Type a question first." in texts(searched(assistant_id, "  "))


def test_a_question_that_was_asked_is_one_click_away(assistant_id: str) -> None:
    talk = conversations.start_conversation(assistant_id)
    conversations.add_question(talk, QUESTION)
    conversations.add_answer(talk, Answer("I don't know.", "unknown"))
    from core.assistants.asked_questions import asked_questions

    [asked] = asked_questions(assistant_id)
    assert (asked.text, asked.answered, asked.later) == (QUESTION, False, False)
    at = opened("search", assistant_id)
    at.session_state["asked_before"] = True
    run(at)
    at.button(key=f"asked_{asked.id}").click()
    run(at)
    assert at.text_input(key=f"search_question_{assistant_id}").value == QUESTION
    assert "**The answer quotes**" in texts(at)


def test_what_was_found_stays_while_other_pages_are_looked_at(assistant_id: str) -> None:
    at = searched(assistant_id)
    gone_to(at, "voice")
    gone_to(at, "search")
    assert "**The answer quotes**" in texts(at)


def test_words_that_should_have_been_found(assistant_id: str) -> None:
    at = looked_for(searched(assistant_id), assistant_id, "SPAIN costs 14 euros")
    assert "Found, but not taken for the answer" in texts(at)
    at = looked_for(at, assistant_id, "norway costs 19")
    assert "Nothing kept it back" in texts(at)
    at = looked_for(at, assistant_id, "a zebra crossing for ponies")
    assert "In none of the sources" in texts(at)
    assert "Add documents" in [button.label for button in at.button]
    assert "so few stand everywhere" in texts(looked_for(at, assistant_id, "a"))


def test_another_assistants_file_is_added_with_one_click(assistant_id: str) -> None:
    other = lifecycle.create_assistant("Other")
    sources.add_files(other, [("zebra.md", b"# Zebra\n\nA zebra crossing is for ponies, too.\n")])
    work_off()
    at = looked_for(searched(assistant_id), assistant_id, "zebra crossing is for ponies")
    assert "In another assistant's source" in texts(at)
    at.button(key="mend").click()
    run(at)
    work_off()
    at = looked_for(
        searched(assistant_id, "Whom is a zebra crossing for?"), assistant_id, "zebra crossing is for ponies"
    )
    assert "Nothing kept it back" in texts(at)


def test_a_deleted_source_is_restored_with_one_click(assistant_id: str) -> None:
    from core.assistants import source_rows

    fees = next(row.id for row in source_rows.source_rows(assistant_id) if row.name == "fees.md")
    sources.delete_sources(assistant_id, [fees])
    work_off()
    at = looked_for(searched(assistant_id, "Is the depot closed?"), assistant_id, "norway costs 19")
    assert "In a source that was deleted" in texts(at)
    at.button(key="mend").click()
    run(at)
    assert "fees.md" in [row.name for row in source_rows.source_rows(assistant_id)]


def test_test_questions_are_saved_once_and_run(assistant_id: str) -> None:
    at = looked_for(searched(assistant_id), assistant_id, "norway costs 19")
    at.button(key="save_question").click()
    run(at)
    at.button(key="save_question").click()
    run(at)
    assert saved_questions.question_count(assistant_id) == 1
    at.get_by_key("search_view").set_value("all")
    run(at)
    assert "not asked yet" in texts(at)
    at.button(key="run_questions").click()
    run(at)
    assert "You can leave this page" in texts(at)
    assert jobs.active_count() == 1
    work_off()
    run(at)
    assert "place 1" in texts(at)
    assert [metric.value for metric in at.metric] == ["100%", "1.00", "100%"]


def test_without_test_questions_it_says_how_to_make_one(assistant_id: str) -> None:
    at = opened("search", assistant_id)
    at.get_by_key("search_view").set_value("all")
    assert "There are no test questions yet" in texts(run(at))


def test_a_dead_store_is_told_of_and_the_page_stays(assistant_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreError("The passage store is away.", "Start it.", code="away", passing=True)

    monkeypatch.setattr(type(store_named("lancedb")), "search", away)
    at = searched(assistant_id)
    assert "The passage store is away." in texts(at).replace("\\", "")
    assert at.text_input(key=f"search_question_{assistant_id}").value == QUESTION


def words_view(assistant_id: str) -> AppTest:
    at = opened("search", assistant_id)
    at.get_by_key("search_view").set_value("words")
    return run(at)


def asked_in_chat(assistant_id: str, question: str) -> None:
    conversation = conversations.start_conversation(assistant_id)
    conversations.add_question(conversation, question)
    conversations.add_answer(conversation, Answer("I do not know.", "unknown", question=question))


def test_a_word_is_typed_in_and_said_of_a_question(assistant_id: str) -> None:
    at = words_view(assistant_id)
    at.text_input(key=f"own_word_said_{assistant_id}").set_value("<b>pkg</b>")
    at.text_input(key=f"own_word_meant_{assistant_id}").set_value("parcel **Norway**")
    at.button(key="save_own_word").click()
    run(at)
    assert at.text_input(key=f"own_word_said_{assistant_id}").value == ""
    [row] = own_words.own_words(assistant_id)
    assert (row.said, row.meant) == ("<b>pkg</b>", "parcel **Norway**")
    assert "<b>" not in texts(at).replace("\\<b\\>", "")
    at.text_input(key=f"own_word_said_{assistant_id}").set_value("bundle")
    at.text_input(key=f"own_word_meant_{assistant_id}").set_value("parcel")
    at.button(key="save_own_word").click()
    run(at)
    assert "Taken by your words: “bundle” as “parcel”" in texts(searched(assistant_id, "A bundle to Norway?"))


def test_what_stands_for_nothing_is_said_and_stays_typed(assistant_id: str) -> None:
    at = words_view(assistant_id)
    at.text_input(key=f"own_word_said_{assistant_id}").set_value("the")
    at.text_input(key=f"own_word_meant_{assistant_id}").set_value("parcel")
    at.button(key="save_own_word").click()
    run(at)
    assert "stands in many questions" in texts(at)
    assert at.text_input(key=f"own_word_said_{assistant_id}").value == "the"
    assert own_words.own_word_count(assistant_id) == 0


def test_a_word_that_found_nothing_is_proposed_until_it_stands_for_something(assistant_id: str) -> None:
    asked_in_chat(assistant_id, "What is a Gizmotron to <b>Norway</b>?")
    at = words_view(assistant_id)
    assert "What do the documents call this?" in texts(at)
    at.text_input(key=f"own_word_for_{assistant_id}_gizmotron").set_value("parcel")
    at.button(key="save_proposed_gizmotron").click()
    run(at)
    assert own_words.pairs(assistant_id) == (("Gizmotron", "parcel"),)
    assert "What do the documents call this?" not in texts(at)


def test_the_slider_shows_the_test_questions_on_both_sides_and_holds(assistant_id: str) -> None:
    for question in (QUESTION, "until when is a parcel to the moon", "Who won the 1998 world cup final?"):
        saved_questions.save_question(assistant_id, question, "Norway costs 19")
    at = opened("search", assistant_id)
    at.get_by_key("search_view").set_value("all")
    run(at)
    assert "Run the test questions to see here" in texts(at)
    request_run(assistant_id)
    work_off()
    run(at)
    slider = at.select_slider(key=f"sureness_{assistant_id}")
    assert slider.value == "measured"
    assert "Answered of 3 test questions" in texts(at)
    before = texts(at)
    slider.set_value("sure")
    run(at)
    assert assistants.sureness(assistant_id) == "sure"
    assert "**Only when sure: 1**" in texts(at)
    assert "It says that it does not know (2)" in texts(at)
    assert "**As measured: " in before
    assert assistants.sureness(lifecycle.create_assistant("Other")) == "measured"
