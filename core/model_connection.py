"""The model service in use, as settings and work need it: tested before it is kept, and its embeddings by name."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from langchain_core.embeddings import Embeddings

from core.assistants.provider_settings import (
    FALLBACK,
    SEARCHES,
    WRITES,
    keep_provider,
    note_test,
    provider,
    saved_provider,
    search_provider,
)
from core.embed import embedding, embeds_at, provider_embedding_name
from core.errors import AnswerbookError, ModelError
from core.log import log_failure
from core.provider import (
    ProviderCheck,
    announced_end,
    check_provider,
    clean_address,
    with_end,
)
from core.schema import BUILT_IN_EMBEDDING, ModelTraits, Provider

Say = Callable[[str], None]
END_NOTICE_DAYS = 62  # two months before a model ends its owner is told


def save_provider(wanted: Provider, role: str = WRITES, say: Say = lambda words: None) -> ProviderCheck:
    """Test a provider and save it for a role with what the test found out; ``say`` hears what is waited for.

    Raises ModelError and saves nothing when the test fails.
    """
    check = check_provider(wanted, say=say)
    _keep(wanted, check, role)
    return check


def retest_provider(role: str = WRITES, say: Say = lambda words: None) -> None:
    """Test the provider of a role again and note the outcome on the saved one; raises ModelError when it fails."""
    wanted = provider(role)
    if wanted is None:
        return
    try:
        check = check_provider(wanted, say=say)
    except ModelError as error:
        log_failure("provider.failed", error)
        note_test(0.0, error, role)
        raise
    if saved_provider(role) is not None:
        _keep(wanted, check, role)


def _keep(tested: Provider, check: ProviderCheck, role: str) -> None:
    found = replace(tested, base_url=check.base_url, chat_model=check.chat_model, traits=check.traits)
    keep_provider(with_end(found, check.offered), check.seconds, role)


def embeddings_of(name: str) -> Embeddings:
    """Return the embedding of that name. Raises ModelError where it needs a provider and none that fits is set."""
    if name == BUILT_IN_EMBEDDING:
        return embedding(name)
    trouble: AnswerbookError | None = None
    for role in (SEARCHES, WRITES, FALLBACK):
        try:
            saved = provider(role)
        except AnswerbookError as error:
            trouble = error
        else:
            if saved is not None and embeds_at(saved, name):
                return embedding(name, saved)
    if trouble is not None:
        raise trouble
    return embedding(name, search_provider())


def embedding_speed(name: str) -> float:
    """Return how many tokens a second a service took of a first batch when its embedding of this name was tested.

    0 where that is not known.
    """
    for role in (SEARCHES, WRITES, FALLBACK):
        try:
            saved = provider(role)
            if saved is not None and provider_embedding_name(saved) == name:
                return saved.traits.embeds
        except AnswerbookError:
            continue  # what is wrong with it is said at its card
    return 0.0


def with_saved_key(wanted: Provider) -> Provider:
    """Return a provider with a saved key where none was typed and one is kept for the same host.

    A key never goes to a host it was not entered for. Raises ModelError for an unusable address.
    """
    if wanted.api_key.get_secret_value().strip():
        return wanted
    for role in (WRITES, SEARCHES, FALLBACK):
        try:
            saved = provider(role)
        except AnswerbookError:
            continue  # the saved key cannot be read any more: what is wrong is shown when it is tried
        if saved is not None and _host(saved) == _host(wanted):
            return replace(wanted, api_key=saved.api_key)
    return wanted


def _host(of: Provider) -> tuple[str, str]:
    parts = urlsplit(clean_address(of))
    return parts.scheme, parts.netloc


@dataclass(frozen=True, slots=True)
class ModelEnd:
    """A model in use that its service ends: on which day, in how many days, and what takes its place ("": unknown).

    ``ours`` says whether it was chosen in Settings, and not by the host of the server.
    """

    role: str
    model: str
    day: date
    days: int
    successor: str
    ours: bool


def model_ends(today: date | None = None) -> list[ModelEnd]:
    """List the models that write answers and end within two months, or have ended. Asks nobody."""
    ends = []
    today = today or datetime.now(UTC).date()
    for role in (WRITES, FALLBACK):
        try:
            used = provider(role)
        except AnswerbookError:
            continue
        if used is None or not used.chat_model:
            continue
        told, successor = (used.traits.ends, used.traits.successor) if used.traits.ends else announced_end(used)
        if told and (left := (date.fromisoformat(told) - today).days) <= END_NOTICE_DAYS:
            ours = saved_provider(role) is not None
            ends.append(ModelEnd(role, used.chat_model, date.fromisoformat(told), left, successor, ours))
    return ends


def take_successor(end: ModelEnd) -> None:
    """Test the model that takes the place of one that ends, and use it; raises ModelError and changes nothing else."""
    used = provider(end.role)
    if used is not None and end.successor:
        save_provider(replace(used, chat_model=end.successor, traits=ModelTraits()), end.role)
