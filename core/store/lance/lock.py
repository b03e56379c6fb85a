"""One writer at a time, across processes: the operating system's lock on a file, freed by it when a process dies."""

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import StoreError

WAIT = 60.0  # seconds; a tidy of 100,000 passages takes 3 to 7
_STEP = 0.01
_HELD = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}


@contextmanager
def held(path: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the lock at ``path`` (made with its folder where missing), waiting up to ``wait`` seconds for it.

    Raises StoreError (passing) where another process keeps it longer, OSError where the file cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + wait
    while (file := _taken(path)) is None:
        if time.monotonic() > until:
            raise StoreError(
                "The index is being changed just now.", "Try again in a moment.", code="busy", passing=True
            )
        time.sleep(_STEP)
    try:
        yield
    finally:
        os.close(file)


def _taken(path: Path) -> int | None:
    """Return the open, locked file, or None where someone else holds it or removed it in between."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if _locked(file) and os.path.samestat(os.fstat(file), path.stat()):
            return file
    except FileNotFoundError:
        pass
    except BaseException:
        os.close(file)
        raise
    os.close(file)
    return None


def _locked(file: int) -> bool:
    """Try to lock without waiting. A file system that knows no locks lets everyone in: one process is the rule."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            raise
    return True
