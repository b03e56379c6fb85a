"""What hangs on an e-mail becomes sources of their own under it, and comes and goes with it."""

import pytest

from core import jobs
from core.assistants import lifecycle, source_rows, sources
from core.assistants.attachments import keep_attachments
from core.schema import Attachment

pytestmark = pytest.mark.usefixtures("database")
PRICES = Attachment("prices.csv", b"box;3 EUR")
TERMS = Attachment("terms.txt", b"Paid within 14 days.")


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


@pytest.fixture
def mail_id(assistant_id: str) -> str:
    sources.add_files(assistant_id, [("offer.eml", b"Subject: Offer\n\nSee below.")])
    return source_rows.source_rows(assistant_id)[0].id


def names(assistant_id: str) -> list[str]:
    return sorted(row.name for row in source_rows.source_rows(assistant_id))


def id_of(assistant_id: str, name: str) -> str:
    return next(row.id for row in source_rows.source_rows(assistant_id) if row.name == name)


def test_attachments_stand_under_the_mail_and_are_read(assistant_id: str, mail_id: str) -> None:
    keep_attachments(assistant_id, mail_id, [PRICES, TERMS])
    assert names(assistant_id) == ["offer.eml", "offer.eml/prices.csv", "offer.eml/terms.txt"]
    assert jobs.active_count() == 3


def test_reading_the_mail_again_adds_nothing(assistant_id: str, mail_id: str) -> None:
    keep_attachments(assistant_id, mail_id, [PRICES])
    keep_attachments(assistant_id, mail_id, [PRICES])
    assert names(assistant_id) == ["offer.eml", "offer.eml/prices.csv"]
    assert jobs.active_count() == 2


def test_two_attachments_of_one_name_are_two_sources(assistant_id: str, mail_id: str) -> None:
    keep_attachments(assistant_id, mail_id, [PRICES, PRICES._replace(data=b"box;4 EUR")])
    assert names(assistant_id) == ["offer.eml", "offer.eml/prices (2).csv", "offer.eml/prices.csv"]


def test_what_another_version_of_the_mail_lacks_is_binned(assistant_id: str, mail_id: str) -> None:
    keep_attachments(assistant_id, mail_id, [PRICES, TERMS])
    keep_attachments(assistant_id, mail_id, [TERMS])
    assert names(assistant_id) == ["offer.eml", "offer.eml/terms.txt"]


def test_a_deleted_attachment_stays_deleted_when_the_mail_is_read_again(assistant_id: str, mail_id: str) -> None:
    keep_attachments(assistant_id, mail_id, [PRICES, TERMS])
    sources.delete_sources(assistant_id, [id_of(assistant_id, "offer.eml/prices.csv")])
    keep_attachments(assistant_id, mail_id, [PRICES, TERMS])
    assert names(assistant_id) == ["offer.eml", "offer.eml/terms.txt"]


def test_a_renamed_attachment_keeps_its_name(assistant_id: str, mail_id: str) -> None:
    keep_attachments(assistant_id, mail_id, [PRICES])
    sources.rename_source(assistant_id, id_of(assistant_id, "offer.eml/prices.csv"), "Our prices")
    keep_attachments(assistant_id, mail_id, [PRICES])
    assert names(assistant_id) == ["Our prices", "offer.eml"]


def test_attachments_go_and_come_back_with_their_mail(assistant_id: str, mail_id: str) -> None:
    keep_attachments(assistant_id, mail_id, [PRICES, TERMS])
    sources.delete_sources(assistant_id, [id_of(assistant_id, "offer.eml/terms.txt")])
    sources.delete_sources(assistant_id, [mail_id])
    assert names(assistant_id) == []
    sources.restore_source(assistant_id, mail_id)
    assert names(assistant_id) == ["offer.eml", "offer.eml/prices.csv"]


def test_nothing_is_added_under_a_mail_that_was_deleted_while_it_was_read(assistant_id: str, mail_id: str) -> None:
    sources.delete_sources(assistant_id, [mail_id])
    keep_attachments(assistant_id, mail_id, [PRICES])
    assert names(assistant_id) == []


def test_mails_attached_to_mails_end_somewhere(assistant_id: str, mail_id: str) -> None:
    for depth in range(6):
        keep_attachments(assistant_id, mail_id, [Attachment("inner.eml", b"Subject: %d" % depth)])
        inner = [row.id for row in source_rows.source_rows(assistant_id) if row.name.count("/") == depth + 1]
        if not inner:
            break
        mail_id = inner[0]
    assert max(name.count("/") for name in names(assistant_id)) == 3


def test_a_copy_of_an_assistant_reads_its_attachments_from_the_mail(assistant_id: str, mail_id: str) -> None:
    keep_attachments(assistant_id, mail_id, [PRICES])
    other = lifecycle.create_assistant("Other")
    sources.copy_sources(assistant_id, other)
    assert names(other) == ["offer.eml"]


def test_two_identical_files_in_one_drop_are_one(assistant_id: str) -> None:
    added = sources.add_files(assistant_id, [("a.txt", b"Alpha"), ("b.txt", b"Alpha")])
    assert [each.outcome for each in added] == ["new", "duplicate"]
    assert added[1].sentence == "b.txt has the same content as a.txt, which is already here."
