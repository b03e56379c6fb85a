"""The real worker, run until the queue is empty."""

import time
from collections.abc import Callable

from core import jobs
from core.worker import Worker

WAIT_SECONDS = 120.0


def work_off(seconds: float = WAIT_SECONDS) -> None:
    """Run the worker until no job waits or runs, then stop it."""
    worker = Worker()
    worker.start()
    try:
        wait_until(lambda: jobs.active_count() == 0, seconds)
    finally:
        worker.stop()


def wait_until(holds: Callable[[], bool], seconds: float = WAIT_SECONDS) -> None:
    """Wait until something holds; fails when it does not within ``seconds``."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)
