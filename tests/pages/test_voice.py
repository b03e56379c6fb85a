"""The Voice page: a draft is tried out, saved, and can be taken back."""

from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from core import model_connection
from core.answer import TONES, system_prompt
from core.assistants import lifecycle, sources, voices
from core.database import Conversation, session
from core.schema import Provider, Voice
from pages.parts import state
from pages.parts.words import plain
from tests.core.work import work_off
from tests.fake_provider import FakeProvider
from tests.pages.kit import gone_to, opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")
TEXT = "# Returns\n\nParcels can be sent back within 30 days of delivery. The label is in the box."
QUESTION = "When can parcels be sent back?"


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


@pytest.fixture
def read(assistant_id: str) -> str:
    sources.add_files(assistant_id, [("returns.md", TEXT.encode())])
    work_off()
    return assistant_id


@pytest.fixture
def model(fake_provider: FakeProvider) -> FakeProvider:
    model_connection.save_provider(Provider(fake_provider.base_url, SecretStr("key-1"), "fake-chat"))
    fake_provider.requests.clear()
    return fake_provider


def choose(at: AppTest, assistant_id: str, field: str, value: str) -> AppTest:
    at.get_by_key(f"voice_{field}_{assistant_id}").set_value(value)
    return run(at)


def ask(at: AppTest, question: str) -> AppTest:
    at.text_input(key="try_question").set_value(question)
    at.button(key="try_ask").click()
    return run(at)


def shown(at: AppTest, assistant_id: str, field: str) -> object:
    return at.get_by_key(f"voice_{field}_{assistant_id}").value


def test_a_change_is_not_heard_before_it_is_saved(assistant_id: str) -> None:
    at = opened("voice", assistant_id)
    assert "Not saved yet" not in texts(at)
    choose(at, assistant_id, "tone", "warm")
    assert "Not saved yet" in texts(at)
    assert TONES["warm"].sample.split(",")[0] in texts(at)
    assert voices.voice(assistant_id).tone == "friendly"
    at.button(key="save_voice").click()
    run(at)
    assert voices.voice(assistant_id).tone == "warm"
    assert "Not saved yet" not in texts(at)


def test_saving_nothing_new_makes_no_version(assistant_id: str) -> None:
    at = opened("voice", assistant_id)
    at.button(key="save_voice").click()
    run(at)
    assert len(voices.voice_versions(assistant_id)) == 1


def test_every_field_is_saved(assistant_id: str) -> None:
    wanted = Voice(
        name="Ada",
        tone="plain",
        length="long",
        language="de",
        closeness="balanced",
        rules="Name the price list.",
        greeting="Good day.",
        unknown="I would have to ask.",
    )
    at = opened("voice", assistant_id)
    for field in ("name", "tone", "length", "language", "closeness", "rules", "greeting", "unknown"):
        choose(at, assistant_id, field, getattr(wanted, field))
    at.button(key="save_voice").click()
    run(at)
    assert voices.voice(assistant_id) == wanted


def test_a_sentence_that_is_emptied_is_the_usual_one_again(assistant_id: str) -> None:
    voices.save_voice(assistant_id, replace(voices.voice(assistant_id), unknown="No idea."))
    at = opened("voice", assistant_id)
    choose(at, assistant_id, "unknown", "  ")
    at.button(key="save_voice").click()
    run(at)
    assert voices.voice(assistant_id).unknown == Voice().unknown


def test_a_draft_survives_another_page_and_a_reload(assistant_id: str) -> None:
    at = choose(opened("voice", assistant_id), assistant_id, "greeting", "Good day to you.")
    gone_to(at, "knowledge")
    gone_to(at, "voice")
    assert shown(at, assistant_id, "greeting") == "Good day to you."
    again = opened("voice", assistant_id)
    assert shown(again, assistant_id, "greeting") == "Good day to you."
    assert "Not saved yet" in texts(again)


def test_a_discarded_draft_is_gone(assistant_id: str) -> None:
    at = choose(opened("voice", assistant_id), assistant_id, "tone", "plain")
    at.button(key="discard_voice").click()
    run(at)
    assert shown(at, assistant_id, "tone") == "friendly"
    assert shown(opened("voice", assistant_id), assistant_id, "tone") == "friendly"


def test_each_assistant_has_its_own_draft(assistant_id: str) -> None:
    other = lifecycle.create_assistant("Other")
    at = choose(opened("voice", assistant_id), assistant_id, "tone", "plain")
    at.sidebar.selectbox[0].select(other)
    run(at)
    assert shown(at, other, "tone") == "friendly"
    assert "Not saved yet" not in texts(at)


def test_two_windows_do_not_undo_each_other(assistant_id: str) -> None:
    first, second = opened("voice", assistant_id), opened("voice", assistant_id)
    choose(first, assistant_id, "tone", "warm")
    first.button(key="save_voice").click()
    run(first)
    second.get_by_key(f"voice_greeting_{assistant_id}").set_value("Good day to you.")
    second.button(key="save_voice").click()
    run(second)
    assert (voices.voice(assistant_id).tone, voices.voice(assistant_id).greeting) == ("warm", "Good day to you.")
    assert any("another window" in toast.value for toast in second.toast)
    run(first)
    assert shown(first, assistant_id, "greeting") == "Good day to you."
    assert "Not saved yet" not in texts(first)


def test_the_full_prompt_is_the_drafts(assistant_id: str) -> None:
    at = choose(opened("voice", assistant_id), assistant_id, "tone", "professional")
    at.session_state[state.full_prompt.key] = True
    run(at)
    assert at.code[0].value == system_prompt(replace(voices.voice(assistant_id), tone="professional"))


def test_without_a_model_trying_it_quotes_and_says_so(read: str) -> None:
    at = opened("voice", read)
    assert "Without a model, answers are quotes" in texts(at)
    ask(at, QUESTION)
    assert "Parcels can be sent back" in texts(at)
    assert any("returns" in button.label for button in at.button)
    with session() as db:
        assert not db.exec(select(Conversation)).all()


def test_a_question_near_is_put_to_the_draft_with_one_click(read: str) -> None:
    faq = b"# Questions\n\nWho pays for a return?\n\nThe customer pays for the return, unless the goods were damaged."
    sources.add_files(read, [("faq.md", faq)])
    work_off()
    at = ask(opened("voice", read), "Will the purple elephant return to Peru in winter?")
    assert "I looked for: purple, elephant, return, Peru, winter" in texts(at)
    near = at.session_state[state.voice_trial(read).key].answer.near
    at.button(key="near_trial_0").click()
    run(at)
    trial = at.session_state[state.voice_trial(read).key]
    assert (trial.question, trial.answer.kind) == (near[0], "quotes")


def test_with_a_model_the_unsaved_draft_answers(read: str, model: FakeProvider) -> None:
    at = choose(opened("voice", read), read, "tone", "professional")
    assert "Without a model" not in texts(at)
    ask(at, QUESTION)
    sent = model.seen()[-1].body["messages"]
    assert TONES["professional"].in_short in sent[0]["content"]
    assert QUESTION in sent[-1]["content"]
    assert voices.voice(read).tone == "friendly"
    assert at.session_state[state.voice_trial(read).key].answer.kind == "written"
    choose(at, read, "tone", "plain")
    assert "The voice has changed since this answer" in texts(at)
    at.button(key="try_again").click()
    run(at)
    assert TONES["plain"].in_short in model.seen()[-1].body["messages"][0]["content"]
    assert "has changed since" not in texts(at)


def test_a_model_that_fails_is_explained(read: str, model: FakeProvider) -> None:
    model.script(["401", "401", "401", "401"])
    at = ask(opened("voice", read), QUESTION)
    assert len(at.error) == 1
    assert "key" in at.error[0].proto.title
    assert "key-1" not in texts(at)


def test_an_earlier_voice_can_be_restored(assistant_id: str) -> None:
    voices.save_voice(assistant_id, replace(voices.voice(assistant_id), tone="warm"))
    at = opened("voice", assistant_id)
    first = voices.voice_versions(assistant_id)[-1]
    assert "**Voice 1**" in texts(at)
    at.button(key=f"restore_voice_{first.id}").click()
    run(at)
    assert plain("It speaks like voice 1 from then on: Friendly") in texts(at)
    assert voices.voice(assistant_id).tone == "warm"
