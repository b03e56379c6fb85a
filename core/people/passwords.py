"""Passwords at rest, by Python's own scrypt; and which ones are too easy to take."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from threading import BoundedSemaphore

from core.errors import AnswerbookError

SHORTEST, LONGEST = 10, 200  # characters
# 32 MB and a quarter of a second a try: OWASP's Password Storage Cheat Sheet (2025), the row of least memory but one.
_LOG2_COST, _BLOCK, _LANES = 15, 8, 3
_MEMORY = 2 * 128 * _BLOCK * 2**_LOG2_COST
_AT_ONCE = BoundedSemaphore(2)  # whatever is asked at once, no more memory than this is taken


def hashed(password: str) -> str:
    """Return what is kept of a password: cost, salt and hash, 120 ASCII characters."""
    salt = secrets.token_bytes(16)
    key = _scrypt(password, salt, _LOG2_COST, _BLOCK, _LANES)
    return f"scrypt${_LOG2_COST}${_BLOCK}${_LANES}${b64encode(salt).decode()}${b64encode(key).decode()}"


def fits(password: str, kept: str) -> bool:
    """Say whether this is the password of which ``kept`` was kept; takes as long where nothing was."""
    name, *cost, salt, key = (kept or _NONE).split("$")
    found = _scrypt(password, b64decode(salt), *map(int, cost))
    return hmac.compare_digest(found, b64decode(key)) and name == "scrypt" and bool(kept)


def _scrypt(password: str, salt: bytes, log2_cost: int, block: int, lanes: int) -> bytes:
    with _AT_ONCE:
        return hashlib.scrypt(password.encode(), salt=salt, n=2**log2_cost, r=block, p=lanes, maxmem=_MEMORY, dklen=32)


_NONE = f"scrypt${_LOG2_COST}${_BLOCK}${_LANES}${b64encode(bytes(16)).decode()}${b64encode(bytes(32)).decode()}"


def judge_password(password: str, email: str) -> None:
    """Raise AnswerbookError (code "weak_password") for a password that is too short or can be guessed at once."""
    if len(password) < SHORTEST:
        what = f"The password is too short: {len(password)} of at least {SHORTEST} characters."
    elif len(password) > LONGEST:
        what = f"The password is longer than {LONGEST} characters."
    elif len(set(password)) < 4 or password.casefold() in (email, email.partition("@")[0]):
        what = "This password is guessed at once."
    else:
        return
    raise AnswerbookError(
        what, "Three or four words that do not belong together make a good one.", code="weak_password"
    )
