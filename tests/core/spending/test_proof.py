"""The work against bots: done once for one question, by one address, in time; and the page's script can do it."""

import hashlib
import shutil
import subprocess
from datetime import datetime, timedelta

import pytest

from core.database import now
from core.spending import admit, challenge, is_proven, must_prove, save_limits
from core.spending.proof import BITS, SCRIPT, VALID

pytestmark = pytest.mark.usefixtures("database")
HERE = "192.0.2.7"


def solved(text: str) -> str:
    number = 0
    while int.from_bytes(hashlib.sha256(f"{text}:{number}".encode()).digest()) >> (256 - BITS):
        number += 1
    return f"{text}:{number}"


def set_clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    for module in ("proof", "admission", "salt"):
        monkeypatch.setattr(f"core.spending.{module}.now", lambda: moment)


def test_work_that_was_done_opens_once() -> None:
    answer = solved(challenge("a", HERE))
    assert is_proven("a", HERE, answer)
    assert not is_proven("a", HERE, answer)
    assert is_proven("a", HERE, solved(challenge("a", HERE)))


def test_work_for_another_address_assistant_or_challenge_opens_nothing() -> None:
    answer = solved(challenge("a", HERE))
    assert not is_proven("a", "192.0.2.8", answer)
    assert not is_proven("b", HERE, answer)
    text, _, number = answer.rpartition(":")
    until, bits, nonce, signature = text.split(".")
    for forged in (f"{int(until) + 60}.{bits}.{nonce}.{signature}", f"{until}.0.{nonce}.{signature}"):
        assert not is_proven("a", HERE, f"{forged}:{number}")
    assert is_proven("a", HERE, answer)


def test_without_the_work_nothing_opens() -> None:
    text = challenge("a", HERE)
    number = next(n for n in range(100) if hashlib.sha256(f"{text}:{n}".encode()).digest()[0])
    assert not is_proven("a", HERE, f"{text}:{number}")


@pytest.mark.parametrize(
    "answer", ["", ":", "a.b.c.d:1", "1.2.3:4", "9" * 5_000, "1.16.x.é:1", "²3.16.x.y:1", "1.16.x.y:²"]
)
def test_what_is_no_answer_opens_nothing(answer: str) -> None:
    assert not is_proven("a", HERE, answer)


def test_work_that_comes_too_late_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = now().replace(hour=12)
    set_clock(monkeypatch, noon)
    late, in_time = solved(challenge("a", HERE)), solved(challenge("a", HERE))
    set_clock(monkeypatch, noon + VALID - timedelta(seconds=2))
    assert is_proven("a", HERE, in_time)
    set_clock(monkeypatch, noon + VALID)
    assert not is_proven("a", HERE, late)


def test_a_challenge_of_before_midnight_holds_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    set_clock(monkeypatch, midnight - timedelta(minutes=1))
    answer = solved(challenge("a", HERE))
    set_clock(monkeypatch, midnight + timedelta(minutes=1))
    assert is_proven("a", HERE, answer)


def test_the_work_is_asked_for_above_half_the_limit_of_an_address() -> None:
    save_limits({"address_hour": 4})
    asked = []
    for _ in range(4):
        asked.append(must_prove("a", HERE))
        admit("a", address=HERE)
    assert asked == [False, False, False, True]
    assert not must_prove("a", "192.0.2.8")


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_pages_script_does_the_work() -> None:
    text = challenge("a", HERE)
    program = f"{SCRIPT.read_text()}\nanswerbookProof({text!r}).then(answer => process.stdout.write(answer))"
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == solved(text), "it finds the first number that does"
    assert is_proven("a", HERE, done.stdout)
