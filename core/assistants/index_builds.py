"""Builds of an assistant's index: which embedding, cut and store, and which of them answers."""

from dataclasses import replace

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.assistants.assistants import assistant
from core.database import Assistant, IndexBuild, SavedProvider, Version, new_id, session
from core.errors import NotFound
from core.schema import (
    BUILT_IN_DIMENSION,
    BUILT_IN_EMBEDDING,
    CUT_KINDS,
    BuildState,
    CutKind,
    CutSettings,
    IndexSettings,
    Scope,
    StoreName,
)
from core.settings import settings


def add_build(
    db: Session, assistant_id: str, index: IndexSettings, *, state: BuildState = BuildState.BUILDING
) -> IndexBuild:
    """Add the next build of an assistant's index in this session, to be filled as these settings say."""
    newest = db.exec(select(func.max(IndexBuild.number)).where(IndexBuild.assistant_id == assistant_id)).one()
    build = IndexBuild(
        id=new_id(),
        assistant_id=assistant_id,
        number=(newest or 0) + 1,
        embedding=index.embedding,
        dimension=index.dimension,
        store=index.store,
        cut_size=index.cut.size,
        cut_overlap=index.cut.overlap,
        state=state,
    )
    db.add(build)
    db.flush()
    return build


def settings_of(build: IndexBuild) -> IndexSettings:
    """Return how a build is made: its cut, its embedding and its store."""
    cut = CutSettings(size=build.cut_size, overlap=build.cut_overlap)
    return IndexSettings(cut, build.embedding, build.dimension, StoreName(build.store))


def cut_of(build: IndexBuild, version: Version) -> CutSettings:
    """Return how a version is cut in a build: its size and overlap are the build's, its kind is the version's.

    One from before there were kinds is general text, and so is a kind that only a newer Answerbook knows.
    """
    kind: CutKind = next((known for known in CUT_KINDS if known == version.cut_kind), "text")
    return replace(settings_of(build).cut, kind=kind)


def store_of_new_ones(db: Session) -> StoreName:
    """Return the store of the newest index that answers, so that an installation stays in one until it is moved."""
    live = select(IndexBuild.store).where(IndexBuild.state == BuildState.LIVE)
    newest = db.exec(live.order_by(col(IndexBuild.created_at).desc())).first()
    preferred = settings().preferred_store
    return StoreName(newest) if newest in (StoreName.LANCEDB, preferred) else preferred


def search_of_new_ones(db: Session) -> tuple[str, int]:
    """Return the embedding of new assistants and its dimension: the one chosen for all, where all are searched by one.

    The built-in one where there is no assistant, where they differ, and where no service that embeds is set up.
    """
    living = select(IndexBuild.embedding, IndexBuild.dimension).join(
        Assistant, col(Assistant.build_id) == IndexBuild.id
    )
    used = db.exec(living.where(col(Assistant.deleted_at).is_(None)).distinct()).all()
    serves = db.exec(select(SavedProvider.id).where(SavedProvider.embedding_model != "").limit(1)).first()
    only = used[0] if len(used) == 1 and serves else None
    return (only[0], only[1]) if only else (BUILT_IN_EMBEDDING, BUILT_IN_DIMENSION)


def build_by_id(db: Session, build_id: str) -> IndexBuild:
    """Return a build in this session. Raises NotFound."""
    build = db.get(IndexBuild, build_id)
    if build is None:
        raise NotFound("This assistant's index does not exist any more.", "Read its sources again.", code="no_index")
    return build


def live_build(assistant_id: str) -> IndexBuild:
    """Return the build that answers now. Raises NotFound."""
    with session() as db:
        return build_by_id(db, assistant(assistant_id).build_id)


def live_settings(assistant_id: str) -> IndexSettings:
    """Return how the index that answers now is built. Raises NotFound."""
    return settings_of(live_build(assistant_id))


def scope_of(build: IndexBuild) -> Scope:
    """Return the store's scope of a build."""
    return Scope(build.assistant_id, build.number, build.embedding, build.dimension)
