"""An Answerbook for one measurement: data in a temporary folder, filled the way the Knowledge page fills it."""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Imported:
    """What reading files gave. ``seconds`` runs from the first byte kept until every passage can be found."""

    assistant_id: str
    seconds: float
    read: int
    refused: tuple[tuple[str, str], ...]
    passages: int
    pages: int
    megabytes: float


@contextmanager
def throwaway_data() -> Iterator[Path]:
    """Point Answerbook at an empty temporary data folder; to be entered before anything of ``core`` is imported.

    Database and files lie in that folder, also where DATABASE_URL is set. Everything else that the environment sets
    stays: which passage store is used, which provider, how many files are read at the same time.
    """
    with tempfile.TemporaryDirectory(prefix="answerbook-measured-", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        os.environ["ANSWERBOOK_DATA"] = str(data)
        os.environ["DATABASE_URL"] = ""
        os.environ.setdefault("ANSWERBOOK_LOG_LEVEL", "CRITICAL")
        yield data
        _let_go()


def _let_go() -> None:
    """Drop what lies outside the folder (a named Weaviate's collections) and close what lies in it."""
    from sqlmodel import select

    from core.assistants import index_builds
    from core.database import IndexBuild, engine, session
    from core.store import close_stores, store_named

    if engine.cache_info().currsize:
        with session() as db:
            builds = db.exec(select(IndexBuild).where(IndexBuild.state != "gone")).all()
        for build in builds:
            store_named(build.store).drop(index_builds.scope_of(build))
        engine().dispose()
        engine.cache_clear()
    close_stores()


def import_files(files: Iterable[tuple[str, Path]]) -> Imported:
    """Create an assistant and give it files (name as shown, path), as the Knowledge page does, and wait until idle."""
    from core import jobs
    from core.assistants import index_builds, lifecycle, sources
    from core.store import store_named
    from core.worker import Worker

    wanted = list(files)
    assistant_id = lifecycle.create_assistant("Measured")
    began = time.perf_counter()
    added = sources.add_files(assistant_id, ((name, path.read_bytes()) for name, path in wanted))
    worker = Worker()
    worker.start()
    while jobs.active_count():
        time.sleep(POLL_SECONDS)
    # The worker tidies once its queue is empty; asked for here as well, so that the search after it meets an index
    # that is done. It does nothing where the worker was first.
    live = index_builds.live_build(assistant_id)
    store_named(live.store).tidy(index_builds.scope_of(live))
    seconds = time.perf_counter() - began
    worker.stop()
    return _counted(assistant_id, seconds, added, sum(path.stat().st_size for _, path in wanted))


def _counted(assistant_id: str, seconds: float, added: Iterable[object], size: int) -> Imported:
    from core.assistants import source_rows
    from core.assistants.sources import Added

    rows = source_rows.source_rows(assistant_id)
    refused = [(a.name, a.sentence) for a in added if isinstance(a, Added) and a.outcome == "refused"]
    refused += [(row.name, f"{row.error} {row.remedy}".strip()) for row in rows if row.state != "ready"]
    return Imported(
        assistant_id=assistant_id,
        seconds=seconds,
        read=sum(row.state == "ready" for row in rows),
        refused=tuple(sorted(refused)),
        passages=sum(row.passages for row in rows),
        pages=sum(row.page_count or 0 for row in rows),
        megabytes=size / 1_000_000,
    )


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which ``share`` (0 to 1) of the values lie, interpolated; 0 for no values."""
    ordered = sorted(values)
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
