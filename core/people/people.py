"""People: who may sign in and as what. What changes them says who wants it, and looks whether they may."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.database import PersonRow, SignInSession, now, session, writing
from core.errors import AnswerbookError, NotFound
from core.people.audit import note
from core.people.passwords import fits, hashed, judge_password
from core.people.roles import Deed, Role, may

EMAIL_LENGTH, NAME_LENGTH = 254, 120
# The first owner's row has a fixed id, so that of two who would become it at once the database takes one.
FIRST_OWNER = f"{1:032x}"


@dataclass(frozen=True, slots=True)
class Person:
    """One who may sign in. ``seen_at``: when they last did anything; None where the reader does not need it."""

    id: str
    email: str
    name: str
    role: Role
    active: bool
    created_at: datetime
    has_password: bool
    seen_at: datetime | None = None

    @property
    def called(self) -> str:
        """The name, or the e-mail where none was given."""
        return self.name or self.email


def has_owner() -> bool:
    """Say whether an owner was ever made: from then on everyone must sign in."""
    with session() as db:
        return owned(db)


def owned(db: Session) -> bool:
    """``has_owner``, in this session of the database."""
    return db.get(PersonRow, FIRST_OWNER) is not None


def create_owner(email: str, name: str, password: str) -> Person:
    """Make the first owner. Raises AnswerbookError: the fields are not usable, or there is an owner (code "owned")."""
    email, name = usable_email(email), usable_name(name)
    judge_password(password, email)
    kept = hashed(password)
    with writing() as db:
        if owned(db):
            raise AnswerbookError(
                "Answerbook has an owner already.", "Sign in, or ask them to invite you.", code="owned"
            )
        row = PersonRow(id=FIRST_OWNER, email=email, name=name, role=Role.OWNER, password=kept)
        db.add(row)
        note(db, person_of_row(row), "owner_created")
    return person_of_row(row)


def people() -> list[Person]:
    """List everyone, active ones first, by e-mail; with when they were last here."""
    with session() as db:
        rows = db.exec(select(PersonRow).order_by(col(PersonRow.active).desc(), col(PersonRow.email))).all()
        latest = select(SignInSession.person_id, func.max(SignInSession.seen_at)).group_by(SignInSession.person_id)
        seen: dict[str, datetime] = dict(db.exec(latest).all())
    return [person_of_row(row, seen.get(row.id)) for row in rows]


def set_role(by: Person, person_id: str, role: Role) -> None:
    """Give a person another role; what they have open follows with its next run.

    Raises AnswerbookError where ``by`` may not, NotFound, or (code "last_owner") where no owner would be left.
    """
    role = Role(role)  # a box may send any word
    with writing() as db:
        row = changeable(db, by, person_id)
        if row.role == role:
            return
        _keep_an_owner(db, row)
        note(db, by, "role_changed", f"{row.email}: {row.role} → {role}")
        row.role = role
        db.add(row)


def deactivate(by: Person, person_id: str) -> None:
    """Let a person in no more: their sessions end, what they did stays. Raises as ``set_role``."""
    with writing() as db:
        row = changeable(db, by, person_id)
        _keep_an_owner(db, row)
        row.active = False
        db.add(row)
        end_sessions(db, person_id)
        note(db, by, "deactivated", row.email)


def activate(by: Person, person_id: str) -> None:
    """Let a person in again, with their password of before. Raises as ``set_role``."""
    with writing() as db:
        row = changeable(db, by, person_id)
        row.active = True
        db.add(row)
        note(db, by, "activated", row.email)


def change_password(person: Person, old: str, new: str, keep_session: str = "") -> None:
    """Change one's own password; all other sessions of theirs end, but for the one with this id.

    Raises AnswerbookError: the old one is wrong (code "wrong_password"), or the new one is weak.
    """
    with session() as db:
        row = db.get(PersonRow, person.id)
    if row is None or not fits(old, row.password):
        raise AnswerbookError("The current password is not right.", "Nothing was changed.", code="wrong_password")
    judge_password(new, person.email)
    kept = hashed(new)
    with writing() as db:
        row = db.get_one(PersonRow, person.id)
        row.password = kept
        db.add(row)
        end_sessions(db, person.id, keep_session)
        note(db, person, "password_changed")


def person_by_email(email: str) -> Person | None:
    """Return the active person with this e-mail, if there is one."""
    with session() as db:
        row = db.exec(select(PersonRow).where(PersonRow.email == email.strip().casefold())).first()
    return person_of_row(row) if row and row.active else None


def changeable(db: Session, by: Person, person_id: str) -> PersonRow:
    """Return the row of a person that ``by`` may change. Raises AnswerbookError, NotFound."""
    demand_rule(db, by)
    row = db.get(PersonRow, person_id, with_for_update=True)
    if row is None:
        raise NotFound("This person is not here.", "Reload the page.", code="person")
    return row


def demand_rule(db: Session, by: Person) -> None:
    """Raise AnswerbookError unless ``by`` is an active owner at this moment."""
    row = db.get(PersonRow, by.id)
    if row is None or not row.active or not may(Role(row.role), Deed.RULE):
        raise AnswerbookError("Only an owner may change people.", "Ask an owner to do it.", code="role")


def _keep_an_owner(db: Session, row: PersonRow) -> None:
    owners = select(PersonRow).where(PersonRow.role == Role.OWNER, col(PersonRow.active)).with_for_update()
    if [owner.id for owner in db.exec(owners).all()] == [row.id]:
        raise AnswerbookError(
            "This is the last owner: nobody could let people in any more.",
            "Make another person an owner first.",
            code="last_owner",
        )


def end_sessions(db: Session, person_id: str, keep: str = "") -> None:
    """End all sessions of a person but the one with the id ``keep``."""
    mine = select(SignInSession).where(SignInSession.person_id == person_id, col(SignInSession.ended_at).is_(None))
    for row in db.exec(mine.where(SignInSession.id != keep)).all():
        row.ended_at = now()
        db.add(row)


def secret_hash(secret: str) -> str:
    """Return what is kept of something random that a browser or a link holds."""
    return sha256(secret.encode()).hexdigest()


def person_of_row(row: PersonRow, seen_at: datetime | None = None) -> Person:
    """Return a row as the value that travels; without its password."""
    return Person(row.id, row.email, row.name, Role(row.role), row.active, row.created_at, bool(row.password), seen_at)


def usable_email(text: str) -> str:
    """Return an e-mail as it is kept. Raises AnswerbookError (code "email") where it is none."""
    email = text.strip().casefold()
    name, _, host = email.rpartition("@")
    if not name or not host or len(email) > EMAIL_LENGTH or any(c.isspace() or not c.isprintable() for c in email):
        raise AnswerbookError("This is no e-mail address.", "It looks like name@company.com.", code="email")
    return email


def usable_name(text: str) -> str:
    """Return a person's name as it is kept: in one line, cut to its length."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:NAME_LENGTH]
