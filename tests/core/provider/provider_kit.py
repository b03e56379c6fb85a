"""A chat with a stand-in service, and what may never be seen of it."""

from langchain_core.messages import HumanMessage, SystemMessage
from pydantic import SecretStr

from core.provider import Patience, chat_model, stream_text
from core.schema import Provider
from tests.fake_provider import FakeProvider

KEY = "sk-very-secret-0123456789"


SECRET_WORDS = "the word zebrafinch is in the prompt"


PASSAGES = """Use only these passages.

[1] prices.pdf, page 2
A parcel to France costs 12 euros. Letters are cheaper.

[2] times.pdf
Delivery takes three days by road."""


QUICK = Patience(connect=1.0, silence=0.5, total=1.5)


def at(server: FakeProvider, model: str = "fake-chat", **others: str) -> Provider:
    return Provider(server.base_url, SecretStr(others.pop("key", KEY)), model, others.pop("embedding", ""))


def ask(server: FakeProvider, model: str = "fake-chat", question: str = "How much is a parcel?") -> list[str]:
    messages = [SystemMessage(f"{PASSAGES}\n{SECRET_WORDS}"), HumanMessage(question)]
    return list(stream_text(chat_model(at(server, model), patience=QUICK), messages))


def assert_clean(error: BaseException) -> None:
    """Neither key nor prompt may be in what is shown, nor in what a log prints of the exception."""
    import traceback

    shown = "".join(traceback.format_exception(error))
    assert KEY not in shown
    assert "zebrafinch" not in shown
    assert error.__suppress_context__ or error.__context__ is None
