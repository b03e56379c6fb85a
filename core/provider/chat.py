"""A provider's chat model: made with our limits, asked as it wants to be, streamed with every failure in words."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any, cast

from core.errors import ModelError
from core.provider.errors import model_error, pause_before_next_try
from core.provider.foreign_errors import finish_reason
from core.provider.limits import Patience
from core.provider.makes import MAKES, make_chat_model
from core.provider.repetition import until_repeated
from core.provider.sentences import sentence
from core.provider.service import patience_for
from core.provider.shape import answer_tokens
from core.provider.thoughts import Piece, pieces_of, without_thoughts
from core.schema import ModelTraits, Provider

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage, BaseMessageChunk
    from langchain_core.runnables import Runnable, RunnableConfig

    from core.provider.asked_model import AskedModel

_IN_REQUEST = ("openai", "azure_openai")  # makes that are told the limit with each request


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
    from core.provider.asked_model import AskedModel

    if not provider.chat_model.strip():
        raise ModelError("No model is chosen.", "Choose a model in Settings.", code="no_model")
    options: dict[str, Any] = {} if temperature is None else {"temperature": temperature}
    if provider.make not in _IN_REQUEST:
        options["max_tokens"] = max_tokens or answer_tokens(provider.traits)
    inner = make_chat_model(provider, patience or patience_for(provider), **options)
    return AskedModel(inner=inner, traits=provider.traits, make=provider.make, tokens=max_tokens, thorough=thorough)


def stream_text(
    chain: "Runnable[Any, BaseMessage]",
    values: Any,
    config: "RunnableConfig | None" = None,
    *,
    within: float | None = None,
    seen: "Callable[[BaseMessageChunk], None]" = lambda chunk: None,
    retried: Callable[[ModelError], None] = lambda error: None,
) -> Iterator[Piece]:
    """Stream the answer of a model, or of a chain that ends with one, piece by piece.

    ``values`` are what it is given: a model's messages, a chain's values. What it thinks comes apart, as Thought. An
    empty piece comes four times a second while the service is waited for, so that whoever shows them can stop. Tries
    again only before the first words. Raises ModelError: before the first words with what went wrong (code "timeout"
    after ``within`` seconds, by default the patience of the model's own); after them with code "stopped_early" (the
    connection broke), "length" or "content_filter" (the model was stopped), "repeats" (it began to say the same again
    and again: the request was ended), "only_thoughts" (nothing else came). Pieces already given stay valid. Closing the
    generator closes the connection. ``seen`` hears of each chunk as it came, ``retried`` of why the request is made
    again.
    """
    traits = getattr(_model_of(chain), "traits", None)
    tries = _tries(chain, values, config, within, seen, retried)
    return until_repeated(without_thoughts(tries, unopened=isinstance(traits, ModelTraits) and traits.thinks))


def _tries(
    chain: "Runnable[Any, BaseMessage]",
    values: Any,
    config: "RunnableConfig | None",
    within: float | None,
    seen: "Callable[[BaseMessageChunk], None]",
    retried: Callable[[ModelError], None],
) -> Iterator[Piece]:
    """Make the request, and again where that helps, until the first words; see ``stream_text``."""
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
) -> Generator[Piece]:
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
            reason = finish_reason(chunk.response_metadata) or reason
            found = pieces_of(chunk)
            said = said or bool(found)
            yield from found or ("",)
    if reason in ("length", "content_filter") or (reason == "tools" and not said):
        raise sentence(reason)
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
    """Return a model's whole answer, without its thoughts; retried, given up and failing as ``stream_text`` does."""
    text = ""
    with closing(cast("Generator[Piece]", stream_text(chain, values, config, within=within))) as stream:
        for piece in stream:
            if isinstance(piece, str):
                text += piece
            elif piece.all_before:
                text = ""
    return text


def _tells_reason(chain: "Runnable[Any, BaseMessage]") -> bool:
    """Every service that we speak to says why it ended; other LangChain models need not."""
    return getattr(_model_of(chain), "make", "") in MAKES


def _model_of(chain: "Runnable[Any, BaseMessage]") -> Any:
    from langchain_core.runnables import RunnableSequence

    return chain.last if isinstance(chain, RunnableSequence) else chain
