"""The door to a model service: its address, its key, and how long it may take."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from core.errors import ModelError
from core.provider.host import is_local_host, is_metadata
from core.provider.limits import Patience, http_client, timeout_of
from core.schema import Provider

if TYPE_CHECKING:
    import openai

OPENAI_BASE_URL = "https://api.openai.com/v1"
_KNOWN_ENDINGS = ("/chat/completions", "/completions", "/embeddings", "/models")
# Models that think before their first word.
_THINKING = re.compile(r"(^|/)(o\d|gpt-[5-9])|reason|think|-r1")


HOSTED = Patience()
THINKING = Patience(silence=45.0, total=120.0)
# A local server may first have to load its model into memory, and reads a long prompt slowly.
LOCAL = Patience(connect=5.0, silence=120.0, total=600.0)


def clean_base_url(text: str) -> str:
    """Bring a pasted address into the form a client needs: scheme in front, no endpoint, query or slash behind.

    Empty means OpenAI. Raises ModelError (code "address") when it is no web address, or that of a cloud's own secrets.
    """
    text = text.strip().strip("\"'") or OPENAI_BASE_URL
    if "://" not in text:
        text = f"{'http' if is_local_host(urlsplit(f'//{text}').hostname or '') else 'https'}://{text}"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 urlsplit checks the port only when asked
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or " " in text:
        raise ModelError(
            "The address of the AI service is not a web address.",
            "Copy it from the service's own pages; it looks like https://api.example.com/v1.",
            code="address",
        )
    if is_metadata(parts.hostname):
        raise ModelError(
            "At this address a cloud keeps the passwords of its own machines, so it is never asked.",
            "Copy the address of the AI service from the service's own pages. Nothing was changed.",
            code="address",
        )
    path = parts.path.rstrip("/")
    for ending in _KNOWN_ENDINGS:
        path = path.removesuffix(ending)
    return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}"


def is_openai(base_url: str) -> bool:
    """Say whether this address is OpenAI's own."""
    return urlsplit(clean_base_url(base_url)).hostname == "api.openai.com"


def is_local(base_url: str) -> bool:
    """Say whether this address is on this machine or in its own network."""
    return is_local_host(urlsplit(clean_base_url(base_url)).hostname or "")


def usable_key(key: SecretStr) -> str:
    """Return the key as it may travel in a header; a placeholder when empty, as the client insists on one.

    Without the placeholder the client would take OPENAI_API_KEY from the environment and send it anywhere. Raises
    ModelError (code "key") for characters no key has.
    """
    text = key.get_secret_value().strip().strip("\"'")
    if not text:
        return "none"
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ModelError(
            "The key holds characters that no key has.",
            "Copy the key again from the AI service, without the words around it.",
            code="key",
        )
    return text


def patience_for(provider: Provider) -> Patience:
    """Return how long to wait for this provider: a local server and a thinking model get longer."""
    if is_local(provider.base_url):
        return LOCAL
    return THINKING if _THINKING.search(provider.chat_model) else HOSTED


def openai_client(provider: Provider, patience: Patience | None = None) -> "openai.OpenAI":
    """Return the plain SDK client of a provider: no retries of its own, our limits. Cheap: connections are shared."""
    import openai

    patience = patience or patience_for(provider)
    return openai.OpenAI(
        base_url=clean_base_url(provider.base_url),
        api_key=usable_key(provider.api_key),
        max_retries=0,
        timeout=timeout_of(patience),
        http_client=http_client(patience),
    )
