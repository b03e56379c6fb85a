"""A provider's chat model: made with our limits, checked when it is saved, streamed with every failure in words."""

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

from core.errors import ModelError
from core.provider.errors import model_error, retrying, sentence
from core.provider.foreign_errors import finish_reason
from core.provider.limits import Patience
from core.provider.makes import MAKES, make_chat_model
from core.provider.service import patience_for
from core.schema import Provider

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from langchain_core.runnables import Runnable, RunnableConfig


def chat_model(
    provider: Provider,
    *,
    streaming: bool = True,
    temperature: float | None = None,
    max_tokens: int | None = None,
    patience: Patience | None = None,
) -> "BaseChatModel":
    """Return the LangChain chat model of a provider. Makes no call; connections are shared between models.

    ``temperature`` and ``max_tokens`` are sent only when given: some models refuse them. ``patience`` is how long it
    may take (default: by where the service runs and what the model is). The client does not try again by itself:
    ``stream_text`` and ``complete_text`` do. Raises ModelError for an unusable address or key, or no model.
    """
    if not provider.chat_model.strip():
        raise ModelError("No model is chosen.", "Choose a model in Settings.", code="no_model")
    given = {"temperature": temperature, "max_tokens": max_tokens}
    options = {name: value for name, value in given.items() if value is not None}
    return make_chat_model(provider, patience or patience_for(provider), streaming=streaming, **options)


def stream_text(
    chain: "Runnable[Any, BaseMessage]", values: Any, config: "RunnableConfig | None" = None
) -> Iterator[str]:
    """Stream the answer of a model, or of a chain that ends with one, piece by piece (never empty pieces).

    ``values`` are what it is given: a model's messages, a chain's values. Tries again (up to 3 times) only before the
    first piece. Raises ModelError: before the first piece with what went wrong; after it with code "stopped_early" (the
    connection broke), "length" or "content_filter" (the model was stopped). Pieces already given stay valid. Closing
    the generator ends the request.
    """
    try:
        stream, text, reason = retrying()(_open, chain, values, config)
    except Exception as error:  # noqa: BLE001 the seam: every failure of the client becomes sentences
        # The client's exception may quote the request, so it must not reach a log through the chain of causes.
        raise model_error(error) from None
    with closing(stream):
        yield text
        while True:
            try:
                chunk = next(stream, None)
            except Exception:  # noqa: BLE001 whatever broke, the answer stopped here
                raise sentence("stopped_early") from None
            if chunk is None:
                break
            reason = finish_reason(chunk.response_metadata) or reason
            if text := str(chunk.text):
                yield text
    if reason in ("length", "content_filter"):
        raise sentence(reason)
    if not reason and _tells_reason(chain):
        raise sentence("stopped_early")


def complete_text(chain: "Runnable[Any, BaseMessage]", values: Any, config: "RunnableConfig | None" = None) -> str:
    """Return a model's whole answer; retried and raising ModelError as ``stream_text`` does."""
    return "".join(stream_text(chain, values, config))


def _open(chain: "Runnable[Any, BaseMessage]", values: Any, config: "RunnableConfig | None") -> tuple[Any, str, str]:
    """Start a stream and wait for its first piece: the stream, that piece, and why it ended if it did already."""
    stream: Any = chain.stream(values, config)
    reason = ""
    for chunk in stream:
        reason = finish_reason(chunk.response_metadata) or reason
        if text := str(chunk.text):
            return stream, text, reason
    raise sentence(reason if reason in ("length", "content_filter") else "empty")


def _tells_reason(chain: "Runnable[Any, BaseMessage]") -> bool:
    """Every service that we speak to says why it ended; other LangChain models need not."""
    from langchain_core.runnables import RunnableSequence

    model = chain.last if isinstance(chain, RunnableSequence) else chain
    ours = {make.package for make in MAKES.values()}
    return any(kind.__module__.partition(".")[0] in ours for kind in type(model).__mro__)
