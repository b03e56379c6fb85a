"""A small piece of work for the asker's own computer, as a check against bots: no third party, no cookie, no picture.

The page finds a number so that the SHA-256 of the challenge and the number begins with so many zero bits: about a
second once for a person, an hour's computing for whoever wants to ask thousands of times. proof.js finds it.
"""

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.database import AskWindow, now, session
from core.spending.admission import share_of_address
from core.spending.salt import hashed, insert_of, network_of, secret_of

BITS = 16  # 65,000 tries on average: .1 to .7 s in proof.js
VALID = timedelta(minutes=10)  # a challenge fetched with the page may wait for its question
ASKED_FROM = 0.5  # of its limit an address has used, from there on the work is asked for
LONGEST = 120  # characters of an answer that is looked at
SCRIPT = Path(__file__).with_name("proof.js")


def must_prove(assistant_id: str, address: str) -> bool:
    """Say whether an address has to do the work before its next question: it asked more than half its limit."""
    return share_of_address(assistant_id, address) > ASKED_FROM


def challenge(assistant_id: str, address: str) -> str:
    """Return a fresh challenge for one question of this address: "until.bits.nonce.signature", nothing is stored."""
    moment = now()
    nonce = secrets.token_hex(8)
    text = f"{int((moment + VALID).timestamp())}.{BITS}.{nonce}"
    return f"{text}.{_signature(text, assistant_id, address, moment)}"


def is_proven(assistant_id: str, address: str, answer: str) -> bool:
    """Say whether an answer ("challenge:number") does the work of a challenge of ours, in time, for the first time."""
    text, _, number = answer[:LONGEST].rpartition(":")
    parts = text.split(".")
    if len(parts) != 4 or not number.isascii() or not number.isdigit() or not parts[0].isdigit():
        return False
    until, bits, _nonce, signature = parts
    # Signed with the day's secret: a challenge may be of yesterday, minutes after midnight.
    moment = now()
    signed = text.rpartition(".")[0]
    days = (moment, moment - timedelta(days=1))
    if not any(
        hmac.compare_digest(signature.encode(), _signature(signed, assistant_id, address, day).encode()) for day in days
    ):
        return False
    ends_at = datetime.fromtimestamp(int(until), UTC)
    return moment < ends_at and _zero_bits(answer) >= int(bits) and _is_first(signature, assistant_id, ends_at)


def _signature(text: str, assistant_id: str, address: str, moment: datetime) -> str:
    whole = f"proof {text} {assistant_id} {network_of(address)}"
    return hmac.new(secret_of(moment.date()), whole.encode(), hashlib.sha256).hexdigest()[:32]


def _zero_bits(answer: str) -> int:
    return 256 - int.from_bytes(hashlib.sha256(answer.encode()).digest()).bit_length()


def _is_first(signature: str, assistant_id: str, ends_at: datetime) -> bool:
    """Note that a challenge was answered; False where it was already, by whichever process."""
    row = {
        "id": f"proof {hashed(signature, ends_at.date())}",
        "assistant_id": assistant_id,
        "count": 1,
        "ends_at": ends_at,
    }
    with session() as db:
        noted = insert_of(db, AskWindow).values(**row).on_conflict_do_nothing()  # type: ignore[attr-defined]
        return db.execute(noted.returning(AskWindow.id)).first() is not None
