"""Puts right what differs between database and passage store, and proves it: ``python -m core.check``, or a button.

What is missing is indexed again from the kept texts, what is left over is removed, indexes of nobody are dropped. Safe
beside running jobs: what they work on is left alone, and whatever changes meanwhile is seen by the next look.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlmodel import Session, col, select

from core import jobs
from core.assistants import documents, sources
from core.assistants.assistants import assistant
from core.assistants.index_builds import scope_of
from core.database import Assistant, IndexBuild, Indexed, Job, Source, session
from core.errors import StoreError
from core.index.compare import (
    Difference,
    belongs_in_store,
    builds_to_look_at,
    expected_passages,
    look,
    orphans,
    versions_of,
)
from core.index.ingest import Progress, index_entry, index_version
from core.index.whole import BROKEN
from core.log import log, log_failure
from core.schema import BuildState, JobKind, Scope
from core.store import PassageStore, store_named
from core.text import counted

ROUNDS = 4


@dataclass(frozen=True, slots=True)
class AssistantCheck:
    """An assistant and its newest check, if there was one."""

    assistant_id: str
    name: str
    job: jobs.JobCard | None


@dataclass(slots=True)
class _Sum:
    """What was found in all builds of one assistant; only the one that answers counts as its passages."""

    expected: int = 0
    missing: int = 0
    extra: int = 0
    busy: int = 0
    unsearchable: bool = False

    def add(self, difference: Difference, *, live: bool) -> None:
        self.expected += difference.expected if live else 0
        self.missing += difference.lost
        self.extra += len(difference.extra)
        self.busy = max(self.busy, difference.busy)
        self.unsearchable |= difference.unsearchable


def request_check() -> None:
    """Have the passages of every assistant that is not in the bin compared in the background."""
    for check in checks():
        if check.job is None or not check.job.active:
            jobs.enqueue(JobKind.CHECK, check.assistant_id)


def checks() -> list[AssistantCheck]:
    """List the assistants (not those in the bin), oldest first, each with its newest check."""
    with session() as db:
        owners = _owners(db)
        rows = db.exec(select(Job).where(Job.kind == JobKind.CHECK).order_by(col(Job.number))).all()
    newest = {job.assistant_id: jobs.card_of(job) for job in rows}
    return [AssistantCheck(owner.id, owner.name, newest.get(owner.id)) for owner in owners]


def _owners(db: Session) -> Sequence[Assistant]:
    alive = select(Assistant).where(col(Assistant.deleted_at).is_(None))
    return db.exec(alive.order_by(col(Assistant.created_at))).all()


def check_index(
    job_or_assistant_id: Job | str, progress: Progress | None = None, *, repair: bool = True
) -> dict[str, object]:
    """Compare one assistant's passages with the database, put right what differs, and prove it by looking again.

    Returns counts and a ``sentence`` for the owner; without ``repair`` nothing is changed. ``progress`` may raise
    Cancelled. Raises NotFound, StoreError (``passing`` where the store is away), ModelError.
    """
    assistant_id = job_or_assistant_id if isinstance(job_or_assistant_id, str) else job_or_assistant_id.assistant_id
    live_id = assistant(assistant_id).build_id
    report = progress or _unseen
    nobodys = orphans(assistant_id)
    first, last, reread, unseen = _Sum(), _Sum(), set[str](), 0
    for build in builds_to_look_at(assistant_id):
        live = build.id == live_id
        try:
            before = after = look(build, report)
            if repair and not before.equal:
                after = _repair(build, before, report, reread)
            if build.state == BuildState.OLD:
                store_named(build.store).rest(scope_of(build))  # the look woke it
        except StoreError as error:
            if live:
                raise
            log_failure("check.not_looked_at", error, scope=scope_of(build).name)
            unseen += 1
            continue
        first.add(before, live=live)
        last.add(after, live=live)
    if repair:
        for store, scope in nobodys:
            store.drop(scope)
        _prove(last)
    counts = {"passages": last.expected, "missing": first.missing, "extra": first.extra, "orphans": len(nobodys)}
    log("check.done", assistant=assistant_id, busy=last.busy, repair=repair, **counts)
    sentence = _sentence(first, last, nobodys=len(nobodys), reread=len(reread), unseen=unseen, repair=repair)
    return {**counts, "busy": last.busy, "sentence": sentence}


# --- Putting it right -----------------------------------------------------------------------------------------------


def _repair(build: IndexBuild, difference: Difference, progress: Progress, reread: set[str]) -> Difference:
    """Make store and database equal and return the last look; notes sources that have to be read again."""
    store, scope = store_named(build.store), scope_of(build)
    for attempt in range(ROUNDS):
        if difference.equal:
            break
        if difference.broken or (difference.unsearchable and not _indexed_anew(store, scope, attempt)):
            _start_anew(build, store)
            difference = look(build, progress)
        wrong = set(difference.missing)
        if difference.extra:
            wrong |= _remove(build, difference.extra, store, thorough=attempt > 0)
        for position, version_id in enumerate(sorted(wrong)):
            progress("Bringing passages back", position, len(wrong))
            if source_id := _bring_back(build, version_id, store, progress):
                reread.add(source_id)
        store.tidy(scope)
        difference = look(build, progress)
    return difference


def _indexed_anew(store: PassageStore, scope: Scope, attempt: int) -> bool:
    """Have the store index anew what it holds but cannot find; False where that was tried, or cannot be done."""
    if attempt > 0:
        return False
    try:
        store.index_anew(scope)
    except StoreError as error:
        if error.code not in BROKEN:
            raise
        return False
    return True


def _start_anew(build: IndexBuild, store: PassageStore) -> None:
    """Drop an index that cannot be read. One that does not answer is filled again when it is wanted."""
    store.drop(scope_of(build))
    if build.state != BuildState.LIVE:
        with session() as db:
            db.execute(delete(Indexed).where(col(Indexed.build_id) == build.id))


def _remove(build: IndexBuild, extra: frozenset[bytes], store: PassageStore, *, thorough: bool) -> set[str]:
    """Remove what is left over; returns versions that answer but held passages they should not: to be indexed anew.

    First all versions that answer no more. What is left then is of versions that the database does not know, or was
    never cut from its version: the store itself is asked to which version it belongs.
    """
    scope, expected = scope_of(build), expected_passages(build.id)
    if expected is None:
        return set()
    leftovers = versions_of(store, scope, extra) - expected.busy if thorough else set()
    wrong = leftovers & expected.held.keys()
    if wrong and not expected.live:
        with session() as db:  # it is indexed again when this index is wanted
            gone = (col(Indexed.build_id) == build.id, col(Indexed.version_id).in_(wrong))
            db.execute(delete(Indexed).where(*gone))
    if expected.stale or leftovers:
        store.delete_versions(scope, sorted({*expected.stale, *leftovers}))
    return wrong if expected.live else set()


def _bring_back(build: IndexBuild, version_id: str, store: PassageStore, progress: Progress) -> str:
    """Index a version again from its kept text; returns its source where no text is kept: it is read again then."""
    with session() as db:
        source = _answering(db, build, version_id)
    if source is None:
        return ""
    document = documents.document(version_id)
    if document is None:
        sources.read_again(source.assistant_id, [source.id])
        return source.id

    def index() -> dict[str, int]:
        return index_version(build, version_id, document, store_named, lambda *_: progress("", -1, -1))

    scope = scope_of(build)
    try:
        counts = index()
    except StoreError as error:
        if error.code == "miscounted":
            store.delete_versions(scope, [version_id])  # an earlier Answerbook cut it into more
        elif error.code == "dimension" and store.count(scope) == 0:
            store.drop(scope)  # an index of another embedding lies in the way
        else:
            raise
        counts = index()
    with session() as db:
        db.get(Assistant, build.assistant_id, with_for_update=True)  # no switch in between
        wanted = _answering(db, build, version_id) is not None
        if wanted:
            db.merge(index_entry(build.id, version_id, counts))
    if not wanted:
        _take_back(build, version_id, store)
    return ""


def _answering(db: Session, build: IndexBuild, version_id: str) -> Source | None:
    """Return the source for which this version answers, if it does and its index is still kept."""
    now = db.get(IndexBuild, build.id)
    if now is None or not belongs_in_store(now):
        return None
    return db.exec(select(Source).where(Source.version_id == version_id, col(Source.deleted_at).is_(None))).first()


def _take_back(build: IndexBuild, version_id: str, store: PassageStore) -> None:
    """Undo the indexing of a version that was replaced or deleted meanwhile, or whose index is gone."""
    with session() as db:
        now = db.get(IndexBuild, build.id)
    if now is None or not belongs_in_store(now):
        store.drop(scope_of(build))
    else:
        store.delete_versions(scope_of(build), [version_id])


def _prove(last: _Sum) -> None:
    """Raise StoreError when the last look still found a difference."""
    if last.missing or last.extra or last.unsearchable:
        found = "" if not last.unsearchable else " What is there cannot be searched."
        raise StoreError(
            f"{last.missing:,} passages are still missing and {last.extra:,} still left over.{found}",
            "It is tried again by itself; else press Check passages in Settings.",
            code="not_equal",
            passing=True,
        )


# --- Words ----------------------------------------------------------------------------------------------------------


def _sentence(first: _Sum, last: _Sum, *, nobodys: int, reread: int, unseen: int, repair: bool) -> str:
    """Say in plain words what was found and done."""
    parts = []
    if first.missing:
        back = f" and {_were(first.missing, False)} back" if repair else ""
        parts.append(f"{first.missing:,} {_were(first.missing, repair)} missing{back}")
    if first.extra:
        parts.append(f"{first.extra:,} left over" + (f" {_were(first.extra, repair)} removed" if repair else ""))
    sentences = [f"{counted(last.expected, 'passage')}: {', '.join(parts) or 'all there'}."]
    if first.unsearchable:
        sentences.append(f"The search index {'was' if repair else 'is'} damaged{' and was made anew' * repair}.")
    if nobodys:
        outcome = "removed" if repair else "found"
        sentences.append(f"{counted(nobodys, 'forgotten index', 'forgotten indexes')} {outcome}.")
    if reread:
        sentences.append(f"{counted(reread, 'file')} read again in the background.")
    if last.busy:
        sentences.append(f"{counted(last.busy, 'file')} being worked on just now, not compared.")
    if unseen:
        sentences.append("The index from before the last change could not be reached; it does not answer questions.")
    return " ".join(sentences)


def _were(count: int, past: bool) -> str:
    return ("was" if count == 1 else "were") if past else ("is" if count == 1 else "are")


def _unseen(_stage: str, _done: int, _total: int) -> None:
    """Nobody watches."""
