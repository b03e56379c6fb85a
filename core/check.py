"""``python -m core.check``: compare every assistant's passages with the database and put right what differs."""

import argparse
import sys
from collections.abc import Sequence

from core.errors import AnswerbookError, StoreError
from core.index import check_index, checks, drop_leftovers, strangers
from core.operate import keep_files_private
from core.store import close_stores, store_named
from core.text import counted


def main(arguments: Sequence[str] | None = None) -> int:
    """Check every assistant, one line each; returns 0, or 1 where something could not be looked at or put right."""
    parser = argparse.ArgumentParser(prog="python -m core.check", description="Compare passages with the database.")
    parser.add_argument("--look", action="store_true", help="only say what differs; change nothing")
    repair = not parser.parse_args(arguments).look
    try:
        owners = checks()
        worked = [_checked(owner.assistant_id, owner.name, repair=repair) for owner in owners]
        worked.append(_rest_looked_at(repair=repair))
        if not owners:
            _say("There is no assistant yet.")
        return 0 if all(worked) else 1
    except AnswerbookError as error:
        _say(str(error))
    finally:
        close_stores()
    return 1


def _checked(assistant_id: str, name: str, *, repair: bool) -> bool:
    """Check one assistant and say how it went; False where it could not be looked at or put right."""
    try:
        _say(f"{name}: {check_index(assistant_id, repair=repair)['sentence']}")
    except AnswerbookError as error:
        _say(f"{name}: {error}")
        return False
    return True


def _rest_looked_at(*, repair: bool) -> bool:
    """Remove indexes of erased assistants, and say what is not this Answerbook's; False where that cannot be seen."""
    try:
        removed = drop_leftovers(store_named) if repair else 0
        unknown = strangers()
    except StoreError as error:
        _say(str(error))
        return False
    if removed:
        _say(f"{counted(removed, 'index', 'indexes')} of erased assistants removed.")
    if unknown:
        indexes = counted(unknown, "index is", "indexes are")
        _say(f"{indexes} not in this database and left alone: another Answerbook may keep its passages there.")
    return True


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    keep_files_private()
    sys.exit(main())
