"""What a session remembers of the form of a provider, for each role one: its fields and what came of its last test."""

from dataclasses import dataclass

from core.assistants.provider_settings import WRITES
from core.errors import AnswerbookError
from core.provider import KNOWN_PROVIDERS
from pages.parts.state import Entry


@dataclass(frozen=True, slots=True)
class ProviderFields:
    """The widgets of a form and what is said once after it was sent. ``preset`` counts through KNOWN_PROVIDERS."""

    preset: Entry[int]
    address: Entry[str]
    model: Entry[str]
    round: Entry[int]  # counts on to empty the field of the key
    offered: Entry[tuple[str, ...]]  # what the service offers that was asked last
    suggested: Entry[str]  # once: the model to begin with, of those that are offered
    changed: Entry[bool]  # once: the form is filled anew
    warnings: Entry[tuple[str, ...]]  # once: of the test that was passed
    error: Entry[AnswerbookError | None]  # once: why a test failed
    buttons: str  # behind the names of the buttons

    @property
    def key(self) -> str:
        """The field of the key: a new one after each save, so that nothing typed stays in it."""
        return f"{self.address.key.removesuffix('address')}key_{self.round.get()}"

    def known(self) -> int:
        """Return which known provider is chosen."""
        return min(self.preset.get(), len(KNOWN_PROVIDERS) - 1)


def fields_of(role: str) -> ProviderFields:
    """Return what is remembered of the form for a role."""
    name = "" if role == WRITES else f"{role}_"
    return ProviderFields(
        Entry(f"{name}preset", 0),
        Entry(f"{name}model_address", ""),
        Entry(f"{name}model_name", ""),
        Entry(f"{name}key_round", 0),
        Entry(f"{name}offered_models", ()),
        Entry(f"{name}suggested_model", ""),
        Entry(f"{name}provider_changed", False),
        Entry(f"{name}provider_warnings", ()),
        Entry(f"{name}provider_error", None),
        f"_{role}" if name else "",
    )
