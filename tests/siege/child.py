"""A part of a siege in a process of its own: settings and database are opened once in a process."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from core.settings import settings


def in_child(folder: Path, work: Callable[..., str], *arguments: object) -> str:
    """Return what ``work(*arguments)`` says in a child, which writes it into ``folder``; its failure ends the siege."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        settings.cache_clear()  # an import may have read them, before this folder was theirs
        try:
            (folder / "said").write_text(work(*arguments))
        except SystemExit as broken:
            print(broken, flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise SystemExit(1)
    return (folder / "said").read_text()
