"""Every request to a model is held to what may be spent: reserved before it leaves, settled by what it used."""

import json
from collections.abc import Iterator

import pytest
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import SecretStr
from sqlmodel import select

from core import pipeline
from core.answer import ask
from core.assistants import lifecycle, sources
from core.assistants.provider_settings import FALLBACK, keep_provider
from core.database import Spent, session
from core.errors import ModelError
from core.metering import Bill, host_of, metered, price_in_euros
from core.schema import Answer, ModelTraits, Provider, Turn, Voice
from core.spending import EURO, save_limits, save_price, spent_today
from tests.core.work import work_off
from tests.fake_provider import FakeProvider
from tests.fake_wire import Reply, Request

pytestmark = pytest.mark.usefixtures("data_folder")
QUESTION = "How long does a parcel to Norway take?"
DEAR = (1_000 * EURO, 1_000 * EURO)  # a million tokens: so a token is a tenth of a cent


@pytest.fixture(autouse=True)
def _nothing_rests() -> Iterator[None]:
    pipeline._failed.clear()
    yield
    pipeline._failed.clear()


@pytest.fixture
def assistant_id() -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("times.md", b"# Times\n\nA parcel to Norway takes two days.\n")])
    work_off()
    return made


def service(server: FakeProvider, model: str = "fake-chat", window: int | None = 128_000) -> Provider:
    return Provider(server.base_url, SecretStr("sk-first"), model, traits=ModelTraits(window=window))


def priced(server: FakeProvider, model: str = "fake-chat") -> Provider:
    """The server's model in use, with a price that its owner typed."""
    chosen = service(server, model)
    keep_provider(chosen, 0.1)
    save_price(host_of(chosen), model, DEAR)
    return chosen


def asked(assistant_id: str, question: str = QUESTION, **options: object) -> Answer:
    *_, answer = pipeline.answer(assistant_id, question, **options)  # type: ignore[arg-type]
    assert isinstance(answer, Answer)
    return answer


def rows() -> list[Spent]:
    with session() as db:
        return list(db.exec(select(Spent).order_by(Spent.created_at)).all())  # type: ignore[arg-type]


def told(text: str, usage: dict[str, int]) -> Reply:
    """An answer whose stream ends with what it used, as OpenAI and OpenRouter send it."""
    head = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "fake-chat"}
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}
    events = [
        {**head, "choices": [choice]},
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {**head, "choices": [], "usage": usage},
    ]
    lines = [f"data: {json.dumps(event)}\n\n".encode() for event in events]
    return Reply(pieces=(*lines, b"data: [DONE]\n\n"), kind="text/event-stream")


def test_an_answer_costs_what_its_service_tells(fake_provider: FakeProvider, assistant_id: str) -> None:
    priced(fake_provider)
    usage = {"prompt_tokens": 700, "completion_tokens": 40, "total_tokens": 740}
    fake_provider.behave = lambda request: told("A parcel to Norway takes two days [1].", usage)
    answer = asked(assistant_id, asker="visitor")
    assert answer.kind == "written"
    assert answer.spent == 740_000
    [row] = rows()
    assert (row.state, row.asker, row.model) == ("settled", "visitor", "fake-chat")
    assert (row.prompt_tokens, row.answer_tokens, row.micro_euros) == (700, 40, 740_000)


def test_the_most_it_may_cost_is_reserved_before_the_request_leaves(
    fake_provider: FakeProvider, assistant_id: str
) -> None:
    priced(fake_provider)
    held: list[tuple[str, int, int]] = []

    def look(request: Request) -> None:
        if request.body:
            held.extend((row.state, row.prompt_tokens, row.answer_tokens) for row in rows())

    fake_provider.behave = look
    answer = asked(assistant_id)
    [(state, prompt, most)] = held
    assert state == "reserved"
    assert most == 1_000
    sent = fake_provider.seen()[-1].body
    assert most == sent.get("max_tokens")
    assert prompt >= sum(len(message["content"]) for message in sent["messages"]) / 5
    [row] = rows()
    assert row.state == "settled"
    assert 0 < row.answer_tokens < most
    assert answer.spent == row.micro_euros == 1_000 * (row.prompt_tokens + row.answer_tokens)


def test_at_the_limit_the_answer_is_quotes_and_says_why(fake_provider: FakeProvider, assistant_id: str) -> None:
    priced(fake_provider)
    save_limits({"euros_day": None, "euros_month": 1_000})
    answer = asked(assistant_id)
    assert answer.kind == "quotes"
    assert "two days" in answer.text
    assert answer.note == "This month's limit for written answers is reached; here is what the documents say."
    assert answer.spent is None
    assert fake_provider.seen() == []
    save_limits({"euros_day": 1_000, "euros_month": None})
    assert asked(assistant_id).note.startswith("Today's limit for written answers is reached;")


def test_at_the_limit_what_the_documents_do_not_say_stays_unknown(
    fake_provider: FakeProvider, assistant_id: str
) -> None:
    priced(fake_provider)
    save_limits({"euros_day": None, "euros_month": 0})
    answer = asked(assistant_id, "Do you sell parcel insurance for violins?")
    assert answer.kind == "unknown"
    assert "here is what" not in answer.note


def test_the_model_that_stands_in_is_held_to_the_same_limit(fake_provider: FakeProvider, assistant_id: str) -> None:
    keep_provider(service(fake_provider, "fail-401"), 0.1)
    stand_in = service(fake_provider)
    keep_provider(stand_in, 0.1, FALLBACK)
    save_price(host_of(stand_in), "fake-chat", DEAR)
    written = asked(assistant_id)
    assert "Written by" in written.text
    assert [(row.model, row.state) for row in rows()] == [("fail-401", "released"), ("fake-chat", "settled")]
    assert spent_today().answers == 1
    save_limits({"euros_day": 0})
    pipeline._failed.clear()
    assert asked(assistant_id).kind == "quotes"


class FindsNothing(BaseRetriever):
    """So that the model is asked to say the question in full, and then to answer."""

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return []


def test_a_rewritten_follow_up_is_a_request_of_the_same_answer(fake_provider: FakeProvider) -> None:
    chosen, bill = priced(fake_provider), Bill()
    model = metered(pipeline._model(chosen), chosen, "a", "owner", bill)
    history = [Turn("user", "What does a 3 kg parcel to Japan cost?"), Turn("assistant", "It costs 9 EUR [1].")]
    voice = Voice(closeness="open")
    list(ask("how long does it take?", retriever=FindsNothing(), voice=voice, history=history, model=model))
    assert len(fake_provider.seen()) == 2
    assert [row.answers for row in rows()] == [1, 0]
    assert spent_today().answers == 1
    assert bill.spent == spent_today().micro_euros > 0


def test_a_refused_request_costs_nothing(fake_provider: FakeProvider, assistant_id: str) -> None:
    priced(fake_provider, "fail-402")
    with pytest.raises(ModelError):
        asked(assistant_id)
    assert [(row.state, row.micro_euros) for row in rows()] == [("released", 0)]


def test_a_request_that_is_made_again_counts_once(fake_provider: FakeProvider, assistant_id: str) -> None:
    priced(fake_provider)
    fake_provider.script(["503:0", "ok"])
    assert asked(assistant_id).kind == "written"
    assert [row.state for row in rows()] == ["released", "settled"]
    assert spent_today().answers == 1


def test_whoever_hangs_up_has_used_what_came_until_then(fake_provider: FakeProvider, assistant_id: str) -> None:
    """Else a visitor who leaves before the last word would never reach a limit."""
    priced(fake_provider)
    fake_provider.script(["slow:0.05"])
    pieces = pipeline.answer(assistant_id, QUESTION)
    next(piece for piece in pieces if piece)
    pieces.close()  # type: ignore[attr-defined]
    [row] = rows()
    assert row.state == "settled"
    assert row.prompt_tokens > 100
    assert row.answer_tokens > 0


def test_an_answer_that_breaks_off_costs_what_came(fake_provider: FakeProvider, assistant_id: str) -> None:
    priced(fake_provider)
    fake_provider.script(["cut:20"])
    asked(assistant_id)
    [row] = rows()
    assert row.state == "settled"
    assert 0 < row.answer_tokens < 20


def test_a_model_that_runs_here_costs_nothing_and_is_counted(fake_provider: FakeProvider, assistant_id: str) -> None:
    keep_provider(service(fake_provider), 0.1)
    save_limits({"euros_day": 0, "unpriced_day": 0})
    answer = asked(assistant_id)
    assert (answer.kind, answer.spent) == ("written", 0)
    assert spent_today().answers == 1


def test_prices_come_from_the_owner_then_the_table_then_nobody() -> None:
    listed = Provider("https://api.openai.com/v1", SecretStr(""), "gpt-5.4-mini")
    assert price_in_euros(listed).known == "table"
    assert price_in_euros(listed).prompt == 750_000
    save_limits({"dollar": 900_000})
    assert price_in_euros(listed).prompt == 675_000
    save_price(host_of(listed), "gpt-5.4-mini", (1, 2))
    assert (price_in_euros(listed).prompt, price_in_euros(listed).known) == (1, "owner")
    unknown = Provider("https://gateway.example.com/v1", SecretStr(""), "some-model")
    assert price_in_euros(unknown).known == ""
    assert price_in_euros(Provider("http://127.0.0.1:1/v1", SecretStr(""), "some-model")).known == "here"
