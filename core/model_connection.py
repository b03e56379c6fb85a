"""The model service in use, as settings and work need it: tested before it is kept, and its embeddings by name."""

from dataclasses import replace
from urllib.parse import urlsplit

from langchain_core.embeddings import Embeddings

from core.assistants.provider_settings import keep_provider, note_test, provider
from core.embed import embedding
from core.errors import AnswerbookError, ModelError
from core.log import log_failure
from core.provider import ProviderCheck, check_provider, clean_base_url
from core.schema import Provider


def save_provider(wanted: Provider) -> ProviderCheck:
    """Test a provider and save it; raises ModelError and saves nothing when the test fails."""
    check = check_provider(wanted)
    keep_provider(replace(wanted, base_url=check.base_url), check.seconds)
    return check


def retest_provider() -> None:
    """Test the saved provider again and note the outcome on it; raises ModelError when it fails."""
    wanted = provider()
    if wanted is None:
        return
    try:
        seconds = check_provider(wanted).seconds
    except ModelError as error:
        log_failure("provider.failed", error)
        note_test(0.0, error)
        raise
    note_test(seconds, None)


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
