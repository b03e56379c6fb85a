"""The parent's side: one child process that reads files, killed when it takes too long, too much, or is not wanted."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from core.errors import Cancelled, LoadError
from core.load.limits import MOST_RECOGNISED, RECOGNITION_SECONDS, LoadLimits
from core.load.wire import Message, receive, send

PROJECT = Path(__file__).resolve().parents[2]
# What a Python process needs to start at all; everything else in our environment may be a secret.
_NEEDS = ("PATH", "SYSTEMROOT", "WINDIR", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_SET = {
    "PYTHONUTF8": "1",
    "PYTHONNOUSERSITE": "1",
    "UNSTRUCTURED_DISABLE_NOTICE": "1",
    "DO_NOT_TRACK": "1",
    "SCARF_NO_ANALYTICS": "true",
    # One file is read by one thread; each further one would reserve memory that counts against the limit.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
}
_GONE: Message = ({"answer": "gone"}, b"")
_GLANCE = 0.1


def child_environment() -> dict[str, str]:
    """Return the environment a child is started with: no keys, no database address, no home folder."""
    return {name: os.environ[name] for name in _NEEDS if name in os.environ} | _SET


class Sandbox:
    """Owns at most one child process and hands it files, one at a time. Each worker thread has its own Sandbox.

    The child is started at first use, used again for the next files, and replaced after ``files_per_child`` files,
    after a crash and after every stop.
    """

    def __init__(self, *, files_per_child: int = 200) -> None:
        self._files_per_child = files_per_child
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._files = 0
        self._last_used = time.monotonic()
        self._closing = False

    @property
    def process_id(self) -> int | None:
        """The child's process id, or None when there is no child."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the child ahead of its first file, unless it is at work: it takes .2 s until it can read one."""
        if self._lock.acquire(blocking=False):
            try:
                self._started()
            finally:
                self._lock.release()

    def run(
        self,
        request: dict[str, Any],
        data: bytes,
        *,
        limits: LoadLimits,
        progress: Callable[[str, int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Message:
        """Hand the child one request and return its answer. Raises LoadError or Cancelled."""
        with self._lock:
            child = self._started()
            request = request | {
                "seconds": limits.seconds,
                "memory_megabytes": limits.memory_megabytes,
                "pages": limits.pages,
                "megabytes": limits.megabytes,
            }
            threading.Thread(target=_hand_over, args=(child, request, data), daemon=True).start()
            finished = False
            try:
                answer = self._wait(child, limits, progress, cancelled)
                finished = answer[0].get("code") != "too_much_memory"
            finally:
                self._files += 1
                self._last_used = time.monotonic()
                if not finished or child.poll() is not None or self._files >= self._files_per_child:
                    self._stop()
        if answer[0]["answer"] == "error":
            if reason := answer[0].get("reason"):
                from core.log import log  # not above: the child imports this room, and would load settings and log

                log("file.reader_failed", reason=reason)
            raise LoadError(answer[0]["what"], answer[0]["remedy"], code=answer[0]["code"])
        return answer

    def close(self) -> None:
        """End the child; a file that another thread is reading in it ends as Cancelled. Can be used again after."""
        self._closing = True
        child = self._child
        if child is not None:
            child.kill()
        with self._lock:
            self._stop()
            self._closing = False

    def close_if_idle(self, seconds: float) -> bool:
        """End the child when it had nothing to do for ``seconds``; return whether there is no child now."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            if self._child is not None and time.monotonic() - self._last_used >= seconds:
                self._stop()
            return self._child is None
        finally:
            self._lock.release()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._stop()
        self._answers = queue.SimpleQueue()
        self._files = 0
        self._last_used = time.monotonic()
        windows = sys.platform == "win32"
        self._child = subprocess.Popen(
            [sys.executable, "-m", "core.load.child"],
            cwd=PROJECT,
            env=child_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=not windows,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if windows else 0,
        )
        threading.Thread(target=_listen, args=(self._child, self._answers), daemon=True).start()
        return self._child

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            try:
                cast(Any, pipe).close()
            except OSError:
                continue  # what was still to be written has no reader any more

    def _wait(
        self,
        child: subprocess.Popen[bytes],
        limits: LoadLimits,
        progress: Callable[[str, int, int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> Message:
        started = looked = time.monotonic()
        until = started + limits.seconds
        most = until + MOST_RECOGNISED * RECOGNITION_SECONDS
        while True:
            try:
                answer = self._answers.get(timeout=_GLANCE)
            except queue.Empty:
                answer = None
            if answer is not None and answer[0]["answer"] in ("done", "error"):
                return answer
            if answer is _GONE:
                raise Cancelled if self._closing else _death(child)
            if answer is not None and answer[0]["answer"] == "time":
                until = max(until, min(most, time.monotonic() + min(answer[0]["seconds"], RECOGNITION_SECONDS)))
            elif answer is not None and progress is not None:
                progress(answer[0]["words"], answer[0]["done"], answer[0]["total"])
            if cancelled is not None and cancelled():
                raise Cancelled
            now = time.monotonic()
            if now > until:
                raise LoadError(
                    f"Reading this file took longer than {until - started:g} seconds, so it was stopped.",
                    "Split it into smaller files, or save it as a plain text and upload that.",
                    code="too_slow",
                )
            if now - looked > 1:
                looked = now
                if _resident_megabytes(child.pid) > limits.memory_megabytes:
                    raise _too_much_memory()


def _hand_over(child: subprocess.Popen[bytes], request: dict[str, Any], data: bytes) -> None:
    try:
        send(cast(Any, child.stdin), request, data)
    except (OSError, ValueError):
        return  # the child died or was stopped: the listener says so


def _listen(child: subprocess.Popen[bytes], answers: "queue.SimpleQueue[Message]") -> None:
    try:
        while True:
            answers.put(receive(cast(Any, child.stdout)))
    except (EOFError, OSError, ValueError, MemoryError):
        answers.put(_GONE)


def _resident_megabytes(process_id: int) -> float:
    """Return a child's resident memory in MB, 0 when unknown: the cap on systems without rlimits."""
    try:
        import psutil

        return psutil.Process(process_id).memory_info().rss / 1_000_000
    except (ImportError, OSError):
        return 0
    except psutil.Error:
        return 0


def _too_much_memory() -> LoadError:
    return LoadError(
        "This file needs more memory than one file may take.",
        "Split it into smaller files and upload those.",
        code="too_much_memory",
    )


def _death(child: subprocess.Popen[bytes]) -> LoadError:
    """Say what the end of a child means: killed from outside is the system out of memory, anything else the file."""
    try:
        status = child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        status = 1
    if sys.platform != "win32" and status == -signal.SIGKILL:
        return _too_much_memory()
    return LoadError(
        "This file made the reader stop, so nothing of it was kept; it is probably damaged.",
        "Open it in the program it was made with, save it again and upload the new copy.",
        code="broken",
    )
