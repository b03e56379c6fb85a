"""How much memory the server and its children hold: at rest after the start, during an import, at rest after it."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import psutil

from tests.benchmarks.measured import Line, report_pdfs
from tests.benchmarks.running import running_server
from tests.benchmarks.throwaway import throwaway_data

REST_SECONDS = 12.0
IDLE_SECONDS = 30.0  # the reading processes end when they had nothing to do for 20 s
SAMPLE_SECONDS = 0.1
MOST_AT_REST = 450.0


class Held(NamedTuple):
    """Memory of a process and its children in MB: resident, and with shared pages counted once (0: not known)."""

    resident: float
    proportional: float
    processes: int


def memory(quick: bool) -> list[Line]:
    """Import PDFs into a running server, sampling all the while. No page is open: see the page measure for that."""
    with throwaway_data() as data, running_server(data) as server:
        time.sleep(REST_SECONDS)
        started = held(server.process_id)
        with highest(server.process_id) as peak:
            passages = _import_into_server(4 if quick else None)
        time.sleep(IDLE_SECONDS)
        after = held(server.process_id)
    return [
        Line("at rest after the start", started.resident, "MB", most=MOST_AT_REST, note=_note(started)),
        Line("peak during an import", peak().resident, "MB", note=f"{passages:,} passages, {_note(peak())}"),
        Line("at rest after the import", after.resident, "MB", most=MOST_AT_REST, note=_note(after)),
    ]


def _note(found: Held) -> str:
    shared = f", {found.proportional:.0f} MB with shared pages once" if found.proportional else ""
    return f"{found.processes} process{'es' if found.processes > 1 else ''}{shared}"


def _import_into_server(count: int | None) -> int:
    """Queue PDFs in the data folder the server works on and wait until it has read them; returns the passages."""
    from core import jobs
    from core.assistants import lifecycle, source_rows, sources

    assistant_id = lifecycle.create_assistant("Measured")
    sources.add_files(assistant_id, ((path.name, path.read_bytes()) for path in report_pdfs(count)))
    while jobs.active_count():
        time.sleep(0.05)
    return sum(row.passages for row in source_rows.source_rows(assistant_id))


def held(process_id: int, *, shared_once: bool = True) -> Held:
    """Return what a process and its children hold now; those that end meanwhile count nothing."""
    resident = proportional = 0.0
    processes = 0
    try:
        parent = psutil.Process(process_id)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return Held(0, 0, 0)
    for process in family:
        try:
            resident += process.memory_info().rss
            if shared_once:
                proportional += getattr(process.memory_full_info(), "pss", 0)
            processes += 1
        except psutil.Error:
            continue
    return Held(resident / 1e6, proportional / 1e6, processes)


@contextmanager
def highest(process_id: int) -> Iterator[Callable[[], Held]]:
    """Sample every 0.1 s while the block runs; the callable returns the highest seen so far."""
    most = [held(process_id, shared_once=False)]
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            most[0] = max(most[0], held(process_id, shared_once=False))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield lambda: most[0]
    finally:
        ended.set()
        thread.join()
