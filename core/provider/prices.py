"""What the models that an owner would choose cost: a small table of our own, as of one month. Nothing is looked up.

Dollars per million tokens at the service itself, without discounts for repeated or waiting work; windows in tokens. Of
November 2026. Sources: the services' pages of models and prices (developers.openai.com, platform.claude.com,
ai.google.dev, docs.mistral.ai, cohere.com) as kept by public copies of September to November 2026, compared with the
tables of LiteLLM, models.dev and genai-prices of July to October 2026. Where they disagree there is no price here.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import ModelError
from core.provider.makes import clean_address
from core.provider.service import is_local
from core.schema import Provider

PRICES_OF = "November 2026"
PROMPT_TOKENS = 3_600  # of a question with its passages, measured on the sample; a long conversation has more
ANSWER_TOKENS = 300  # without thoughts, which services count as answer


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens of prompt and of answer; ``answer`` is 0 for a search model, which writes none.

    ``window`` is how many tokens the model takes.
    """

    prompt: float
    answer: float
    window: int


# Some prices rise with the prompt, from 100,000 tokens on at the earliest; ours are far shorter.
_OPENAI = {
    "gpt-6.2-astra": Price(8.00, 40.00, 1_050_000),
    "gpt-6.2-sol": Price(2.00, 10.00, 1_050_000),
    "gpt-6.1-sol": Price(2.00, 10.00, 1_050_000),
    "gpt-6.1-terra": Price(1.00, 5.00, 1_050_000),
    "gpt-6-luna": Price(0.10, 0.50, 1_050_000),
    "gpt-5.6-terra": Price(2.00, 12.00, 1_050_000),
    "gpt-5.6-luna": Price(0.20, 1.20, 1_050_000),
    "gpt-5.5": Price(5.00, 30.00, 1_050_000),
    "gpt-5.4": Price(2.50, 15.00, 1_050_000),
    "gpt-5.4-mini": Price(0.75, 4.50, 400_000),
    "gpt-5.4-nano": Price(0.20, 1.25, 400_000),
    "gpt-4.1-mini": Price(0.40, 1.60, 1_047_576),
    "gpt-4o-mini": Price(0.15, 0.60, 128_000),
    "text-embedding-3-small": Price(0.02, 0, 8_191),
    "text-embedding-3-large": Price(0.13, 0, 8_191),
}
_ANTHROPIC = {
    "claude-opus-5-5": Price(4.00, 20.00, 1_000_000),
    "claude-opus-5": Price(5.00, 25.00, 1_000_000),
    "claude-sonnet-5-5": Price(2.00, 10.00, 1_000_000),
    "claude-sonnet-5": Price(2.00, 10.00, 1_000_000),
    "claude-haiku-5-5": Price(0.10, 0.50, 1_000_000),
    "claude-haiku-4-5": Price(1.00, 5.00, 200_000),
}
_GOOGLE = {
    "gemini-3.8-flash": Price(1.50, 7.50, 1_048_576),  # from January 2027 on; half of it until then
    "gemini-3.5-flash": Price(1.50, 9.00, 1_048_576),
    "gemini-3.5-flash-lite": Price(0.30, 2.50, 1_048_576),
    "gemini-3.1-flash-lite": Price(0.25, 1.50, 1_048_576),
    "gemini-embedding-001": Price(0.15, 0, 2_048),
    "gemini-embedding-2": Price(0.20, 0, 8_192),
}
_MISTRAL = {
    "mistral-large-latest": Price(0.50, 1.50, 262_144),
    "mistral-medium-latest": Price(1.50, 7.50, 262_144),
    "mistral-small-latest": Price(0.15, 0.60, 256_000),
    "mistral-embed": Price(0.10, 0, 8_000),
}
_COHERE = {
    "command-a-03-2025": Price(2.50, 10.00, 256_000),
    "command-r-08-2024": Price(0.15, 0.60, 128_000),
    "command-r7b-12-2024": Price(0.0375, 0.15, 128_000),
    "embed-v4.0": Price(0.12, 0, 128_000),
}
PRICES = {
    "api.openai.com": _OPENAI,
    "api.anthropic.com": _ANTHROPIC,
    "generativelanguage.googleapis.com": _GOOGLE,
    "api.mistral.ai": _MISTRAL,
    "api.cohere.ai": _COHERE,
    "api.cohere.com": _COHERE,
}
# OpenRouter passes prices on; its names say whose model it is, and write Anthropic's versions with a dot.
_AT_OPENROUTER = {"openai": _OPENAI, "anthropic": _ANTHROPIC, "google": _GOOGLE}
# A name with the day of its version costs what the name without it costs.
_DAY = re.compile(r"-(?:\d{4}-\d\d-\d\d|20\d{6})$")


def price_at(address: str, model: str) -> Price | None:
    """Return what a model costs at the service of this address; None where it is not known."""
    host = urlsplit(address).hostname or ""
    name = _DAY.sub("", model.strip().removeprefix("models/"))
    if host == "openrouter.ai":
        maker, _, name = name.partition("/")
        prices = _AT_OPENROUTER.get(maker, {})
        return prices.get(name.replace(".", "-") if prices is _ANTHROPIC else name)
    return PRICES.get(host, {}).get(name)


def price_of(provider: Provider) -> Price | None:
    """Return what the chat model of a provider costs; None where it is not known, or runs on this machine."""
    try:
        return price_at(clean_address(provider), provider.chat_model)
    except ModelError:  # an address that cannot be used has no price
        return None


def answers_cost(provider: Provider) -> str:
    """Say what 1,000 answers of a provider's chat model cost: "About $4 for 1,000 answers", or that it is not known.

    Empty for what runs on this machine or in its own network: it has no price list.
    """
    price = price_of(provider)
    if price is None:
        return "" if _is_here(provider) else "Price not known"
    return f"{in_dollars(thousand_answers(price))} for 1,000 answers"


def thousand_answers(price: Price) -> float:
    """Return the dollars that 1,000 answers of about our size cost; what a model thinks before them is not in it."""
    return (PROMPT_TOKENS * price.prompt + ANSWER_TOKENS * price.answer) / 1_000


def in_dollars(dollars: float) -> str:
    """Say a sum as an estimate: "About $12", "About $0.50", "Less than $0.10"."""
    if dollars < 0.095:
        return "Less than $0.10"
    return f"About ${dollars:.0f}" if dollars >= 0.95 else f"About ${dollars:.1f}0"


def _is_here(provider: Provider) -> bool:
    try:
        return is_local(clean_address(provider).partition("?")[0])
    except ModelError:
        return False
