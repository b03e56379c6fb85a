"""The demo kit's pages: links listed and closed with one press, seven steps that tick by themselves."""

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from core import model_connection
from core.assistants import lifecycle, sources
from core.demo import current_run, delete_link, links, make_link
from core.demo.visits import keep_asked, link_of, shown_at
from core.schema import Answer, Provider
from tests.core.work import work_off
from tests.fake_provider import FakeProvider
from tests.pages.kit import opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")
OFFER = ("offer.md", b"# Warranty period\n\nThe pump has a warranty of 36 months.\n")


@pytest.fixture
def assistant_id() -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("returns.md", b"# Returns\n\nParcels can be sent back within 30 days.")])
    work_off()
    return made


def click(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click()
    return run(at)


def test_a_link_is_listed_closed_with_one_press_and_opened_again(assistant_id: str) -> None:
    link = make_link(assistant_id, 7, keeps=True)
    at = opened("publish", assistant_id)
    assert f"/demo/{link.secret}" in texts(at)
    assert "not opened yet" in texts(at)
    click(at, f"close_demo_{link.id}")
    assert links(assistant_id)[0].state == "closed"
    assert f"/demo/{link.secret}" not in texts(at)
    click(at, f"reopen_demo_{link.id}")
    assert links(assistant_id)[0].state == "open"


def test_a_link_that_another_window_deleted_is_said_to_be_gone(assistant_id: str) -> None:
    made = make_link(assistant_id, 7, banner="**Demo** for [us](http://x.example)")
    at = opened("publish", assistant_id)
    assert "](http" not in texts(at)
    delete_link(assistant_id, made.id)
    click(at, f"close_demo_{made.id}")
    assert "This demo link is not here any more." in texts(at)


def test_what_was_asked_at_a_link_is_told(assistant_id: str) -> None:
    made = make_link(assistant_id, 7, keeps=True)
    shown = shown_at(link_of(made.secret), made.secret)
    keep_asked(shown, "v1", "Where is <b>Lima</b>?", Answer("I don't know.", "unknown"))
    at = opened("publish", assistant_id)
    assert "1 question kept" in texts(at)
    at.session_state[f"demo_asked_{made.id}"] = True
    run(at)
    assert "**1** asked · **0** answered with a source · **1** refused" in texts(at)
    assert "What is missing: Where is" in texts(at)


def test_seven_steps_with_a_model_beside_it(assistant_id: str, fake_provider: FakeProvider) -> None:
    at = opened("show", assistant_id)
    assert "The plain model beside it" in texts(at)
    click(at, "begin_demo")
    assert "0 of 7 done" in texts(at)
    sources.add_files(assistant_id, [OFFER])
    work_off()
    run(at)
    assert "1 of 7 done" in texts(at)
    click(at, "ask_cited")
    run(at)
    assert "36 months" in texts(at)
    assert "There is no model set" in texts(at)
    model_connection.save_provider(Provider(fake_provider.base_url, SecretStr("key-1"), "fake-chat"))
    run(at)
    assert "2 of 7 done" in texts(at)
    fake_provider.script(["401"])
    click(at, "ask_plain")
    assert "2 of 7 done" in texts(at)
    assert "key" in "".join(error.value for error in at.error)
    click(at, "ask_plain")
    run(at)
    assert "3 of 7 done" in texts(at)
    assert "OK." in texts(at)


def test_an_empty_question_asks_nothing_and_a_demo_can_be_left(assistant_id: str) -> None:
    at = opened("show", assistant_id)
    click(at, "begin_demo")
    sources.add_files(assistant_id, [OFFER])
    work_off()
    run(at)
    at.text_input[0].set_value("   ")
    click(at, "ask_cited")
    assert "Type a question first." in texts(at)
    assert "1 of 7 done" in texts(at)
    click(at, "begin_demo_anew")
    assert "All seven steps are open again." in texts(at)
    assert "1 of 7 done" in texts(at)
    click(at, "leave_demo")
    assert current_run(assistant_id) is None
