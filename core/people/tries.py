"""Wrong tries to sign in, counted in the database: after ten, an account or an address is locked for 15 minutes."""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete
from sqlmodel import Session, col

from core.database import SignInTry, now, writing
from core.errors import AnswerbookError

MOST_TRIES = 10
LOCKED_FOR = timedelta(minutes=15)
_FEW = 3  # so many tries are left when they begin to be counted out loud


def begin_try(account: str, address: str) -> int:
    """Count a try before it is judged, so that many at once are ten, too; returns how many more there may be.

    ``account`` is what was typed, whether there is one or not. Raises AnswerbookError (code "locked") with the minutes.
    """
    moment = now()
    with writing() as db:
        db.execute(delete(SignInTry).where(col(SignInTry.last_at) < moment - LOCKED_FOR))
        rows = [_row(db, key) for key in _keys(account, address)]
        locked = [row.locked_until for row in rows if row.locked_until and row.locked_until > moment]
        if locked:
            raise _locked(max(locked) - moment)
        for row in rows:
            row.count += 1
            row.last_at = moment
            row.locked_until = moment + LOCKED_FOR if row.count >= MOST_TRIES else None
            db.add(row)
        return MOST_TRIES - max(row.count for row in rows)


def forgive_try(account: str, address: str) -> None:
    """The try was right: the account's wrong ones are forgotten, and the address has one less.

    Its rows may be gone by now: another process forgets what is old. What is not there is not counted below nothing.
    """
    account_key, address_key = _keys(account, address)
    with writing() as db:
        db.execute(delete(SignInTry).where(col(SignInTry.key) == account_key))
        from_there = db.get(SignInTry, address_key, with_for_update=True)
        if from_there is None:
            return
        from_there.count -= 1
        from_there.locked_until = from_there.locked_until if from_there.count >= MOST_TRIES else None
        if from_there.count > 0:
            db.add(from_there)
        else:
            db.delete(from_there)


def wrong_try(left: int) -> AnswerbookError:
    """Return the sentences for e-mail and password that do not fit together."""
    if left <= 0:
        return _locked(LOCKED_FOR)
    more = f" {left} more wrong {'try' if left == 1 else 'tries'} and signing in is locked for a while."
    return AnswerbookError(
        "E-mail and password do not fit together.",
        f"Check both and try again.{more if left <= _FEW else ''}",
        code="wrong_password",
    )


def _keys(account: str, address: str) -> tuple[str, str]:
    return f"account {sha256(account.encode()).hexdigest()}", f"address {address}"[:100]


def _row(db: Session, key: str) -> SignInTry:
    """Return the row of a key, made where there is none; other processes wait for it."""
    if db.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert

        fresh = {"key": key, "count": 0, "last_at": now()}
        db.execute(insert(SignInTry).values(**fresh).on_conflict_do_nothing())
        return db.get_one(SignInTry, key, with_for_update=True)
    return db.get(SignInTry, key) or SignInTry(key=key, last_at=_LONG_AGO)


_LONG_AGO = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def _locked(left: timedelta) -> AnswerbookError:
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return AnswerbookError(
        "Too many wrong tries: signing in is locked.",
        f"Try again in {minutes} {'minute' if minutes == 1 else 'minutes'}. Nothing was changed.",
        code="locked",
    )
