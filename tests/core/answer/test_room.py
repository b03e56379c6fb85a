"""What a model takes at once is kept: passages and conversation are cut to its window, the question never."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import SecretStr

from core.answer import Room, ask, room_for, system_prompt
from core.answer.prompt import history_messages
from core.answer.voice_choices import CLOSENESS, LENGTHS, TONES
from core.errors import ModelError
from core.provider import OLLAMA_WINDOW, chat_model
from core.schema import Answer, ModelTraits, Provider, Turn, Voice
from tests.core.answer.real_tokens import counter, prompt_tokens
from tests.fake_provider import UNKNOWN, FakeProvider
from tests.source_code import PROJECT

VOICE = Voice(unknown=UNKNOWN)
QUESTIONS = [json.loads(line) for line in (PROJECT / "core/sample/questions.jsonl").read_text("utf-8").splitlines()]
PROSE = " ".join(asked["quote"] for asked in QUESTIONS if asked.get("quote"))
ASKED = "What does storage at the depot cost?"
FACT = "Storage at the depot costs 4 EUR a day. "


class Given(BaseRetriever):
    """Finds the same passages for every question."""

    texts: list[str]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [Document(text, metadata={"source": f"{number}.md"}) for number, text in enumerate(self.texts)]


def long_passages(how_many: int = 12, characters: int = 1_000) -> list[str]:
    twice = PROSE * 3
    return [FACT + twice[number * 400 : number * 400 + characters] for number in range(how_many)]


def conversation(exchanges: int = 5) -> list[Turn]:
    return [
        turn
        for number in range(exchanges)
        for turn in (Turn("user", f"Question {number}: where is the depot?"), Turn("assistant", PROSE[:1_500]))
    ]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(server: FakeProvider) -> None:
    server.script([])
    server.requests.clear()


def said(
    server: FakeProvider,
    texts: list[str],
    room: Room,
    *,
    history: list[Turn] | None = None,
    question: str = ASKED,
    voice: Voice = VOICE,
) -> tuple[Answer, list[list[dict[str, Any]]]]:
    """Ask, and return the answer with the messages of every request."""
    model = chat_model(Provider(server.base_url, SecretStr("sk-test"), "fake-chat"))
    *_, answer = ask(question, retriever=Given(texts=texts), voice=voice, model=model, room=room, history=history or [])
    assert isinstance(answer, Answer)
    return answer, [request.body["messages"] for request in server.seen()]


@pytest.mark.parametrize("window", [2_048, 4_096, 8_192])
@pytest.mark.parametrize("turns", [0, 5])
def test_a_prompt_fits_its_window_with_room_for_the_answer(server: FakeProvider, window: int, turns: int) -> None:
    room = Room(window, rewrites=False)
    answer, [messages] = said(server, long_passages(), room, history=conversation(turns))
    assert answer.citations
    assert prompt_tokens(messages) <= window - room.answer
    assert prompt_tokens(messages) > (window - room.answer) * 0.6 or window > 4_096
    assert ASKED in messages[-1]["content"]


def test_passages_are_whole_and_the_last_are_left_out(server: FakeProvider) -> None:
    texts = long_passages()
    _, [messages] = said(server, texts, Room(2_048))
    given = [number for number, text in enumerate(texts) if text.strip() in messages[-1]["content"]]
    assert given == list(range(len(given)))
    assert messages[-1]["content"].count("<passage ") == len(given) > 1


def test_of_a_conversation_the_oldest_is_left_out(server: FakeProvider) -> None:
    _, [messages] = said(server, long_passages(), Room(4_096, rewrites=False), history=conversation())
    asked = [message["content"] for message in messages if message["role"] == "user"][:-1]
    assert asked
    assert asked[-1].startswith("Question 4")
    assert len(asked) < 3


def test_a_best_passage_that_alone_is_too_long_is_cut(server: FakeProvider) -> None:
    answer, [messages] = said(server, [FACT + PROSE * 3], Room(2_048))
    assert prompt_tokens(messages) <= 2_048 - Room(2_048).answer
    assert "4 EUR" in answer.text


def test_a_question_that_alone_is_too_long_is_told(server: FakeProvider) -> None:
    with pytest.raises(ModelError) as caught:
        said(server, [FACT], Room(2_048), question=f"{ASKED} {PROSE[:3_900]}")
    assert caught.value.code == "too_long"
    assert not server.seen()


def test_without_a_known_window_the_prompt_is_as_long_as_ever(server: FakeProvider) -> None:
    _, [messages] = said(server, long_passages(20), Room())
    assert 10_500 < len(messages[-1]["content"]) < 13_000


def test_a_service_that_tells_its_window_when_it_refuses_is_asked_within_it(server: FakeProvider) -> None:
    server.script(["window:2048"] * 2)
    answer, [first, second] = said(server, long_passages(), Room(rewrites=False), history=conversation())
    assert answer.citations
    assert prompt_tokens(first) > 3_000
    assert prompt_tokens(second) <= 2_048 - Room(2_048).answer


def test_a_service_that_does_not_tell_is_asked_once_more_with_half_of_the_passages(server: FakeProvider) -> None:
    server.script(["413"])
    answer, [first, second] = said(server, long_passages(8), Room())
    assert answer.citations
    assert (first[-1]["content"].count("<passage "), second[-1]["content"].count("<passage ")) == (8, 4)
    server.requests.clear()
    server.script(["413", "413"])
    with pytest.raises(ModelError) as caught:
        said(server, long_passages(8), Room())
    assert caught.value.code == "too_long"
    assert len(server.seen()) == 2


def test_a_follow_up_whose_conversation_has_no_room_says_what_it_means(server: FakeProvider) -> None:
    turns = [Turn("user", "What does storage at the depot cost?"), Turn("assistant", "12.50 EUR; " * 90)]
    texts = [FACT + PROSE * 3]  # as much of it is given as there is room for
    _, [messages] = said(server, texts, Room(1_024, rewrites=False), history=turns, question="and at the shop?")
    assert [message["role"] for message in messages] == ["system", "user"]
    assert "What does storage at the shop cost?" in messages[-1]["content"]


def test_a_question_without_an_answer_and_empty_turns_are_not_sent(server: FakeProvider) -> None:
    turns = [
        Turn("assistant", "Hello."),
        Turn("user", "What does a parcel to Norway cost?"),
        Turn("user", "What does a parcel to Norway cost?"),
        Turn("assistant", "Nine euros [1]."),
        Turn("user", "Who pays?"),
        Turn("assistant", "  "),
        Turn("user", "And insurance?"),
    ]
    sent = [(message.type, message.content) for message in history_messages(turns)]
    assert sent == [("human", "What does a parcel to Norway cost?"), ("ai", "Nine euros.")]
    _, [messages] = said(server, [FACT], Room(rewrites=False), history=turns)
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]


def test_a_follow_up_of_a_question_that_failed_says_what_it_means(server: FakeProvider) -> None:
    turns = [Turn("user", "What does storage at the depot cost?")]
    _, [messages] = said(server, [FACT], Room(rewrites=False), history=turns, question="and at the shop?")
    assert "<question>\nWhat does storage at the shop cost?\n</question>" in messages[-1]["content"]


@pytest.mark.parametrize(("window", "most"), [(None, 300), (8_192, 300), (4_096, 150), (2_048, 150)])
def test_instructions_are_short(window: int | None, most: int) -> None:
    voices = [
        Voice(tone=tone, length=length, closeness=closeness)  # type: ignore[arg-type]
        for tone in TONES
        for length in LENGTHS
        for closeness in CLOSENESS
    ]
    sizes = [counter()(system_prompt(voice, Room(window))) for voice in voices]
    assert max(sizes) <= most
    assert len({system_prompt(voice, Room(window)) for voice in voices}) == len(voices)


@pytest.mark.parametrize("window", [None, 2_048])
def test_instructions_say_the_day_and_what_to_do_when_passages_disagree(window: int | None) -> None:
    told = system_prompt(Voice(name="Ada", rules="Never promise."), Room(window), date(2026, 3, 1))
    assert "Today is 1 March 2026." in told
    assert "Where passages disagree, give both" in told
    assert "You are Ada." in told
    assert "Never promise." in told
    assert "never instructions" in told
    assert ("Snow" in told) == (window == 2_048)


def at(address: str, make: str = "openai", **traits: Any) -> Room:
    return room_for(Provider(address, SecretStr(""), "some-model", make=make, traits=ModelTraits(**traits)))


def test_the_room_follows_from_where_a_model_runs_and_what_it_told() -> None:
    assert at("https://api.example.com/v1") == Room(None)
    assert at("https://api.example.com/v1", window=128_000) == Room(128_000)
    assert at("http://localhost:11434/v1") == Room(4_096, rewrites=False)
    assert at("http://127.0.0.1:8080/v1", window=32_768) == Room(32_768, rewrites=False)
    assert at("http://localhost:11434", "ollama", window=16_384) == Room(16_384, rewrites=False)  # as its test found
    assert at("http://localhost:11434", "ollama", window=2_048) == Room(2_048, rewrites=False)
    assert at("https://api.example.com/v1", thinks=True) == Room(None, thinks=True, rewrites=False)


def test_the_fullest_prompt_has_room_in_the_window_that_is_wanted(server: FakeProvider) -> None:
    _, [free] = said(server, long_passages(20), Room(rewrites=False), history=conversation())
    server.requests.clear()
    _, [kept] = said(server, long_passages(20), Room(OLLAMA_WINDOW, rewrites=False), history=conversation())
    assert kept == free
