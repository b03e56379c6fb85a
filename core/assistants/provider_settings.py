"""The model provider the owner chose, kept with its key encrypted; what its last test gave."""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from pydantic import SecretStr

from core.database import SavedProvider, now, session
from core.errors import ModelError
from core.log import log
from core.schema import ModelTraits, Provider
from core.settings import settings
from core.vault import Vault

ROW = "chat"


@dataclass(frozen=True, slots=True)
class ProviderCard:
    """What Settings shows of the saved provider: all but its key. ``check_error`` is the last test's sentence."""

    base_url: str
    chat_model: str
    embedding_model: str
    checked_at: datetime | None
    check_seconds: float
    check_error: str
    check_remedy: str


def vault() -> Vault:
    """Return the vault of this data folder."""
    return Vault(settings().data, settings().secret)


def saved_provider() -> ProviderCard | None:
    """Return what Settings shows of the saved provider; None where none is saved."""
    row = _row()
    if row is None:
        return None
    return ProviderCard(
        base_url=row.base_url,
        chat_model=row.chat_model,
        embedding_model=row.embedding_model,
        checked_at=row.checked_at,
        check_seconds=row.check_seconds,
        check_error=row.check_error,
        check_remedy=row.check_remedy,
    )


def _row() -> SavedProvider | None:
    with session() as db:
        return db.get(SavedProvider, ROW)


def provider() -> Provider | None:
    """Return the provider that writes answers: the saved one, else the host's environment, else None (quotes only).

    Raises AnswerbookError where the saved key cannot be decrypted any more.
    """
    saved = _row()
    if saved is None:
        return _from_environment()
    key = vault().decrypt(saved.encrypted_key) if saved.encrypted_key else ""
    return Provider(
        base_url=saved.base_url,
        api_key=SecretStr(key),
        chat_model=saved.chat_model,
        embedding_model=saved.embedding_model,
        make=saved.make,
        traits=_traits(saved.traits),
    )


def _traits(kept: str) -> ModelTraits:
    """Read traits that this Answerbook, an older or a newer one has kept."""
    known = {field.name for field in fields(ModelTraits)}
    return ModelTraits(**{name: value for name, value in json.loads(kept or "{}").items() if name in known})


def _from_environment() -> Provider | None:
    host = settings()
    if not host.openai_api_key.get_secret_value() and not host.openai_base_url:
        return None
    return Provider(
        host.openai_base_url or "https://api.openai.com/v1", host.openai_api_key, host.openai_chat_model, ""
    )


def keep_provider(tested: Provider, seconds: float) -> None:
    """Keep a provider that answered its test within ``seconds``, its key encrypted."""
    key = tested.api_key.get_secret_value()
    with session() as db:
        db.merge(
            SavedProvider(
                id=ROW,
                base_url=tested.base_url,
                encrypted_key=vault().encrypt(key) if key else "",
                chat_model=tested.chat_model,
                embedding_model=tested.embedding_model,
                make=tested.make,
                traits=json.dumps(asdict(tested.traits)),
                checked_at=now(),
                check_seconds=seconds,
            )
        )
    log("provider.saved", seconds=round(seconds, 2))


def note_test(seconds: float, error: ModelError | None) -> None:
    """Note on the saved provider how a later test of it went."""
    with session() as db:
        saved = db.get(SavedProvider, ROW)
        if saved is not None:
            saved.checked_at = now()
            saved.check_seconds = seconds
            saved.check_error = error.what if error else ""
            saved.check_remedy = error.remedy if error else ""
            db.add(saved)


def remove_provider() -> None:
    """Forget the provider and its key; answers are quotes from then on."""
    with session() as db:
        saved = db.get(SavedProvider, ROW)
        if saved is not None:
            db.delete(saved)
    log("provider.removed")


def key_ending(provider: Provider) -> str:
    """Return the last four characters of a key that is long enough to give none of itself away by them, else ""."""
    key = provider.api_key.get_secret_value()
    return key[-4:] if len(key) >= 16 else ""
