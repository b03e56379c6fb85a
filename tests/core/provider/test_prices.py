"""What models cost: known for those that are suggested, said as an estimate, and never made up."""

import pytest
from pydantic import SecretStr

from core.provider import KNOWN_PROVIDERS, KnownProvider, answers_cost, price_at, price_of
from core.provider.prices import PRICES, in_dollars, thousand_answers
from core.schema import Provider

OPENAI = "https://api.openai.com/v1"
ROUTER = "https://openrouter.ai/api/v1"


def provider(address: str, model: str, make: str = "openai") -> Provider:
    return Provider(address, SecretStr(""), model, make=make)


@pytest.mark.parametrize("known", [known for known in KNOWN_PROVIDERS if known.chat_model and not known.here])
def test_what_the_suggested_model_costs_is_known(known: KnownProvider) -> None:
    assert price_of(provider(known.address, known.chat_model, known.make)) is not None
    if known.embedding_model:
        price = price_at(known.address, known.embedding_model)
        assert price is not None
        assert price.answer == 0


@pytest.mark.parametrize(
    ("address", "model", "same"),
    [
        (OPENAI, "gpt-5.4-mini-2026-03-17", "gpt-5.4-mini"),
        (ROUTER, "openai/gpt-5.4-mini", "gpt-5.4-mini"),
        ("https://api.openai.com", " gpt-5.4-mini ", "gpt-5.4-mini"),
    ],
)
def test_other_names_of_a_model_cost_the_same(address: str, model: str, same: str) -> None:
    assert price_at(address, model) == price_at(OPENAI, same) is not None


def test_a_version_of_claude_is_known_by_both_of_its_names() -> None:
    dated = price_at("https://api.anthropic.com", "claude-haiku-4-5-20251001")
    assert dated == price_at(ROUTER, "anthropic/claude-haiku-4.5") is not None


@pytest.mark.parametrize(
    ("address", "model"),
    [
        (OPENAI, "gpt-99"),
        (OPENAI, "ft:gpt-4.1-mini-2025-04-14:shop::abc"),  # one that was trained further costs more
        (ROUTER, "openai/gpt-5.4-mini:batch"),
        (ROUTER, "gpt-5.4-mini"),
        ("https://gateway.example.com/v1", "gpt-5.4-mini"),
    ],
)
def test_what_is_not_known_is_not_made_up(address: str, model: str) -> None:
    assert price_at(address, model) is None
    assert answers_cost(provider(address, model)) == "Price not known"


@pytest.mark.parametrize("address", ["http://127.0.0.1:1234/v1", "http://192.168.0.7:8000/v1", "localhost:8080"])
def test_what_runs_here_has_no_price(address: str) -> None:
    assert answers_cost(provider(address, "gpt-5.4-mini")) == ""


def test_an_address_that_cannot_be_used_has_no_price() -> None:
    assert price_of(provider("", "gpt-5.4-mini", make="azure_openai")) is None
    assert answers_cost(provider("", "gpt-5.4-mini", make="azure_openai")) == "Price not known"


@pytest.mark.parametrize(
    ("dollars", "said"),
    [
        (0.02, "Less than $0.10"),
        (0.51, "About $0.50"),
        (0.94, "About $0.90"),
        (0.99, "About $1"),
        (4.05, "About $4"),
        (41.4, "About $41"),
    ],
)
def test_a_sum_is_said_as_an_estimate(dollars: float, said: str) -> None:
    assert in_dollars(dollars) == said


def test_a_thousand_answers_are_counted_in_prompt_and_answer() -> None:
    price = price_at(OPENAI, "gpt-5.4-mini")
    assert price is not None
    assert thousand_answers(price) == pytest.approx(3.6 * 0.75 + 0.3 * 4.50)
    assert answers_cost(provider(OPENAI, "gpt-5.4-mini")) == "About $4 for 1,000 answers"


def test_the_table_stays_small_enough_to_be_kept_true() -> None:
    assert len({(id(models), name) for models in PRICES.values() for name in models}) <= 40
