"""When models end, as far as it is known: told by the service, or announced on its pages."""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from core.provider.offers import Offered
from core.provider.service import clean_base_url
from core.schema import ModelTraits, Provider

# Announced at developers.openai.com/api/docs/deprecations, as it stood in November 2026: model, last day, successor.
_ANNOUNCED = (
    ("gpt-5", "2026-12-11", "gpt-6.1-sol"),
    ("gpt-5-mini", "2026-12-11", "gpt-6.1-terra"),
    ("gpt-5-nano", "2026-12-11", ""),
    ("gpt-4o", "2027-01-14", "gpt-6-luna"),
    ("gpt-4o-mini", "2027-01-14", "gpt-6-luna"),
    ("gpt-4.1", "2027-01-14", "gpt-6-luna"),
    ("gpt-4.1-mini", "2027-01-14", "gpt-6-luna"),
    ("gpt-5.1", "2027-04-01", ""),
    ("gpt-5.4-nano", "2027-04-01", ""),
)
_HOSTS = ("api.openai.com", "openrouter.ai")  # elsewhere the same names have other ends
# "ft:gpt-4.1-mini-2025-04-14:company::id": a model that was trained further ends with the one it stands on.
_NAME = re.compile(r"(?:openai/)?(?:ft:)?(?P<base>[^:]+?)(?:-\d{4}-\d\d-\d\d)?(?::.*)?")


def with_end(provider: Provider, offered: Iterable[Offered] = ()) -> Provider:
    """Return the provider with the end of its chat model in its traits: as the service lists it, else as announced."""
    told = next((each for each in offered if each.name == provider.chat_model and each.ends), None)
    ends, successor = (told.ends, told.successor) if told else announced_end(provider)
    if told and not successor:
        successor = announced_end(provider)[1]
    traits: ModelTraits = replace(provider.traits, ends=ends, successor=successor)
    return replace(provider, traits=traits)


def announced_end(provider: Provider) -> tuple[str, str]:
    """Return the last day (YYYY-MM-DD) and the successor of a provider's chat model; both empty where none is known."""
    host = urlsplit(clean_base_url(provider.base_url)).hostname
    match = _NAME.fullmatch(provider.chat_model.strip())
    if provider.make != "openai" or host not in _HOSTS or match is None:
        return "", ""
    prefix = "openai/" if provider.chat_model.strip().startswith("openai/") else ""
    for name, day, successor in _ANNOUNCED:
        if name == match["base"]:
            return day, prefix + successor if successor else ""
    return "", ""
