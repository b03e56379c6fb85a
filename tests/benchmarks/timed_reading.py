"""Reads the files named on its input, one a line, and answers each with the seconds it took; one process for all.

It is run by its path in the checkout that is measured, also in an older one, so it imports nothing but ``core``.
"""

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any, cast

# What recognises letters in pictures is a measure of its own, and older checkouts have none.
sys.modules["rapidocr"] = cast(Any, None)

from core.errors import LoadError  # noqa: E402
from core.load.limits import Reading  # noqa: E402
from core.load.readers import find_reader  # noqa: E402


def timed(path: Path) -> dict[str, Any]:
    """Read a file as the reading child does; return the processor seconds and, where it was refused, by what."""
    data = path.read_bytes()
    reading = Reading(path.name, 5000, 200, lambda _words, _done, _total: None)
    # What lives on, as the libraries do, is not looked through again.
    gc.collect()
    gc.freeze()
    began = time.process_time()
    refused = ""
    try:
        find_reader(data, reading)()
    except LoadError as error:
        refused = error.code
    except Exception as error:  # noqa: BLE001  what the child calls broken
        refused = type(error).__name__
    return {"seconds": time.process_time() - began, "refused": refused}


def main() -> None:
    """Answer until the input ends."""
    answers = sys.stdout
    sys.stdout = sys.stderr  # libraries may print
    gc.set_threshold(200_000, 50, 50)  # as the reading child does
    for line in sys.stdin:
        print(json.dumps(timed(Path(json.loads(line)))), file=answers, flush=True)


if __name__ == "__main__":
    main()
