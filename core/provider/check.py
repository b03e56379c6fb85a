"""A provider tried out: what it offers, and whether its models answer when they are asked as a chat asks them."""

import re
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, cast

from core.errors import ModelError
from core.provider.beside import result_beside
from core.provider.chat import chat_model, stream_text
from core.provider.errors import model_error
from core.provider.limits import NotModelApi, Patience, timeout_of
from core.provider.listing import Listing, Waiting, listed
from core.provider.makes import cleaned, embedding_client
from core.provider.offers import Offered
from core.provider.prices import price_of
from core.provider.sentences import sentence
from core.provider.service import clean_base_url, is_local, patience_for, usable_key
from core.schema import ModelTraits, Provider, Thought

# What is said otherwise where a test fails than where a question does: code, what happened, what to do.
_IN_A_TEST = {
    "bad_request": (
        "The AI service did not accept the request, in whatever way it was made.",
        "Choose another model, or check the address of the service.",
    ),
    "too_long": ("Even a short question is too long for this model.", "Choose a model that takes more text."),
    "content_filter": ("The AI service declined the test's question.", "Try again, or choose another model."),
    "stopped_early": ("The answer to the test's question stopped early.", "Try again."),
}

Say = Callable[[str], None]
"""Told a few times a second what is being waited for; what it raises ends the test, and the request with it."""

FROZEN_AFTER = 18.0  # seconds: a hosted service that has said nothing for so long is frozen
_SMALL_WINDOW = 8_000  # tokens; below, a full prompt and its answer do not fit
SAID_AFTER = 10.0  # seconds after which a silence is spoken of

# A made document and a question, as short as shows whether a model takes what a chat sends: instructions, a question
# that got no answer (two turns of one side), passages.
_SYSTEM = (
    "You answer visitors' questions from the owner's documents. With each question come numbered passages of these "
    "documents. Write one short sentence, and put the number of the passage that says so in square brackets behind it."
)
_UNANSWERED = "Hello, I have a question."
_QUESTION = (
    '<passage number="1" source="depot.txt">\nThe depot opens at 9 in the morning, Monday to Friday.\n</passage>\n\n'
    '<passage number="2" source="parcels.txt">\nA parcel may weigh up to 30 kilograms.\n</passage>\n\n'
    "Answer from these passages, each statement with its number, like [1].\n\n"
    "<question>\nWhen does the depot open?\n</question>"
)


@dataclass(frozen=True, slots=True)
class ProviderCheck:
    """What a check of a provider found out.

    ``seconds`` is how long it took; ``models`` what the service offers (empty where it does not say); ``base_url`` the
    address that worked and ``chat_model`` the model that answered, to be saved instead of the typed ones;
    ``dimension`` the embedding model's, None where none is set; ``warnings`` are sentences for the owner; ``traits``
    how the chat model wants to be asked; ``offered`` what the service tells of its models besides.
    """

    seconds: float
    models: tuple[str, ...]
    base_url: str
    dimension: int | None = None
    warnings: tuple[str, ...] = ()
    traits: ModelTraits = field(default_factory=ModelTraits)
    chat_model: str = ""
    offered: tuple[Offered, ...] = ()


def check_provider(
    provider: Provider, *, patience: Patience | None = None, say: Say = lambda words: None
) -> ProviderCheck:
    """Ask a service which models it has, put a question to the chat model as a chat does, and embed one word.

    What the chat model refuses is asked in another way, and what works comes back as traits. A chat or embedding model
    that is not chosen is not asked. An address without /v1 is tried with it too; the address that worked comes back.
    ``say`` hears what is waited for. Raises ModelError, in words for the owner, for whatever does not work.
    """
    begun = time.monotonic()
    provider = _with_clean_address(replace(provider, chat_model=provider.chat_model.strip()))
    patience = patience or patience_of_test(provider)
    waiting = _waiting(say, "Asking the service which models it has")
    try:
        listing = listed(provider, patience, waiting)
        provider, warnings = _with_its_only_model(listing)
        traits, dimension = provider.traits, None
        if provider.chat_model:
            traits, notes = _try_chat(provider, listing, patience, say)
            warnings += notes
        if provider.embedding_model.strip():
            waiting = _waiting(say, "Asking the search model for one word")
            dimension = _embed_a_word(provider, listing, patience, waiting)
    except ModelError as error:
        if error.code == "key" and not provider.api_key.get_secret_value().strip():
            raise sentence("no_key") from None
        if error.code in _IN_A_TEST:
            raise ModelError(*_IN_A_TEST[error.code], code=error.code, passing=error.passing) from None
        raise
    if provider.base_url.startswith("http://") and not is_local(provider.base_url):
        warnings += ("This address is not encrypted: the key and your documents can be read on the way. Use https://.",)
    return ProviderCheck(
        time.monotonic() - begun,
        listing.models,
        provider.base_url,
        dimension,
        warnings,
        traits,
        provider.chat_model,
        listing.offered,
    )


def _with_clean_address(provider: Provider) -> Provider:
    if provider.make != "openai":
        return cleaned(provider)
    return replace(provider, base_url=clean_base_url(provider.base_url))


def patience_of_test(provider: Provider) -> Patience:
    """Return how long a test waits: for a hosted service that froze not as long as a chat."""
    patience = patience_for(provider)
    return patience if is_local(provider.base_url) else replace(patience, silence=min(patience.silence, FROZEN_AFTER))


def _waiting(say: Say, words: str) -> Waiting:
    """Return what tells a person how long something has been waited for, and after a while what that may mean."""
    since = time.monotonic()

    def waiting() -> None:
        seconds = time.monotonic() - since
        long = " Nothing came so far: it may be loading its model. You can press Stop." if seconds > SAID_AFTER else ""
        say(f"{words}… ({seconds:.0f} s){long}")

    return waiting


def _with_its_only_model(listing: Listing) -> tuple[Provider, tuple[str, ...]]:
    """Ask a service that has one model for that one, whatever name was typed."""
    provider, models = listing.provider, listing.models
    asked = provider.chat_model
    if not asked or len(models) != 1 or asked == models[0] or models[0] == provider.embedding_model:
        return provider, ()
    if models[0].split(":")[0] == asked.split(":")[0]:  # Ollama's ":latest"
        return provider, ()
    warning = f"This service has one model, “{models[0]}”: it is the one that answers."
    return replace(provider, chat_model=models[0]), (warning,)


def _try_chat(
    provider: Provider, listing: Listing, patience: Patience, say: Say, *, thinks: bool = False
) -> tuple[ModelTraits, tuple[str, ...]]:
    """Put a question to a model as a chat does: how it wants to be asked, and what the owner should know of it.

    One that thinks up to the limit is asked again with room for its thoughts.
    """
    from langchain_core.messages import HumanMessage, SystemMessage

    known = price_of(provider)
    told = listing.windows.get(provider.chat_model) or (known.window if known else None)
    asked = replace(provider, traits=ModelTraits(thinks=thinks, window=told))
    model = chat_model(asked, patience=patience, thorough=True)
    messages = [SystemMessage(_SYSTEM), HumanMessage(_UNANSWERED), HumanMessage(_QUESTION)]
    text, shown_thoughts, whole = "", thinks, True
    waiting = _waiting(say, "Asking the model a question")

    def seen(chunk: Any) -> None:
        nonlocal shown_thoughts
        shown_thoughts = shown_thoughts or _shows_thoughts(chunk)

    def retried(error: ModelError) -> None:
        nonlocal waiting
        if error.code == "loading":
            waiting = _waiting(say, "The service is still loading its model")

    try:
        with closing(cast("Any", stream_text(model, messages, seen=seen, retried=retried))) as stream:
            for piece in stream:
                if isinstance(piece, Thought):
                    shown_thoughts = True
                    text = "" if piece.all_before else text
                else:
                    text += piece
                waiting()
    except ModelError as error:
        if error.code in ("no_model", "retired"):
            raise _without_model(provider, provider.chat_model, listing.models, error) from None
        if error.code == "only_thoughts" and not thinks:
            return _try_chat(provider, listing, patience, say, thinks=True)
        whole = error.code != "length"
        if whole or not text.strip():  # else it answered, at length
            raise
    traits = replace(model.traits, thinks=shown_thoughts)
    return traits, _notes(text if whole else "[1]", traits)


def _shows_thoughts(chunk: Any) -> bool:
    """Tell whether a piece of an answer holds thoughts, or the count of them."""
    parts = chunk.content if isinstance(chunk.content, list) else ()
    if any(isinstance(part, dict) and part.get("type") in ("reasoning", "thinking") for part in parts):
        return True
    counted = (getattr(chunk, "usage_metadata", None) or {}).get("output_token_details") or {}
    return bool(chunk.additional_kwargs.get("reasoning_content") or counted.get("reasoning"))


def _notes(answer: str, traits: ModelTraits) -> tuple[str, ...]:
    notes = []
    if not re.search(r"[\[【(]\s*(?:passage |source )?\d", answer, re.IGNORECASE):
        notes.append("This model did not say where its answer stands. Answerbook will look that up itself.")
    if traits.window and traits.window < _SMALL_WINDOW:
        notes.append(f"This model takes {traits.window:,} tokens at once: it is given fewer passages.")
    return tuple(notes)


def _without_model(provider: Provider, name: str, models: tuple[str, ...], error: ModelError) -> ModelError:
    """Name a model that is missing, with some that are there."""
    others = [each for each in models if each != name]
    some = f"Choose one it offers, such as {', '.join(others[:5])}." if others else error.remedy
    if error.code == "retired":
        return ModelError(f"The AI service has retired the model “{name}”.", some, code="retired")
    whose = "to your key" if provider.api_key.get_secret_value().strip() else "there"
    return ModelError(f"The model “{name}” is not available {whose}.", some, code="no_model")


def _embed_a_word(provider: Provider, listing: Listing, patience: Patience, waiting: Waiting) -> int:
    """Return the length of an embedding model's vectors."""
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
        return await client.embeddings.create(model=name, input=["word"], encoding_format="float")

    def embed_otherwise() -> Any:
        client = embedding_client(provider, patience)
        return client.embeddings.create(model=name, input=["word"], encoding_format="float")

    try:
        answer = result_beside(embed, waiting) if provider.make == "openai" else embed_otherwise()
        data = getattr(answer, "data", None)
        if not data or not getattr(data[0], "embedding", None):
            raise NotModelApi
    except Exception as caught:  # noqa: BLE001 the seam: every failure of the client becomes sentences
        error = model_error(caught)
        if error.code in ("no_model", "retired"):
            raise _without_model(provider, name, listing.models, error) from None
        raise error from None
    return len(data[0].embedding)
