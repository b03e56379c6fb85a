"""Which Answerbook processes of this machine are alive: each holds a lock file of its own while it runs.

Only for a quick recovery after a crash on one machine; across machines the lease on each job decides.
"""

from pathlib import Path

from filelock import FileLock, Timeout


def lock_of(data: Path, process: str) -> FileLock:
    """Return the lock that a process holds while it works; its folder is made."""
    folder = data / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{process}.lock", thread_local=False)


def dead_processes(data: Path) -> list[str]:
    """Return the processes that ended without a word; asking again returns them again until ``forget``."""
    return [path.stem for path in sorted((data / "workers").glob("*.lock")) if not _is_held(path)]


def any_alive(data: Path, besides: str = "") -> bool:
    """Say whether some process of this machine works on this data folder, ``besides`` one."""
    return any(_is_held(path) for path in (data / "workers").glob("*.lock") if path.stem != besides)


def forget(data: Path, process: str) -> None:
    """Remove the lock file of a process that has ended."""
    (data / "workers" / f"{process}.lock").unlink(missing_ok=True)


def _is_held(path: Path) -> bool:
    try:
        with FileLock(path, timeout=0):
            return False
    except Timeout:
        return True
