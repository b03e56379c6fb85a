"""Every ruined data folder in front of a person: the real server, a real browser, and the one click that helps.

``python -m tests.siege.damage [--store weaviate] [--way "zeros"]``. For each way the server starts on the ruined folder
and must stay up, say what is wrong in words, change nothing, and answer for every file once the owner has done what the
page says. Ends with 1 at the first that does not.
"""

import argparse
import os
import shutil
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

from tests.core.database.damage_kit import WAYS, contents
from tests.e2e.server import Server
from tests.siege.child import in_child
from tests.siege.holding import drained
from tests.siege.kills import surroundings
from tests.siege.promises import Promises, Rule, word_of

FILES = 6


def main() -> int:
    """Ruin a copy of one used folder in each way and print what held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", choices=("lancedb", "weaviate"), default="lancedb")
    parser.add_argument("--way", choices=list(WAYS), action="append")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="answerbook-siege-") as folder,
        surroundings(Path(folder), "sqlite", options.store) as data,
    ):
        return siege(Path(folder), data, options.way or list(WAYS))


def siege(folder: Path, used: Path, ways: list[str]) -> int:
    """Make the used folder, then ruin it in each way; every step is a process, as settings are read once in one."""
    rules = {f"{word_of(number)}.md": Rule(word_of(number), 100 + number, 3) for number in range(1, FILES + 1)}
    promises = Promises(here=rules)
    assistant_id = in_child(folder, use, used, promises)
    for way in ways:
        data = folder / "ruined" / "data"
        shutil.rmtree(data.parent, ignore_errors=True)
        shutil.copytree(used, data)
        os.environ["ANSWERBOOK_DATA"] = str(data)
        print(f"{way}: {in_child(folder, ruined, data, way, assistant_id, promises)}", flush=True)
    return 0


def use(data: Path, promises: Promises) -> str:
    """Fill a data folder as an owner does and make the copy of the day; returns the assistant's id."""
    from core.assistants import lifecycle, sources
    from core.database import engine
    from core.operate import open_data_folder
    from core.operate.backups import make_daily_copy

    open_data_folder()
    assistant_id = lifecycle.create_assistant("Siege")
    sources.add_files(assistant_id, [(name, rule.text()) for name, rule in promises.here.items()])
    drained(data, assistant_id, promises)
    for copy in (data / "backups").glob("*.db"):
        copy.unlink()  # of a moment when nothing was in it
    make_daily_copy()
    engine().dispose()
    return assistant_id


def ruined(data: Path, way: str, assistant_id: str, promises: Promises) -> str:
    """Ruin the folder, look at it as an owner, do what the page says, and ask for every file."""
    ruin, code = WAYS[way]
    ruin(data)
    before = contents(data)
    server = Server(data).start()
    try:
        if (status(server, "alive"), status(server, "ready")) != (200, 503):
            raise SystemExit(f"{way}: alive {status(server, 'alive')}, ready {status(server, 'ready')}")
        sentence = helped(server, data, code, before)
    finally:
        server.stop()
    files = drained(data, assistant_id, promises)
    return f"{sentence} | {files} files found, equal"


def status(server: Server, probe: str) -> int:
    """Return the status a host's probe gets."""
    try:
        with urllib.request.urlopen(f"{server.url}/api/{probe}", timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def helped(server: Server, data: Path, code: str, before: dict[str, bytes]) -> str:
    """Read the page in a browser, press what it offers, and return the sentence that stood there."""
    from playwright.sync_api import expect, sync_playwright

    from tests.e2e.conftest import CHROMIUM, FLAGS
    from tests.e2e.steps import settled, visit

    with sync_playwright() as started:
        page = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS).new_page()
        visit(page, server)
        alert = page.get_by_test_id("stAlert").first
        expect(alert).to_be_visible(timeout=30_000)
        sentence = " ".join(alert.inner_text().split())
        if "Traceback" in page.content() or page.get_by_test_id("stException").count():
            raise SystemExit(f"NO SENTENCE: {page.locator('body').inner_text()[-2000:]}")
        if changed := {name for name, _ in before.items() ^ contents(data).items()}:
            raise SystemExit(f"CHANGED BEFORE ANYTHING WAS PRESSED: {changed}")
        if code == "no_database":
            (data / "answerbook.db-wal").rmdir()  # what only a hand in the folder can mend
            page.get_by_role("button", name="Try again").click()
        else:
            page.get_by_role("button", name="Bring back").first.dblclick()
        settled(page)
        try:
            expect(page.get_by_role("button", name="Try again")).to_have_count(0, timeout=30_000)
            expect(page.get_by_text("Siege").first).to_be_visible(timeout=30_000)
        except AssertionError as error:
            raise SystemExit(f"NOT MENDED: {page.locator('body').inner_text()[-2000:]}") from error
    return sentence


if __name__ == "__main__":
    raise SystemExit(main())
