"""Embeddings of services, which all embed as OpenAI does: what fits into one request, and checking what comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from langchain_core.embeddings import Embeddings

from core.errors import ModelError
from core.provider import Patience, embedding_client, is_local, is_openai, model_error, patience_for, retrying, sentence
from core.schema import Provider

INPUT_TOKENS = 8000  # a little under the 8,191 of OpenAI's models
# Many inputs take a service longer than one question does.
BATCH_PATIENCE = Patience(silence=60.0, total=180.0)


@dataclass(frozen=True, slots=True)
class BatchLimits:
    """The most that goes into one request: inputs, and tokens over all of them (estimated, on the safe side)."""

    inputs: int
    tokens: int


OPENAI_LIMITS = BatchLimits(2048, 250_000)
# Compatible services allow less, and do not say so; a refused batch is halved besides.
OTHER_LIMITS = BatchLimits(96, 50_000)
LOCAL_LIMITS = BatchLimits(32, 20_000)


@dataclass(frozen=True, slots=True)
class ProviderEmbeddings(Embeddings):
    """The embedding model of a service of any make. A blank text is sent as ".", as services refuse blanks."""

    provider: Provider

    @property
    def is_openai(self) -> bool:
        """Whether this is OpenAI's own service."""
        return self.provider.make == "openai" and is_openai(self.provider.base_url)

    @property
    def limits(self) -> BatchLimits:
        """What fits into one request to this service."""
        if self.is_openai:
            return OPENAI_LIMITS
        return LOCAL_LIMITS if is_local(self.provider.base_url) else OTHER_LIMITS

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Return the vectors of one request's worth of texts, float32 of shape ``(len(texts), dimension)``.

        Retried while that may help; a batch the service finds too large is halved, a single text it finds too long is
        cut. Raises ModelError.
        """
        texts = [_shortened(text) if text.strip() else "." for text in texts]
        return unit_length(self._halving(texts))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return the vectors of the texts as lists, in as many requests as needed. Raises ModelError."""
        parts = [self.vectors([texts[index] for index in batch]) for batch in batches(texts, self.limits)]
        return stacked(parts).tolist()

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one text as a list. Raises ModelError."""
        return self.vectors([text])[0].tolist()

    def _halving(self, texts: list[str]) -> np.ndarray:
        try:
            return self._request(texts)
        except ModelError as error:
            if error.code not in ("too_long", "bad_request"):
                raise
            if len(texts) == 1 and (error.code == "bad_request" or len(texts[0]) < 200):
                raise
        if len(texts) == 1:
            return self._halving([texts[0][: len(texts[0]) // 2]])
        middle = len(texts) // 2
        return stacked([self._halving(texts[:middle]), self._halving(texts[middle:])])

    def _request(self, texts: list[str]) -> np.ndarray:
        patience = patience_for(self.provider)
        if len(texts) > 1 and not is_local(self.provider.base_url):
            patience = BATCH_PATIENCE
        client = embedding_client(self.provider, patience)
        # The short form is OpenAI's own; others may not know it.
        form = {} if self.is_openai else {"encoding_format": "float"}
        try:
            answer = retrying(within=patience.total)(
                client.embeddings.create,
                input=texts,
                model=self.provider.embedding_model,
                **form,
            )
        except Exception as error:  # noqa: BLE001 the seam: every failure of the client becomes sentences
            # The client's exception may quote the request, so it must not reach a log through the chain of causes.
            raise model_error(error) from None
        return _read(getattr(answer, "data", None), len(texts))


def _read(data: object, count: int) -> np.ndarray:
    """Turn a service's answer into an array in the order of the texts, or raise ModelError where it does not fit."""
    if not isinstance(data, list) or len(data) != count:
        raise _misfit("The AI service sent another number of vectors than asked for.")
    if sorted(getattr(item, "index", 0) or 0 for item in data) == list(range(count)):
        data = sorted(data, key=lambda item: item.index)
    try:
        vectors = np.array([item.embedding for item in data], dtype=np.float32)
    except (TypeError, ValueError, AttributeError):
        raise _misfit("The AI service sent vectors of different lengths, or none at all.") from None
    if vectors.ndim != 2 or not vectors.shape[1]:
        raise _misfit("The AI service sent vectors of different lengths, or none at all.")
    if not np.isfinite(vectors).all() or not vectors.any(axis=1).all():
        raise _misfit("The AI service sent vectors that hold no usable numbers.")
    return vectors


def _misfit(what: str) -> ModelError:
    return ModelError(what, "Choose another embedding model. Nothing of this was kept.", code="bad_vectors")


def estimated_tokens(text: str) -> int:
    """Estimate how many tokens a text is, on the high side: no vocabulary is at hand offline."""
    plain = len(text.encode("ascii", "ignore"))
    return plain // 3 + (len(text) - plain) * 4 // 3 + 1


def _shortened(text: str) -> str:
    tokens = estimated_tokens(text)
    return text if tokens <= INPUT_TOKENS else text[: len(text) * INPUT_TOKENS // tokens]


def batches(texts: Sequence[str], limits: BatchLimits) -> Iterator[range]:
    """Cut the texts into runs that fit into one request each."""
    start = tokens = 0
    for index, text in enumerate(texts):
        size = min(estimated_tokens(text), INPUT_TOKENS)
        if index > start and (index - start == limits.inputs or tokens + size > limits.tokens):
            yield range(start, index)
            start, tokens = index, 0
        tokens += size
    yield range(start, len(texts))


def stacked(parts: list[np.ndarray]) -> np.ndarray:
    """Put parts with the same dimension under each other. Raises ModelError (code "bad_vectors") where it differs."""
    if len({part.shape[1] for part in parts}) > 1:
        raise _misfit("The AI service sent vectors of different lengths.")
    return np.concatenate(parts)


def unit_length(vectors: np.ndarray) -> np.ndarray:
    """Scale every row to length 1. Raises ModelError where a row has no direction."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.isfinite(norms).all() or not norms.all():
        raise sentence("bad_answer")
    return (vectors / norms).astype(np.float32)
