"""Ollama: asked for a model's window, with a window that holds the prompt, and let go of at once."""

import time
from typing import Any, cast

import pytest

from core.answer import room_for
from core.errors import ModelError
from core.provider import OLLAMA_WINDOW, Patience, chat_model, check_provider, stream_text
from core.provider.ollama import window_in
from core.schema import Provider
from tests.protocol_servers import ProtocolServer, speaking
from tests.protocol_servers.ollama_speaker import OllamaSpeaker

QUICK = Patience(connect=2.0, silence=1.0, total=3.0)
SLOW = Patience(connect=2.0, silence=30.0, total=60.0)


def ollama_with(**shown: Any) -> ProtocolServer:
    return ProtocolServer(type("Shown", (OllamaSpeaker,), shown))


def as_kept(service: ProtocolServer) -> Provider:
    """The provider as it is kept after its test."""
    provider = service.provider()
    check = check_provider(provider, patience=QUICK)
    return Provider(provider.base_url, provider.api_key, "good-chat", make="ollama", traits=check.traits)


@pytest.mark.parametrize(
    ("context", "parameters", "window"),
    [
        (131_072, 'stop    "<|end|>"', OLLAMA_WINDOW),  # made for much, and nobody chose: not all the memory there is
        (2_048, "", 2_048),  # made for less than we would ask
        (131_072, 'num_ctx                        16384\nstop    "<|end|>"', 16_384),  # its owner chose
        (131_072, "temperature 0.2\nnum_ctx 4096", 4_096),
        (8_192, "num_ctx 32768", 8_192),  # more than it was made for
    ],
)
def test_the_window_it_tells_is_kept_and_asked_with(context: int, parameters: str, window: int) -> None:
    with ollama_with(context=context, parameters=parameters) as service:
        provider = as_kept(service)
        assert provider.traits.window == room_for(provider).window == window
        service.asked.clear()
        list(stream_text(chat_model(provider, patience=QUICK), "Hello"))
        assert [request.body["options"]["num_ctx"] for request in service.asked] == [window]


@pytest.mark.parametrize("told", [None, [], {}, {"model_info": None}, {"model_info": {"x.context_length": "big"}}])
def test_what_tells_no_window_is_asked_with_ours(told: Any) -> None:
    assert window_in(told) == OLLAMA_WINDOW


def test_what_speaks_its_protocol_and_shows_nothing_is_asked_with_ours() -> None:
    class Silent(OllamaSpeaker):
        def do_POST(self) -> None:
            if self.path == "/api/show":
                self.send_json(501, {"error": "not implemented"})
            else:
                super().do_POST()

    with ProtocolServer(Silent) as service:
        provider = as_kept(service)
        assert (provider.traits.window, room_for(provider).window) == (None, OLLAMA_WINDOW)


def test_a_model_that_was_not_fetched_yet_is_named_with_what_fetches_it() -> None:
    with speaking("ollama") as service:
        with pytest.raises(ModelError) as refused:
            check_provider(service.provider("qwen3:8b"), patience=QUICK)
        assert refused.value.code == "no_model"
        assert refused.value.what == "Ollama does not have the model “qwen3:8b” yet."
        assert "such as good-chat" in refused.value.remedy
        assert refused.value.remedy.endswith("fetch it on that computer: ollama pull qwen3:8b")
        assert all(request.path != "/api/chat" for request in service.asked)


def test_where_no_model_was_fetched_yet_the_way_to_one_is_said() -> None:
    with ollama_with(models=()) as service:
        with pytest.raises(ModelError) as refused:
            check_provider(service.provider("qwen3:8b"), patience=QUICK)
        assert refused.value.remedy == "Fetch it on that computer: ollama pull qwen3:8b"


def test_while_it_loads_its_caller_may_look_up_and_give_up() -> None:
    with speaking("ollama") as service:
        provider = service.provider("fail-hang")
        begun = time.monotonic()
        stream = cast("Any", stream_text(chat_model(provider, patience=SLOW), "Hello"))
        assert [next(stream), next(stream)] == ["", ""]  # nothing came, and it can be said
        stream.close()
        assert time.monotonic() - begun < SLOW.silence / 2
