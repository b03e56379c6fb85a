"""Keys with which other programs ask an assistant: made, shown once, known by their hash, revoked at once."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, get_args

from sqlalchemy import func, update
from sqlmodel import col, select

from core.assistants import assistants
from core.database import ApiKey as Row
from core.database import Assistant, new_id, now, session, writing
from core.errors import AnswerbookError, DataFolderError, NotFound
from core.log import log, log_failure
from core.publish.publications import read_origin

Scope = Literal["ask", "read", "write"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
KEY_NAME_LENGTH = 80
MOST_KEYS = 50  # of one assistant that are not revoked
MOST_SITES = 20
SECRET_BYTES = 32
USE_SECONDS = 60  # a key that is in use is not written down for every request
_KEY = re.compile(r"ab-[\w-]{43}", re.ASCII)
_HINT_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it may be shown: ``hint`` are its last four characters, ``sites`` those whose pages may use it."""

    id: str
    assistant_id: str
    name: str
    hint: str
    scopes: tuple[Scope, ...]
    sites: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


def create_key(assistant_id: str, name: str, scopes: Iterable[str], sites: Iterable[str] = ()) -> tuple[str, ApiKey]:
    """Make a key of an assistant; returns it, which nobody can do again, and what is kept of it.

    Raises NotFound, and AnswerbookError in a sentence for what cannot be taken.
    """
    assistants.assistant(assistant_id)
    named, allowed, origins = _clean_name(name), _clean_scopes(scopes), _clean_sites(sites)
    # 256 random bits cannot be guessed from their hash: nothing slow or keyed is needed, as it is for a password.
    secret = f"ab-{secrets.token_urlsafe(SECRET_BYTES)}"
    row = Row(
        id=new_id(),
        assistant_id=assistant_id,
        name=named,
        hash=_hash(secret),
        hint=secret[-_HINT_CHARACTERS:],
        scopes=list(allowed),
        origins=list(origins),
    )
    with writing() as db:
        here = (Row.assistant_id == assistant_id, col(Row.revoked_at).is_(None))
        if db.exec(select(func.count()).select_from(Row).where(*here)).one() >= MOST_KEYS:
            raise AnswerbookError(
                f"There are {MOST_KEYS} keys already.", "Revoke one that is not used any more.", code="many_keys"
            )
        db.add(row)
        made = _read(row)
    log("key.created", assistant=assistant_id, key=made.id, scopes=",".join(allowed))
    return secret, made


def keys_of(assistant_id: str) -> list[ApiKey]:
    """List an assistant's keys, newest first, those that were revoked at the end."""
    with session() as db:
        revoked = col(Row.revoked_at).is_not(None)
        rows = db.exec(
            select(Row).where(Row.assistant_id == assistant_id).order_by(revoked, col(Row.created_at).desc())
        )
        return [_read(row) for row in rows.all()]


def revoke_key(assistant_id: str, key_id: str) -> None:
    """Let a key open nothing any more, from this moment on; an answer that is on its way ends. Raises NotFound."""
    with writing() as db:
        row = db.get(Row, key_id)
        if row is None or row.assistant_id != assistant_id:
            raise NotFound("This key does not exist any more.", "Nothing is to be done.", code="no_key")
        row.revoked_at = row.revoked_at or now()
        db.add(row)
    log("key.revoked", assistant=assistant_id, key=key_id)


def key_known_by(secret: str) -> ApiKey | None:
    """Return what a key opens; None where it is wrong, revoked, or its assistant is in the bin."""
    if not _KEY.fullmatch(secret):
        return None
    with session() as db:
        lives = (col(Row.revoked_at).is_(None), col(Assistant.deleted_at).is_(None))
        known = select(Row).join(Assistant, col(Assistant.id) == col(Row.assistant_id))
        row = db.exec(known.where(Row.hash == _hash(secret), *lives)).first()
        return _read(row) if row is not None else None


def still_opens(key_id: str) -> bool:
    """Tell whether a key that was looked at before opens its assistant still: yes where the database is away."""
    try:
        with session() as db:
            lives = (col(Row.revoked_at).is_(None), col(Assistant.deleted_at).is_(None))
            known = select(Row.id).join(Assistant, col(Assistant.id) == col(Row.assistant_id))
            return db.exec(known.where(Row.id == key_id, *lives)).first() is not None
    except DataFolderError:
        return True


def note_use(key: ApiKey) -> None:
    """Note that a key was used, right to the minute; a database that cannot be written to stops no request."""
    moment = now()
    if key.used_at is not None and moment - key.used_at < timedelta(seconds=USE_SECONDS):
        return
    try:
        with session() as db:
            db.execute(update(Row).where(col(Row.id) == key.id).values(used_at=moment))
    except AnswerbookError as error:
        log_failure("key.use_not_noted", error, assistant=key.assistant_id)


def sites_allowed(assistant_id: str = "") -> frozenset[str]:
    """Return the sites that some key may be used from, of one assistant or of all: what a browser asks beforehand."""
    chosen = select(Row.origins).where(col(Row.revoked_at).is_(None))
    if assistant_id:
        chosen = chosen.where(Row.assistant_id == assistant_id)
    with session() as db:
        return frozenset(site for sites in db.exec(chosen).all() for site in sites)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _read(row: Row) -> ApiKey:
    scopes = tuple(scope for scope in SCOPES if scope in row.scopes)
    times = (row.created_at, row.used_at, row.revoked_at)
    return ApiKey(row.id, row.assistant_id, row.name, row.hint, scopes, tuple(row.origins), *times)


def _clean_name(name: str) -> str:
    cleaned = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    if not cleaned or len(cleaned) > KEY_NAME_LENGTH:
        raise AnswerbookError(
            "A key needs a name.",
            f"Say in at most {KEY_NAME_LENGTH} characters which program uses it, as “Our shop”.",
            code="bad_key_name",
        )
    return cleaned


def _clean_scopes(scopes: Iterable[str]) -> tuple[Scope, ...]:
    wanted = set(scopes)
    allowed = tuple(scope for scope in SCOPES if scope in wanted)
    if not allowed or wanted - set(SCOPES):
        raise AnswerbookError("This key could do nothing.", "Choose what it may do.", code="no_scope")
    return allowed


def _clean_sites(sites: Iterable[str]) -> tuple[str, ...]:
    cleaned = tuple(dict.fromkeys(map(read_origin, filter(str.strip, sites))))
    if len(cleaned) > MOST_SITES:
        raise AnswerbookError(f"These are {len(cleaned)} sites.", f"Name at most {MOST_SITES}.", code="many_origins")
    return cleaned
