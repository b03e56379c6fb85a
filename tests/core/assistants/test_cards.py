"""What the records hand to pages: values that hold all a page shows, and nothing that it must not."""

from dataclasses import asdict, replace

import pytest
from pydantic import SecretStr

from core import jobs, pipeline
from core.assistants import assistants, conversations, index_builds, lifecycle, sources, voices
from core.assistants.provider_settings import keep_provider, saved_provider
from core.errors import AnswerbookError, NotFound
from core.index import checks, request_check
from core.schema import Answer, IndexSettings, JobKind, JobState, Provider
from tests.core.work import work_off

pytestmark = pytest.mark.usefixtures("data_folder")
KEY = "sk-a-long-secret-key-7Qx9"


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def test_a_profile_is_of_an_assistant_that_is_there(assistant_id: str) -> None:
    assistants.set_suggested(assistant_id, ["When do you open?"])
    assistants.mark_passages_seen(assistant_id)
    expected = assistants.AssistantProfile(assistant_id, "Help", ("When do you open?",), looked_at_passages=True)
    assert assistants.profile(assistant_id) == expected
    lifecycle.delete_assistant(assistant_id)
    with pytest.raises(NotFound):
        assistants.profile(assistant_id)


def test_an_answer_is_kept_with_its_citations_and_passages(assistant_id: str) -> None:
    text = b"# Opening hours\n\nThe depot opens at eight in the morning.\n\n# Prices\n\nA parcel costs nine euros.\n"
    sources.add_files(assistant_id, [("depot [1].md", text)])
    work_off()
    conversation_id = conversations.start_conversation(assistant_id)
    conversations.add_question(conversation_id, "When does the depot open?")
    answer = list(pipeline.answer(assistant_id, "When does the depot open?"))[-1]
    assert isinstance(answer, Answer)
    conversations.add_answer(conversation_id, answer)
    assert conversations.conversation(assistant_id, conversation_id) == conversation_id
    question, kept = conversations.messages(conversation_id)
    assert (question.role, question.citations, question.passages) == ("user", (), ())
    assert (kept.role, kept.text, kept.kind, kept.seconds) == ("assistant", answer.text, "quotes", answer.seconds)
    assert kept.citations == answer.citations
    assert answer.citations
    assert [passage.source_name for passage in kept.passages] == [hit.source_name for hit in answer.hits]
    assert kept.passages[0].text == answer.hits[0].passage.text[: conversations.EXCERPT_CHARACTERS]
    assert [turn.role for turn in conversations.history([question, kept])] == ["user", "assistant"]
    assert r"- [1] depot \[1\].md: “" in conversations.as_markdown("Help", [question, kept])


def test_earlier_voices_come_as_they_were_spoken(assistant_id: str) -> None:
    first = voices.voice(assistant_id)
    second = replace(first, tone="warm", greeting="Good day.")
    voices.save_voice(assistant_id, second)
    versions = voices.voice_versions(assistant_id)
    assert [(version.number, version.voice) for version in versions] == [(2, second), (1, first)]
    assert versions[0].saved_at >= versions[1].saved_at


def test_what_is_shown_of_the_provider_holds_no_key() -> None:
    assert saved_provider() is None
    keep_provider(Provider("https://api.example.com/v1", SecretStr(KEY), "chat-1", "embed-1"), 0.5)
    card = saved_provider()
    assert card is not None
    assert (card.base_url, card.chat_model, card.check_seconds) == ("https://api.example.com/v1", "chat-1", 0.5)
    assert not [name for name in asdict(card) if "key" in name]
    assert KEY not in str(card)


def test_a_job_says_whether_it_is_at_work(assistant_id: str) -> None:
    request_check()
    shown = [checks()[0].job]
    job = jobs.claim()
    assert job is not None
    shown.append(checks()[0].job)
    jobs.fail(job.id, AnswerbookError("The disk is full.", "Free some space."))
    shown.append(checks()[0].job)
    seen = [(card.kind, card.state, card.active, card.error) for card in shown if card]
    assert seen == [
        (JobKind.CHECK, JobState.WAITING, True, ""),
        (JobKind.CHECK, JobState.RUNNING, True, ""),
        (JobKind.CHECK, JobState.FAILED, False, "The disk is full."),
    ]


def test_how_the_live_index_is_built_is_one_value(assistant_id: str) -> None:
    assert index_builds.live_settings(assistant_id) == IndexSettings()
