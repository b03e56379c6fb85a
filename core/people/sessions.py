"""Sessions: a browser that is signed in. Its cookie holds something random, of which only the hash is kept."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from core.database import PersonRow, SignInSession, now, session, writing
from core.errors import AnswerbookError
from core.log import log
from core.people.audit import note
from core.people.passwords import fits
from core.people.people import Person, end_sessions, owned, person_of_row, secret_hash
from core.people.tries import begin_try, forgive_try, wrong_try

LONGEST = timedelta(days=30)
IDLE = timedelta(days=7)
_SEEN_EVERY = timedelta(hours=1)  # how exactly it is kept when a session was last used


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to this Answerbook: has it an ``owner`` at all, and who asks, if they are signed in."""

    owner: bool
    person: Person | None
    session_id: str = ""


def sign_in(email: str, password: str, address: str) -> str:
    """Return what the cookie of a new session holds. ``address`` is where the try comes from.

    Raises AnswerbookError: "wrong_password", or "locked" after ten wrong tries of the account or the address.
    """
    account = email.strip().casefold()
    left = begin_try(account, address)
    with session() as db:
        row = db.exec(select(PersonRow).where(PersonRow.email == account)).first()
    # The hash is worked out for strangers as well, so that the time does not tell who has an account.
    right = fits(password, row.password if row and row.active else "")
    if row is None or not right:
        log("people.wrong_try", left=left)
        if left <= 0:
            with session() as db:
                note(db, person_of_row(row) if row else None, "locked", account if row else "an unknown e-mail")
        raise wrong_try(left)
    forgive_try(account, address)
    return open_session(person_of_row(row))


def open_session(person: Person, how: str = "signed_in") -> str:
    """Begin a session of a person who has proven who they are; returns what its cookie holds."""
    token = secrets.token_urlsafe(32)
    with session() as db:
        db.add(SignInSession(id=secret_hash(token), person_id=person.id))
        note(db, person, how)
    return token


def sign_out(token: str) -> None:
    """End a session; whatever it has open shows nothing more from its next run on."""
    with writing() as db:
        row = db.get(SignInSession, secret_hash(token))
        if row and row.ended_at is None:
            row.ended_at = now()
            db.add(row)
            person = db.get(PersonRow, row.person_id)
            note(db, person_of_row(person) if person else None, "signed_out")


def sign_out_everywhere(person: Person) -> None:
    """End all sessions of a person."""
    with writing() as db:
        end_sessions(db, person.id)
        note(db, person, "signed_out_everywhere")


def person_of(token: str) -> Person | None:
    """Return who is signed in with this cookie; None where nobody is any more."""
    return standing(token).person


def standing(token: str) -> Standing:
    """Look whether there is an owner, and who this cookie's session belongs to. One look, for each request and run."""
    key = secret_hash(token) if token else ""
    moment = now()
    with session() as db:
        owner = owned(db)
        row = db.get(SignInSession, key) if key else None
        living = row if row and _lives(row, moment) else None
        person = db.get(PersonRow, living.person_id) if living else None
    if living is None or person is None or not person.active:
        return Standing(owner, None)
    if moment - living.seen_at > _SEEN_EVERY:
        with suppress(AnswerbookError), session() as db:
            db.merge(SignInSession(**{**living.model_dump(), "seen_at": moment}))
    return Standing(owner, person_of_row(person), key)


def _lives(row: SignInSession, moment: datetime) -> bool:
    return row.ended_at is None and moment - row.created_at < LONGEST and moment - row.seen_at < IDLE


def forget_old_sessions() -> None:
    """Remove sessions that ended or ran out long ago; called at a start."""
    from sqlalchemy import delete

    with session() as db:
        db.execute(delete(SignInSession).where(col(SignInSession.created_at) < now() - 2 * LONGEST))
