"""Another program that holds the lock of the database longer than anybody waits, under the real server and its owner.

``python -m tests.siege.locked [--seconds 60,90]``. Every step is answered late or refused in words, the server stays
up, and once the lock is gone everything goes on by itself; nothing acknowledged is lost.
"""

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path

from tests.locked_database import locked
from tests.siege.child import in_child
from tests.siege.damage import status
from tests.siege.holding import held
from tests.siege.kills import owner_at_work
from tests.siege.promises import Promises

BEFORE, AFTER = 5.0, 10.0  # seconds that the owner works before the lock and after it


def main() -> int:
    """Lock it for each of the times and print what held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", default="60,90")
    os.environ["DATABASE_URL"] = ""
    for seconds in map(float, parser.parse_args().seconds.split(",")):
        with tempfile.TemporaryDirectory(prefix="answerbook-siege-") as folder:
            os.environ["ANSWERBOOK_DATA"] = str(Path(folder) / "data")
            print(in_child(Path(folder), lock, Path(folder) / "data", seconds), flush=True)
    return 0


def lock(data: Path, seconds: float) -> str:
    """Let an owner work while the database is locked for so long; returns what was seen."""
    from core.assistants import lifecycle
    from core.operate import open_data_folder
    from tests.e2e.server import Server

    open_data_folder()
    assistant_id = lifecycle.create_assistant("Siege")
    server = Server(data).start()
    owner = owner_at_work(data, assistant_id, Promises(), 1)
    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.extend(owner.stdout or ()), daemon=True)
    reader.start()
    try:
        while not lines and owner.poll() is None:
            time.sleep(0.1)
        time.sleep(BEFORE)
        with locked(data):
            before = len(lines)
            time.sleep(seconds)
            alive, during = status(server, "alive"), len(lines) - before
        time.sleep(AFTER)
        broke = owner.poll() is not None
    finally:
        owner.kill()
        reader.join()
        server.stop()
    if broke or alive != 200:
        raise SystemExit(f"NO SENTENCE: alive {alive}; {(data.parent / 'owner.log').read_text()[-2000:]}")
    return f"{seconds:.0f} s locked: {during} lines said meanwhile; {held(data, assistant_id, lines)}"


if __name__ == "__main__":
    raise SystemExit(main())
