"""A provider's chat model: made with our limits, asked as it wants to be, streamed with every failure in words."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from core.errors import ModelError
from core.provider.errors import model_error, pause_before_next_try
from core.provider.sentences import sentence
from core.provider.service import (
    Patience,
    clean_base_url,
    http_client,
    is_openai,
    patience_for,
    timeout_of,
    usable_key,
)
from core.schema import Provider

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage, BaseMessageChunk
    from langchain_core.runnables import Runnable, RunnableConfig

    from core.provider.asked_model import AskedModel

_ENDS = {
    "length": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "tool_calls": "tools",
    "function_call": "tools",
}


def chat_model(
    provider: Provider,
    *,
    temperature: float | None = None,
    max_tokens: int | None = None,
    patience: Patience | None = None,
    thorough: bool = False,
) -> "AskedModel":
    """Return the LangChain chat model of a provider. Makes no call; connections are shared between models.

    It is asked as ``provider.traits`` say, and learns from refusals (``thorough``: also from those that name no
    reason). ``temperature`` is sent only when given: some models refuse it. ``max_tokens`` limits an answer (default:
    by the traits). ``patience`` is how long it may take (default: by where the service runs and what the model is). The
    client does not try again by itself: ``stream_text`` and ``complete_text`` do. Raises ModelError for an unusable
    address or key, or no model.
    """
    from langchain.chat_models import init_chat_model
    from pydantic import SecretStr

    from core.provider.asked_model import AskedModel
    from core.provider.wire import async_http_client

    if not provider.chat_model.strip():
        raise ModelError("No model is chosen.", "Choose a model in Settings.", code="no_model")
    patience = patience or patience_for(provider)
    options: dict[str, Any] = {} if temperature is None else {"temperature": temperature}
    inner = init_chat_model(
        provider.chat_model.strip(),
        model_provider="openai",
        base_url=clean_base_url(provider.base_url),
        api_key=SecretStr(usable_key(provider.api_key)),
        stream_usage=is_openai(provider.base_url),
        stream_chunk_timeout=None,
        use_responses_api=False,
        max_retries=0,
        timeout=timeout_of(patience),  # LangChain would pass on its own None, which means for ever
        http_client=http_client(patience),
        http_async_client=async_http_client(patience),
        **options,
    )
    return AskedModel(inner=inner, traits=provider.traits, make=provider.make, tokens=max_tokens, thorough=thorough)


def stream_text(
    chain: "Runnable[Any, BaseMessage]",
    values: Any,
    config: "RunnableConfig | None" = None,
    *,
    within: float | None = None,
    seen: "Callable[[BaseMessageChunk], None]" = lambda chunk: None,
    retried: Callable[[ModelError], None] = lambda error: None,
) -> Iterator[str]:
    """Stream the answer of a model, or of a chain that ends with one, piece by piece.

    ``values`` are what it is given: a model's messages, a chain's values. An empty piece comes four times a second
    while the service is waited for, so that whoever shows them can stop. Tries again only before the first words.
    Raises ModelError: before the first words with what went wrong (code "timeout" after ``within`` seconds, by default
    the patience of the model's own); after them with code "stopped_early" (the connection broke), "length" or
    "content_filter" (the model was stopped). Pieces already given stay valid. Closing the generator closes the
    connection. ``seen`` hears of each chunk as it came, ``retried`` of why the request is made again.
    """
    begun = time.monotonic()
    for tries in range(1, 1_000):
        said = False
        try:
            with closing(_pieces(chain, values, config, seen)) as pieces:
                for piece in pieces:
                    said = said or bool(piece)
                    if within is not None and time.monotonic() - begun > within:
                        raise sentence("timeout")
                    yield piece
            return
        except ModelError as error:
            if said or (within is not None and error.code == "timeout"):
                raise
            caught: Exception = error
        except Exception as error:  # noqa: BLE001 the seam: every failure of the client becomes sentences
            caught = error
        pause = pause_before_next_try(caught, tries, time.monotonic() - begun)
        # The client's exception may quote the request, so it must not reach a log through the chain of causes.
        if pause is None:
            raise model_error(caught) from None
        retried(model_error(caught))
        yield from _beats(pause, None if within is None else begun + within - time.monotonic())


def _pieces(
    chain: "Runnable[Any, BaseMessage]",
    values: Any,
    config: "RunnableConfig | None",
    seen: "Callable[[BaseMessageChunk], None]",
) -> Generator[str]:
    """Make one request. What goes wrong before the first words is raised as it came, and as a ModelError after them."""
    said = False
    reason = ""
    with closing(cast("Generator[Any]", chain.stream(values, config))) as stream:
        while True:
            try:
                chunk = next(stream, None)
            except Exception:
                if not said:
                    raise
                raise sentence("stopped_early") from None  # whatever broke, the answer stopped here
            if chunk is None:
                break
            seen(chunk)
            reason = _finish_reason(chunk) or reason
            text = str(chunk.text)
            said = said or bool(text)
            yield text
    end = _ENDS.get(reason.lower(), "")
    if end and (end != "tools" or not said):
        raise sentence(end)
    if not said:
        raise sentence("empty")
    if not reason and _tells_reason(chain):
        raise sentence("stopped_early")


def _beats(seconds: float, left: float | None) -> Iterator[str]:
    """Wait, and give an empty piece four times a second. Raises ModelError where no more time is ``left``."""
    until = time.monotonic() + seconds
    if left is not None and left < seconds:
        raise sentence("timeout")
    while (rest := until - time.monotonic()) > 0:
        time.sleep(min(rest, 0.25))
        yield ""


def complete_text(
    chain: "Runnable[Any, BaseMessage]",
    values: Any,
    config: "RunnableConfig | None" = None,
    *,
    within: float | None = None,
) -> str:
    """Return a model's whole answer; retried, given up and raising ModelError as ``stream_text`` does."""
    return "".join(stream_text(chain, values, config, within=within))


def _finish_reason(chunk: Any) -> str:
    return str(chunk.response_metadata.get("finish_reason") or "")


def _tells_reason(chain: "Runnable[Any, BaseMessage]") -> bool:
    """Every service of OpenAI's protocol ends with a finish reason; other LangChain models need not have one."""
    from langchain_core.runnables import RunnableSequence

    model: Any = chain.last if isinstance(chain, RunnableSequence) else chain
    return getattr(model, "make", "") == "openai"
