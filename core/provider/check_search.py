"""A search model tried out: whether it embeds, how long its vectors are, and how fast it is."""

import time
from typing import Any

from core.errors import ModelError
from core.provider.beside import result_beside
from core.provider.errors import model_error
from core.provider.limits import NotModelApi, Patience, timeout_of
from core.provider.listing import Listing, Waiting
from core.provider.makes import embedding_client
from core.provider.service import usable_key
from core.schema import Provider

# Of about the length of our passages, and as many as any service takes at once.
_BATCH = [
    f"{number}. " + "A parcel may weigh up to 30 kilograms, and is kept at the depot. " * 12 for number in range(16)
]
_BATCH_TOKENS = sum(map(len, _BATCH)) // 4  # English prose


def try_embedding(provider: Provider, listing: Listing, patience: Patience, waiting: Waiting) -> tuple[int, float]:
    """Return the length of an embedding model's vectors, and how many tokens a second it took of a first batch.

    0 tokens where it did not take that batch: only how long a change takes is not known then. Raises ModelError where
    it does not embed a word.
    """
    try:
        dimension = _dimension(_embed(provider, ["word"], patience, waiting))
    except Exception as caught:  # noqa: BLE001 the seam: every failure of the client becomes sentences
        error = model_error(caught)
        if error.code in ("no_model", "retired"):
            raise without_model(provider, provider.embedding_model.strip(), listing.models, error) from None
        raise error from None
    begun = time.monotonic()
    try:
        _dimension(_embed(provider, _BATCH, patience, waiting))
    except Exception:  # noqa: BLE001 it embeds, and how fast is only asked in passing
        return dimension, 0.0
    return dimension, _BATCH_TOKENS / max(time.monotonic() - begun, 0.001)


def _embed(provider: Provider, texts: list[str], patience: Patience, waiting: Waiting) -> Any:
    """Ask for the vectors of texts, beside the caller where the client can."""
    import openai

    from core.provider.wire import async_http_client

    name = provider.embedding_model.strip()

    async def embed() -> Any:
        client = openai.AsyncOpenAI(
            base_url=provider.base_url,
            api_key=usable_key(provider.api_key),
            max_retries=0,
            timeout=timeout_of(patience),
            http_client=async_http_client(patience),
        )
        return await client.embeddings.create(model=name, input=texts, encoding_format="float")

    if provider.make == "openai":
        return result_beside(embed, waiting)
    return embedding_client(provider, patience).embeddings.create(model=name, input=texts, encoding_format="float")


def _dimension(answer: Any) -> int:
    """Return the length of the vectors that came. Raises NotModelApi where none did."""
    data = getattr(answer, "data", None)
    if not data or not getattr(data[0], "embedding", None):
        raise NotModelApi
    return len(data[0].embedding)


def without_model(provider: Provider, name: str, models: tuple[str, ...], error: ModelError) -> ModelError:
    """Name a model that is missing, with some that are there."""
    others = [each for each in models if each != name]
    some = f"Choose one it offers, such as {', '.join(others[:5])}." if others else error.remedy
    if error.code == "retired":
        return ModelError(f"The AI service has retired the model “{name}”.", some, code="retired")
    if provider.make == "ollama":
        fetch = f"fetch it on that computer: ollama pull {name}"
        remedy = f"{some.removesuffix('.')}, or {fetch}" if others else fetch[0].upper() + fetch[1:]
        return ModelError(f"Ollama does not have the model “{name}” yet.", remedy, code="no_model")
    whose = "to your key" if provider.api_key.get_secret_value().strip() else "there"
    return ModelError(f"The model “{name}” is not available {whose}.", some, code="no_model")
