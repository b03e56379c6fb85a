"""A mail is added, and what is attached to it answers as a source of its own; deleted, and none of it does."""

import email.message

import pytest

from core import pipeline
from core.assistants import lifecycle, source_rows, sources
from tests.core.work import work_off

pytestmark = pytest.mark.usefixtures("data_folder")


def mail_with(name: str, content: str) -> bytes:
    message = email.message.EmailMessage()
    message["Subject"], message["From"] = "Our offer", "sales@example.com"
    message.set_content("Please find our prices attached.")
    message.add_attachment(content.encode(), maintype="text", subtype="csv", filename=name)
    return message.as_bytes()


def found_in(assistant_id: str, question: str) -> list[str]:
    return [hit.source_name for hit in pipeline.search(assistant_id, question)]


def test_an_attachment_answers_and_goes_with_its_mail() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("offer.eml", mail_with("prices.csv", "Item;Price\nGasket;12.50\nPump;99.00\n"))])
    work_off()
    rows = {row.name: row for row in source_rows.source_rows(assistant_id)}
    assert {name: row.state for name, row in rows.items()} == {"offer.eml": "ready", "offer.eml/prices.csv": "ready"}
    assert found_in(assistant_id, "price of the gasket")[0] == "offer.eml/prices.csv"
    assert rows["offer.eml"].warnings == ()
    sources.delete_sources(assistant_id, [rows["offer.eml"].id])
    work_off()
    assert found_in(assistant_id, "price of the gasket") == []
