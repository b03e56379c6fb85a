"""What is missing on a machine is a skip with a reason, and a failure where the run must have it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import KNOWN, VARIABLE, need, required

TESTS = Path(__file__).parent


@pytest.mark.parametrize("what", KNOWN)
def test_what_is_missing_is_skipped_with_its_reason(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, ",".join(sorted(set(KNOWN) - {what})))
    with pytest.raises(pytest.skip.Exception, match="It is not here"):
        need(what, "It is not here.")
    need(what, "")


@pytest.mark.parametrize("what", KNOWN)
def test_what_must_be_there_and_is_missing_fails(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, f" {what} ,")
    with pytest.raises(pytest.fail.Exception, match=f"requires {what}: It is not here"):
        need(what, "It is not here.")
    need(what, "")


def test_a_word_that_is_none_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgres,chrome")
    with pytest.raises(pytest.UsageError, match="not chrome"):
        required()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", __file__],
        cwd=TESTS.parent,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR, done.stdout
    assert "not chrome" in done.stderr


def test_nothing_skips_for_want_of_a_server_or_a_browser_on_its_own() -> None:
    """Whoever asks what is missing hands the answer to ``need``."""
    asking = re.compile(r"missing_(?:server|programs|chromium)\(\)")
    asked = []
    for path in TESTS.rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if asking.search(line) and not line.startswith(("def ", "    def ")) and path != Path(__file__):
                asked.append(line.strip())
    alone = [line for line in asked if not line.startswith("need(") and not line.startswith("assert ")]
    assert len(asked) > 6
    assert not alone, alone
