"""Indexes built beside the one that answers: filled, proven, switched over, kept a day for going back, removed."""

from datetime import timedelta

from sqlalchemy import delete, update
from sqlmodel import col, select

from core import jobs, sources
from core.database import Assistant, Generation, Indexed, Job, Parsed, Source, now, session
from core.errors import NotFound, StoreError
from core.ingest import Progress, Stores, index_version
from core.library import scope_of
from core.log import log, log_failure

KEPT = timedelta(days=1)


def rebuild_index(job: Job, stores: Stores, progress: Progress) -> dict[str, object]:
    """Fill a generation from the kept texts, then switch the assistant over; the one that answers goes on meanwhile.

    Goes on where it was when it is run again. Raises NotFound when the generation is no longer wanted, StoreError.
    """
    with session() as db:
        generation = db.get(Generation, job.generation_id or "")
    if generation is None or generation.state != "building":
        raise NotFound("This rebuild was replaced by a later one.", "Nothing needs to be done.", code="replaced")
    reused = embedded = 0
    while True:
        while missing := _missing(generation):
            total = len(missing) + len(_indexed(generation))
            for position, version_id in enumerate(missing):
                progress("Rebuilding passages", total - len(missing) + position, total)
                document = sources.document(version_id)
                if document is None:
                    continue
                counted = index_version(generation, version_id, document, stores, lambda *_: progress("", -1, -1))
                reused, embedded = reused + counted["reused"], embedded + counted["embedded"]
                with session() as db:
                    db.merge(Indexed(generation_id=generation.id, version_id=version_id, passages=counted["passages"]))
        _remove_stale(generation, stores)
        stores(generation.store).tidy(scope_of(generation))
        _prove_whole(generation, stores)
        if _go_live(generation, job):
            break
    _put_to_rest(generation, stores)
    return {"sources": len(_indexed(generation)), "embedded": embedded, "reused": reused}


def _missing(generation: Generation) -> list[str]:
    """Current versions of live sources that this generation does not hold yet and that can be rebuilt."""
    with session() as db:
        held = select(Indexed.version_id).where(Indexed.generation_id == generation.id)
        wanted = (
            select(Source.version_id)
            .join(Parsed, col(Parsed.version_id) == col(Source.version_id))
            .where(Source.assistant_id == generation.assistant_id, col(Source.deleted_at).is_(None))
        )
        return list(db.exec(wanted.where(col(Source.version_id).not_in(held))).all())


def _indexed(generation: Generation) -> dict[str, int]:
    """Versions that a generation holds, with their number of passages."""
    with session() as db:
        rows = db.exec(select(Indexed).where(Indexed.generation_id == generation.id)).all()
    return {row.version_id: row.passages for row in rows}


def _remove_stale(generation: Generation, stores: Stores) -> None:
    """Remove versions that were replaced or deleted while the index was built, or since it last answered."""
    with session() as db:
        current = select(Source.version_id).where(
            Source.assistant_id == generation.assistant_id, col(Source.deleted_at).is_(None)
        )
        stale = (col(Indexed.generation_id) == generation.id, col(Indexed.version_id).not_in(current))
        versions = db.exec(select(Indexed.version_id).where(*stale)).all()
    if not versions:
        return
    left = stores(generation.store).delete_versions(scope_of(generation), versions)
    if left:
        raise StoreError(f"{left} passages are still there.", "It is tried again.", code="left_over", passing=True)
    with session() as db:
        gone = (col(Indexed.generation_id) == generation.id, col(Indexed.version_id).in_(versions))
        db.execute(delete(Indexed).where(*gone))


def _prove_whole(generation: Generation, stores: Stores) -> None:
    """Count once more before anything is answered from it. Raises StoreError where passages are missing or too many."""
    wanted = sum(_indexed(generation).values())
    found = stores(generation.store).count(scope_of(generation))
    if found == wanted:
        return
    with session() as db:  # nothing of it is trusted: the next try fills it from the beginning
        db.execute(delete(Indexed).where(col(Indexed.generation_id) == generation.id))
    stores(generation.store).drop(scope_of(generation))
    raise StoreError(
        f"{found} of {wanted} passages are in the new index.", "It is built again.", code="miscounted", passing=True
    )


def _go_live(generation: Generation, job: Job) -> bool:
    """Make a generation the one that answers, in one transaction; False when a source came meanwhile."""
    with session() as db:
        jobs.hold(db, job.id)
        owner = db.get_one(Assistant, generation.assistant_id, with_for_update=True)
        built = db.get_one(Generation, generation.id, with_for_update=True)
        if built.state != "building":
            raise NotFound("This rebuild was replaced by a later one.", "Nothing needs to be done.", code="replaced")
        if _missing(generation):
            return False
        replaced = col(Generation.id) == owner.generation_id
        db.execute(update(Generation).where(replaced).values(state="old", retired_at=now()))
        db.execute(update(Generation).where(col(Generation.id) == built.id).values(state="live", retired_at=None))
        owner.generation_id = generation.id
        db.add(owner)
    log("generation.live", assistant=generation.assistant_id, number=generation.number, store=generation.store)
    return True


def _put_to_rest(generation: Generation, stores: Stores) -> None:
    """Let the stores of replaced indexes use less memory for them; they are kept for a day."""
    for old in kept_generations(generation.assistant_id):
        try:
            stores(old.store).rest(scope_of(old))
        except StoreError as error:
            log_failure("generation.not_at_rest", error, scope=scope_of(old).name)


def kept_generations(assistant_id: str) -> list[Generation]:
    """Return the indexes that answered before and are still kept for going back, newest first."""
    with session() as db:
        chosen = select(Generation).where(
            Generation.assistant_id == assistant_id,
            Generation.state == "old",
            col(Generation.retired_at) > now() - KEPT,
        )
        return list(db.exec(chosen.order_by(col(Generation.retired_at).desc())).all())


def retire_expired(stores: Stores) -> int:
    """Remove indexes that were kept for a day, and those that were given up; returns how many.

    One whose store is away, or that a job still writes to, is left for the next time.
    """
    with session() as db:
        busy = select(Job.generation_id).where(Job.state == "running", col(Job.generation_id).is_not(None))
        chosen = select(Generation).where(
            Generation.state == "old",
            col(Generation.retired_at).is_(None) | (col(Generation.retired_at) <= now() - KEPT),
            col(Generation.id).not_in(busy),
        )
        expired = db.exec(chosen).all()
    removed = 0
    for generation in expired:
        try:
            stores(generation.store).drop(scope_of(generation))
        except StoreError as error:
            log_failure("generation.not_removed", error, scope=scope_of(generation).name)
            continue
        with session() as db:
            db.execute(delete(Indexed).where(col(Indexed.generation_id) == generation.id))
            db.execute(update(Generation).where(col(Generation.id) == generation.id).values(state="gone"))
        removed += 1
    return removed
