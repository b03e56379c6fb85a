"""A provider tried out: which models it has, whether the chosen ones answer, and at which address."""

import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.errors import ModelError
from core.provider.chat import chat_model, complete_text
from core.provider.errors import model_error
from core.provider.limits import NotModelApi, Patience
from core.provider.makes import cleaned, embedding_client
from core.provider.offers import offered_models
from core.provider.service import clean_base_url, is_local, openai_client, patience_for
from core.schema import Provider

if TYPE_CHECKING:
    import openai


@dataclass(frozen=True, slots=True)
class ProviderCheck:
    """What a check of a provider found out.

    ``seconds`` is how long it took; ``models`` what the service offers (empty where it does not say); ``base_url`` the
    address that worked, to be saved instead of the typed one; ``dimension`` the embedding model's, None where none is
    set; ``warnings`` are sentences for the owner.
    """

    seconds: float
    models: tuple[str, ...]
    base_url: str
    dimension: int | None = None
    warnings: tuple[str, ...] = ()


def check_provider(provider: Provider, *, patience: Patience | None = None) -> ProviderCheck:
    """Ask a service which models it has, let the chat model say one word, and embed one word.

    A chat or embedding model that is not chosen is not asked. An address without /v1 is tried with it too; the
    address that worked comes back. Raises ModelError, in words for the owner, for whatever does not work.
    """
    start = time.monotonic()
    if provider.make != "openai":
        return _check_make(cleaned(provider), patience or patience_for(provider), start)
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
    return ProviderCheck(time.monotonic() - start, models, provider.base_url, dimension, _warnings(provider))


def _warnings(provider: Provider) -> tuple[str, ...]:
    if provider.base_url.startswith("http://") and not is_local(provider.base_url):
        return ("This address is not encrypted: the key and your documents can be read on the way. Use https://.",)
    return ()


def _check_make(provider: Provider, patience: Patience, start: float) -> ProviderCheck:
    """Check a provider of another make than OpenAI's: its list, then a word of its chat model as a chat would ask."""
    name = provider.chat_model.strip()
    models: tuple[str, ...] = ()
    try:
        models = tuple(offered.name for offered in offered_models(provider, patience=patience))
    except ModelError as error:
        if not name or error.code not in ("forbidden", "not_api", "no_model"):
            raise
    if name:
        messages = [("system", "You answer in one word."), ("human", "Say OK.")]
        _ask(lambda: complete_text(chat_model(provider, patience=patience), messages), name, models)
    dimension = None
    if provider.embedding_model.strip():
        client = embedding_client(provider, patience)
        dimension = _ask(
            lambda: _embed_a_word(client, provider.embedding_model.strip()), provider.embedding_model, models
        )
    return ProviderCheck(time.monotonic() - start, models, provider.base_url, dimension, _warnings(provider))


def _reach(provider: Provider, patience: Patience) -> tuple[Provider, tuple[str, ...]]:
    """Find the address at which the service lists its models, as typed or with /v1 behind."""
    addresses = [provider.base_url]
    if not re.search(r"/v\d\w*(/|$)", provider.base_url):
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
