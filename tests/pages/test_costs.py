"""What answers cost, on the pages: told in Settings and below an answer; limits and prices are kept as typed."""

import pytest
from pydantic import SecretStr

from core.assistants import conversations, lifecycle
from core.assistants.provider_settings import keep_provider
from core.schema import Answer, Provider
from core.spending import EURO, Request, limits, own_limits, own_price, reserve, settle
from tests.pages.kit import opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")


def test_settings_tells_what_was_spent_and_what_an_answer_costs_now() -> None:
    assistant_id = lifecycle.create_assistant("Night | shift")
    keep_provider(Provider("https://api.openai.com/v1", SecretStr("sk-a-key"), "gpt-5.4-mini"), 0.1)
    settle(reserve(Request(assistant_id, "visitor", "gpt-5.4-mini", 5_000, 1_000, 8_000)), 300_000, 30_000, 360_000)
    said = texts(opened("settings")).replace("\\", "")
    assert "**€0.36** of €5.00" in said
    assert "**€0.36** of €50.00" in said
    assert "| Night | shift | 1 | €0.36 |" in said
    assert "**About 0.4 cents**" in said
    assert "price of November 2026, a dollar as €1.00" in said


def test_limits_are_kept_as_typed_and_an_empty_field_is_no_limit() -> None:
    at = opened("settings")
    at.session_state["limits"] = True
    run(at)
    at.number_input(key="limit_all_euros_month").set_value(7.5)
    at.number_input(key="limit_all_assistant_day").set_value(None)
    at.button(key="keep_limits").click()
    run(at)
    assert (limits().euros_month, limits().assistant_day, limits().euros_day) == (7_500_000, None, 5 * EURO)


def test_an_assistants_empty_fields_are_as_for_all() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    at = opened("settings")
    at.session_state["limits"] = True
    run(at)
    at.selectbox(key="limits_of").set_value(assistant_id)
    run(at)
    at.number_input(key=f"limit_{assistant_id}_visitor_hour").set_value(3)
    at.button(key="keep_limits").click()
    run(at)
    assert own_limits(assistant_id) == {"visitor_hour": 3}
    assert limits(assistant_id).address_hour == limits().address_hour


def test_a_price_that_nobody_knows_can_be_typed() -> None:
    keep_provider(Provider("https://gateway.example.com/v1", SecretStr("sk-a-key"), "some-model"), 0.1)
    at = opened("settings")
    assert "**Not known**" in texts(at)
    at.number_input(key="price_prompt").set_value(0.5)
    at.number_input(key="price_answer").set_value(2.0)
    at.button(key="keep_price").click()
    run(at)
    assert own_price("gateway.example.com", "some-model") == (500_000, 2_000_000)
    assert "by the price that you typed" in texts(at)


def test_what_an_answer_cost_is_kept_with_it() -> None:
    conversation = conversations.start_conversation(lifecycle.create_assistant("Help"))
    conversations.add_answer(conversation, Answer("Two days.", "written", spent=4_050))
    conversations.add_answer(conversation, Answer("Two days.", "quotes"))
    assert [message.spent for message in conversations.messages(conversation)] == [4_050, None]


def test_what_visitors_left_and_what_went_of_it_is_proven_in_settings() -> None:
    from datetime import timedelta

    from core.database import VisitorAnswer, new_id, now, session
    from core.publish import forget_visitors, save_publication

    assistant_id = lifecycle.create_assistant("Help")
    save_publication(assistant_id, state="link", keep_days=7)
    made = now() - timedelta(days=8)
    with session() as db:
        for _ in range(2):
            db.add(VisitorAnswer(id=new_id(), assistant_id=assistant_id, question="When?", answer="", created_at=made))
    forget_visitors()
    at = opened("settings")
    at.session_state["kept"] = True
    run(at)
    assert "2 questions of visitors with their answers, from before" in texts(at)
