"""Embeddings by name: the built-in one, that needs no key and no network, and those of OpenAI-compatible services.

Every vector that leaves this module is finite, float32 and of length 1, so that a dot product is the cosine.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from langchain_core.embeddings import Embeddings

from core.embed.of_service import ProviderEmbeddings, batches, stacked, unit_length
from core.errors import Cancelled, ModelError
from core.provider import embedding_address, is_local, price_at
from core.schema import BUILT_IN_EMBEDDING, Provider

if TYPE_CHECKING:
    from wordllama.inference import WordLlamaInference

BUILT_IN_BATCH = 512
CONCURRENT_REQUESTS = 4
_LONGEST_TEXT = 100_000  # characters; beyond, the mean of the words hardly moves any more


@dataclass(frozen=True, slots=True)
class EmbeddingInfo:
    """An embedding as it is chosen: ``dimension`` is None until asked; ``dense_weight`` its share in hybrid search.

    ``local`` says that its service runs on this machine or in its own network; ``price`` is its dollars per million
    tokens, None where that is not known.
    """

    name: str
    label: str
    dimension: int | None
    dense_weight: float
    local: bool = False
    price: float | None = None


def embedding_info(name: str) -> EmbeddingInfo:
    """Return what is known about the embedding of this name. Raises ModelError (code "embedding") for others."""
    if name == BUILT_IN_EMBEDDING:
        return EmbeddingInfo(name, "Built-in (works without a key, stays on this machine)", 256, 0.3)
    model, base_url = _parts(name)
    label = f"{model} at {base_url.split('://')[-1].split('/')[0]}"
    price = price_at(base_url, model)
    return EmbeddingInfo(name, label, None, 0.5, is_local(base_url), price.prompt if price else None)


def provider_embedding_name(provider: Provider) -> str:
    """Return the name of a provider's embedding model, "openai:<model>@<address>"; empty when it has none set.

    "openai" is the protocol in which texts are embedded, which services of other makes speak beside their own.
    """
    model = provider.embedding_model.strip()
    return f"openai:{model}@{embedding_address(provider)}" if model else ""


def embeds_at(provider: Provider, name: str) -> bool:
    """Say whether a provider is the service that an embedding of this name belongs to."""
    try:
        return embedding_address(provider) == _parts(name)[1]
    except ModelError:
        return False


def embeddings_on_offer(provider: Provider | None) -> tuple[EmbeddingInfo, ...]:
    """Return the embeddings an owner may choose from: the built-in one, and the provider's."""
    names = [BUILT_IN_EMBEDDING, provider_embedding_name(provider) if provider else ""]
    return tuple(embedding_info(name) for name in names if name)


def embedding(name: str, provider: Provider | None = None) -> Embeddings:
    """Return the LangChain Embeddings of this name, safe to share between threads. Makes no call.

    Raises ModelError (code "embedding") when the name is unknown or its service is not the provider that is set up:
    a key never goes to an address it was not entered for.
    """
    if name == BUILT_IN_EMBEDDING:
        return _BUILT_IN
    model, _ = _parts(name)
    if provider is None or not embeds_at(provider, name):
        raise ModelError(
            f"The passages were prepared with “{model}” of another AI service than the one set up now.",
            "Set that service up again in Settings, or choose the built-in search and have the sources read again.",
            code="embedding",
        )
    return ProviderEmbeddings(replace(provider, embedding_model=model))


def _parts(name: str) -> tuple[str, str]:
    """Split "openai:<model>@<address>"."""
    kind, _, rest = name.partition(":")
    model, _, base_url = rest.rpartition("@")
    if kind != "openai" or not model or not base_url:
        raise ModelError(
            "This kind of search is not known to this version of Answerbook.",
            "Choose another one in Settings and have the sources read again.",
            code="embedding",
        )
    return model, base_url


class StaticEmbeddings(Embeddings):
    """The built-in embedding: the mean of static word vectors, loaded once at first use.

    A text without any word in it gets a fixed vector of length 1, as stores refuse zero vectors.
    """

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Return the vectors of the texts, float32 of shape ``(len(texts), 256)``."""
        model = _word_llama()
        encoded = model.tokenizer.encode_batch([text[:_LONGEST_TEXT] for text in texts], add_special_tokens=False)
        vectors = np.zeros((len(texts), model.embedding.shape[1]), dtype=np.float32)
        for row, tokens in zip(vectors, encoded, strict=True):
            if tokens.ids:
                row[:] = model.embedding[tokens.ids].mean(axis=0)
        vectors[~vectors.any(axis=1)] = 1.0
        return unit_length(vectors)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of the texts as lists."""
        return self.vectors(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text as a list."""
        return self.vectors([text])[0].tolist()


_BUILT_IN = StaticEmbeddings()
_loading = threading.Lock()


def _word_llama() -> "WordLlamaInference":
    with _loading:
        return _load_word_llama()


@lru_cache(maxsize=1)
def _load_word_llama() -> "WordLlamaInference":
    """Load the weights inside the wheel; takes 0.6 s and 60 MB."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    import wordllama

    # Its import sets up logging for the whole process; that is for the app to do.
    root.handlers[:], root.level = handlers, level
    model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    # Padding every text to the longest of its batch costs half the time and, for one long text, gigabytes.
    model.tokenizer.no_padding()
    return model


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the words, casefolded, that the built-in model knows as a whole: 10,000 common ones of many languages."""
    pieces = _word_llama().tokenizer.get_vocab()
    return frozenset(piece[1:].casefold() for piece in pieces if piece[0] == "▁" and piece[1:].isalpha())


def embed_passages(
    embeddings: Embeddings,
    texts: Sequence[str],
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> np.ndarray:
    """Return the vectors of all texts, float32 of shape ``(len(texts), dimension)``, in their order.

    ``progress(done, total)`` is called in this thread after each batch; ``cancelled()`` is asked in between, and at
    least every 0.2 s while a service is waited for. Raises ModelError, and Cancelled when it says so.
    """
    if not texts:
        return np.zeros((0, 256 if isinstance(embeddings, StaticEmbeddings) else 0), dtype=np.float32)
    if isinstance(embeddings, ProviderEmbeddings):
        runs, workers = list(batches(texts, embeddings.limits)), CONCURRENT_REQUESTS
    else:
        starts = range(0, len(texts), BUILT_IN_BATCH)
        runs, workers = [range(start, min(start + BUILT_IN_BATCH, len(texts))) for start in starts], 1
    parts: dict[int, np.ndarray] = {}
    pool = ThreadPoolExecutor(workers, thread_name_prefix="embed")
    try:
        pending: set[Future[tuple[int, np.ndarray]]] = {
            pool.submit(_embed_batch, embeddings, texts, run) for run in runs
        }
        done = 0
        while pending:
            finished, pending = wait(pending, timeout=0.2, return_when=FIRST_COMPLETED)
            if cancelled and cancelled():
                raise Cancelled
            for future in finished:
                start, vectors = future.result()
                parts[start] = vectors
                done += len(vectors)
            if finished and progress:
                progress(done, len(texts))
    finally:
        # Requests under way are not waited for: their answers are not wanted any more.
        pool.shutdown(wait=False, cancel_futures=True)
    return stacked([parts[start] for start in sorted(parts)])


def _embed_batch(embeddings: Embeddings, texts: Sequence[str], batch: range) -> tuple[int, np.ndarray]:
    chosen = [texts[index] for index in batch]
    if isinstance(embeddings, StaticEmbeddings | ProviderEmbeddings):
        return batch.start, embeddings.vectors(chosen)
    return batch.start, unit_length(np.asarray(embeddings.embed_documents(chosen), dtype=np.float32))


def embed_query(embeddings: Embeddings, text: str) -> np.ndarray:
    """Return the vector of one question, float32 of shape ``(dimension,)``. Raises ModelError."""
    return unit_length(np.asarray([embeddings.embed_query(text)], dtype=np.float32))[0]
