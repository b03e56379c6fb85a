"""Makes: whose protocol a provider speaks, by LangChain's name, and how its client is made to keep our limits.

OpenAI, Azure and Anthropic take our HTTP client, Mistral one on httpx; Ollama and Google make their own from our
arguments. Google knows one time limit only, so connecting may take it as long as a silence may.
"""

import importlib.util
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from core.errors import ModelError
from core.provider.limits import (
    Patience,
    async_client_arguments,
    client_arguments,
    http_client,
    keyed_client,
    timeout_of,
)
from core.provider.service import OPENAI_BASE_URL, clean_base_url, is_openai, openai_client, usable_key
from core.schema import Provider

if TYPE_CHECKING:
    import openai
    from langchain_core.language_models import BaseChatModel

AZURE_VERSION = "2024-10-21"  # the newest of Azure's interface that is not a preview, by its own page; November 2026
# Tokens that Ollama is asked to hold where nobody set another number: it cuts a longer prompt silently, and takes
# memory for all of them.
OLLAMA_WINDOW = 8192


@dataclass(frozen=True, slots=True)
class Make:
    """A protocol: ``package`` is the module that speaks it, ``address`` where it is spoken when none is given.

    ``endings`` of a pasted address are taken off: the client adds its own.
    """

    label: str
    package: str
    address: str
    endings: tuple[str, ...] = ()


MAKES = {
    "openai": Make("OpenAI", "langchain_openai", OPENAI_BASE_URL),
    "azure_openai": Make("Azure OpenAI", "langchain_openai", "", ("/openai",)),
    "anthropic": Make("Anthropic", "langchain_anthropic", "https://api.anthropic.com", ("/messages", "/v1")),
    "google_genai": Make(
        "Google", "langchain_google_genai", "https://generativelanguage.googleapis.com", ("/openai", "/v1beta", "/v1")
    ),
    "mistralai": Make("Mistral", "langchain_mistralai", "https://api.mistral.ai/v1"),
    "ollama": Make("Ollama", "langchain_ollama", "http://localhost:11434", ("/chat", "/api", "/v1")),
}


def make_is_here(make: str) -> bool:
    """Say whether the package that speaks this protocol is installed."""
    return make in MAKES and importlib.util.find_spec(MAKES[make].package) is not None


def clean_address(provider: Provider) -> str:
    """Bring a provider's address into the form its client needs; empty means the make's own. Raises ModelError.

    Azure's keeps the version of its interface where one was pasted: "https://name.openai.azure.com?api-version=…".
    """
    make = _make(provider)
    typed = provider.base_url.strip()
    if not typed and not make.address:
        raise ModelError(
            "The address of your Azure OpenAI resource is missing.",
            "Copy its endpoint from the Azure portal; it looks like https://name.openai.azure.com.",
            code="address",
        )
    address = clean_base_url(typed or make.address)
    if provider.make == "azure_openai":
        version = "".join(parse_qs(urlsplit(typed).query).get("api-version", [])[:1])
        address = address.partition("/openai")[0]
        return f"{address}?api-version={version}" if version else address
    for ending in make.endings:
        address = address.removesuffix(ending)
    return f"{address}/v1" if provider.make == "mistralai" and not urlsplit(address).path else address


def cleaned(provider: Provider) -> Provider:
    """Return the provider with its address as its client needs it; a pasted Azure address may name the model, too.

    Raises ModelError for an unusable address.
    """
    path = urlsplit(provider.base_url).path
    if provider.make == "azure_openai" and "/deployments/" in path and not provider.chat_model.strip():
        provider = replace(provider, chat_model=path.partition("/deployments/")[2].partition("/")[0])
    return replace(provider, base_url=clean_address(provider))


def azure_version(address: str) -> str:
    """Return the version of Azure's interface that an address names, else the one that is known to work."""
    return "".join(parse_qs(urlsplit(address).query).get("api-version", [])[:1]) or AZURE_VERSION


def make_chat_model(provider: Provider, patience: Patience, **options: Any) -> "BaseChatModel":
    """Return the LangChain chat model of a provider of any make; ``options``: temperature and max_tokens, where given.

    Makes no call, tries nothing twice and follows no redirects. Raises ModelError for an unusable address or key, and
    (code "extra") where the package of the make is not installed.
    """
    from langchain.chat_models import init_chat_model

    _must_be_here(provider)
    common = {"model_provider": provider.make, **_client_options(provider, patience)}
    if provider.make in ("openai", "azure_openai"):
        usage = provider.make == "openai" and is_openai(provider.base_url)
        common |= {"stream_usage": usage, "use_responses_api": False, "stream_chunk_timeout": None}
    elif provider.make == "ollama":
        common["num_ctx"] = provider.traits.window or OLLAMA_WINDOW
        if "max_tokens" in options:
            options["num_predict"] = options.pop("max_tokens")
    model: BaseChatModel = init_chat_model(provider.chat_model.strip(), **common, **options)
    if provider.make == "anthropic":  # its client follows redirects unless it is given one that does not
        client: Any = model
        client.__dict__["_client"] = client._client.copy(http_client=http_client(patience))
    return model


def embedding_address(provider: Provider) -> str:
    """Return the address at which a provider embeds texts as OpenAI does; all makes but Anthropic have one.

    LangChain's own classes would bring less: Mistral's downloads a vocabulary from elsewhere, Google's knows no time
    limit, and none of them halves a batch that is too large. Raises ModelError for an unusable address, and (code
    "no_embeddings") for Anthropic.
    """
    if provider.make == "anthropic":
        raise ModelError(
            "Anthropic has no models for search by meaning.",
            "Choose the built-in search, or another service for it.",
            code="no_embeddings",
        )
    endings = {"google_genai": "/v1beta/openai", "ollama": "/v1"}
    return clean_address(provider).partition("?")[0] + endings.get(provider.make, "")


def embedding_client(provider: Provider, patience: Patience) -> "openai.OpenAI":
    """Return the SDK client that embeds texts with a provider, with our limits. Raises as ``embedding_address``."""
    import openai

    address = embedding_address(provider)
    if provider.make != "azure_openai":
        return openai_client(replace(provider, base_url=address), patience)
    return openai.AzureOpenAI(
        azure_endpoint=address,
        api_version=azure_version(clean_address(provider)),
        api_key=usable_key(provider.api_key),
        max_retries=0,
        timeout=timeout_of(patience),
        http_client=http_client(patience),
    )


def _client_options(provider: Provider, patience: Patience) -> dict[str, Any]:
    """Return how the client of a make is told the address, the key and our limits."""
    import httpx
    from pydantic import SecretStr

    from core.provider.wire import async_http_client

    address, key = clean_address(provider), usable_key(provider.api_key)
    secret = SecretStr(key)
    if provider.make == "ollama":
        return {
            "base_url": address,
            "client_kwargs": {} if key == "none" else {"headers": {"Authorization": f"Bearer {key}"}},
            "sync_client_kwargs": client_arguments(httpx, patience),
            "async_client_kwargs": async_client_arguments(httpx, patience),
        }
    if provider.make == "google_genai":
        return {
            "base_url": address,
            "api_key": secret,
            "vertexai": False,
            "max_retries": 1,  # this many tries; 0 would mean its own number
            "timeout": patience.silence,
            "client_args": client_arguments(httpx, patience),
        }
    if provider.make == "mistralai":
        # LangChain's Mistral leaves the key to the client it is given.
        client = keyed_client(patience, address, key)
        return {"base_url": address, "api_key": secret, "client": client, "max_retries": 1}
    if provider.make == "anthropic":
        return {"base_url": address, "api_key": secret, "max_retries": 0, "timeout": patience.silence}
    options = {
        "api_key": secret,
        "max_retries": 0,
        "timeout": timeout_of(patience),  # LangChain would pass on its own None, which means for ever
        "http_client": http_client(patience),
        "http_async_client": async_http_client(patience),
    }
    if provider.make == "azure_openai":
        return {"azure_endpoint": address.partition("?")[0], "api_version": azure_version(address), **options}
    return {"base_url": address, **options}


def _make(provider: Provider) -> Make:
    if provider.make not in MAKES:
        raise ModelError(
            "This kind of AI service is not known to this version of Answerbook.",
            "Choose another one in Settings.",
            code="make",
        )
    return MAKES[provider.make]


def _must_be_here(provider: Provider) -> None:
    make = _make(provider)
    if not make_is_here(provider.make):
        raise ModelError(
            f"What speaks to {make.label} is not installed here.",
            "Settings adds it with one click; so does installing requirements-providers.txt.",
            code="extra",
        )
