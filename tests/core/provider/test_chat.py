"""The model provider, against a real HTTP server that fails in every way a real one does."""

import socket
import threading
from collections.abc import Iterator

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from pydantic import SecretStr

from core.answer import system_prompt
from core.answer.prompt import answer_prompt, conversation_text, rewrite_prompt
from core.errors import ModelError
from core.provider import Patience, chat_model, clean_base_url, complete_text, is_local, patience_for, stream_text
from core.provider.check import check_provider
from core.schema import Provider, Turn, Voice
from tests.fake_provider import UNKNOWN, FakeProvider

KEY = "sk-very-secret-0123456789"
SECRET_WORDS = "the word zebrafinch is in the prompt"
PASSAGES = """Use only these passages.

[1] prices.pdf, page 2
A parcel to France costs 12 euros. Letters are cheaper.

[2] times.pdf
Delivery takes three days by road."""
QUICK = Patience(connect=1.0, silence=0.5, total=1.5)


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(server: FakeProvider) -> None:
    server.script([])
    server.requests.clear()


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


def test_an_answer_comes_in_pieces_with_its_marker(server: FakeProvider) -> None:
    pieces = ask(server)
    assert len(pieces) > 5
    assert "".join(pieces) == "A parcel to France costs 12 euros. [1]"


def test_a_question_nothing_fits_is_not_answered(server: FakeProvider) -> None:
    assert "".join(ask(server, question="Who founded Rome?")) == UNKNOWN


def test_a_follow_up_question_is_rewritten(server: FakeProvider) -> None:
    model = chat_model(at(server))
    messages = [
        SystemMessage("Rewrite the last message as a stand-alone question."),
        HumanMessage("What does a parcel to France cost?"),
        AIMessage("12 euros."),
        HumanMessage("And to Spain?"),
    ]
    assert complete_text(model, messages) == "And to Spain, parcel france cost?"


def test_the_fake_provider_understands_the_prompts_of_the_app(server: FakeProvider) -> None:
    model = chat_model(at(server))
    passages = (
        '[1]\n<source name="How much is a parcel.pdf" page="2"/>\n<text>\nA parcel costs 12 euros.\n</text>\n\n'
        '[2]\n<source name="times.pdf"/>\n<text>\nIt takes a week.\n</text>'
    )
    voice = Voice(unknown="No idea.")
    given = {"system": system_prompt(voice), "history": [], "passages": passages}
    asked = answer_prompt.format_messages(question="How much is a parcel?", **given)
    assert complete_text(model, asked) == "A parcel costs 12 euros. [1]"
    assert complete_text(model, answer_prompt.format_messages(question="Who founded Rome?", **given)) == "No idea."
    turns = [Turn("user", "What does a parcel to France cost?"), Turn("assistant", "12 euros. Is it heavy?")]
    rewrite = rewrite_prompt.format_messages(conversation=conversation_text(turns), question="and to Spain")
    assert complete_text(model, rewrite) == "and to Spain, parcel france cost?"


def test_the_request_holds_nothing_that_other_services_refuse(server: FakeProvider) -> None:
    ask(server)
    assert set(server.seen()[0].body) == {"messages", "model", "stream"}


def test_an_empty_key_never_becomes_the_key_of_the_environment(
    server: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    complete_text(chat_model(at(server, key="")), [HumanMessage("Hello?")])
    check_provider(at(server, key=" "))
    assert {request.key for request in server.requests} == {"none"}


@pytest.mark.parametrize(
    ("failure", "code", "tries"),
    [
        ("401", "key", 1),
        ("402", "quota", 1),
        ("403", "forbidden", 1),
        ("404", "no_model", 1),
        ("quota", "quota", 1),
        ("too_long", "too_long", 1),
        ("filter", "content_filter", 1),
        ("filtered:0", "content_filter", 1),
        ("length:0", "length", 1),
        ("400", "bad_request", 1),
        ("html", "not_api", 1),
        ("429:0", "rate", 3),
        ("429:60", "rate", 1),
        ("500", "server", 3),
        ("503:0", "server", 3),
        ("empty", "empty", 3),
        ("no_choices", "empty", 3),
    ],
)
@pytest.mark.timeout(30)  # "429:60": a minute is not waited for
def test_a_failure_before_the_answer_is_said_in_words(
    server: FakeProvider, failure: str, code: str, tries: int
) -> None:
    with pytest.raises(ModelError) as caught:
        ask(server, f"fail-{failure}")
    assert caught.value.code == code
    assert caught.value.what
    assert caught.value.remedy
    assert caught.value.passing == (tries > 1 or failure == "429:60")
    assert len(server.seen()) == tries
    assert_clean(caught.value)


def test_trying_again_helps_when_the_service_was_only_busy(server: FakeProvider) -> None:
    server.script(["429:0", "503", "ok"])
    assert "".join(ask(server)).endswith("[1]")
    assert len(server.seen()) == 3


def test_the_wait_the_service_asks_for_is_kept(server: FakeProvider) -> None:
    server.script(["429:1"])
    ask(server)
    first, second = server.seen()
    assert second.seconds - first.seconds > 0.95


@pytest.mark.parametrize("failure", ["cut:20", "cut_clean:20", "stream_error:20", "bad_chunk", "slow:0.3"])
def test_an_answer_that_breaks_keeps_what_came(server: FakeProvider, failure: str) -> None:
    pieces: list[str] = []
    messages = [SystemMessage(PASSAGES), HumanMessage("How much is a parcel?")]
    patience = Patience(silence=5.0, total=5.4) if failure.startswith("slow") else QUICK
    server.script([failure])
    with pytest.raises(ModelError) as caught:
        pieces.extend(stream_text(chat_model(at(server), patience=patience), messages))
    assert caught.value.code == "stopped_early"
    assert pieces
    assert "A parcel to France costs".startswith("".join(pieces).strip())
    assert len(server.seen()) == 1
    assert_clean(caught.value)


@pytest.mark.parametrize(("failure", "code"), [("length", "length"), ("filtered", "content_filter")])
def test_an_answer_the_model_was_stopped_in_says_so(server: FakeProvider, failure: str, code: str) -> None:
    pieces: list[str] = []
    with pytest.raises(ModelError) as caught:
        pieces.extend(
            stream_text(chat_model(at(server, f"fail-{failure}:20")), [HumanMessage(PASSAGES + "\n\nFrance?")])
        )
    assert "".join(pieces).startswith("A parcel to France")
    assert caught.value.code == code


@pytest.mark.parametrize("failure", ["hang:30", "drip"])
def test_a_service_that_says_nothing_is_given_up(server: FakeProvider, failure: str) -> None:
    server.script([failure] * 3)
    before = (server.silences_ended, server.answers_sent)
    with pytest.raises(ModelError) as caught:
        list(stream_text(chat_model(at(server), patience=Patience(1.0, 0.3, 0.6)), [HumanMessage("Hello?")]))
    assert caught.value.code == "timeout"
    assert caught.value.passing
    assert (server.silences_ended, server.answers_sent) == before, "it was waited for"


def test_a_stopped_answer_ends_the_request(server: FakeProvider) -> None:
    server.script(["slow:0.05"])
    stream = stream_text(chat_model(at(server)), [SystemMessage(PASSAGES), HumanMessage("How much is a parcel?")])
    assert next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert "".join(ask(server)).endswith("[1]")


def test_many_visitors_share_one_client(server: FakeProvider) -> None:
    answers: list[str] = []
    model = chat_model(at(server))
    messages = [SystemMessage(PASSAGES), HumanMessage("How much is a parcel?")]
    threads = [threading.Thread(target=lambda: answers.append(complete_text(model, messages))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["A parcel to France costs 12 euros. [1]"] * 12


def test_a_check_lists_models_and_measures_the_embedding(server: FakeProvider) -> None:
    check = check_provider(at(server, embedding="fake-embed"))
    assert check.models == ("fake-chat", "fake-embed")
    assert check.dimension == 64
    assert check.base_url == server.base_url
    assert check.seconds > 0


@pytest.mark.parametrize("typed", ["{root}", "{root}/", "{root}/v1/", "{root}/v1/chat/completions", "localhost:{port}"])
def test_a_check_finds_the_address_that_was_meant(server: FakeProvider, typed: str) -> None:
    address = typed.format(root=server.root, port=server.port)
    check = check_provider(Provider(address, SecretStr(KEY), "fake-chat"))
    assert check.base_url.endswith(f":{server.port}/v1")


def test_a_check_without_models_only_lists_them(server: FakeProvider) -> None:
    assert check_provider(at(server, "")).models == ("fake-chat", "fake-embed")
    assert not server.seen()


def test_a_check_names_the_missing_model_and_some_that_are_there(server: FakeProvider) -> None:
    with pytest.raises(ModelError, match=r"“gpt-9” is not available.* fake-chat, fake-embed") as caught:
        check_provider(at(server, "gpt-9"))
    assert caught.value.code == "no_model"


def test_a_check_understands_thinking_models(server: FakeProvider) -> None:
    check_provider(at(server, "fail-max_tokens"))
    assert [sorted(request.body)[0] for request in server.seen()] == ["max_tokens", "max_completion_tokens"]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("fail-401", "key"),
        ("fail-quota", "quota"),
        ("fail-429", "rate"),
        ("fail-503", "server"),
        ("fail-html", "not_api"),
        ("fail-hang:2", "timeout"),
        ("fail-bad_json", "bad_answer"),
        ("sk-äöü", "key"),
        ("two words", "key"),
    ],
)
def test_a_check_says_what_is_wrong(server: FakeProvider, key: str, code: str) -> None:
    with pytest.raises(ModelError) as caught:
        check_provider(at(server, key=key), patience=QUICK)
    assert caught.value.code == code
    assert key not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_redirect_does_not_carry_the_key_away(server: FakeProvider) -> None:
    with FakeProvider() as other, pytest.raises(ModelError) as caught:
        check_provider(at(server, key=f"fail-redirect:{other.root}"))
    assert caught.value.code == "redirect"
    assert not other.requests


@pytest.mark.parametrize(
    ("address", "code"),
    [("http://no-such-host.invalid/v1", "no_host"), ("ftp://example.com", "address"), ("https://u:p@h/v1", "address")],
)
def test_a_wrong_address_is_told_apart(address: str, code: str) -> None:
    with pytest.raises(ModelError) as caught:
        check_provider(Provider(address, SecretStr(KEY), "fake-chat"), patience=QUICK)
    assert caught.value.code == code


def test_a_closed_port_and_a_missing_tls_are_told_apart(server: FakeProvider) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = unused.getsockname()[1]
        for address, code in (
            (f"http://127.0.0.1:{closed}", "refused"),
            (server.base_url.replace("http", "https"), "tls"),
        ):
            with pytest.raises(ModelError) as caught:
                check_provider(Provider(address, SecretStr(KEY), "fake-chat"), patience=QUICK)
            assert caught.value.code == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", "https://api.openai.com/v1"),
        ("api.example.com/v1/", "https://api.example.com/v1"),
        (" localhost:11434 ", "http://localhost:11434"),
        ("192.168.1.5:1234/v1", "http://192.168.1.5:1234/v1"),
        ("https://api.example.com/v1/models?key=x#y", "https://api.example.com/v1"),
    ],
)
def test_a_pasted_address_is_cleaned(typed: str, meant: str) -> None:
    assert clean_base_url(typed) == meant


def test_local_servers_and_thinking_models_get_more_time() -> None:
    hosted, local = "https://api.example.com/v1", "http://localhost:11434/v1"
    assert is_local(local)
    assert not is_local(hosted)
    waits = [
        patience_for(Provider(url, SecretStr(""), model)).silence
        for url, model in ((hosted, "gpt-4.1-mini"), (hosted, "openai/gpt-5-mini"), (local, "llama3.2"))
    ]
    assert waits == sorted(set(waits))


def test_a_provider_shows_no_key() -> None:
    assert KEY not in repr(Provider("", SecretStr(KEY), "m"))
