"""Does an index still hold what the database says? A cheap look, and a check queued where it does not.

A search of a damaged index must not end in "I don't know". What was lost is made again by a check (``check.py``).
"""

import time
from datetime import timedelta

from sqlmodel import col, func, select

from core import jobs
from core.assistants.index_builds import live_build, scope_of
from core.database import Assistant, IndexBuild, Indexed, Job, Source, now, session
from core.errors import AnswerbookError, StoreError
from core.log import log, log_failure
from core.schema import BuildState, JobKind, JobState, Scope
from core.store import PassageStore, store_named

# The store cannot use what lies there, or it is of another embedding; the kept texts can fill it again.
BROKEN = ("damaged", "dimension")
COUNT_SECONDS = 60.0  # between two counts of an index whose searches find what they look for
AGAIN = timedelta(seconds=60)  # between two checks where the first could not put it right
NEAR = 16  # how many are looked at in a trial search
_counted: dict[str, float] = {}  # when this process last counted a build


def has_lost_passages(build: IndexBuild) -> bool:
    """Count a build's passages: whether there are fewer than the database says. One query of each, milliseconds.

    The database is read before and after the store: what a job changes meanwhile is not lost. Raises StoreError.
    """
    _counted[build.id] = time.monotonic()
    before = _expected(build)
    if not before:
        return False
    try:
        counted = store_named(build.store).count(scope_of(build))
    except StoreError as error:
        if error.code not in BROKEN:
            raise
        return True
    return counted < before and counted < _expected(build)


def count_is_due(build: IndexBuild) -> bool:
    """Whether this process has not counted a build for a while."""
    return time.monotonic() - _counted.get(build.id, -COUNT_SECONDS) >= COUNT_SECONDS


def _expected(build: IndexBuild) -> int:
    """How many passages answer by the database, without those of sources that a job works on."""
    busy = select(Job.source_id).where(*jobs.at_work(), col(Job.source_id).is_not(None))
    chosen = (
        select(func.coalesce(func.sum(Indexed.passages), 0))
        .join(Source, col(Source.version_id) == col(Indexed.version_id))
        .where(Indexed.build_id == build.id, Source.assistant_id == build.assistant_id)
        .where(col(Source.deleted_at).is_(None), col(Source.id).not_in(busy))
    )
    with session() as db:
        return int(db.exec(chosen).one())


def can_be_searched(store: PassageStore, scope: Scope, passage_id: str) -> bool:
    """Search for one stored passage by its vector and by its words; False where either finds nothing or is damaged.

    A passage that is not there (any more) proves nothing. Raises StoreError where the store is away.
    """
    try:
        vector = store.vectors(scope, [passage_id]).get(passage_id)
        if vector is None:
            return True
        near = store.search(scope, vector=vector, terms=(), limit=NEAR)
        words = next((item.passage.terms.split() for item in near if item.passage.terms), [])
        return bool(near) and (not words or bool(store.search(scope, vector=None, terms=words, limit=NEAR)))
    except StoreError as error:
        if error.code not in BROKEN:
            raise
        return False


def request_repair(assistant_id: str) -> StoreError:
    """Have an assistant's passages checked and put right, once however many ask; returns the sentence for who asked.

    Where the last check has just failed it is not queued again yet, and the sentence is why it failed.
    """
    with session() as db:
        db.get(Assistant, assistant_id, with_for_update=True)  # two that ask at once queue one
        checks = select(Job).where(Job.assistant_id == assistant_id, Job.kind == JobKind.CHECK)
        newest = db.exec(checks.order_by(col(Job.number).desc())).first()
        rests = newest is not None and newest.state == JobState.FAILED and (newest.finished_at or now()) > now() - AGAIN
        if newest is not None and rests:
            return StoreError(newest.error, newest.remedy, code=newest.code)
        if newest is None or newest.state not in jobs.ACTIVE:
            db.add(Job(kind=JobKind.CHECK, assistant_id=assistant_id))
            log("index.repair_requested", assistant=assistant_id)
    return StoreError(
        "Some of this assistant's passages are missing, so this cannot be answered now. The documents are kept.",
        "Its passages are being built again; ask again in a minute.",
        code="mending",
        passing=True,
    )


def repair_lost() -> list[str]:
    """Look at every index that answers, and have those checked that lost passages or cannot be searched.

    Returns the assistants' ids. An index whose store is away is left out: it is looked at when that is back.
    """
    with session() as db:
        alive = select(Assistant.id).where(col(Assistant.deleted_at).is_(None), Assistant.build_id != "")
        owners = db.exec(alive.order_by(col(Assistant.created_at))).all()
    return [owner for owner in owners if _is_lost(owner) and request_repair(owner)]


def _is_lost(assistant_id: str) -> bool:
    try:
        build = live_build(assistant_id)
        if build.state != BuildState.LIVE or not _expected(build):
            return False
        if has_lost_passages(build):
            return True
        store, scope = store_named(build.store), scope_of(build)
        some_id = next(iter(store.ids(scope)), None)
        return some_id is not None and not can_be_searched(store, scope, some_id)
    except StoreError as error:
        if error.code in BROKEN:
            return True
        log_failure("index.not_looked_at", error, assistant=assistant_id)
    except AnswerbookError as error:  # it was deleted meanwhile
        log_failure("index.not_looked_at", error, assistant=assistant_id)
    return False
