"""The model service in use, as settings and work need it: tested before it is kept, and its embeddings by name."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from langchain_core.embeddings import Embeddings

from core.assistants.provider_settings import keep_provider, note_test, provider, saved_provider
from core.embed import embedding
from core.errors import AnswerbookError, ModelError
from core.log import log_failure
from core.provider import ProviderCheck, check_provider, clean_base_url
from core.schema import Provider


def save_provider(wanted: Provider, say: Callable[[str], None] = lambda words: None) -> ProviderCheck:
    """Test a provider and save it with what the test found out; ``say`` hears what is waited for.

    Raises ModelError and saves nothing when the test fails.
    """
    check = check_provider(wanted, say=say)
    _keep(wanted, check)
    return check


def retest_provider(say: Callable[[str], None] = lambda words: None) -> None:
    """Test the provider in use again and note the outcome on the saved one; raises ModelError when it fails."""
    wanted = provider()
    if wanted is None:
        return
    try:
        check = check_provider(wanted, say=say)
    except ModelError as error:
        log_failure("provider.failed", error)
        note_test(0.0, error)
        raise
    if saved_provider() is not None:
        _keep(wanted, check)


def _keep(tested: Provider, check: ProviderCheck) -> None:
    found = replace(tested, base_url=check.base_url, chat_model=check.chat_model, traits=check.traits)
    keep_provider(found, check.seconds)


def embeddings_of(name: str) -> Embeddings:
    """Return the embedding of that name. Raises ModelError where it needs a provider and none is set."""
    return embedding(name, provider())


def with_saved_key(wanted: Provider) -> Provider:
    """Return a provider with the saved key where none was typed and the address is on the same host.

    A key never goes to a host it was not entered for. Raises ModelError for an unusable address.
    """
    if wanted.api_key.get_secret_value().strip():
        return wanted
    try:
        saved = provider()
    except AnswerbookError:
        return wanted  # the saved key cannot be read any more: what is wrong is shown when it is tried
    if saved is None or _host(saved.base_url) != _host(wanted.base_url):
        return wanted
    return replace(wanted, api_key=saved.api_key)


def _host(base_url: str) -> tuple[str, str]:
    parts = urlsplit(clean_base_url(base_url))
    return parts.scheme, parts.netloc
