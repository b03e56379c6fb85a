"""A provider's chat model: made with our limits, checked when it is saved, streamed with every failure in words."""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from core.errors import ModelError
from core.provider.errors import model_error, retrying, sentence
from core.provider.reasoning import with_reasoning
from core.provider.repetition import until_repeated
from core.provider.service import (
    Patience,
    clean_base_url,
    http_client,
    is_openai,
    patience_for,
    timeout_of,
    usable_key,
)
from core.provider.thoughts import Piece, pieces_of, without_thoughts
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
    from langchain.chat_models import init_chat_model
    from pydantic import SecretStr

    if not provider.chat_model.strip():
        raise ModelError("No model is chosen.", "Choose a model in Settings.", code="no_model")
    patience = patience or patience_for(provider)
    options: dict[str, Any] = {"temperature": temperature, "max_tokens": max_tokens}
    model = init_chat_model(
        provider.chat_model.strip(),
        model_provider="openai",
        base_url=clean_base_url(provider.base_url),
        api_key=SecretStr(usable_key(provider.api_key)),
        streaming=streaming,
        stream_usage=is_openai(provider.base_url),
        use_responses_api=False,
        max_retries=0,
        timeout=timeout_of(patience),  # LangChain would pass on its own None, which means for ever
        http_client=http_client(patience),
        metadata={"thinks": provider.traits.thinks},
        **{name: value for name, value in options.items() if value is not None},
    )
    return with_reasoning(model)


def stream_text(
    chain: "Runnable[Any, BaseMessage]", values: Any, config: "RunnableConfig | None" = None
) -> Iterator[Piece]:
    """Stream the answer of a model, or of a chain that ends with one, piece by piece (never empty pieces).

    ``values`` are what it is given: a model's messages, a chain's values. What it thinks comes apart, as Thought. Tries
    again (up to 3 times) only before the first piece. Raises ModelError: before the first piece with what went wrong;
    after it with code "stopped_early" (the connection broke), "length" or "content_filter" (the model was stopped),
    "repeats" (it began to say the same again and again: the request was ended), "only_thoughts" (nothing else came).
    Pieces already given stay valid. Closing the generator ends the request.
    """
    thinks = bool((getattr(_model_of(chain), "metadata", None) or {}).get("thinks"))
    return until_repeated(without_thoughts(_pieces(chain, values, config), unopened=thinks))


def _pieces(chain: "Runnable[Any, BaseMessage]", values: Any, config: "RunnableConfig | None") -> Iterator[Piece]:
    """Stream what a model sends, thoughts in fields of their own told apart; see ``stream_text``."""
    try:
        stream, first, reason = retrying()(_open, chain, values, config)
    except Exception as error:  # noqa: BLE001 the seam: every failure of the client becomes sentences
        # The client's exception may quote the request, so it must not reach a log through the chain of causes.
        raise model_error(error) from None
    with closing(stream):
        yield from first
        while True:
            try:
                chunk = next(stream, None)
            except Exception:  # noqa: BLE001 whatever broke, the answer stopped here
                raise sentence("stopped_early") from None
            if chunk is None:
                break
            reason = _finish_reason(chunk) or reason
            yield from pieces_of(chunk)
    if reason in ("length", "content_filter"):
        raise sentence(reason)
    if not reason and _tells_reason(chain):
        raise sentence("stopped_early")


def complete_text(chain: "Runnable[Any, BaseMessage]", values: Any, config: "RunnableConfig | None" = None) -> str:
    """Return a model's whole answer, without its thoughts; retried and raising ModelError as ``stream_text`` does."""
    text = ""
    with closing(cast("Generator[Piece]", stream_text(chain, values, config))) as stream:
        for piece in stream:
            if isinstance(piece, str):
                text += piece
            elif piece.all_before:
                text = ""
    return text


def _open(
    chain: "Runnable[Any, BaseMessage]", values: Any, config: "RunnableConfig | None"
) -> tuple[Any, list[Piece], str]:
    """Start a stream and wait for its first pieces: the stream, these, and why it ended if it did already."""
    stream: Any = chain.stream(values, config)
    reason = ""
    for chunk in stream:
        reason = _finish_reason(chunk) or reason
        if pieces := pieces_of(chunk):
            return stream, pieces, reason
    raise sentence(reason if reason in ("length", "content_filter") else "empty")


def _finish_reason(chunk: Any) -> str:
    return str(chunk.response_metadata.get("finish_reason") or "")


def _tells_reason(chain: "Runnable[Any, BaseMessage]") -> bool:
    """Every service of this protocol ends with a finish reason; other LangChain models need not have one."""
    from langchain_openai.chat_models.base import BaseChatOpenAI

    return isinstance(_model_of(chain), BaseChatOpenAI)


def _model_of(chain: "Runnable[Any, BaseMessage]") -> Any:
    from langchain_core.runnables import RunnableSequence

    return chain.last if isinstance(chain, RunnableSequence) else chain
