"""Demo links as their owner makes them: kept so that only who has one can use it, and gone in time, with a proof."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from core.assistants import lifecycle
from core.database import DemoAnswer, DemoLink, Job, now, session
from core.demo import close_link, delete_link, forget_demos, links, make_link, open_link_again
from core.demo.links import KEPT_AFTER, MOST_LINKS
from core.demo.visits import keep_asked, link_of, shown_at
from core.errors import AnswerbookError, NotFound
from core.schema import Answer, JobKind


def age(link_id: str, by: timedelta) -> None:
    """Let a link have been made so much earlier."""
    with session() as db:
        row = db.get_one(DemoLink, link_id)
        row.created_at, row.expires_at = row.created_at - by, row.expires_at - by
        db.add(row)


@pytest.mark.usefixtures("database")
def test_a_link_is_found_by_its_secret_alone_listed_closed_opened_again_and_deleted() -> None:
    of, other = lifecycle.create_assistant("Help"), lifecycle.create_assistant("Other")
    first = make_link(of, 7, banner=" Demo for\n the  board ")
    second = make_link(of, 1, password="open sesame")
    assert [link.id for link in links(of)] == [second.id, first.id]
    assert (first.banner, first.state, second.has_password) == ("Demo for the board", "open", True)
    assert link_of(first.secret).id == first.id
    assert [link.secret for link in links(of)] == [second.secret, first.secret]  # to be copied again
    for wrong in ("", first.secret[:-1], first.id, "x" * 32):
        with pytest.raises(NotFound) as missing:
            link_of(wrong)
        assert missing.value.code != "demo_ended"
    for stranger in (close_link, open_link_again, delete_link):
        with pytest.raises(NotFound):
            stranger(other, first.id)
    close_link(of, first.id)
    close_link(of, first.id)  # a double click
    assert links(of)[1].state == "closed"
    with pytest.raises(NotFound) as ended:
        link_of(first.secret)
    assert ended.value.code == "demo_ended"
    open_link_again(of, first.id)
    assert link_of(first.secret).id == first.id
    delete_link(of, first.id)
    assert [link.id for link in links(of)] == [second.id]
    lifecycle.erase_assistant(of)
    with session() as db:
        assert db.exec(select(DemoLink)).all() == []


def test_the_database_alone_opens_no_link_and_tells_no_password(data_folder: Path) -> None:
    made = make_link(lifecycle.create_assistant("Help"), 30, password="open sesame")
    kept = b"".join(path.read_bytes() for path in data_folder.glob("*.db*"))
    assert made.id.encode() in kept
    assert made.secret.encode() not in kept
    assert b"open sesame" not in kept
    (data_folder / "secret.key").unlink()  # the data came to another machine without its key
    assert links(link_of(made.secret).assistant_id)[0].secret == ""
    assert link_of(made.secret).id == made.id


@pytest.mark.usefixtures("data_folder")
def test_what_cannot_be_taken_is_said_and_nothing_is_made() -> None:
    of = lifecycle.create_assistant("Help")
    for wrong in ({"password": "short"}, {"password": "x" * 201}, {"banner": "x" * 121}):
        with pytest.raises(AnswerbookError, match="characters"):
            make_link(of, 7, **wrong)  # type: ignore[arg-type]
    with pytest.raises(AnswerbookError, match="a week"):
        make_link(of, 365)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        make_link("nowhere", 7)
    assert links(of) == []
    for _ in range(MOST_LINKS):
        make_link(of, 1)
    with pytest.raises(AnswerbookError, match="already"):
        make_link(of, 1)


@pytest.mark.usefixtures("database")
def test_what_was_asked_is_there_for_30_days_after_the_end_and_then_gone_with_a_proof() -> None:
    of = lifecycle.create_assistant("Help")
    old, young, silent = make_link(of, 1, keeps=True), make_link(of, 1, keeps=True), make_link(of, 1)
    for link in (old, young, silent):
        keep_asked(shown_at(link_of(link.secret), link.secret), "v1", "What?", Answer("That.", "quotes", spent=7))
    assert [link.questions for link in links(of)] == [0, 1, 1]
    age(old.id, KEPT_AFTER + timedelta(days=1, minutes=1))
    age(young.id, KEPT_AFTER)
    assert {link.id: link.state for link in links(of)}[old.id] == "ended"
    assert forget_demos() == 1
    assert forget_demos() == 0
    with session() as db:
        assert [row.link_id for row in db.exec(select(DemoAnswer)).all()] == [young.id]
        proofs = db.exec(select(Job).where(Job.kind == JobKind.EXPIRE)).all()
    assert [proof.result["demo answers"] for proof in proofs] == [1]
    assert all(proof.finished_at and proof.finished_at <= now() for proof in proofs)
