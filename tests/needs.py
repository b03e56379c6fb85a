"""What some tests need of a machine: they are skipped where it is missing, and fail where the run must have it.

``ANSWERBOOK_TEST_REQUIRE=postgres,weaviate,browser`` names what must be there, as in the CI's complete job.
"""

import os
import sys

import pytest

VARIABLE = "ANSWERBOOK_TEST_REQUIRE"
KNOWN = ("postgres", "weaviate", "browser")

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals, limits or scripts")


def required() -> set[str]:
    """Return what must be there. Raises pytest.UsageError for a word that is none of ``KNOWN``."""
    words = {word.strip() for word in os.environ.get(VARIABLE, "").split(",") if word.strip()}
    if unknown := sorted(words - set(KNOWN)):
        raise pytest.UsageError(f"{VARIABLE} knows {', '.join(KNOWN)}; not {', '.join(unknown)}")
    return words


def need(what: str, missing: str) -> None:
    """Skip the test with the sentence ``missing`` where it is not empty; fail it where ``what`` is required."""
    if missing and what in required():
        pytest.fail(f"{VARIABLE} requires {what}: {missing}", pytrace=False)
    if missing:
        pytest.skip(missing)
