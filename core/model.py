"""A provider's chat model: made with our limits, checked when it is saved, streamed with every failure in words."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.errors import ModelError
from core.model_errors import model_error, retrying, sentence
from core.model_provider import (
    KNOWN_PROVIDERS,
    KnownProvider,
    NotModelApi,
    Patience,
    Provider,
    ProviderCheck,
    clean_base_url,
    http_client,
    is_local,
    is_openai,
    openai_client,
    patience_for,
    timeout_of,
    usable_key,
)

if TYPE_CHECKING:
    import openai
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = [
    "KNOWN_PROVIDERS",
    "KnownProvider",
    "Provider",
    "ProviderCheck",
    "chat_model",
    "check_provider",
    "complete_text",
    "model_error",
    "stream_text",
]


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
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    if not provider.chat_model.strip():
        raise ModelError("No model is chosen.", "Choose a model in Settings.", code="no_model")
    patience = patience or patience_for(provider)
    options: dict[str, Any] = {"temperature": temperature, "max_tokens": max_tokens}
    return ChatOpenAI(
        model=provider.chat_model.strip(),
        base_url=clean_base_url(provider.base_url),
        api_key=SecretStr(usable_key(provider.api_key)),
        streaming=streaming,
        stream_usage=is_openai(provider.base_url),
        use_responses_api=False,
        max_retries=0,
        timeout=timeout_of(patience),  # LangChain would pass on its own None, which means for ever
        http_client=http_client(patience),
        **{name: value for name, value in options.items() if value is not None},
    )


def stream_text(model: "BaseChatModel", messages: "Sequence[BaseMessage]") -> Iterator[str]:
    """Stream a model's answer, piece by piece (never empty pieces).

    Tries again (up to 3 times) only before the first piece. Raises ModelError: before the first piece with what went
    wrong; after it with code "stopped_early" (the connection broke), "length" or "content_filter" (the model was
    stopped). Pieces already given stay valid. Closing the generator ends the request.
    """
    try:
        stream, text, reason = retrying()(_open, model, messages)
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
            reason = _finish_reason(chunk) or reason
            if text := str(chunk.text):
                yield text
    if reason in ("length", "content_filter"):
        raise sentence(reason)
    if not reason and _tells_reason(model):
        raise sentence("stopped_early")


def complete_text(model: "BaseChatModel", messages: "Sequence[BaseMessage]") -> str:
    """Return a model's whole answer; retried and raising ModelError as ``stream_text`` does."""
    return "".join(stream_text(model, messages))


def _open(model: "BaseChatModel", messages: "Sequence[BaseMessage]") -> tuple[Any, str, str]:
    """Start a stream and wait for its first piece: the stream, that piece, and why it ended if it did already."""
    stream: Any = model.stream(list(messages))
    reason = ""
    for chunk in stream:
        reason = _finish_reason(chunk) or reason
        if text := str(chunk.text):
            return stream, text, reason
    raise sentence(reason if reason in ("length", "content_filter") else "empty")


def _finish_reason(chunk: Any) -> str:
    return str(chunk.response_metadata.get("finish_reason") or "")


def _tells_reason(model: "BaseChatModel") -> bool:
    """Every service of this protocol ends with a finish reason; other LangChain models need not have one."""
    from langchain_openai.chat_models.base import BaseChatOpenAI

    return isinstance(model, BaseChatOpenAI)


def check_provider(provider: Provider, *, patience: Patience | None = None) -> ProviderCheck:
    """Ask a service which models it has, let the chat model say one word, and embed one word.

    A chat or embedding model that is not chosen is not asked. An address without /v1 is tried with it too; the
    address that worked comes back. Raises ModelError, in words for the owner, for whatever does not work.
    """
    start = time.monotonic()
    provider = replace(provider, base_url=clean_base_url(provider.base_url))
    patience = patience or patience_for(provider)
    provider, models = _reach(provider, patience)
    client = openai_client(provider, patience)
    dimension = None
    if provider.chat_model.strip():
        _ask(lambda: _say_a_word(client, provider.chat_model.strip()), provider.chat_model, models)
    if provider.embedding_model.strip():
        dimension = _ask(
            lambda: _embed_a_word(client, provider.embedding_model.strip()), provider.embedding_model, models
        )
    warnings: tuple[str, ...] = ()
    if provider.base_url.startswith("http://") and not is_local(provider.base_url):
        warnings = ("This address is not encrypted: the key and your documents can be read on the way. Use https://.",)
    return ProviderCheck(time.monotonic() - start, models, provider.base_url, dimension, warnings)


def _reach(provider: Provider, patience: Patience) -> tuple[Provider, tuple[str, ...]]:
    """Find the address at which the service lists its models, as typed or with /v1 behind."""
    addresses = [provider.base_url]
    if not re.search(r"/v\d+\w*(/|$)", provider.base_url):
        addresses.append(f"{provider.base_url}/v1")
    refusal: ModelError | None = None
    for address in addresses:
        candidate = replace(provider, base_url=address)
        try:
            return candidate, _list_models(openai_client(candidate, patience))
        except Exception as caught:  # noqa: BLE001 the seam: every failure of the client becomes sentences
            error = model_error(caught)
        if error.code == "forbidden":  # a key may well be allowed to chat and not to list
            return candidate, ()
        if error.code not in ("not_api", "no_model", "key", "bad_answer", "redirect"):
            raise error from None
        if refusal is None or refusal.code == "not_api":
            refusal = error
    if refusal is not None and (refusal.code != "not_api" or not provider.chat_model):
        raise refusal
    return provider, ()


def _list_models(client: "openai.OpenAI") -> tuple[str, ...]:
    page = client.models.list()
    data = getattr(page, "data", None)
    if not isinstance(data, list):
        raise NotModelApi
    return tuple(sorted(str(model.id) for model in data))


def _ask(call: Any, name: str, models: tuple[str, ...]) -> Any:
    """Make a trial call; a model that is missing is named, with some that are there."""
    try:
        return call()
    except Exception as caught:  # noqa: BLE001 the seam: every failure of the client becomes sentences
        error = model_error(caught)
    if error.code == "no_model":
        some = f"Choose one it offers, such as {', '.join(models[:5])}." if models else error.remedy
        raise ModelError(f"The model “{name}” is not available to your key.", some, code="no_model")
    raise error


def _say_a_word(client: "openai.OpenAI", model: str) -> None:
    import openai

    messages: Any = [{"role": "user", "content": "Say OK."}]
    try:
        answer = client.chat.completions.create(model=model, messages=messages, max_tokens=1)
    except openai.BadRequestError as error:
        if "max_tokens" not in error.message:
            raise
        # Thinking models know the limit under another name, and need some room for their thoughts.
        answer = client.chat.completions.create(model=model, messages=messages, max_completion_tokens=64)
    if not getattr(answer, "choices", None):
        raise NotModelApi


def _embed_a_word(client: "openai.OpenAI", model: str) -> int:
    answer = client.embeddings.create(model=model, input=["word"], encoding_format="float")
    data = getattr(answer, "data", None)
    if not data or not getattr(data[0], "embedding", None):
        raise NotModelApi
    return len(data[0].embedding)
