"""Builds of an assistant's index: which embedding, cut and store, and which of them answers."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.assistants.assistants import assistant
from core.database import IndexBuild, new_id, session
from core.errors import NotFound
from core.schema import BUILT_IN_DIMENSION, BUILT_IN_EMBEDDING, CutSettings, IndexSettings, Scope, StoreName
from core.settings import settings


def add_build(
    db: Session,
    assistant_id: str,
    cut: CutSettings,
    *,
    state: str,
    embedding: str = BUILT_IN_EMBEDDING,
    dimension: int = BUILT_IN_DIMENSION,
    store: str,
) -> IndexBuild:
    """Add the next build of an assistant's index in this session."""
    newest = db.exec(select(func.max(IndexBuild.number)).where(IndexBuild.assistant_id == assistant_id)).one()
    build = IndexBuild(
        id=new_id(),
        assistant_id=assistant_id,
        number=(newest or 0) + 1,
        embedding=embedding,
        dimension=dimension,
        store=store,
        cut_size=cut.size,
        cut_overlap=cut.overlap,
        state=state,
    )
    db.add(build)
    db.flush()
    return build


def store_of_new_ones(db: Session) -> str:
    """Return the store of the newest index that answers, so that an installation stays in one until it is moved."""
    chosen = select(IndexBuild.store).where(IndexBuild.state == "live").order_by(col(IndexBuild.created_at).desc())
    newest = db.exec(chosen).first()
    preferred = settings().preferred_store
    return newest if newest in ("lancedb", preferred) else preferred


def build_by_id(db: Session, build_id: str) -> IndexBuild:
    """Return a build in this session. Raises NotFound."""
    found = db.get(IndexBuild, build_id)
    if found is None:
        raise NotFound("This assistant's index does not exist any more.", "Read its sources again.", code="no_index")
    return found


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


def cut_of(build: IndexBuild) -> CutSettings:
    """Return how a build's documents are cut."""
    return CutSettings(size=build.cut_size, overlap=build.cut_overlap)


def settings_of(build: IndexBuild) -> IndexSettings:
    """Return how an index is built, as one value."""
    return IndexSettings(cut_of(build), build.embedding, build.dimension, StoreName(build.store))
