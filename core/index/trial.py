"""An index to try another cut of one source in: in a folder that is thrown away, beside all that answers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.assistants import documents
from core.assistants.index_builds import scope_of
from core.chunk import chunk, without_furniture
from core.database import IndexBuild, Indexed, Source, Version, session
from core.embed import embed_passages
from core.errors import NotFound
from core.index.ingest import known_vectors, stored_passage
from core.model_connection import embeddings_of
from core.schema import CutSettings, Scope
from core.store import PassageStore, store_in, store_named

BATCH = 2000


def trial_index(
    build: IndexBuild, source: Source, cut: CutSettings | None, others: Sequence[str], folder: Path
) -> tuple[PassageStore, Scope]:
    """Fill an index with a source as another cut would give it, and other versions as they are; None: as it is.

    What answers is only read. Only passages that are not in the index yet are embedded. Raises NotFound, StoreError,
    ModelError.
    """
    live, scope = store_named(build.store), scope_of(build)
    store = store_in(folder)
    for version_id in others if cut else [*others, source.version_id]:
        _copy(live, scope, store, build.id, version_id)
    if cut:
        _add_anew(build, source, cut, store)
    store.tidy(scope)
    return store, scope


def _copy(live: PassageStore, scope: Scope, store: PassageStore, build_id: str, version_id: str) -> None:
    with session() as db:
        indexed = db.get(Indexed, (build_id, version_id))
    for begin in range(0, indexed.passages if indexed else 0, BATCH):
        passages = live.neighbours(scope, version_id, range(begin, begin + BATCH))
        vectors = live.vectors(scope, [passage.id for passage in passages])
        held = [passage for passage in passages if passage.id in vectors]
        if held:
            store.add(scope, held, np.stack([vectors[passage.id] for passage in held]))


def _add_anew(build: IndexBuild, source: Source, cut: CutSettings, store: PassageStore) -> None:
    with session() as db:
        version = db.get(Version, source.version_id)
    document = documents.document(source.version_id) if version else None
    if version is None or document is None:
        raise NotFound("The text of this source is not kept any more.", "Read it again in Knowledge.", code="no_text")
    made = chunk(document, cut, document.title or source.name)
    passages = [without_furniture(document, passage) for passage in made]
    known = known_vectors(build, source, store_named)
    fresh = list(dict.fromkeys(p.search_text for p in passages if p.search_text not in known))
    known.update(zip(fresh, embed_passages(embeddings_of(build.embedding), fresh), strict=True))
    scope = scope_of(build)
    for begin in range(0, len(passages), BATCH):
        batch = passages[begin : begin + BATCH]
        stored = [stored_passage(build, source.id, version.id, p, document.language) for p in batch]
        store.add(scope, stored, np.stack([known[p.search_text] for p in batch]))
