"""The model services that Settings offers to fill in, and the one model that is suggested where none is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.schema import DEFAULT_CHAT_MODEL


@dataclass(frozen=True, slots=True)
class KnownProvider:
    """A service to choose in Settings, with what is filled in for it.

    ``make`` is whose protocol is spoken (see core/provider/makes.py). ``address`` is empty where only the owner knows
    it. ``key_page`` is where a key is made, empty where none is needed; ``price_page`` is where prices stand.
    ``here`` says that it runs on this machine: nothing is paid, and nothing leaves it.
    """

    name: str
    make: str = "openai"
    address: str = ""
    chat_model: str = ""
    embedding_model: str = ""
    key_page: str = ""
    price_page: str = ""
    here: bool = False


# Addresses, model names and pages of keys and prices as the services' own pages gave them; looked at in November 2026.
KNOWN_PROVIDERS = (
    KnownProvider(
        "OpenAI",
        address="https://api.openai.com/v1",
        chat_model=DEFAULT_CHAT_MODEL,
        embedding_model="text-embedding-3-small",
        key_page="https://platform.openai.com/api-keys",
        price_page="https://openai.com/api/pricing",
    ),
    KnownProvider(
        "Anthropic (Claude)",
        make="anthropic",
        address="https://api.anthropic.com",
        chat_model="claude-haiku-5-5",
        key_page="https://platform.claude.com/settings/keys",
        price_page="https://claude.com/pricing",
    ),
    KnownProvider(
        "Google (Gemini)",
        make="google_genai",
        address="https://generativelanguage.googleapis.com",
        chat_model="gemini-3.5-flash-lite",
        embedding_model="gemini-embedding-001",
        key_page="https://aistudio.google.com/apikey",
        price_page="https://ai.google.dev/gemini-api/docs/pricing",
    ),
    KnownProvider(
        "Mistral",
        make="mistralai",
        address="https://api.mistral.ai/v1",
        chat_model="mistral-small-latest",
        embedding_model="mistral-embed",
        key_page="https://console.mistral.ai/api-keys",
        price_page="https://mistral.ai/pricing",
    ),
    KnownProvider(
        "Cohere",
        address="https://api.cohere.ai/compatibility/v1",
        chat_model="command-r7b-12-2024",
        embedding_model="embed-v4.0",
        key_page="https://dashboard.cohere.com/api-keys",
        price_page="https://cohere.com/pricing",
    ),
    KnownProvider(
        "Azure OpenAI",
        make="azure_openai",
        key_page="https://portal.azure.com",
        price_page="https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/",
    ),
    KnownProvider(
        "OpenRouter",
        address="https://openrouter.ai/api/v1",
        chat_model=f"openai/{DEFAULT_CHAT_MODEL}",
        key_page="https://openrouter.ai/keys",
        price_page="https://openrouter.ai/models",
    ),
    KnownProvider(
        "Ollama (on this computer)",
        make="ollama",
        address="http://localhost:11434",
        chat_model="llama3.2",
        embedding_model="nomic-embed-text",
        here=True,
    ),
    KnownProvider("LM Studio (on this computer)", address="http://localhost:1234/v1", here=True),
    KnownProvider("Another OpenAI-compatible service"),
)
OWN_ADDRESS = KNOWN_PROVIDERS[-1]
# What a name of a model that answers questions does not hold.
_NOT_FOR_CHAT = (
    "embed",
    "whisper",
    "tts",
    "dall-e",
    "image",
    "moderation",
    "audio",
    "realtime",
    "transcribe",
    "rerank",
)


def known_provider(make: str, address: str) -> KnownProvider:
    """Return what is known about the service at an address; where nothing is, the one that asks for an address.

    A service that is known by its own protocol too may be spoken to as an OpenAI-compatible one.
    """
    here = [known for known in KNOWN_PROVIDERS if known.make == make]
    same = [known for known in here if known.address and known.address.rstrip("/") == address.rstrip("/")]
    if same or make == "openai":
        return same[0] if same else OWN_ADDRESS
    return here[0] if here else OWN_ADDRESS


def suggested_model(known: KnownProvider, offered: Sequence[str]) -> str:
    """Return the model to begin with: what is known to be good where it is offered, else the first that can chat."""
    if not offered or known.chat_model in offered:
        return known.chat_model
    longer = sorted(name for name in offered if known.chat_model and name.startswith(known.chat_model))
    able = [name for name in offered if may_chat(name)]
    return next(iter([*longer, *able, *offered]))


def may_chat(model: str) -> bool:
    """Say whether a model of this name may well answer questions: the names of those for other work say so."""
    return not any(word in model.lower() for word in _NOT_FOR_CHAT)
