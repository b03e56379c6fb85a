"""The model provider the owner chose: kept with its key encrypted, tested before it is saved."""

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from core.database import SavedProvider, now, session
from core.errors import AnswerbookError, ModelError
from core.log import log, log_failure
from core.model import Provider, ProviderCheck, check_provider
from core.model_provider import clean_base_url
from core.settings import settings
from core.vault import Vault

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

ROW = "chat"


def vault() -> Vault:
    """Return the vault of this data folder."""
    return Vault(settings().data, settings().secret)


def saved_provider() -> SavedProvider | None:
    """Return what is saved, its key still encrypted; None where nothing is set."""
    with session() as db:
        return db.get(SavedProvider, ROW)


def provider() -> Provider | None:
    """Return the provider that writes answers: the saved one, else the host's environment, else None (quotes only).

    Raises AnswerbookError where the saved key cannot be decrypted any more.
    """
    saved = saved_provider()
    if saved is None:
        return _from_environment()
    key = vault().decrypt(saved.encrypted_key) if saved.encrypted_key else ""
    return Provider(saved.base_url, SecretStr(key), saved.chat_model, saved.embedding_model)


def _from_environment() -> Provider | None:
    host = settings()
    if not host.openai_api_key.get_secret_value() and not host.openai_base_url:
        return None
    return Provider(
        host.openai_base_url or "https://api.openai.com/v1", host.openai_api_key, host.openai_chat_model, ""
    )


def save_provider(wanted: Provider) -> ProviderCheck:
    """Test a provider and save it; raises ModelError and saves nothing when the test fails."""
    check = check_provider(wanted)
    working = replace(wanted, base_url=check.base_url)
    key = working.api_key.get_secret_value()
    with session() as db:
        db.merge(
            SavedProvider(
                id=ROW,
                base_url=working.base_url,
                encrypted_key=vault().encrypt(key) if key else "",
                chat_model=working.chat_model,
                embedding_model=working.embedding_model,
                checked_at=now(),
                check_seconds=check.seconds,
            )
        )
    log("provider.saved", seconds=round(check.seconds, 2))
    return check


def retest_provider() -> None:
    """Test the saved provider again and note the outcome on it; raises ModelError when it fails."""
    wanted = provider()
    if wanted is None:
        return
    error: ModelError | None = None
    seconds = 0.0
    try:
        seconds = check_provider(wanted).seconds
    except ModelError as failed:
        error = failed
        log_failure("provider.failed", failed)
    with session() as db:
        saved = db.get(SavedProvider, ROW)
        if saved is not None:
            saved.checked_at = now()
            saved.check_seconds = seconds
            saved.check_error = error.what if error else ""
            saved.check_remedy = error.remedy if error else ""
            db.add(saved)
    if error:
        raise error


def remove_provider() -> None:
    """Forget the provider and its key; answers are quotes from then on."""
    with session() as db:
        saved = db.get(SavedProvider, ROW)
        if saved is not None:
            db.delete(saved)
    log("provider.removed")


def embeddings_of(name: str) -> "Embeddings":
    """Return the embedding of that name. Raises ModelError where it needs a provider and none is set."""
    from core.embed import embedding

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


def key_ending(found: Provider) -> str:
    """Return the last four characters of a key that is long enough to give none of itself away by them, else ""."""
    key = found.api_key.get_secret_value()
    return key[-4:] if len(key) >= 16 else ""
