"""How services behave, and what the owner sees of it: in the test of Settings, and in the chat. One row each."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import SecretStr

from core.answer import ask
from core.errors import ModelError
from core.provider import Patience, ProviderCheck, chat_model, check_provider
from core.schema import Answer, ModelTraits, Provider, Turn, Voice
from tests.core.provider.rows_of_errors import ERRORS
from tests.core.provider.rows_of_forms import ANSWERS, SHAPES
from tests.core.provider.wire_forms import Row, out_of_turn
from tests.fake_provider import FakeProvider

ROWS = (*ANSWERS, *SHAPES, *ERRORS)
PATIENCE = Patience(connect=5.0, silence=1.5, total=30.0)
# A question that got no answer before this one: two turns of the visitor, one behind the other.
HISTORY = (Turn("user", "Do you sell stamps?"), Turn("user", "When does the depot open in the morning?"))
QUESTION = "When does the depot open in the morning, on all the days from Monday to Friday?"


class Depot(BaseRetriever):
    """A retriever of LangChain's kind that knows one thing."""

    def _get_relevant_documents(self, query: str, **_: object) -> list[Document]:
        return [Document("The depot opens at 9 in the morning.", metadata={"source": "depot.txt"})]


@pytest.fixture(autouse=True)
def _sane_again(server: FakeProvider) -> Iterator[None]:
    yield
    server.behave = None


def seen_in_settings(provider: Provider) -> tuple[str, ProviderCheck | None]:
    try:
        return "saved", check_provider(provider, patience=PATIENCE)
    except ModelError as error:
        return str(error), None


def seen_in_chat(provider: Provider) -> str:
    """What the chat shows: the answer, with the sentence below it where it stopped early, or the sentence alone."""
    model = chat_model(provider, patience=PATIENCE)
    try:
        *_, answer = ask(QUESTION, retriever=Depot(), voice=Voice(closeness="open"), history=HISTORY, model=model)
    except ModelError as error:
        return str(error)
    assert isinstance(answer, Answer)
    return f"{answer.text} | {answer.stopped_early}" if answer.stopped_early else answer.text


def test_the_table_is_long_enough_and_names_each_behaviour_once() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) >= 60


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
@pytest.mark.timeout(120)
def test_the_owner_sees(row: Row, server: FakeProvider) -> None:
    server.behave = row.behave
    provider = Provider(server.base_url, SecretStr(row.key), "fake-chat")
    settings, check = seen_in_settings(provider)
    assert settings == row.settings
    if check is not None:
        assert check.traits == replace(ModelTraits(), **row.learnt)
        assert row.notes in " ".join(check.warnings)
        assert bool(row.notes) == bool(check.warnings)
        provider = replace(provider, traits=check.traits)
    server.requests.clear()
    assert seen_in_chat(provider) == row.chat
    if check is not None and row.learnt.keys() & {"streams", "system_role", "strict_turns", "limit"}:
        asked = server.seen()
        assert len(asked) <= 2, "what the test learnt is used, and nothing is tried again"
    if row.learnt.get("strict_turns"):
        assert not any(out_of_turn(request.body) for request in server.seen())
