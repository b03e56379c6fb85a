"""Kill -9 of the real server and of an owner at work in it, at random moments: nothing acknowledged may be lost.

``python -m tests.siege.kills --rounds 100 [--database postgres] [--store weaviate] [--seed N] [--clock]``
Each round starts ``streamlit run``, lets an owner work beside it, kills both, and holds the database against what the
owner had been told. Every tenth round is drained and each file asked for. Ends with 1 at the first broken promise.
``--clock``: each round's clock is a day behind, right, or a day ahead; needs libfaketime (apt install faketime).
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.e2e.server import PROJECT, Server
from tests.siege.holding import drained, settled
from tests.siege.promises import Promises, Step, steps_in

LONGEST_SECONDS = 3.0
DAY_SECONDS = 86_400
FAKETIME = "*/faketime/libfaketimeMT.so.1"


def main() -> int:
    """Run the rounds and print what held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--store", choices=("lancedb", "weaviate"), default="lancedb")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clock", action="store_true")
    options = parser.parse_args()
    days = (-1, 0, 1) if options.clock else (0,)
    with (
        tempfile.TemporaryDirectory(prefix="answerbook-siege-") as folder,
        surroundings(Path(folder), options.database, options.store) as data,
    ):
        return siege(data, options.rounds, options.seed, days)


@contextmanager
def surroundings(folder: Path, database: str, store: str) -> Iterator[Path]:
    """Yield a data folder, with the environment pointing at a database and a passage store of this siege alone."""
    from tests.core.postgres import postgres_server
    from tests.core.store.weaviate_server import WeaviateServer

    with ExitStack() as stack:
        os.environ["ANSWERBOOK_DATA"] = str(folder / "data")
        os.environ["DATABASE_URL"] = ""
        if database == "postgres":
            os.environ["DATABASE_URL"] = f"{stack.enter_context(postgres_server())}/postgres"
        if store == "weaviate":
            server = stack.enter_context(WeaviateServer(folder / "weaviate"))
            os.environ.update(WEAVIATE_URL=server.url, WEAVIATE_GRPC=server.grpc, WEAVIATE_API_KEY=server.key)
        yield folder / "data"


def siege(data: Path, rounds: int, seed: int, days: tuple[int, ...]) -> int:
    """Kill so many times, each time with a clock so many days off; returns 0 where every promise held."""
    from core.assistants import lifecycle
    from core.operate import open_data_folder

    open_data_folder()
    dice, assistant_id, promises, steps = random.Random(seed), lifecycle.create_assistant("Siege"), Promises(), 0
    for number in range(1, rounds + 1):
        clock = clock_off(dice.choice(days))
        done, unanswered = one_round(data, assistant_id, promises, dice, seed * 1000 + number, clock)
        steps += len(done)
        promises = settled(assistant_id, promises.after_all(done), unanswered)
        if number % 10 == 0 or number == rounds:
            files = drained(data, assistant_id, promises)
            print(f"round {number}: {steps} steps acknowledged, {files} files found, equal", flush=True)
    return 0


def one_round(
    data: Path, assistant_id: str, promises: Promises, dice: random.Random, seed: int, clock: dict[str, str]
) -> tuple[list[Step], Step | None]:
    """Start the server and an owner, kill both; returns the steps that were answered, and the one that was not."""
    server = Server(data, **clock).start(wait=dice.random() < 0.75)  # else it may be killed while it starts
    owner = owner_at_work(data, assistant_id, promises, seed, **clock)
    assert owner.stdout is not None
    first = owner.stdout.readline()
    time.sleep(dice.uniform(0.0, LONGEST_SECONDS))
    broke = owner.poll() is not None
    for victim in dice.sample([server.kill, owner.kill], 2):
        victim()
    owner.wait()
    assert not broke, (data.parent / "owner.log").read_text()[-3000:]
    return steps_in(first + owner.stdout.read())


def clock_off(days: int) -> dict[str, str]:
    """Return the environment in which a process takes it for so many days later; its durations stay true."""
    if not days:
        return {}
    library = next((str(path) for path in Path("/usr/lib").glob(FAKETIME)), "")
    if not library:
        raise SystemExit("--clock needs libfaketime (apt install faketime)")
    return {"LD_PRELOAD": library, "FAKETIME": f"{days * DAY_SECONDS:+d}", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def owner_at_work(
    data: Path, assistant_id: str, promises: Promises, seed: int, **environment: str
) -> "subprocess.Popen[bytes]":
    """Start an owner's process; what it says comes from its standard output, its errors go beside the data folder."""
    command = [sys.executable, "-m", "tests.siege.owner", assistant_id, str(seed)]
    with (data.parent / "owner.log").open("ab") as errors:
        owner = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    assert owner.stdin is not None
    owner.stdin.write(json.dumps(asdict(promises)).encode())
    owner.stdin.close()
    return owner


if __name__ == "__main__":
    raise SystemExit(main())
