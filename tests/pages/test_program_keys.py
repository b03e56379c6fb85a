"""Keys of programs on the Publish page: made, shown once, listed without themselves, taken back."""

import pytest
from streamlit.testing.v1 import AppTest

from core.assistants import lifecycle
from core.publish import create_key, keys_of, revoke_key
from core.publish.api.keys import key_known_by
from tests.pages.kit import opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def click(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click()
    return run(at)


def made(at: AppTest, assistant_id: str, name: str) -> AppTest:
    at.text_input(key=f"key_name_{assistant_id}_0").set_value(name)
    return click(at, f"make_key_{assistant_id}_0")


def test_a_key_is_shown_once_with_what_a_program_needs_besides(assistant_id: str) -> None:
    at = opened("publish", assistant_id)
    assert "No program has a key yet." in texts(at)
    at.checkbox(key=f"key_write_{assistant_id}_0").check()
    made(at, assistant_id, "  Our   *shop* ")
    [kept] = keys_of(assistant_id)
    assert (kept.name, kept.scopes, kept.sites) == ("Our *shop*", ("ask", "write"), ())
    [secret] = [code.value for code in at.code if code.value.startswith("ab-")]
    known = key_known_by(secret)
    assert known is not None
    assert known.id == kept.id
    codes = [code.value for code in at.code]
    assert "help" in codes
    assert any(code.endswith("/v1") for code in codes)
    run(at)
    assert secret not in texts(at)
    assert f"ends in {kept.hint}" in texts(at)
    assert "never used" in texts(at)
    assert r"Our \*shop\*" in texts(at)
    assert secret not in texts(opened("publish", assistant_id))


def test_what_cannot_be_a_key_is_said_and_nothing_is_made(assistant_id: str) -> None:
    at = opened("publish", assistant_id)
    made(at, assistant_id, " ")
    assert "A key needs a name." in texts(at)
    at.checkbox(key=f"key_ask_{assistant_id}_0").uncheck()
    made(at, assistant_id, "Shop")
    assert "Choose what it may do." in texts(at)
    at.checkbox(key=f"key_ask_{assistant_id}_0").check()
    at.text_area(key=f"key_sites_{assistant_id}_0").set_value("shop.example\nhttps://*.example")
    made(at, assistant_id, "Shop")
    assert "is not the address of a site" in texts(at)
    assert keys_of(assistant_id) == []
    at.text_area(key=f"key_sites_{assistant_id}_0").set_value("shop.example/page")
    made(at, assistant_id, "Shop")
    assert keys_of(assistant_id)[0].sites == ("https://shop.example",)


def test_a_key_is_taken_back_only_after_a_question_and_stays_listed(assistant_id: str) -> None:
    secret, kept = create_key(assistant_id, "Shop", ["ask"])
    create_key(lifecycle.create_assistant("Other"), "Not shown here", ["ask"])
    at = opened("publish", assistant_id)
    assert "Not shown here" not in texts(at)
    click(at, f"revoke_{kept.id}")
    assert "is refused at once" in texts(at)
    assert key_known_by(secret) is not None
    revoke_key(assistant_id, kept.id)
    assert "Shop (…" in texts(run(at))
    assert "taken back" in texts(at)
    assert not [button for button in at.button if button.key == f"revoke_{kept.id}"]
