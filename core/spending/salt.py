"""A day's secret, the same for all processes, with which addresses are made unreadable; it is gone two days later.

Without it nobody can find out, not even by trying all addresses, who asked: neither the owner nor who has the database.
"""

import hashlib
import hmac
import ipaddress
import secrets
from datetime import date, timedelta

from sqlalchemy import Insert, delete
from sqlmodel import Session, SQLModel, col, select

from core.database import DaySalt, now, session
from core.errors import AnswerbookError
from core.settings import settings
from core.vault import Vault

_known: dict[tuple[str, str], bytes] = {}  # by database and day: it is asked for with every question


def insert_of(db: Session, table: type[SQLModel]) -> Insert:
    """Return the INSERT of the database's own dialect, which knows ON CONFLICT."""
    if db.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def hashed(text: str, day: date | None = None) -> str:
    """Return a text made unreadable with the day's secret: the same for the same text all day (UTC), 32 characters."""
    return hmac.new(secret_of(day or now().date()), text.encode(), hashlib.sha256).hexdigest()[:32]


def network_of(address: str) -> str:
    """Return what of an address stands for one line: of IPv6 its first half, as each line has all of the second."""
    try:
        known = ipaddress.ip_address(address.strip().strip("[]"))
    except ValueError:
        return address.strip().casefold()
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)


def secret_of(day: date) -> bytes:
    """Return the secret of a day, made by whichever process needs it first."""
    name = (settings().database, day.isoformat())
    if name not in _known:
        if len(_known) > 8:
            _known.clear()
        _known[name] = _kept_secret(day)
    return _known[name]


def _kept_secret(day: date) -> bytes:
    vault = Vault(settings().data, settings().secret)
    with session() as db:
        fresh = {"day": day.isoformat(), "encrypted": vault.encrypt(secrets.token_hex(32))}
        db.execute(insert_of(db, DaySalt).values(**fresh).on_conflict_do_nothing())  # type: ignore[attr-defined]
        kept = db.exec(select(DaySalt).where(DaySalt.day == day.isoformat())).one()
        try:
            return bytes.fromhex(vault.decrypt(kept.encrypted))
        except AnswerbookError:  # locked with a secret that has changed: today's counts begin anew
            kept.encrypted = fresh["encrypted"]
            db.add(kept)
            return bytes.fromhex(vault.decrypt(kept.encrypted))


def forget_salts() -> int:
    """Remove the secrets of the days before yesterday; returns how many."""
    oldest = (now().date() - timedelta(days=1)).isoformat()
    with session() as db:
        return len(db.execute(delete(DaySalt).where(col(DaySalt.day) < oldest).returning(col(DaySalt.day))).all())
