"""From a kept file to passages that answer: load, chunk, embed, store, then switch over in one step.

A version's passages are written beside the old version's; only the database's pointer decides which answer, so a kill
at any moment leaves either the old version or the new one, never a mixture.
"""

from collections.abc import Callable, Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from langchain_core.embeddings import Embeddings
from sqlalchemy import ColumnElement, delete
from sqlmodel import col, select

from core import edits, jobs
from core.assistants import documents, sources
from core.assistants.attachments import keep_attachments
from core.assistants.index_builds import cut_of, live_build, scope_of
from core.chunk import CUTTER_VERSION, chunk, detect_kind, overlaid, print_of, with_aliases, without_furniture
from core.database import Assistant, IndexBuild, Indexed, Job, PassagePrints, Source, Version, session
from core.embed import embed_passages
from core.errors import Cancelled, LoadError, StoreError
from core.load import READER_VERSION, Sandbox, load, load_limits
from core.log import log_failure
from core.model_connection import embeddings_of
from core.schema import BUILT_IN_EMBEDDING, BuildState, Document, Passage, Scope, StoredPassage, asked_besides
from core.store import PassageStore
from core.text import TERMS_VERSION, search_terms

BATCH = 2000
Progress = Callable[[str, int, int], None]
Stores = Callable[[str], PassageStore]  # the store of a name, as ``core.store.store_named``


def passage_id(build_id: str, version_id: str, ordinal: int) -> str:
    """Return a passage's id, the same however often it is written."""
    return str(uuid5(NAMESPACE_URL, f"answerbook:{build_id}/{version_id}/{ordinal}"))


def read_source(job: Job, sandbox: Sandbox, stores: Stores, progress: Progress) -> dict[str, object]:
    """Read a version, cut it, put it into the live index and let it answer; returns what was counted.

    ``progress`` is told stage, done and total, and raises Cancelled when the owner stopped the job. Raises LoadError,
    ModelError, StoreError; then nothing of the new version is left and an older version goes on answering.
    """
    assert job.source_id is not None
    assert job.version_id is not None
    version_id = job.version_id
    if done := _answers_already(job.source_id, version_id, live_build(job.assistant_id)):
        _forget_older(job.source_id, version_id, live_build(job.assistant_id), stores)
        return {"passages": done.passages, "embedded": 0, "reused": done.passages}
    document = documents.document(version_id, oldest_reader=READER_VERSION) or _load(job, sandbox, progress)
    documents.settle_kind(version_id, detect_kind(document))
    while True:
        build, stamp = live_build(job.assistant_id), edits.stamp_of(job.source_id)
        try:
            counted = index_version(build, version_id, document, stores, progress)
            if _switch(job, version_id, build, stamp, counted):
                break
            _take_back(build, version_id, stores)  # its hand edits were changed meanwhile: it may have less passages
        except BaseException:
            if jobs.still_mine(job.id):
                _take_back(build, version_id, stores)
            raise
    unfit = overlaid(document, (), edits.edits_of(job.source_id)).unfit
    edits.note_unfit(job.source_id, unfit)
    _forget_older(job.source_id, version_id, build, stores)
    return dict(counted)


def _take_back(build: IndexBuild, version_id: str, stores: Stores) -> None:
    """Remove what was written of a version that will not answer; a store that is away keeps it until the next try."""
    try:
        stores(build.store).delete_versions(scope_of(build), [version_id])
    except StoreError as error:
        if not error.passing:
            raise
        log_failure("version.not_taken_back", error, scope=scope_of(build).name)


def _answers_already(source_id: str, version_id: str, build: IndexBuild) -> Indexed | None:
    """Say that a version was switched over before the process was killed: what answers is never written again."""
    with session() as db:
        source = db.get(Source, source_id)
        if source is None or source.version_id != version_id:
            return None
        return db.get(Indexed, (build.id, version_id))


def _load(job: Job, sandbox: Sandbox, progress: Progress) -> Document:
    assert job.source_id is not None
    assert job.version_id is not None
    source = sources.source(job.assistant_id, job.source_id)
    data = documents.original_bytes(job.assistant_id, job.source_id, job.version_id)
    progress("Opening the file", 0, 0)
    document = load(
        data,
        source.name,
        limits=load_limits(),
        sandbox=sandbox,
        progress=progress,
        cancelled=lambda: jobs.stop_requested(job.id),
    )
    # Before the text is kept: a reading that was cut off here is done again, and what is there already stays.
    keep_attachments(job.assistant_id, source.id, document.attachments)
    documents.keep_document(job.version_id, document, READER_VERSION)
    with session() as db:
        jobs.got_further(db, job.id)
    return document


def index_version(
    build: IndexBuild, version_id: str, document: Document, stores: Stores, progress: Progress
) -> dict[str, int]:
    """Cut, embed and store one version in a build's index; returns passages, embedded and reused counts."""
    source = _source_of(version_id)
    progress("Cutting into passages", 0, 0)
    passages = cut_into_passages(build, version_id, document)
    if not passages and not edits.edits_of(source.id):  # its owner may have switched off all of it
        raise LoadError(
            "No text was found in this file.", "Check that it holds text and not only pictures.", code="no_text"
        )
    scope, store = scope_of(build), stores(build.store)
    known = known_vectors(build, source, stores)
    fresh = [p for p in passages if p.search_text not in known]
    vectors = _embed(embeddings_of(build.embedding), fresh, progress)
    known.update({p.search_text: vector for p, vector in zip(fresh, vectors, strict=True)})
    for begin in range(0, len(passages), BATCH):
        progress("Saving passages", begin, len(passages))
        batch = passages[begin : begin + BATCH]
        stored = [stored_passage(build, source.id, version_id, p, document.language) for p in batch]
        store.add(scope, stored, np.stack([known[p.search_text] for p in batch]))
    _prove(store, scope, version_id, len(passages))
    prints = b"".join(print_of(passage.text) for passage in passages if passage.alias_of is None)
    with session() as db:
        db.merge(PassagePrints(build_id=build.id, version_id=version_id, body=prints))
    aliases = sum(p.alias_of is not None for p in passages)
    return {
        "passages": len(passages),
        "aliases": aliases,
        "embedded": len(fresh),
        "reused": len(passages) - len(fresh),
    }


def cut_into_passages(build: IndexBuild, version_id: str, document: Document) -> list[Passage]:
    """Return a version's passages as a build's index holds them, in order, with its source's hand edits in them."""
    with session() as db:
        version = db.get_one(Version, version_id)
        source = db.get_one(Source, version.source_id)
    cut = chunk(document, cut_of(build, version), document.title or source.name)
    passages = [without_furniture(document, passage) for passage in cut]
    return with_aliases(overlaid(document, passages, edits.edits_of(source.id)).passages)


def _source_of(version_id: str) -> Source:
    with session() as db:
        return db.get_one(Source, db.get_one(Version, version_id).source_id)


def index_entry(build_id: str, version_id: str, counted: Mapping[str, int]) -> Indexed:
    """Return the row that says a version is wholly in a build's index, made by the cutter and term-maker of now.

    ``counted`` is what ``index_version`` returned.
    """
    return Indexed(
        build_id=build_id,
        version_id=version_id,
        passages=counted["passages"],
        aliases=counted["aliases"],
        cutter_version=CUTTER_VERSION,
        terms_version=TERMS_VERSION,
    )


def older_code() -> ColumnElement[bool]:
    """The condition that an older cutter or term-maker put a version into an index."""
    return (col(Indexed.cutter_version) < CUTTER_VERSION) | (col(Indexed.terms_version) < TERMS_VERSION)


def _embed(embeddings: Embeddings, passages: list[Passage], progress: Progress) -> np.ndarray:
    """Embed passages, progress in the owner's words; a stop by the owner comes out of ``progress``."""
    texts = [p.search_text for p in passages]
    progress("Preparing passages for search", 0, len(texts))
    return embed_passages(
        embeddings, texts, progress=lambda done, total: progress("Preparing passages for search", done, total)
    )


def stored_passage(build: IndexBuild, source_id: str, version_id: str, p: Passage, language: str) -> StoredPassage:
    """Return a passage as the store of a build keeps it."""
    return StoredPassage(
        id=passage_id(build.id, version_id, p.ordinal),
        source_id=source_id,
        version_id=version_id,
        ordinal=p.ordinal,
        start=p.start,
        end=p.end,
        page=p.page,
        text=p.text,
        context=p.context,
        terms=" ".join(search_terms(_searched(p), (language,))),
        table_header=p.table_header,
        rows=p.rows,
        page_breaks=p.page_breaks,
        heading_spans=p.heading_spans,
        patches=p.patches,
        asked=p.asked,
        alias_of=p.alias_of,
        origin=p.origin,
    )


def _searched(p: Passage) -> str:
    """Return what the words of a question are looked for in: what people ask for a passage, too."""
    return "\n".join([*(asked_besides(p) if p.alias_of is None else ()), p.search_text])


def known_vectors(build: IndexBuild, source: Source, stores: Stores) -> dict[str, np.ndarray]:
    """Vectors of the version that answers now, by search text, from this index or the one that answers.

    What did not change is not embedded again: neither in a new version nor in a move to another store.
    """
    known: dict[str, np.ndarray] = {}
    for donor in {donor.id: donor for donor in (live_build(source.assistant_id), build)}.values():
        if (donor.embedding, donor.dimension) != (build.embedding, build.dimension):
            continue
        with session() as db:
            indexed = db.get(Indexed, (donor.id, source.version_id)) if source.version_id else None
        if indexed is None:
            continue
        try:
            known |= _vectors_by_text(donor, indexed, stores(donor.store))
        except StoreError as error:
            # Embedding again costs nothing but time, unless a provider is paid for it: then it waits for the store.
            if donor.id == build.id or build.embedding != BUILT_IN_EMBEDDING:
                raise
            log_failure("vectors.not_copied", error, scope=scope_of(donor).name)
    return known


def _vectors_by_text(build: IndexBuild, indexed: Indexed, store: PassageStore) -> dict[str, np.ndarray]:
    scope = scope_of(build)
    passages = store.neighbours(scope, indexed.version_id, range(indexed.passages))
    vectors = store.vectors(scope, [p.id for p in passages])
    return {p.search_text: vectors[p.id] for p in passages if p.id in vectors}


def _prove(store: PassageStore, scope: Scope, version_id: str, expected: int) -> None:
    counted = store.count(scope, version_id)
    if counted != expected:
        raise StoreError(
            f"Only {counted} of {expected} passages were saved.", "It is tried again.", code="miscounted", passing=True
        )


def _switch(job: Job, version_id: str, build: IndexBuild, stamp: int, counted: Mapping[str, int]) -> bool:
    """Let the new version answer; False when another build went live meanwhile, or its hand edits were changed.

    It must be indexed once more then.

    Raises LeaseLost where another process took the job over, Cancelled where the source was deleted.
    """
    with session() as db:
        jobs.hold(db, job.id)
        source = db.get(Source, job.source_id)
        if source is None or source.deleted_at is not None:
            raise Cancelled
        owner = db.get_one(Assistant, source.assistant_id, with_for_update=True)
        if owner.build_id != build.id or edits.stamp_in(db, source.id) != stamp:
            return False
        db.merge(index_entry(build.id, version_id, counted))
        source.version_id = version_id
        db.add(source)
    return True


def _forget_older(source_id: str, version_id: str, build: IndexBuild, stores: Stores) -> None:
    with session() as db:
        older = db.exec(select(Version.id).where(Version.source_id == source_id, Version.id != version_id)).all()
    if not older:
        return
    stores(build.store).delete_versions(scope_of(build), older)
    with session() as db:
        gone = (col(Indexed.version_id).in_(older), col(Indexed.build_id) == build.id)
        db.execute(delete(Indexed).where(*gone))


def forget_source(job: Job, stores: Stores) -> dict[str, object]:
    """Remove every passage of a source from every index of its assistant, look again, and say how many are left.

    A source that was restored meanwhile is left alone: its next reading tidies up after itself.
    """
    with session() as db:
        source = db.get(Source, job.source_id or "")
        if source is None or source.deleted_at is None:
            return {"left": 0}
        versions = db.exec(select(Version.id).where(Version.source_id == job.source_id)).all()
        chosen = select(IndexBuild).where(
            IndexBuild.assistant_id == job.assistant_id, IndexBuild.state != BuildState.GONE
        )
        builds = db.exec(chosen).all()
    left = sum(_forget_versions(build, versions, stores) for build in builds) if versions else 0
    if left:
        raise StoreError(f"{left} passages are still there.", "It is tried again.", code="left_over", passing=True)
    with session() as db:
        db.execute(delete(Indexed).where(col(Indexed.version_id).in_(versions)))
    return {"left": left}


def _forget_versions(build: IndexBuild, versions: Sequence[str], stores: Stores) -> int:
    try:
        return stores(build.store).delete_versions(scope_of(build), versions)
    except StoreError as error:
        if error.code == "weaviate_unset" and build.state == BuildState.OLD:
            return 0  # an index that no longer answers, in a store that is no longer set up
        raise
