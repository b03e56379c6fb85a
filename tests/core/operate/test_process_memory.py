"""An import's memory given back: measured in a process of its own, as the operating system counts it."""

import platform
import subprocess
import sys

import pytest

from core.operate import give_back_memory, use_few_arenas

# Small pieces whose every second one is freed stay with glibc; the last piece holds the heap's end in its place.
PROGRAM = """
import sys
import psutil
from core.operate import give_back_memory
sys.platform = sys.argv[1]
kept = [bytes(4000) for _ in range(30_000)]
top = bytes(4000)
full = psutil.Process().memory_info().rss
del kept
freed = psutil.Process().memory_info().rss
give_back_memory()
left = psutil.Process().memory_info().rss
print(full, freed, left)
"""
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc keeps what was freed")


def measured(system: str) -> tuple[int, int, int]:
    """Resident bytes of a process: with 120 MB in use, after they are freed, after memory was given back."""
    output = subprocess.run(
        [sys.executable, "-c", PROGRAM, system], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    full, freed, left = map(int, output.split())
    return full, freed, left


@glibc
def test_freed_memory_goes_back_to_the_machine() -> None:
    full, freed, left = measured("linux")
    assert freed > full - 20_000_000, "glibc gave it back by itself: this measures nothing"
    assert left < full - 100_000_000


@glibc
def test_nothing_is_done_on_another_system() -> None:
    full, freed, left = measured("darwin")
    assert freed > full - 20_000_000
    assert left > freed - 20_000_000


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_nothing_goes_wrong_where_there_is_no_glibc(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    give_back_memory()
    use_few_arenas()


GARBAGE = """
import gc, weakref
from core.operate import give_back_memory, spare_what_stays
class Ring: pass
ring = Ring()
ring.itself = ring
seen = weakref.ref(ring)
spare_what_stays()
del ring
gc.collect()
spared = seen() is not None and gc.get_freeze_count() > 10_000
give_back_memory()
print(spared, seen() is None, gc.get_freeze_count() > 10_000)
"""


def test_what_stays_is_looked_through_no_more_and_no_garbage_stays_among_it() -> None:
    output = subprocess.run([sys.executable, "-c", GARBAGE], capture_output=True, text=True, check=True, timeout=60)
    assert output.stdout.split() == ["True", "True", "True"]


@glibc
def test_few_arenas_are_used_by_many_threads() -> None:
    program = (
        "import sys, threading\n"
        "from core.operate import use_few_arenas\n"
        "if sys.argv[1] == 'few': use_few_arenas()\n"
        "together, done = threading.Barrier(17), threading.Barrier(17)\n"
        "def work():\n"
        "    kept = [bytes(4000) for _ in range(100)]; together.wait(); done.wait()\n"
        "for _ in range(16): threading.Thread(target=work).start()\n"
        "together.wait()\n"
        "import ctypes; ctypes.CDLL('libc.so.6').malloc_stats()\n"
        "done.wait()\n"
    )

    def arenas(how: str) -> int:
        command = [sys.executable, "-c", program, how]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stderr.count("Arena ")

    assert arenas("few") <= 2 < arenas("many")
