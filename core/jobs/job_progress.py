"""How far a job is, told to its row by whoever works on it."""

import threading
import time

from core.errors import Cancelled, LeaseLost
from core.jobs.queue import progress, still_mine, stop_requested

PROGRESS_SECONDS = 0.25


class JobProgress:
    """Writes a job's progress to its row, a few times a second at most, and raises Cancelled when it was stopped."""

    def __init__(self, job_id: str, ending: threading.Event) -> None:
        self._job_id = job_id
        self._ending = ending
        self._stage = ""
        self._written = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Note how far the job is; with ``total`` below 0 only look whether it goes on. Raises Cancelled, LeaseLost."""
        if self._ending.is_set():
            raise Cancelled
        moment = time.monotonic()
        if stage == self._stage and moment - self._written < PROGRESS_SECONDS and done != total:
            return
        self._stage, self._written = stage, moment
        if total < 0:
            if not still_mine(self._job_id):
                raise LeaseLost
            stopped = stop_requested(self._job_id)
        else:
            stopped = progress(self._job_id, stage, done, total)
        if stopped:
            raise Cancelled
