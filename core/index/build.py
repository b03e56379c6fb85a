"""Indexes built beside the one that answers: filled, proven, switched over, kept a day for going back, removed."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import col, select

from core import jobs
from core.assistants import documents
from core.assistants.index_builds import scope_of
from core.database import (
    Assistant,
    IndexBuild,
    Indexed,
    Job,
    LeftoverIndex,
    Parsed,
    PassagePrints,
    Source,
    now,
    session,
)
from core.errors import Cancelled, NotFound, StoreError
from core.index.ingest import Progress, Stores, index_entry, index_version, older_code
from core.log import log, log_failure
from core.schema import BuildState, JobState, Scope

RETENTION = timedelta(days=1)
AT_ONCE = 4  # sources put into a new index at the same time: a server's answers are waited for side by side


def rebuild_index(job: Job, stores: Stores, progress: Progress) -> dict[str, object]:
    """Fill a build from the kept texts, then switch the assistant over; the one that answers goes on meanwhile.

    Goes on where it was when it is run again. Raises NotFound when the build is no longer wanted, StoreError.
    """
    with session() as db:
        build = db.get(IndexBuild, job.build_id or "")
    if build is None or build.state != BuildState.BUILDING:
        raise NotFound("This rebuild was replaced by a later one.", "Nothing needs to be done.", code="replaced")
    _remove(build, _of_older_code(build), stores)
    reused = embedded = 0
    while True:
        while missing := _missing(build):
            for counted in _filled(build, missing, stores, progress, job.id):
                reused, embedded = reused + counted["reused"], embedded + counted["embedded"]
        _remove_stale(build, stores)
        stores(build.store).tidy(scope_of(build))
        _prove_whole(build, stores)
        if _go_live(build, job):
            break
    _put_to_rest(build, stores)
    return {"sources": len(_indexed(build)), "embedded": embedded, "reused": reused}


def _filled(
    build: IndexBuild, missing: list[str], stores: Stores, progress: Progress, job_id: str
) -> Iterator[dict[str, int]]:
    """Put versions into a build, some at the same time; yields what was counted of each.

    What ``progress`` or a version raises ends it: what runs is finished or stopped, the rest is not begun.
    """

    ended = threading.Event()

    def go_on(*_: object) -> None:
        if ended.is_set():
            raise Cancelled
        progress("", -1, -1)

    def put(version_id: str) -> dict[str, int]:
        document = documents.document(version_id)
        if document is None:
            return {"passages": 0, "aliases": 0, "embedded": 0, "reused": 0}
        counted = index_version(build, version_id, document, stores, go_on)
        with session() as db:
            db.merge(index_entry(build.id, version_id, counted))
            jobs.got_further(db, job_id)
        return counted

    done = len(_indexed(build))
    total = done + len(missing)
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="rebuild")
    try:
        progress("Preparing source", done, total)
        for position, future in enumerate(as_completed([pool.submit(put, version) for version in missing]), 1):
            yield future.result()
            progress("Preparing source", min(done + position, total - 1), total)
    finally:
        ended.set()
        pool.shutdown(cancel_futures=True)


def _missing(build: IndexBuild) -> list[str]:
    """Current versions of live sources that this build does not hold yet and that can be rebuilt."""
    with session() as db:
        held = select(Indexed.version_id).where(Indexed.build_id == build.id)
        wanted = (
            select(Source.version_id)
            .join(Parsed, col(Parsed.version_id) == col(Source.version_id))
            .where(Source.assistant_id == build.assistant_id, col(Source.deleted_at).is_(None))
        )
        return list(db.exec(wanted.where(col(Source.version_id).not_in(held))).all())


def _indexed(build: IndexBuild) -> dict[str, int]:
    """Versions that a build holds, with their number of passages."""
    with session() as db:
        rows = db.exec(select(Indexed).where(Indexed.build_id == build.id)).all()
    return {row.version_id: row.passages for row in rows}


def _remove_stale(build: IndexBuild, stores: Stores) -> None:
    """Remove versions that were replaced or deleted while the index was built, or since it last answered."""
    with session() as db:
        current = select(Source.version_id).where(
            Source.assistant_id == build.assistant_id, col(Source.deleted_at).is_(None)
        )
        stale = (col(Indexed.build_id) == build.id, col(Indexed.version_id).not_in(current))
        versions = db.exec(select(Indexed.version_id).where(*stale)).all()
    _remove(build, versions, stores)


def _of_older_code(build: IndexBuild) -> Sequence[str]:
    """Versions that an earlier Answerbook put into a build that goes on now: a build goes live as of one code only."""
    with session() as db:
        return db.exec(select(Indexed.version_id).where(Indexed.build_id == build.id, older_code())).all()


def _remove(build: IndexBuild, versions: Sequence[str], stores: Stores) -> None:
    """Remove versions from a build. Raises StoreError where something of them is left."""
    if not versions:
        return
    left = stores(build.store).delete_versions(scope_of(build), versions)
    if left:
        raise StoreError(f"{left} passages are still there.", "It is tried again.", code="left_over", passing=True)
    with session() as db:
        gone = (col(Indexed.build_id) == build.id, col(Indexed.version_id).in_(versions))
        db.execute(delete(Indexed).where(*gone))


def _prove_whole(build: IndexBuild, stores: Stores) -> None:
    """Count once more before anything is answered from it. Raises StoreError where passages are missing or too many."""
    wanted = sum(_indexed(build).values())
    counted = stores(build.store).count(scope_of(build))
    if counted == wanted:
        return
    with session() as db:  # nothing of it is trusted: the next try fills it from the beginning
        db.execute(delete(Indexed).where(col(Indexed.build_id) == build.id))
    stores(build.store).drop(scope_of(build))
    raise StoreError(
        f"{counted} of {wanted} passages are in the new index.", "It is built again.", code="miscounted", passing=True
    )


def _go_live(build: IndexBuild, job: Job) -> bool:
    """Make a build the one that answers, in one transaction; False when a source came meanwhile."""
    with session() as db:
        jobs.hold(db, job.id)
        owner = db.get_one(Assistant, build.assistant_id, with_for_update=True)
        built = db.get_one(IndexBuild, build.id, with_for_update=True)
        if built.state != BuildState.BUILDING:
            raise NotFound("This rebuild was replaced by a later one.", "Nothing needs to be done.", code="replaced")
        if _missing(build):
            return False
        replaced = col(IndexBuild.id) == owner.build_id
        db.execute(update(IndexBuild).where(replaced).values(state=BuildState.OLD, retired_at=now()))
        db.execute(
            update(IndexBuild).where(col(IndexBuild.id) == built.id).values(state=BuildState.LIVE, retired_at=None)
        )
        owner.build_id = build.id
        db.add(owner)
    log("build.live", assistant=build.assistant_id, number=build.number, store=build.store)
    return True


def _put_to_rest(build: IndexBuild, stores: Stores) -> None:
    """Let the stores of replaced indexes use less memory for them; they are kept for a day."""
    for old in earlier_builds(build.assistant_id):
        try:
            stores(old.store).rest(scope_of(old))
        except StoreError as error:
            log_failure("build.not_at_rest", error, scope=scope_of(old).name)


def earlier_builds(assistant_id: str) -> list[IndexBuild]:
    """Return the indexes that answered before and are still kept for going back, newest first."""
    with session() as db:
        chosen = select(IndexBuild).where(IndexBuild.assistant_id == assistant_id, *is_kept())
        return list(db.exec(chosen.order_by(col(IndexBuild.retired_at).desc())).all())


def is_kept() -> tuple[ColumnElement[bool], ...]:
    """Say, as conditions, which indexes answered before and are still kept for going back."""
    return col(IndexBuild.state) == BuildState.OLD, col(IndexBuild.retired_at) > now() - RETENTION


def drop_leftovers(stores: Stores) -> int:
    """Remove the indexes of erased assistants; returns how many. One whose store is away is left for the next time."""
    with session() as db:
        leftovers = db.exec(select(LeftoverIndex)).all()
    removed = 0
    for leftover in leftovers:
        scope = Scope(leftover.assistant_id, leftover.number, "", 0)
        try:
            stores(leftover.store).drop(scope)
        except StoreError as error:
            log_failure("leftover.not_removed", error, scope=scope.name)
            continue
        with session() as db:
            db.execute(delete(LeftoverIndex).where(col(LeftoverIndex.id) == leftover.id))
        removed += 1
    return removed


def retire_expired(stores: Stores) -> int:
    """Remove indexes that were kept for a day, and those that were given up; returns how many.

    One whose store is away, or that a job still writes to, is left for the next time.
    """
    with session() as db:
        busy = select(Job.build_id).where(Job.state == JobState.RUNNING, col(Job.build_id).is_not(None))
        chosen = select(IndexBuild).where(
            IndexBuild.state == BuildState.OLD,
            col(IndexBuild.retired_at).is_(None) | (col(IndexBuild.retired_at) <= now() - RETENTION),
            col(IndexBuild.id).not_in(busy),
        )
        expired = db.exec(chosen).all()
    removed = 0
    for build in expired:
        try:
            stores(build.store).drop(scope_of(build))
        except StoreError as error:
            log_failure("build.not_removed", error, scope=scope_of(build).name)
            continue
        with session() as db:
            db.execute(delete(Indexed).where(col(Indexed.build_id) == build.id))
            db.execute(delete(PassagePrints).where(col(PassagePrints.build_id) == build.id))
            db.execute(update(IndexBuild).where(col(IndexBuild.id) == build.id).values(state=BuildState.GONE))
        removed += 1
    return removed
