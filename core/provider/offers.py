"""Which models a service has, asked in its own protocol: names, sizes where told, and the days on which they end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from core.provider.errors import model_error
from core.provider.limits import NotModelApi, Patience, http_client
from core.provider.makes import clean_address
from core.provider.service import patience_for, usable_key
from core.schema import Provider

# Where a list is, behind the address of each make. Azure has none of the owner's deployments.
_LISTS = {
    "openai": "/models",
    "mistralai": "/models",
    "anthropic": "/v1/models?limit=1000",
    "google_genai": "/v1beta/models?pageSize=1000",
    "ollama": "/api/tags",
}
ANTHROPIC_VERSION = "2023-06-01"  # of its protocol
# Under which names services tell the day of a model's end, and what takes its place: OpenAI's shutdown_date, Mistral's
# deprecation, OpenRouter's expiration_date, and what others use.
_ENDS = ("shutdown_date", "deprecation", "deprecation_date", "expiration_date", "retirement_date", "sunset_date")
_SUCCESSORS = ("deprecation_replacement_model", "replacement", "replacement_model", "successor")


@dataclass(frozen=True, slots=True)
class Offered:
    """A model that a service offers. ``size`` is in bytes, 0 where it does not tell; ``ends`` and ``successor`` as in
    ModelTraits."""

    name: str
    size: int = 0
    ends: str = ""
    successor: str = ""


def offered_models(provider: Provider, *, patience: Patience | None = None) -> tuple[Offered, ...]:
    """Ask a service which models it has, sorted by name; empty for Azure. Raises ModelError."""
    if provider.make not in _LISTS:
        return ()
    patience = patience or patience_for(provider)
    address, key = clean_address(provider), usable_key(provider.api_key)
    try:
        response = http_client(patience).get(address + _LISTS[provider.make], headers=list_headers(provider.make, key))
        response.raise_for_status()
        return tuple(sorted(map(offered_as_told, _entries(response.json())), key=lambda offered: offered.name))
    except Exception as error:  # noqa: BLE001 the seam: every failure of the client becomes sentences
        raise model_error(error) from None


def list_headers(make: str, key: str) -> dict[str, str]:
    """Return the headers in which a make takes its key ("none": there is none)."""
    if make == "anthropic":
        return {"x-api-key": key, "anthropic-version": ANTHROPIC_VERSION}
    if make == "google_genai":
        return {"x-goog-api-key": key}
    return {} if make == "ollama" and key == "none" else {"Authorization": f"Bearer {key}"}


def _entries(answer: Any) -> Sequence[Mapping[str, Any]]:
    listed = answer.get("data", answer.get("models")) if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise NotModelApi
    return [entry for entry in listed if isinstance(entry, dict) and (entry.get("id") or entry.get("name"))]


def offered_as_told(entry: Mapping[str, Any]) -> Offered:
    """Read an entry of a service's list: it has an "id" or a "name"."""
    name = str(entry.get("id") or entry.get("name")).removeprefix("models/")
    size = entry.get("size")
    ends = next(filter(None, (_day(entry.get(key)) for key in _ENDS)), "")
    successor = next((str(entry[key]) for key in _SUCCESSORS if entry.get(key)), "") if ends else ""
    return Offered(name, size if isinstance(size, int) else 0, ends, successor)


def _day(told: Any) -> str:
    """Read a day that a service tells as a date, a moment or seconds since 1970; empty for anything else."""
    try:
        if isinstance(told, int | float) and not isinstance(told, bool) and told > 0:
            return datetime.fromtimestamp(told, UTC).date().isoformat()
        return date.fromisoformat(told[:10]).isoformat() if isinstance(told, str) else ""
    except (ValueError, OverflowError, OSError):
        return ""
