"""What Answerbook writes is for the user it runs as, and for nobody else of the machine."""

import os
from contextlib import suppress
from pathlib import Path

from core.settings import settings

_OURS = ("answerbook.db", "secret.key", "passages.lance")


def keep_files_private() -> None:
    """Let all that this process and its children write be readable by their user alone, and close the data folder.

    For the first line of a program: files that are there already are as open as before, but within a closed folder. A
    folder that holds other things and none of ours is left as it is. What cannot be made or closed is told by whoever
    opens the data folder next.
    """
    os.umask(0o077)
    folder = settings().data
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        if _is_ours(folder):
            folder.chmod(0o700)


def _is_ours(folder: Path) -> bool:
    return any((folder / name).exists() for name in _OURS) or not any(folder.iterdir())
