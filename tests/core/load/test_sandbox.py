"""The child process: what it may not do, and that it ends when it should."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.errors import Cancelled, LoadError
from core.load import LoadLimits, Sandbox, load
from core.load.sandbox import PROJECT, child_environment
from tests.core.load.makers import make_pdf

PAGE = [(50.0, 700.0 - 14 * line, 11.0, f"Line {line} of a page with some words in it.") for line in range(30)]
# A CSV of many quoted cells keeps a reader busy for some seconds on any machine.
SLOW = b'"a","b, c","d"\n' * 1_200_000  # under the cap on characters


@pytest.fixture
def own_sandbox() -> Iterator[Sandbox]:
    box = Sandbox()
    yield box
    box.close()


def alive(process_id: int | None) -> bool:
    if process_id is None:
        return False
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def in_locked_child(script: str) -> str:
    """Run a script as the child runs a reader: same environment, limits and locks."""
    locked = f"from core.load.guard import lock_down, set_limits\nset_limits(1024, 60)\nlock_down()\n{script}"
    done = subprocess.run(
        [sys.executable, "-c", locked], cwd=PROJECT, env=child_environment(), capture_output=True, text=True, timeout=60
    )
    return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


def test_one_child_reads_many_files_and_is_replaced_in_time(limits: LoadLimits) -> None:
    box = Sandbox(files_per_child=3)
    children = []
    for _ in range(5):
        load(b"some words to read", "a.txt", limits=limits, sandbox=box)
        children.append(box.process_id)
    assert children[0] == children[1]
    assert children[2] is None
    assert children[3] == children[4] != children[0]
    box.close()
    assert box.process_id is None


def test_a_file_that_takes_too_long_is_stopped_and_the_next_is_read(own_sandbox: Sandbox, limits: LoadLimits) -> None:
    load(b"some words to read", "a.txt", limits=limits, sandbox=own_sandbox)
    child = own_sandbox.process_id
    with pytest.raises(LoadError) as caught:
        load(SLOW, "a.csv", limits=LoadLimits(0.2, 2048, 10, 100), sandbox=own_sandbox)
    assert caught.value.code == "too_slow"
    assert not alive(child)
    assert load(b"the next file", "a.txt", limits=limits, sandbox=own_sandbox).text == "the next file"


def test_a_file_is_stopped_when_it_is_not_wanted_any_more(own_sandbox: Sandbox, limits: LoadLimits) -> None:
    seen: list[int] = []

    def progress(words: str, done: int, total: int) -> None:
        assert words == "Reading page"
        seen.append(done)

    data = make_pdf([PAGE] * 4000)
    with pytest.raises(Cancelled):
        load(data, "a.pdf", limits=limits, sandbox=own_sandbox, progress=progress, cancelled=lambda: len(seen) > 1)
    assert 0 < seen[-1] < 4000
    assert own_sandbox.process_id is None


def test_progress_tells_pages_in_order(own_sandbox: Sandbox, limits: LoadLimits) -> None:
    told: list[tuple[str, int, int]] = []
    data = make_pdf([PAGE] * 1500)
    load(data, "a.pdf", limits=limits, sandbox=own_sandbox, progress=lambda *words: told.append(words))
    assert told == sorted(told)
    assert {(words, total) for words, _, total in told} == {("Reading page", 1500)}


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux keeps a process to an amount of memory by itself.")
def test_a_file_that_needs_too_much_memory_is_refused(own_sandbox: Sandbox, limits: LoadLimits) -> None:
    with pytest.raises(LoadError) as caught:
        load(b"word, " * 2_500_000, "a.csv", limits=LoadLimits(60, 160, 10, 100), sandbox=own_sandbox)
    assert caught.value.code == "too_much_memory"
    assert load(b"the next file", "a.txt", limits=limits, sandbox=own_sandbox).text == "the next file"


def test_a_child_that_dies_is_a_sentence_and_is_replaced(own_sandbox: Sandbox, limits: LoadLimits) -> None:
    load(b"some words to read", "a.txt", limits=limits, sandbox=own_sandbox)
    child = own_sandbox.process_id
    assert child is not None
    killer = threading.Timer(0.3, os.kill, (child, 15))
    killer.start()
    with pytest.raises(LoadError) as caught:
        load(SLOW, "a.csv", limits=limits, sandbox=own_sandbox)
    assert caught.value.code == "broken"
    assert load(b"the next file", "a.txt", limits=limits, sandbox=own_sandbox).text == "the next file"


def test_closing_from_another_thread_ends_a_reading_file(limits: LoadLimits) -> None:
    box = Sandbox()
    threading.Timer(0.5, box.close).start()
    with pytest.raises(Cancelled):
        load(SLOW, "a.csv", limits=limits, sandbox=box)
    assert box.process_id is None


def test_an_idle_child_is_let_go(own_sandbox: Sandbox, limits: LoadLimits) -> None:
    load(b"some words to read", "a.txt", limits=limits, sandbox=own_sandbox)
    child = own_sandbox.process_id
    assert not own_sandbox.close_if_idle(60)
    assert own_sandbox.close_if_idle(0)
    assert not alive(child)


def test_a_child_ends_with_its_parent(limits: LoadLimits) -> None:
    script = (
        "import os\nfrom core.load import *\nbox = Sandbox()\n"
        "load(b'some words', 'a.txt', limits=LoadLimits(60, 1024, 10, 10), sandbox=box)\n"
        "os.write(1, str(box.process_id).encode())\nos._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, timeout=60)
    child = int(done.stdout)
    for _ in range(50):
        if not alive(child):
            return
        time.sleep(0.1)
    pytest.fail("the child is still there")


def test_the_child_sees_no_secret(monkeypatch: pytest.MonkeyPatch, own_sandbox: Sandbox, limits: LoadLimits) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-children")
    monkeypatch.setenv("ANSWERBOOK_SECRET", "not-for-children")
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:not-for-children@db/answerbook")
    load(b"some words to read", "a.txt", limits=limits, sandbox=own_sandbox)
    if sys.platform == "linux":
        environment = Path(f"/proc/{own_sandbox.process_id}/environ").read_bytes()
        assert b"not-for-children" not in environment
        assert b"HOME=" not in environment
    assert not any("not-for-children" in value for value in child_environment().values())


@pytest.mark.parametrize(
    "script",
    [
        "import socket; socket.socket()",
        "import socket; socket.getaddrinfo('example.com', 80)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.remove('README.md')",
        "open('written.txt', 'w')",
        "import os; os.open('written.txt', os.O_CREAT | os.O_WRONLY)",
        "import tempfile; tempfile.NamedTemporaryFile()",
        "from pathlib import Path; Path('.env').read_text()",
        "from pathlib import Path; Path('data/answerbook.db').read_bytes()",
        "open('/etc/passwd')",
    ],
)
def test_the_child_may_not(script: str) -> None:
    assert in_locked_child(script).startswith("PermissionError")
    assert not (PROJECT / "written.txt").exists()


def test_the_child_may_still_import() -> None:
    assert in_locked_child("import lxml.html, xlrd, sys; sys.stdout.write('imported')") == "imported"


def test_a_pdf_needs_no_heavy_library_so_that_the_child_starts_fast() -> None:
    script = (
        "import sys\nfrom core.load.limits import Reading\nfrom core.load.readers import find_reader\n"
        f"find_reader({make_pdf([PAGE[:3]])!r}, Reading('a.pdf', 9, 9, lambda *told: None))()\n"
        "sys.stdout.write(','.join(sorted({'unstructured', 'spacy', 'pandas', 'numpy', 'lxml'} & set(sys.modules))))\n"
        "sys.stdout.write('.')"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "."
