"""A disk that fills up under the real server: every refusal is a sentence, and what was acknowledged is kept.

``python -m tests.siege.full_disk [--sizes 8,12,…]`` (MB). Needs root on Linux: each size is a tmpfs of its own. When an
owner has been refused some steps, the disk grows again, and everything has to go on by itself.
"""

import argparse
import os
import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.server import Server
from tests.siege.child import in_child
from tests.siege.holding import held
from tests.siege.kills import owner_at_work
from tests.siege.promises import Promises

SIZES = "3,4,6,8,10,14,20,28,40"
REFUSALS = 5  # so many before the disk grows
LONGEST_SECONDS = 120.0


def main() -> int:
    """Fill each disk and print what held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES)
    for size in map(int, parser.parse_args().sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="answerbook-siege-") as beside:
            print(f"{size} MB: {in_child(Path(beside), one_disk, size)}", flush=True)
    return 0


@contextmanager
def disk(megabytes: int) -> Iterator[Path]:
    """Yield a folder on a file system of this size, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="answerbook-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def one_disk(megabytes: int) -> str:
    """Work until the disk is full, make it larger, and hold what is there against what was promised."""
    with disk(megabytes) as folder, tempfile.TemporaryDirectory(prefix="answerbook-siege-") as beside:
        (Path(beside) / "data").symlink_to(folder, target_is_directory=True)
        os.environ["ANSWERBOOK_DATA"] = str(Path(beside) / "data")
        os.environ["DATABASE_URL"] = ""
        return fill(Path(beside) / "data", folder, megabytes)


def fill(data: Path, folder: Path, megabytes: int) -> str:
    """Let an owner work on a disk until it is full and was refused some steps; then let it grow."""
    from core.assistants import lifecycle
    from core.errors import AnswerbookError
    from core.operate import open_data_folder

    try:
        open_data_folder()
        assistant_id = lifecycle.create_assistant("Siege")
    except AnswerbookError as error:
        return f"too small to begin: {error.what} {error.remedy}"
    server = Server(data).start()
    owner = owner_at_work(data, assistant_id, Promises(), random.Random(megabytes).randrange(1000))
    lines: list[bytes] = []
    reader = threading.Thread(target=lambda: lines.extend(owner.stdout or ()), daemon=True)
    reader.start()
    until = time.monotonic() + LONGEST_SECONDS
    while sum(b'"refused"' in line for line in lines) < REFUSALS and time.monotonic() < until and owner.poll() is None:
        time.sleep(0.1)
    broke = owner.poll() is not None
    owner.kill()
    reader.join()
    if broke:
        raise SystemExit(f"{megabytes} MB: NO SENTENCE: {(data.parent / 'owner.log').read_text()[-2000:]}")
    subprocess.run(["mount", "-o", "remount,size=1g", str(folder)], check=True)
    server.stop()
    return held(data, assistant_id, lines)


if __name__ == "__main__":
    raise SystemExit(main())
