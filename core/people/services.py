"""The sign-in service of the owner's choice (OpenID Connect), and who somebody is there."""

from dataclasses import dataclass

from pydantic import SecretStr
from sqlmodel import col, select

from core.database import Invitation, PersonRow, SignInService, now, session, writing
from core.errors import AnswerbookError
from core.log import log
from core.people.audit import note
from core.people.people import Person, demand_rule, person_of_row
from core.settings import settings
from core.vault import Vault

_ONE = "oidc"


@dataclass(frozen=True, slots=True)
class Service:
    """A sign-in service: what its button is called, its address, and who Answerbook is there."""

    name: str
    issuer: str
    client_id: str
    secret: SecretStr


def _vault() -> Vault:
    return Vault(settings().data, settings().secret)


def service_name() -> str:
    """Return what the service's button says; "" where none is set."""
    with session() as db:
        row = db.get(SignInService, _ONE)
    return row.name if row else ""


def service() -> Service | None:
    """Return the service that is set, if one is. Raises AnswerbookError where its secret cannot be read any more."""
    with session() as db:
        row = db.get(SignInService, _ONE)
    if row is None:
        return None
    secret = _vault().decrypt(row.encrypted_secret) if row.encrypted_secret else ""
    return Service(row.name, row.issuer, row.client_id, SecretStr(secret))


def set_service(by: Person, chosen: Service) -> None:
    """Keep a sign-in service, its secret encrypted. Raises AnswerbookError where ``by`` may not or a field is empty."""
    issuer = chosen.issuer.strip().rstrip("/")
    local = issuer.startswith(("http://127.0.0.1:", "http://localhost:"))
    if not issuer.startswith("https://") and not local:
        raise AnswerbookError("The address must begin with https://.", "The service's own pages say it.", code="issuer")
    if not chosen.client_id.strip():
        raise AnswerbookError("The client id is missing.", "The service's own pages say it.", code="client_id")
    secret = chosen.secret.get_secret_value().strip()
    encrypted = _vault().encrypt(secret) if secret else ""
    with writing() as db:
        demand_rule(db, by)
        name = chosen.name.strip()[:60] or issuer.partition("://")[2]
        db.merge(
            SignInService(
                id=_ONE, name=name, issuer=issuer, client_id=chosen.client_id.strip(), encrypted_secret=encrypted
            )
        )
        note(db, by, "service_set", issuer)


def remove_service(by: Person) -> None:
    """Forget the sign-in service and its secret. Raises AnswerbookError where ``by`` may not."""
    with writing() as db:
        demand_rule(db, by)
        row = db.get(SignInService, _ONE)
        if row:
            db.delete(row)
            note(db, by, "service_removed", row.issuer)


def person_from_outside(issuer: str, subject: str, email: str, name: str) -> Person:
    """Return who somebody is that the service vouches for: known there from before, known here by e-mail, or invited.

    ``email`` must be one that the service has verified. Raises AnswerbookError (code "uninvited") for strangers.
    """
    outside, email = f"{issuer} {subject}"[:600], email.strip().casefold()
    with writing() as db:
        row = db.exec(select(PersonRow).where(PersonRow.outside == outside)).first()
        row = row or db.exec(select(PersonRow).where(PersonRow.email == email, PersonRow.outside == "")).first()
        if row is None:
            waiting = select(Invitation).where(Invitation.email == email, col(Invitation.used_at).is_(None))
            asked = db.exec(
                waiting.where(col(Invitation.expires_at) > now(), col(Invitation.person_id).is_(None))
            ).first()
            if asked:
                asked.used_at = now()
                db.add(asked)
                row = PersonRow(email=email, name=name[:120], role=asked.role)
                note(db, person_of_row(row), "joined", asked.role)
        if row is None or not row.active:
            log("people.uninvited")
            raise AnswerbookError(
                "You are not among the people of this Answerbook.",
                "Ask its owner to invite you under the e-mail you signed in with.",
                code="uninvited",
            )
        row.outside = outside
        db.add(row)
    return person_of_row(row)
