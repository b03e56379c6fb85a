"""The worker: threads of this process that take jobs from the queue, beside those of any number of other processes."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from core import jobs
from core.assistants import index_builds, lifecycle, sources
from core.database import Job
from core.embed import forget_across
from core.errors import AnswerbookError, Cancelled, DataFolderError, LeaseLost, ModelError, StoreError
from core.jobs import processes
from core.log import log, log_failure
from core.operate import (
    give_back_memory,
    look_at_stores,
    make_daily_copy,
    open_data_folder,
    wait_until_asked,
    wake_look,
)
from core.schema import JobKind, Scope
from core.settings import settings
from core.spending import forget_details, forget_salts, forget_windows, queue_deletions, release_old
from core.store import store_named
from core.text import forget_languages

if TYPE_CHECKING:
    from core.load import Sandbox

POLL_SECONDS = 0.3
IDLE_POLL_SECONDS = 3.0  # what this process queues is begun at once; only another process's job may wait this long
HEARTBEAT_SECONDS = 5.0
AGAIN_SECONDS = 1.0  # between two tries of writing down how a job ended
SANDBOX_IDLE_SECONDS = 20.0
WATCH_SECONDS = 3.0  # with 3 s for the look and 3 s for the page: what a page says is true within 10
IDLE_WATCH_SECONDS = 30.0  # while nobody asks what the last look found
CLEAN_SECONDS = 3600.0
OPEN_SECONDS = 3.0  # between two tries to open a database that is away
STOPPED, WAITING, HERE = "stopped", "waiting for the database", "here"
RENEW_SECONDS = 5.0  # between two looks for what an update left to do, when the last found nothing


_newest: "Worker | None" = None


def worker_state() -> str:
    """Return the state of this process's worker: STOPPED, WAITING (for the database) or HERE."""
    return _newest.state if _newest is not None else STOPPED


class Worker:
    """Reads, forgets and rebuilds in the background until stopped. ``state``: STOPPED, WAITING or HERE.

    It may be started while the database is away: it tries again until that is there.
    """

    def __init__(self) -> None:
        self.state = STOPPED
        self._stop = threading.Event()
        self._threads: dict[str, threading.Thread] = {}
        self._lock: FileLock | None = None
        self._touched: set[tuple[str, Scope]] = set()
        self._touched_lock = threading.Lock()
        self._waits_for = ""
        self._renew_at = 0.0
        self._worked_at = 0.0

    def start(self) -> None:
        """Start the threads. What processes of this machine left behind when they were killed is taken up at once."""
        global _newest  # pages ask how the work of their own process stands
        _newest, self.state = self, WAITING
        self._keep_going(self._guard, "guard")

    def stop(self, seconds: float = 10.0) -> None:
        """Ask the threads to end and wait; a job that was running goes back to the queue."""
        self._stop.set()
        jobs.tell()
        wake_look()
        until = time.monotonic() + seconds
        if guard := self._threads.get("guard"):  # it starts the others: once it has ended there come no more
            guard.join(max(0.1, until - time.monotonic()))
        for thread in list(self._threads.values()):
            thread.join(max(0.1, until - time.monotonic()))
        if self._lock is not None:
            with suppress(Exception):
                jobs.give_back()
            self._lock.release()
            processes.forget(settings().data, jobs.PROCESS)
        self.state = STOPPED

    def _keep_going(self, target: Callable[[], None], name: str) -> None:
        """Start a thread where it does not run: for the first time, or because something ended it."""
        thread = self._threads.get(name)
        if thread is not None and thread.is_alive():
            return
        if thread is not None:
            log("worker.thread_started_again", thread=name)
        self._threads[name] = threading.Thread(target=target, name=name, daemon=True)
        self._threads[name].start()

    def _watch(self) -> None:
        """Look at the passage store every few seconds, so that no page has to wait for it."""
        look_at_stores()
        _load_stages()
        was_away = True  # the start is like a return: what lies there may have changed meanwhile
        while not self._stop.is_set():
            away = look_at_stores() is not None
            was_away = away or (was_away and not _go_on())
            self._stop.wait(WATCH_SECONDS)
            if not self._stop.is_set():
                wait_until_asked(IDLE_WATCH_SECONDS)

    def _guard(self) -> None:
        """Run the other threads, again where one ended; say that this process lives; take over from those that died."""
        while not self._opened():
            if self._stop.wait(OPEN_SECONDS):
                return
        taken_back = _take_over()
        log("worker.started", taken_back=taken_back, lanes=settings().workers)
        cleaned = -CLEAN_SECONDS
        while not self._stop.is_set():
            self.state = WAITING if taken_back is None else HERE
            self._keep_going(self._watch, "watch")
            for number in range(settings().workers):
                self._keep_going(self._lane, f"lane-{number}")
            if time.monotonic() - cleaned >= CLEAN_SECONDS:
                self._clean()
                cleaned = time.monotonic()
            self._stop.wait(HEARTBEAT_SECONDS)
            taken_back = _take_over()

    def _opened(self) -> bool:
        """Open the data folder and its database; False where that cannot be done yet."""
        try:
            open_data_folder()
            self._lock = processes.lock_of(settings().data, jobs.PROCESS)
            self._lock.acquire()
        except Exception as error:  # noqa: BLE001  whatever is wrong, it may be put right while the server runs
            if (reason := f"{type(error).__name__} {error}") != self._waits_for:
                log_failure("worker.waits", error)
            self._waits_for = reason
            return False
        return True

    def _lane(self) -> None:
        from core.load import Sandbox

        sandbox, news, pause = Sandbox(), 0, POLL_SECONDS
        try:
            while not self._stop.is_set():
                job = _claim()
                if job is not None:
                    self._run(job, sandbox)
                    pause = POLL_SECONDS
                    continue
                if self._renew():
                    continue
                self._tidy()
                sandbox.close_if_idle(SANDBOX_IDLE_SECONDS)
                self._rest()
                before, news = news, jobs.wait_for_news(news, pause)
                pause = POLL_SECONDS if news != before else min(1.5 * pause, IDLE_POLL_SECONDS)
        finally:
            sandbox.close()

    def _run(self, job: Job, sandbox: "Sandbox") -> None:
        """Do one job; whatever goes wrong ends on its row, and the lane goes on."""
        began = time.monotonic()
        try:
            result = self._do(job, sandbox)
            self._note(lambda: jobs.finish(job.id, result))
            log("job.done", kind=job.kind, job=job.id, seconds=round(time.monotonic() - began, 2), **result)
        except LeaseLost:
            log("job.lost", kind=job.kind, job=job.id)  # another process does it now; nothing here is ours to say
        except Cancelled as stopped:
            if self._stop.is_set():
                return  # the process ends: the job goes back to the queue
            self._fail(job, stopped)
            log("job.stopped", kind=job.kind, job=job.id)
        except AnswerbookError as error:
            log_failure("job.failed", error, kind=job.kind, job=job.id)
            self._fail(job, error)
        except BaseException as error:  # noqa: BLE001  a lane must survive any job, also a panic of a library in Rust
            log_failure("job.failed", error, kind=job.kind, job=job.id)
            self._fail(job, _unexpected())

    def _fail(self, job: Job, error: AnswerbookError) -> None:
        """Write why a job failed, or let it wait and try again, where that may help, as often as is sensible."""
        passing = isinstance(error, StoreError | ModelError | DataFolderError) and error.passing

        def write() -> None:
            if not ((passing or jobs.waits_for(error)) and jobs.postpone(job, error)):
                jobs.fail(job.id, error)

        self._note(write)

    def _note(self, note: Callable[[], object]) -> None:
        """Write a job's end to its row, however long the database is away: unwritten, it would seem to run for ever.

        As this process ends, the job goes back to the queue instead.
        """
        while True:
            try:
                note()
            except DataFolderError as away:
                log_failure("queue.away", away)
                if not self._stop.wait(AGAIN_SECONDS):
                    continue
            return

    def _do(self, job: Job, sandbox: "Sandbox") -> dict[str, object]:
        result = HANDLERS[JobKind(job.kind)](job, sandbox, jobs.JobProgress(job.id, self._stop))
        self._worked_at = time.monotonic()
        with self._touched_lock:
            live = index_builds.live_build(job.assistant_id)
            self._touched.add((live.store, index_builds.scope_of(live)))
        return result

    def _renew(self) -> bool:
        """Queue the next thing that an update left to do, as nothing else waits; says whether there was one."""
        from core.index import renew_next

        if time.monotonic() < self._renew_at:
            return False
        try:
            if renew_next():
                return True
        except Exception as error:  # noqa: BLE001  a database that is away for a moment must not end the lane
            log_failure("update.not_looked_for", error)
        self._renew_at = time.monotonic() + RENEW_SECONDS
        return False

    def _tidy(self) -> None:
        """Make what was written fast to search, once the queue is empty."""
        with self._touched_lock:
            scopes, self._touched = self._touched, set()
        for store, scope in scopes:
            try:
                store_named(store).tidy(scope)
            except StoreError as error:
                log_failure("store.untidy", error, scope=scope.name)
        if scopes:
            give_back_memory()

    def _rest(self) -> None:
        """Let go of what only reading needs, some time after the last job; of what questions in other languages do."""
        if forget_across():
            give_back_memory()
        if self._worked_at and time.monotonic() - self._worked_at >= SANDBOX_IDLE_SECONDS:
            self._worked_at = 0.0
            forget_languages()
            give_back_memory()

    def _clean(self) -> None:
        """Copy the database; erase what was kept long enough: bin, old indexes, who asked, what visitors left."""
        try:
            with FileLock(settings().data / "clean.lock", timeout=0):
                make_daily_copy(_take_over)
                _erase_expired()
                _forget_askers()
        except Timeout:
            return
        except Exception as error:  # noqa: BLE001  a database that is away for a moment must not end the guard
            log_failure("bin.not_emptied", error)


def _read(job: Job, sandbox: "Sandbox", progress: jobs.JobProgress) -> dict[str, object]:
    from core.index import keep_prepared, read_source

    result = read_source(job, sandbox, store_named, progress)
    keep_prepared(job.assistant_id)
    return result


def _forget(job: Job, _sandbox: "Sandbox", _progress: jobs.JobProgress) -> dict[str, object]:
    from core.index import drop_unknown_vectors, forget_source

    drop_unknown_vectors()
    return forget_source(job, store_named)


def _rebuild(job: Job, _sandbox: "Sandbox", progress: jobs.JobProgress) -> dict[str, object]:
    from core.index import rebuild_index, retire_expired

    result = rebuild_index(job, store_named, progress)
    retire_expired(store_named)
    return result


def _check(job: Job, _sandbox: "Sandbox", progress: jobs.JobProgress) -> dict[str, object]:
    from core.index import check_index

    return check_index(job, progress)


def _prepare_languages(job: Job, _sandbox: "Sandbox", progress: jobs.JobProgress) -> dict[str, object]:
    from core.index import prepare_languages

    return prepare_languages(job, progress)


def _test(job: Job, _sandbox: "Sandbox", progress: jobs.JobProgress) -> dict[str, object]:
    from core.explain import run_questions

    return run_questions(job, progress)


# Who does a job of each kind; returns what was counted. A kind that is not here is left waiting in the queue.
Handler = Callable[[Job, "Sandbox", jobs.JobProgress], dict[str, object]]
HANDLERS: Mapping[JobKind, Handler] = {
    JobKind.READ: _read,
    JobKind.FORGET: _forget,
    JobKind.REBUILD: _rebuild,
    JobKind.CHECK: _check,
    JobKind.LANGUAGES: _prepare_languages,
    JobKind.EXPIRE: lambda job, _sandbox, _progress: forget_details(job.assistant_id),
    JobKind.TEST: _test,
}


def _erase_expired() -> None:
    from core.demo import forget_demos
    from core.index import drop_leftovers, drop_unknown_vectors, retire_expired
    from core.publish import forget_visitors

    for assistant_id in lifecycle.bin_expired():
        lifecycle.erase_assistant(assistant_id)
    drop_leftovers(store_named)
    sources.erase_expired()
    drop_unknown_vectors()
    retire_expired(store_named)
    forget_visitors()
    forget_demos()


def _forget_askers() -> None:
    """Remove what was kept long enough of who asked, and reservations of processes that died."""
    release_old()
    forget_windows()
    forget_salts()
    queue_deletions()


def _take_over() -> int | None:
    """Say that this process lives, put back what dead or silent ones worked on; returns how many, None: no database."""
    try:
        jobs.heartbeat()
        dead = processes.dead_processes(settings().data)
        taken = jobs.take_back(dead)
        for process in dead:
            processes.forget(settings().data, process)
    except Exception as error:  # noqa: BLE001  a database that is away for a moment must not end the guard
        log_failure("queue.away", error)
        return None
    if taken:
        log("jobs.taken_over", count=taken)
    return taken


def _go_on() -> bool:
    """The stores are here again: jobs that wait for them go on, and what was lost is made again; False: try again."""
    from core.index import repair_lost

    try:
        jobs.release_waiting()
        repair_lost()
    except Exception as error:  # noqa: BLE001  a database that is away for a moment must not end the watch
        log_failure("queue.away", error)
        return False
    return True


def _load_stages() -> None:
    """Import the stages here, in the background: neither the server's start nor the first question waits for them."""
    import core.index
    import core.pipeline  # noqa: F401


def _claim() -> Job | None:
    """Take a job; a database that is away for a moment must not end the lane."""
    try:
        return jobs.claim(HANDLERS.keys())
    except Exception as error:  # noqa: BLE001  any driver's error; tried again at the next poll
        log_failure("queue.away", error)
        time.sleep(1)
        return None


def _unexpected() -> AnswerbookError:
    return AnswerbookError(
        "Something went wrong that Answerbook did not expect.",
        "The file is kept. Press Retry; if it happens again, the log says where.",
        code="unexpected",
    )
