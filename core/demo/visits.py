"""A demo link as whoever has it sees it: what stands there, its password, and what is kept of a visit."""

import hmac
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, select

from core.assistants import source_rows
from core.database import DemoAnswer, DemoLink, new_id, now, session
from core.demo.links import KEPT_AFTER
from core.errors import AnswerbookError, NotFound
from core.log import log_failure
from core.people import begin_try, fits, forgive_try, secret_hash
from core.publish import Publication, Showing, publication
from core.schema import Answer


class Ended(NotFound):
    """A demo link that is closed, or whose time is over."""


def link_of(secret: str) -> DemoLink:
    """Return the row of a link that can be looked at. Raises Ended, and NotFound where there never was one."""
    with session() as db:
        row = db.exec(select(DemoLink).where(DemoLink.secret_hash == secret_hash(secret))).first()
    if row is None:
        raise NotFound("There is no demo at this address.", "Check the address, or ask who gave it to you.")
    if row.closed_at is not None or row.expires_at <= now():
        raise Ended("This demo has ended.", "Ask whoever sent you this address for a new one.", code="demo_ended")
    return row


def shown_at(row: DemoLink, secret: str) -> Publication:
    """Return the visitors' page of a link: the assistant's own, at this address, for as long. Raises NotFound.

    It need not be online for all: a demo comes before that. Nothing of what is kept there counts here.
    """
    own = publication(row.assistant_id)
    public = own.public_sources
    if row.opens_all:
        public = tuple(source.id for source in source_rows.source_names(row.assistant_id))
    kept_until = row.expires_at + KEPT_AFTER if row.keeps else None
    showing = Showing(row.banner, row.expires_at, kept_until)
    return replace(own, name=secret, state="link", origins=(), public_sources=public, keep_days=0, showing=showing)


def pass_of(row: DemoLink) -> str:
    """Return what a browser holds that has typed the password: made from what is kept of it, so gone with it."""
    return hmac.digest(row.password.encode(), row.secret_hash.encode(), "sha256").hex()


def has_passed(row: DemoLink, held: str) -> bool:
    """Say whether a browser may look: there is no password, or it ``held`` what only one gets that typed it."""
    return not row.password or hmac.compare_digest(held.encode(), pass_of(row).encode())


def open_with(row: DemoLink, password: str, address: str) -> str:
    """Return what a browser holds from now on that typed this password.

    Raises AnswerbookError: code "wrong_password", or "locked" after ten wrong tries at this link or from this address.
    """
    begin_try(f"demo {row.id}", address)
    if not fits(password, row.password):
        raise AnswerbookError("This is not the password.", "Check it and try again.", code="wrong_password")
    forgive_try(f"demo {row.id}", address)
    return pass_of(row)


def note_opened(link_id: str, moment: datetime | None = None) -> None:
    """Count a look at a link; nobody goes without the page for that."""
    try:
        with session() as db:
            counted = {"opens": col(DemoLink.opens) + 1, "opened_at": moment or now()}
            db.execute(update(DemoLink).where(col(DemoLink.id) == link_id).values(counted))
    except AnswerbookError as error:
        log_failure("demo.not_counted", error)


def keep_asked(shown: Publication, visitor: str, question: str, answer: Answer) -> str:
    """Keep what was asked at a link whose owner wants that, with its answer and cost. Returns "": it has no thumbs."""
    with session() as db:
        row = db.exec(select(DemoLink).where(DemoLink.secret_hash == secret_hash(shown.name))).first()
        if row is not None and row.keeps:
            db.add(
                DemoAnswer(
                    id=new_id(),
                    link_id=row.id,
                    visitor=visitor,
                    question=question,
                    answer=answer.text,
                    kind=answer.kind,
                    citations=[asdict(citation) for citation in answer.citations],
                    micro_euros=answer.spent,
                )
            )
    return ""


def forget_viewer(row: DemoLink, visitor: str) -> int:
    """Delete what one viewer asked at a link; returns how many questions."""
    own = (col(DemoAnswer.link_id) == row.id, col(DemoAnswer.visitor) == visitor)
    with session() as db:
        count: int = db.execute(delete(DemoAnswer).where(*own)).rowcount  # type: ignore[attr-defined]
    return count
