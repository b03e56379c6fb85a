"""A log that can't be written to ends no work: its disk is full, or who read it has gone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

WORK = """
from core.log import log, log_failure
log("thing.happened", count=1)
log_failure("thing.failed", ValueError("why"))
print("went on")
"""


def _run(stderr: int) -> str:
    ran = subprocess.run([sys.executable, "-c", WORK], stdout=subprocess.PIPE, stderr=stderr, text=True, check=False)
    return ran.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_the_log_ends_nothing() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        assert _run(full) == "went on\n"
    finally:
        os.close(full)


def test_a_closed_pipe_under_the_log_ends_nothing() -> None:
    reads, writes = os.pipe()
    os.close(reads)
    try:
        assert _run(writes) == "went on\n"
    finally:
        os.close(writes)
