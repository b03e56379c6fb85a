"""From a kept file to passages that answer: load, chunk, embed, store, then switch over in one step.

A version's passages are written beside the old version's; only the database's pointer decides which answer, so a kill
at any moment leaves either the old version or the new one, never a mixture.
"""

from collections.abc import Callable
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from langchain_core.embeddings import Embeddings
from sqlalchemy import delete, update
from sqlmodel import col, select

from core import jobs, sources
from core.chunk import chunk, without_furniture
from core.database import Assistant, Generation, Indexed, Job, Source, Version, session
from core.embed import embed_passages
from core.errors import Cancelled, LoadError, NotFound, StoreError
from core.library import cut_of, live_generation, scope_of
from core.load import LoadLimits, Sandbox, load
from core.log import log
from core.providers import embeddings_of
from core.schema import Document, Passage, Scope, StoredPassage
from core.settings import settings
from core.store import PassageStore
from core.terms import search_terms

BATCH = 2000
Progress = Callable[[str, int, int], None]


def load_limits() -> LoadLimits:
    """Return the host's limits for reading one file."""
    host = settings()
    return LoadLimits(
        seconds=host.file_seconds,
        memory_megabytes=host.file_memory_megabytes,
        pages=host.file_pages,
        megabytes=host.file_megabytes,
    )


def passage_id(generation_id: str, version_id: str, ordinal: int) -> str:
    """Return a passage's id, the same however often it is written."""
    return str(uuid5(NAMESPACE_URL, f"answerbook:{generation_id}/{version_id}/{ordinal}"))


def read_source(job: Job, sandbox: Sandbox, store: PassageStore, progress: Progress) -> dict[str, object]:
    """Read a version, cut it, put it into the live index and let it answer; returns what was counted.

    ``progress`` is told stage, done and total, and raises Cancelled when the owner stopped the job. Raises LoadError,
    ModelError, StoreError; then nothing of the new version is left and an older version goes on answering.
    """
    assert job.source_id is not None
    assert job.version_id is not None
    version_id = job.version_id
    if done := _answers_already(job.source_id, version_id, live_generation(job.assistant_id)):
        _forget_older(job.source_id, version_id, live_generation(job.assistant_id), store)
        return {"passages": done.passages, "embedded": 0, "reused": done.passages}
    document = sources.document(version_id) or _load(job, sandbox, progress)
    while True:
        generation = live_generation(job.assistant_id)
        try:
            counted = index_version(generation, version_id, document, store, progress)
            if _switch(job.source_id, version_id, generation, counted["passages"]):
                break
        except BaseException:
            store.delete_versions(scope_of(generation), [version_id])
            raise
    _forget_older(job.source_id, version_id, generation, store)
    return dict(counted)


def _answers_already(source_id: str, version_id: str, generation: Generation) -> Indexed | None:
    """Say that a version was switched over before the process was killed: what answers is never written again."""
    with session() as db:
        source = db.get(Source, source_id)
        if source is None or source.version_id != version_id:
            return None
        return db.get(Indexed, (generation.id, version_id))


def _load(job: Job, sandbox: Sandbox, progress: Progress) -> Document:
    assert job.source_id is not None
    assert job.version_id is not None
    found = sources.source(job.assistant_id, job.source_id)
    data = sources.original_bytes(job.assistant_id, job.source_id, job.version_id)
    progress("Opening the file", 0, 0)
    document = load(
        data,
        found.name,
        limits=load_limits(),
        sandbox=sandbox,
        progress=progress,
        cancelled=lambda: jobs.stop_requested(job.id),
    )
    sources.keep_document(job.version_id, document)
    return document


def index_version(
    generation: Generation, version_id: str, document: Document, store: PassageStore, progress: Progress
) -> dict[str, int]:
    """Cut, embed and store one version in a generation's index; returns passages, embedded and reused counts."""
    with session() as db:
        version = db.get_one(Version, version_id)
        source = db.get_one(Source, version.source_id)
    progress("Cutting into passages", 0, 0)
    cut = chunk(document, cut_of(generation), document.title or source.name)
    passages = [without_furniture(document, passage) for passage in cut]
    if not passages:
        raise LoadError(
            "No text was found in this file.", "Check that it holds text and not only pictures.", code="no_text"
        )
    scope = scope_of(generation)
    known = _known_vectors(generation, source, version_id, store)
    fresh = [p for p in passages if p.search_text not in known]
    vectors = _embed(embeddings_of(generation.embedding), fresh, progress)
    known.update({p.search_text: vector for p, vector in zip(fresh, vectors, strict=True)})
    for begin in range(0, len(passages), BATCH):
        progress("Saving passages", begin, len(passages))
        batch = passages[begin : begin + BATCH]
        stored = [_stored(generation, source.id, version_id, p, document.language) for p in batch]
        store.add(scope, stored, np.stack([known[p.search_text] for p in batch]))
    _prove(store, scope, version_id, len(passages))
    return {"passages": len(passages), "embedded": len(fresh), "reused": len(passages) - len(fresh)}


def _embed(embeddings: Embeddings, passages: list[Passage], progress: Progress) -> np.ndarray:
    """Embed passages, progress in the owner's words; a stop by the owner comes out of ``progress``."""
    texts = [p.search_text for p in passages]
    progress("Preparing passages for search", 0, len(texts))
    return embed_passages(
        embeddings, texts, progress=lambda done, total: progress("Preparing passages for search", done, total)
    )


def _stored(generation: Generation, source_id: str, version_id: str, p: Passage, language: str) -> StoredPassage:
    return StoredPassage(
        id=passage_id(generation.id, version_id, p.ordinal),
        source_id=source_id,
        version_id=version_id,
        ordinal=p.ordinal,
        start=p.start,
        end=p.end,
        page=p.page,
        text=p.text,
        context=p.context,
        terms=" ".join(search_terms(p.search_text, (language,))),
    )


def _known_vectors(
    generation: Generation, source: Source, version_id: str, store: PassageStore
) -> dict[str, np.ndarray]:
    """Vectors of the source's older version by search text: what did not change is not embedded again."""
    if not source.version_id:
        return {}
    with session() as db:
        indexed = db.get(Indexed, (generation.id, source.version_id))
    if indexed is None:
        return {}
    scope = scope_of(generation)
    old = store.neighbours(scope, source.version_id, range(indexed.passages))
    vectors = store.vectors(scope, [p.id for p in old])
    return {(f"{p.context}\n{p.text}" if p.context else p.text): vectors[p.id] for p in old if p.id in vectors}


def _prove(store: PassageStore, scope: Scope, version_id: str, expected: int) -> None:
    found = store.count(scope, version_id)
    if found != expected:
        raise StoreError(
            f"Only {found} of {expected} passages were saved.", "It is tried again.", code="miscounted", passing=True
        )


def _switch(source_id: str, version_id: str, generation: Generation, passages: int) -> bool:
    """Let the new version answer; False when another generation went live meanwhile and it must be indexed there."""
    with session() as db:
        source = db.get(Source, source_id)
        if source is None or source.deleted_at is not None:
            raise Cancelled
        owner = db.get_one(Assistant, source.assistant_id, with_for_update=True)
        if owner.generation_id != generation.id:
            return False
        db.merge(Indexed(generation_id=generation.id, version_id=version_id, passages=passages))
        source.version_id = version_id
        db.add(source)
    return True


def _forget_older(source_id: str, version_id: str, generation: Generation, store: PassageStore) -> None:
    with session() as db:
        older = db.exec(select(Version.id).where(Version.source_id == source_id, Version.id != version_id)).all()
        if older:
            store.delete_versions(scope_of(generation), older)
            db.execute(delete(Indexed).where(col(Indexed.version_id).in_(older)))


def forget_source(job: Job, store: PassageStore) -> dict[str, object]:
    """Remove every passage of a source from every index of its assistant, look again, and say how many are left.

    A source that was restored meanwhile is left alone: its next reading tidies up after itself.
    """
    with session() as db:
        source = db.get(Source, job.source_id or "")
        if source is None or source.deleted_at is None:
            return {"left": 0}
        versions = db.exec(select(Version.id).where(Version.source_id == job.source_id)).all()
        generations = db.exec(select(Generation).where(Generation.assistant_id == job.assistant_id)).all()
    left = sum(store.delete_versions(scope_of(generation), versions) for generation in generations) if versions else 0
    if left:
        raise StoreError(f"{left} passages are still there.", "It is tried again.", code="left_over", passing=True)
    with session() as db:
        db.execute(delete(Indexed).where(col(Indexed.version_id).in_(versions)))
    return {"left": left}


def rebuild_index(job: Job, store: PassageStore, progress: Progress) -> dict[str, object]:
    """Fill a new generation from the kept texts, then switch the assistant over; the old one answers all the while.

    Goes on where it was when it is run again. Raises NotFound when the generation is no longer wanted.
    """
    with session() as db:
        generation = db.get(Generation, job.generation_id or "")
    if generation is None or generation.state != "building":
        raise NotFound("This rebuild was replaced by a later one.", "Nothing needs to be done.", code="replaced")
    while missing := _missing(generation):
        total = len(missing) + _indexed_count(generation)
        for position, version_id in enumerate(missing):
            progress("Rebuilding passages", total - len(missing) + position, total)
            document = sources.document(version_id)
            if document is None:
                continue
            counted = index_version(generation, version_id, document, store, lambda *_: progress("", -1, -1))
            with session() as db:
                db.merge(Indexed(generation_id=generation.id, version_id=version_id, passages=counted["passages"]))
    store.tidy(scope_of(generation))
    old = _go_live(generation)
    for scope in old:
        store.drop(scope)
    return {"sources": _indexed_count(generation)}


def _missing(generation: Generation) -> list[str]:
    """Current versions of live sources that this generation does not hold yet and that can be rebuilt."""
    from core.database import Parsed

    with session() as db:
        held = select(Indexed.version_id).where(Indexed.generation_id == generation.id)
        wanted = (
            select(Source.version_id)
            .join(Parsed, col(Parsed.version_id) == col(Source.version_id))
            .where(Source.assistant_id == generation.assistant_id, col(Source.deleted_at).is_(None))
        )
        return list(db.exec(wanted.where(col(Source.version_id).not_in(held))).all())


def _indexed_count(generation: Generation) -> int:
    with session() as db:
        return len(db.exec(select(Indexed.version_id).where(Indexed.generation_id == generation.id)).all())


def _go_live(generation: Generation) -> list[Scope]:
    """Make a generation the one that answers, in one transaction; returns the scopes of those it replaces."""
    with session() as db:
        owner = db.get_one(Assistant, generation.assistant_id, with_for_update=True)
        others = db.exec(
            select(Generation).where(
                Generation.assistant_id == generation.assistant_id, Generation.number < generation.number
            )
        ).all()
        db.execute(update(Generation).where(col(Generation.id) == generation.id).values(state="live"))
        owner.generation_id = generation.id
        db.add(owner)
        for old in others:
            db.execute(delete(Indexed).where(col(Indexed.generation_id) == old.id))
            db.execute(update(Generation).where(col(Generation.id) == old.id).values(state="old"))
    log("generation.live", assistant=generation.assistant_id, number=generation.number)
    return [scope_of(old) for old in others]
