"""``python -m core.backup make FILE`` and ``python -m core.backup restore FILE``: everything as one file, and back."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from core.backup.make import write_everything
from core.backup.restore import Held, held, here, restore
from core.errors import AnswerbookError
from core.operate import keep_files_private
from core.store import close_stores
from core.text import counted

SECRETS = (
    "Saved keys are in it only encrypted. What opens them is not in it: keep ANSWERBOOK_SECRET, or the file secret.key "
    "of the data folder, in another place, or enter the keys again after a restore."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make a backup, or restore one; returns 0, or 1 where that could not be done and nothing was changed."""
    parser = argparse.ArgumentParser(prog="python -m core.backup", description="Everything as one file, and back.")
    orders = parser.add_subparsers(dest="order", required=True)
    make = orders.add_parser("make", help="write everything to a new file, while Answerbook runs or not")
    back = orders.add_parser("restore", help="put a file in the place of what is here, which is set aside")
    back.add_argument("--yes", action="store_true", help="do not ask first")
    for order in (make, back):
        order.add_argument("file", type=Path)
    chosen = parser.parse_args(arguments)
    try:
        return _make(chosen.file) if chosen.order == "make" else _restore(chosen.file, sure=chosen.yes)
    except AnswerbookError as error:
        _say(str(error))
    except OSError as error:
        _say(f"{chosen.file.name} could not be written or read: {error.strerror or 'no reason given'}.")
    finally:
        close_stores()
    return 1


def _make(path: Path) -> int:
    """Write a file that is whole or not there; one that is there already is never replaced."""
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        _say(f"{path.name} is there already. Choose another name.")
        return 1
    try:
        with part.open("xb") as file:
            write_everything(file)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except FileExistsError:
        _say(f"{part.name} is there: another backup is being written, or one was broken off. Remove it first.")
        return 1
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _say(f"{path.name}: {path.stat().st_size:,} bytes. {_words(held(path))}")
    _say(SECRETS)
    return 0


def _restore(path: Path, *, sure: bool) -> int:
    _say(_words(held(path)))
    found = _what_is_here()
    if found and not sure:
        _say(f"Here is {found} It is set aside in the folder “backups”.")
        sys.stdout.write("Restore? Type yes: ")
        sys.stdout.flush()
        if sys.stdin.readline().strip().casefold() != "yes":
            _say("Nothing was changed.")
            return 1
    done = restore(path)
    _say("Restored. Passages are made anew in the background as soon as Answerbook runs. Everyone signs in again.")
    if done.aside:
        _say(f"What was here is kept as {done.aside} in the data folder.")
    if done.unreadable:
        _say(f"{counted(done.unreadable, 'saved key')} cannot be opened here: enter them again in Settings.")
    return 0


def _what_is_here() -> str:
    try:
        counts = here()
    except AnswerbookError as error:
        return f"a database that cannot be used. {error.what}"
    told = [counted(count, what, "people" if what == "person" else "") for what, count in counts.items() if count]
    return f"{', '.join(told)}." if told else ""


def _words(found: Held) -> str:
    told = [counted(count, what, "people" if what == "person" else "") for what, count in found.counts.items()]
    return f"It holds {', '.join(told)}, as of {found.made_at.replace('T', ' ')} (Answerbook {found.made_by})."


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    keep_files_private()
    sys.exit(main())
