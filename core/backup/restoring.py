"""A restore that somebody began in a browser: where its file lies, and how it stands, for any process to look up."""

import json
import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.backup.restore import restore
from core.errors import AnswerbookError, NotFound
from core.log import log_failure
from core.operate import REPLACED, backups_folder
from core.settings import settings

ASIDE = "aside-"  # the ticket of what was set aside: this and its name
KEPT_SECONDS = 24 * 3600.0  # a file that nobody restored
_TICKET = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(rf"{REPLACED}-[\d-]+")


@dataclass(frozen=True, slots=True)
class Run:
    """How a restore stands: "running", "done" or "failed" with its error."""

    state: str
    error: AnswerbookError | None = None
    aside: str = ""
    unreadable: int = 0


def new_path() -> Path:
    """Return where a file that comes in is kept, under a name of ours; what lay there for a day goes."""
    folder = _folder()
    for old in folder.iterdir():
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink()
    return folder / f"{secrets.token_hex(16)}.zip"


def set_aside() -> list[Path]:
    """List the files of what was here before an earlier restore, newest first."""
    return sorted(backups_folder().glob(f"{REPLACED}-*.zip"), reverse=True)


def path_of(ticket: str) -> Path:
    """Return where a ticket's file lies, or lay before it was restored. Raises NotFound."""
    if ticket.startswith(ASIDE) and _NAME.fullmatch(name := ticket.removeprefix(ASIDE)):
        path = backups_folder() / f"{name}.zip"
    else:
        path = _folder() / f"{ticket}.zip"
        if not _TICKET.fullmatch(ticket):
            raise _gone()
    if not path.exists() and not _note_of(ticket).exists():
        raise _gone()
    return path


def how_it_stands(ticket: str) -> Run | None:
    """Return how the restore of a ticket stands; None where it was not begun."""
    try:
        told = json.loads(_note_of(ticket).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return Run("running")  # it is being written just now
    error = AnswerbookError(told["what"], told["remedy"]) if told["state"] == "failed" else None
    return Run(told["state"], error, told.get("aside", ""), told.get("unreadable", 0))


def look_anew(ticket: str) -> None:
    """Forget how an earlier restore of what was set aside ended: it may be brought back again."""
    run = how_it_stands(ticket)
    if run is not None and run.state != "running" and path_of(ticket).exists():
        _note_of(ticket).unlink(missing_ok=True)


def start(ticket: str, state: str, afterwards: Callable[[], object]) -> None:
    """Begin a restore in the background, once: of a double click the second finds it begun."""
    path, note = path_of(ticket), _note_of(ticket)
    try:
        with note.open("x", encoding="utf-8") as file:
            json.dump({"state": "running"}, file)
    except FileExistsError:
        return

    def work() -> None:
        try:
            done = restore(path, state)
            told: dict[str, object] = {"state": "done", "aside": done.aside, "unreadable": done.unreadable}
            afterwards()
        except AnswerbookError as error:
            told = {"state": "failed", "what": error.what, "remedy": error.remedy}
        except Exception as error:  # noqa: BLE001  whoever waits for it must be told
            log_failure("backup.not_restored", error)
            told = {"state": "failed", "what": "It could not be restored.", "remedy": "The log says why."}
        if not ticket.startswith(ASIDE):
            path.unlink(missing_ok=True)
        note.write_text(json.dumps(told), encoding="utf-8")

    threading.Thread(target=work, name="restore", daemon=True).start()


def _folder() -> Path:
    folder = settings().data / "restoring"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _note_of(ticket: str) -> Path:
    return _folder() / f"{ticket}.json"


def _gone() -> NotFound:
    return NotFound("This file is not here any more.", "Choose it once more.", code="no_file")
