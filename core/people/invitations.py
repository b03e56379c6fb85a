"""Invitations: a link that makes one person, or gives one a new password; shown once, for seven days."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from core.database import Invitation, PersonRow, new_id, now, session, writing
from core.errors import AnswerbookError, NotFound
from core.people.audit import note
from core.people.passwords import hashed, judge_password
from core.people.people import (
    Person,
    changeable,
    demand_rule,
    end_sessions,
    person_of_row,
    secret_hash,
    usable_email,
    usable_name,
)
from core.people.roles import Role

LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation is for; ``email`` may be empty: whoever has the link says theirs."""

    id: str
    role: Role
    email: str
    expires_at: datetime
    for_password: bool


def invite(by: Person, role: Role, email: str = "") -> str:
    """Return the secret part of a link that makes a person of this role. It cannot be shown again.

    Raises AnswerbookError where ``by`` may not, the e-mail is none, or somebody has it already (code "known").
    """
    wanted = usable_email(email) if email.strip() else ""
    with writing() as db:
        demand_rule(db, by)
        if wanted:
            _refuse_known(db, wanted)
        code = _add(db, Invitation(id="", role=Role(role), email=wanted, invited_by=by.id))
        note(db, by, "invited", f"{wanted or 'whoever has the link'}: {role}")
    return code


def invite_to_new_password(by: Person, person_id: str) -> str:
    """Return the secret part of a link that lets a person choose a new password. Raises as ``invite``, NotFound."""
    with writing() as db:
        row = changeable(db, by, person_id)
        code = _add(db, Invitation(id="", role=row.role, email=row.email, person_id=row.id, invited_by=by.id))
        note(db, by, "password_link", row.email)
    return code


def password_link_from_the_machine(email: str) -> str:
    """The same for whoever can start programs on the server: they can read its database anyway. Raises NotFound."""
    with writing() as db:
        row = db.exec(select(PersonRow).where(PersonRow.email == email.strip().casefold())).first()
        if row is None:
            raise NotFound("Nobody has this e-mail.", "Look at its spelling.", code="person")
        code = _add(db, Invitation(id="", role=row.role, email=row.email, person_id=row.id))
        note(db, None, "password_link", f"{row.email}, on the server itself")
    return code


def invitation(code: str) -> Invited:
    """Return what a link is for. Raises NotFound where it was used, taken back, has expired or never was."""
    with session() as db:
        return _invited(_living(db, code))


def open_invitations() -> list[Invited]:
    """List the links that can still be used, the newest first."""
    chosen = select(Invitation).where(col(Invitation.used_at).is_(None), col(Invitation.expires_at) > now())
    with session() as db:
        return [_invited(row) for row in db.exec(chosen.order_by(col(Invitation.created_at).desc())).all()]


def withdraw(by: Person, invitation_id: str) -> None:
    """Take a link back that nobody has used. Raises AnswerbookError where ``by`` may not."""
    with writing() as db:
        demand_rule(db, by)
        row = db.get(Invitation, invitation_id)
        if row and row.used_at is None:
            row.used_at = now()
            db.add(row)
            note(db, by, "invitation_withdrawn", row.email or "whoever has the link")


def accept_invitation(code: str, email: str, name: str, password: str) -> Person:
    """Make the person a link is for, or give them their new password; the link is used up with that.

    Raises NotFound as ``invitation``, AnswerbookError for fields that are not usable or an e-mail that is taken.
    """
    wanted = invitation(code)
    email = wanted.email or usable_email(email)
    judge_password(password, email)
    kept = hashed(password)
    with writing() as db:
        row = _living(db, code, lock=True)
        row.used_at = now()
        db.add(row)
        if row.person_id:
            person = db.get_one(PersonRow, row.person_id)
            person.password = kept
            end_sessions(db, person.id)
        else:
            _refuse_known(db, email)
            person = PersonRow(id=new_id(), email=email, name=usable_name(name), role=row.role, password=kept)
        db.add(person)
        note(db, person_of_row(person), "password_changed" if row.person_id else "joined", row.role)
    return person_of_row(person)


def _add(db: Session, row: Invitation) -> str:
    code = secrets.token_urlsafe(24)
    row.id, row.expires_at = secret_hash(code), now() + LASTS
    db.add(row)
    return code


def _living(db: Session, code: str, *, lock: bool = False) -> Invitation:
    row = db.get(Invitation, secret_hash(code), with_for_update=lock)
    if row is None or row.used_at is not None or row.expires_at <= now():
        raise NotFound(
            "This link does not work any more, or never did.",
            "A link works once, for seven days. Ask whoever sent it for a new one.",
            code="invitation",
        )
    return row


def _refuse_known(db: Session, email: str) -> None:
    if db.exec(select(PersonRow.id).where(PersonRow.email == email)).first():
        raise AnswerbookError("Somebody with this e-mail is here already.", "They can sign in.", code="known")


def _invited(row: Invitation) -> Invited:
    return Invited(row.id, Role(row.role), row.email, row.expires_at, row.person_id is not None)
