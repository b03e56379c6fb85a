"""The model providers the owner chose, kept with their keys encrypted; what their last tests gave.

Each has a role: one writes answers, another may prepare passages for search, and one answers where the first fails.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from pydantic import SecretStr

from core.database import SavedProvider, now, session, writing
from core.errors import ModelError
from core.log import log
from core.schema import ModelTraits, Provider
from core.settings import settings
from core.vault import Vault

WRITES, SEARCHES, FALLBACK = "chat", "search", "fallback"


@dataclass(frozen=True, slots=True)
class ProviderCard:
    """What Settings shows of the saved provider: all but its key. ``check_error`` is the last test's sentence."""

    make: str
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


def saved_provider(role: str = WRITES) -> ProviderCard | None:
    """Return what Settings shows of the provider saved for a role; None where none is saved."""
    row = _row(role)
    if row is None:
        return None
    return ProviderCard(
        make=row.make,
        base_url=row.base_url,
        chat_model=row.chat_model,
        embedding_model=row.embedding_model,
        checked_at=row.checked_at,
        check_seconds=row.check_seconds,
        check_error=row.check_error,
        check_remedy=row.check_remedy,
    )


def _row(role: str) -> SavedProvider | None:
    with session() as db:
        return db.get(SavedProvider, role)


def provider(role: str = WRITES) -> Provider | None:
    """Return the provider of a role: the saved one, else None; the host's environment may set the one that writes.

    Raises AnswerbookError where the saved key cannot be decrypted any more.
    """
    saved = _row(role)
    if saved is None:
        return _from_environment() if role == WRITES else None
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


def search_provider() -> Provider | None:
    """Return the provider whose search model is on offer: that of its own, else the one that writes answers.

    Raises AnswerbookError where a saved key cannot be decrypted any more.
    """
    return provider(SEARCHES) or provider(WRITES)


def keep_provider(tested: Provider, seconds: float, role: str = WRITES) -> None:
    """Keep a provider that answered its test within ``seconds`` for a role, its key encrypted."""
    key = tested.api_key.get_secret_value()
    with session() as db:
        db.merge(
            SavedProvider(
                id=role,
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
    log("provider.saved", role=role, seconds=round(seconds, 2))


def keep_traits(asked: Provider, found: ModelTraits, role: str = WRITES) -> None:
    """Keep what a saved provider's model turned out to want, unless another was saved or tested in the meantime."""
    with writing() as db:
        saved = db.get(SavedProvider, role, with_for_update=True)
        if saved is None or _traits(saved.traits) != asked.traits:
            return
        if (saved.make, saved.base_url, saved.chat_model) != (asked.make, asked.base_url, asked.chat_model):
            return
        saved.traits = json.dumps(asdict(found))
        db.add(saved)
    log("provider.learned", role=role)


def note_test(seconds: float, error: ModelError | None, role: str = WRITES) -> None:
    """Note on a saved provider how a later test of it went."""
    with session() as db:
        saved = db.get(SavedProvider, role)
        if saved is not None:
            saved.checked_at = now()
            saved.check_seconds = seconds
            saved.check_error = error.what if error else ""
            saved.check_remedy = error.remedy if error else ""
            db.add(saved)


def remove_provider(role: str = WRITES) -> None:
    """Forget the provider of a role and its key; without one that writes, answers are quotes from then on."""
    with session() as db:
        saved = db.get(SavedProvider, role)
        if saved is not None:
            db.delete(saved)
    log("provider.removed", role=role)


def key_ending(provider: Provider) -> str:
    """Return the last four characters of a key that is long enough to give none of itself away by them, else ""."""
    key = provider.api_key.get_secret_value()
    return key[-4:] if len(key) >= 16 else ""
