"""The Publish page: one click, what is chosen is kept, what cannot be is refused, messages are shown as text."""

import pytest
from streamlit.testing.v1 import AppTest

from core.assistants import lifecycle, source_rows, sources
from core.publish import Handover, leads, publication, save_publication
from core.publish.visitors import keep_lead
from tests.core.work import work_off
from tests.pages.kit import opened, run, texts

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def assistant_id() -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("returns.md", b"# Returns\n\nParcels can be sent back within 30 days.")])
    work_off()
    return made


def click(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click()
    return run(at)


def test_one_click_puts_it_online_and_asks_before_it_goes_offline(assistant_id: str) -> None:
    at = opened("publish", assistant_id)
    assert "Only you can ask" in texts(at)
    click(at, "publish")
    assert publication(assistant_id).state == "link"
    assert "/a/help" in texts(at)
    click(at, "unpublish")
    assert publication(assistant_id).state == "link"
    assert "one click puts it online again" in texts(at)


def test_what_is_typed_is_kept_and_what_cannot_be_is_said(assistant_id: str) -> None:
    at = opened("publish", assistant_id)
    at.text_area(key=f"origins_{assistant_id}").set_value("shop.example/page\n\nhttps://www.shop.example")
    click(at, f"save_website_{assistant_id}")
    assert publication(assistant_id).origins == ("https://shop.example", "https://www.shop.example")
    at.text_area(key=f"origins_{assistant_id}").set_value("https://*.example")
    click(at, f"save_website_{assistant_id}")
    assert "is not the address of a site" in texts(at)
    assert publication(assistant_id).origins == ("https://shop.example", "https://www.shop.example")
    at.text_area(key=f"look_notice_{assistant_id}").set_value("I am a machine.")
    at.text_input(key=f"look_owner_{assistant_id}").set_value("Acme")
    click(at, f"save_look_{assistant_id}")
    assert (publication(assistant_id).notice, publication(assistant_id).look.owner) == ("I am a machine.", "Acme")


def test_sources_are_closed_until_they_are_opened(assistant_id: str) -> None:
    at = opened("publish", assistant_id)
    assert publication(assistant_id).public_sources == ()
    click(at, f"open_all_{assistant_id}")
    assert publication(assistant_id).public_sources == (source_rows.source_names(assistant_id)[0].id,)
    click(at, f"open_none_{assistant_id}")
    assert publication(assistant_id).public_sources == ()


def test_messages_are_shown_letter_for_letter_and_not_deleted_unasked(assistant_id: str) -> None:
    save_publication(assistant_id, handover=Handover(form=True))
    keep_lead(assistant_id, "**Ann**", "[x](https://evil.example)", "![y](https://evil.example)", ["What?"])
    at = opened("publish", assistant_id)
    assert "\\[x\\]\\(https" in texts(at)
    assert "![y](" not in texts(at)
    click(at, f"delete_lead_{leads(assistant_id)[0].id}")
    assert "cannot be brought back" in texts(at)
    assert len(leads(assistant_id)) == 1
