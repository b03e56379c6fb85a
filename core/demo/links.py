"""Demo links: an address of its own for somebody who shall look at an assistant for a while; made, listed, closed."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from core.assistants import assistants
from core.database import DemoAnswer, DemoLink, new_id, now, session, writing
from core.errors import AnswerbookError, NotFound
from core.log import log
from core.people import hashed, secret_hash
from core.settings import settings
from core.spending import note_deletion
from core.vault import Vault

Days = Literal[1, 7, 30]
DAYS: tuple[Days, ...] = (1, 7, 30)
MOST_LINKS = 100  # of one assistant: a program that makes them must not fill the disk
BANNER_LENGTH = 120
SHORTEST_PASSWORD, LONGEST_PASSWORD = 6, 200  # ten wrong tries lock it, and its address cannot be guessed
KEPT_AFTER = timedelta(days=30)  # so long after its end what was asked is there for the page to leave behind
SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class Link:
    """A demo link as its owner sees it. ``secret`` is the last part of its address; empty: it cannot be read any more.

    ``questions`` is how many that were asked there are kept.
    """

    id: str
    secret: str
    banner: str
    has_password: bool
    opens_all: bool
    keeps: bool
    opens: int
    questions: int
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None

    @property
    def state(self) -> Literal["open", "closed", "ended"]:
        """Whether it can be looked at; a closed one can be opened again until its time is over."""
        if self.expires_at <= now():
            return "ended"
        return "closed" if self.closed_at else "open"


def make_link(
    assistant_id: str,
    days: Days,
    *,
    banner: str = "",
    password: str = "",
    opens_all: bool = False,
    keeps: bool = False,
) -> Link:
    """Make a link that can be looked at for so many days. Raises NotFound, AnswerbookError."""
    assistants.profile(assistant_id)
    if days not in DAYS:
        raise AnswerbookError("A demo link lasts a day, a week or 30 days.", "Choose one of them.", code="demo_days")
    banner, kept = _one_line(banner), hashed(_usable(password)) if password else ""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    locked = Vault(settings().data, settings().secret).encrypt(secret)
    with writing() as db:
        count = db.exec(select(func.count()).where(col(DemoLink.assistant_id) == assistant_id)).one()
        if count >= MOST_LINKS:
            raise AnswerbookError(
                f"There are {MOST_LINKS} demo links already.", "Delete some that have ended.", code="many_demos"
            )
        row = DemoLink(
            id=new_id(),
            assistant_id=assistant_id,
            secret_hash=secret_hash(secret),
            secret=locked,
            password=kept,
            banner=banner,
            opens_all=opens_all,
            keeps=keeps,
            expires_at=now() + timedelta(days=days),
        )
        db.add(row)
        made = _link(row, 0)
    log("demo.made", assistant=assistant_id, days=days)
    return made


def links(assistant_id: str) -> list[Link]:
    """List an assistant's demo links, newest first."""
    with session() as db:
        counts = (
            select(DemoAnswer.link_id, func.count().label("questions")).group_by(col(DemoAnswer.link_id)).subquery()
        )
        chosen = (
            select(DemoLink, counts.c.questions)
            .outerjoin(counts, counts.c.link_id == DemoLink.id)
            .where(DemoLink.assistant_id == assistant_id)
            .order_by(col(DemoLink.created_at).desc(), col(DemoLink.id))
        )
        return [_link(row, count or 0) for row, count in db.execute(chosen).all()]


def close_link(assistant_id: str, link_id: str) -> None:
    """Let nobody look any more, from the next request on. Raises NotFound."""

    def close(_db: Session, row: DemoLink) -> None:
        row.closed_at = row.closed_at or now()

    _change(assistant_id, link_id, close)
    log("demo.closed", assistant=assistant_id)


def open_link_again(assistant_id: str, link_id: str) -> None:
    """Let people look again until its time is over. Raises NotFound."""

    def open_again(_db: Session, row: DemoLink) -> None:
        row.closed_at = None

    _change(assistant_id, link_id, open_again)
    log("demo.opened_again", assistant=assistant_id)


def delete_link(assistant_id: str, link_id: str) -> None:
    """Delete a link for good, with what was asked there. Raises NotFound."""
    _change(assistant_id, link_id, _erase)
    log("demo.deleted", assistant=assistant_id)


def forget_demos() -> int:
    """Delete links that ended long enough ago, with what was asked there, and leave the proof; returns how many."""
    first = now() - KEPT_AFTER
    with session() as db:
        old = db.exec(select(DemoLink).where(col(DemoLink.expires_at) < first)).all()
        for row in old:
            asked = db.exec(select(func.count()).where(col(DemoAnswer.link_id) == row.id)).one()
            if asked:
                note_deletion(db, row.assistant_id, "demo answers", asked, first)
            _erase(db, row)
    if old:
        log("demo.forgotten", count=len(old))
    return len(old)


def _erase(db: Session, row: DemoLink) -> None:
    db.execute(delete(DemoAnswer).where(col(DemoAnswer.link_id) == row.id))
    db.delete(row)


def _change(assistant_id: str, link_id: str, change: Callable[[Session, DemoLink], None]) -> None:
    with writing() as db:
        row = db.get(DemoLink, link_id, with_for_update=True)
        if row is None or row.assistant_id != assistant_id:
            raise NotFound("This demo link is not here any more.", "Make a new one.", code="no_demo")
        change(db, row)


def _link(row: DemoLink, questions: int) -> Link:
    try:
        secret = Vault(settings().data, settings().secret).decrypt(row.secret)
    except AnswerbookError:  # another secret locks keys now: the link itself still works
        secret = ""
    return Link(
        id=row.id,
        secret=secret,
        banner=row.banner,
        has_password=bool(row.password),
        opens_all=row.opens_all,
        keeps=row.keeps,
        opens=row.opens,
        questions=questions,
        created_at=row.created_at,
        expires_at=row.expires_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )


def _one_line(text: str) -> str:
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(line) > BANNER_LENGTH:
        raise AnswerbookError(f"The line above it is {len(line)} characters long.", f"Use at most {BANNER_LENGTH}.")
    return line


def _usable(password: str) -> str:
    if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return password
    raise AnswerbookError(
        f"A password of {len(password)} characters is not taken.",
        f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters, or leave it empty.",
        code="weak_password",
    )
