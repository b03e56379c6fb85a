"""Another cut or another search by meaning: a new index is built beside the one that answers, then takes its place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from core.assistants.index_builds import add_build, settings_of
from core.database import Assistant, IndexBuild, Indexed, Job, Source, Version, new_id, now, session
from core.embed import CONCURRENT_REQUESTS, EmbeddingInfo, embed_query, embedding_info
from core.errors import AnswerbookError, NotFound
from core.index.build import RETENTION, is_kept
from core.jobs import ACTIVE, JobCard, card_of
from core.log import log
from core.model_connection import embedding_speed, embeddings_of
from core.schema import BUILT_IN_EMBEDDING, BuildState, CutSettings, IndexSettings, JobKind, JobState, StoreName
from core.store import store_named

SMALLEST, LARGEST = 200, 8000
TOKEN_CHARACTERS = 4  # English prose; other languages have more tokens for as many characters
PASSAGE_SECONDS = 0.001  # to embed with the built-in model and to store: 3,745 passages in 3.8 s on two cores
CONTEXT_CHARACTERS = 80  # title and headings in front of each passage, about
UNCHANGED = "That is how it is already; nothing has to be done."
TAKEN_BACK = "The change was taken back. Everything stays as it is."


@dataclass(frozen=True, slots=True)
class Rebuild:
    """An assistant and what is being built for it. ``embedding`` and ``store`` are those that answer now."""

    assistant_id: str
    name: str
    embedding: str
    store: str
    job: JobCard | None


@dataclass(frozen=True, slots=True)
class WayBack:
    """How the index that answered before is built and how that of now; the one before can come back until a moment."""

    assistant_id: str
    name: str
    before: IndexSettings
    now: IndexSettings
    until: datetime


@dataclass(frozen=True, slots=True)
class Cost:
    """What preparing passages anew asks of the service that does it: how many, and about how many tokens of text.

    ``dollars`` is None where the price is not known, and ``seconds``, about, where the service's speed is not.
    """

    passages: int
    tokens: int
    service: str  # empty for the built-in embedding: it costs nothing but time
    local: bool = False  # the service runs on this machine or in its own network: it has no price list
    dollars: float | None = None
    seconds: float | None = None


def check_cut(cut: CutSettings) -> None:
    """Raise AnswerbookError (code "cut") when documents cannot be cut like this."""
    if not SMALLEST <= cut.size <= LARGEST:
        raise AnswerbookError(
            f"A passage of {cut.size:,} characters is outside of what works.",
            f"Choose a length between {SMALLEST:,} and {LARGEST:,} characters.",
            code="cut",
        )
    if not 0 <= cut.overlap <= cut.size // 2:
        raise AnswerbookError(
            "Passages may share at most half of their length.",
            f"Choose a shared part of at most {cut.size // 2:,} characters.",
            code="cut",
        )


def request_cut(assistant_id: str, cut: CutSettings) -> str:
    """Have all sources of an assistant cut anew in the background; returns a sentence saying what happens.

    Raises AnswerbookError for a cut outside the bounds, NotFound.
    """
    check_cut(cut)
    with session() as db:
        owner = _owner(db, assistant_id)
        lengths = CutSettings(cut.size, cut.overlap)  # the kind is each source's own
        return _request(db, owner, replace(_newest_settings(db, owner), cut=lengths))


def request_embedding(name: str) -> str:
    """Have every assistant's passages prepared anew for search with the embedding of this name; returns a sentence.

    The embedding is tried first. Raises ModelError when it does not work; then nothing has changed.
    """
    dimension = embedding_info(name).dimension or len(embed_query(embeddings_of(name), "word"))
    changed, total = _request_of_all(lambda index: replace(index, embedding=name, dimension=dimension))
    if not changed:
        return UNCHANGED
    return f"{_of_all(changed, total)} prepared anew, answering as before until it is ready."


def request_store(name: str) -> str:
    """Move every assistant's passages to the store of this name, a StoreName's value; returns a sentence.

    The store is tried first. Raises StoreError when it cannot be used; then nothing has changed.
    """
    store_named(name).check()
    changed, total = _request_of_all(lambda index: replace(index, store=StoreName(name)))
    if not changed:
        return UNCHANGED
    return f"{_of_all(changed, total)} moved, answering from where it is until all of it is there."


def _request_of_all(change: Callable[[IndexSettings], IndexSettings]) -> tuple[int, int]:
    """Request changed settings for every assistant not in the bin; returns for how many that means work, and of all."""
    with session() as db:
        owners = db.exec(select(Assistant).where(col(Assistant.deleted_at).is_(None)).with_for_update()).all()
        sentences = [_request(db, owner, change(_newest_settings(db, owner))) for owner in owners]
    return len(sentences) - sentences.count(UNCHANGED), len(sentences)


def _of_all(changed: int, total: int) -> str:
    if total == 1:
        return "Your assistant is being"
    return "Every assistant is being" if changed == total else f"{changed} of {total} assistants: each is being"


def go_back(assistant_id: str) -> str:
    """Let the index that answered before answer again, after it caught up with what changed; returns a sentence.

    Raises NotFound when none is kept any more.
    """
    if assistant_id not in (kept := _kept_builds(assistant_id)):
        raise NotFound(
            "What was there before is not kept any more.",
            "Change it again by hand; that takes longer.",
            code="not_kept",
        )
    before, _ = kept[assistant_id]
    with session() as db:
        _owner(db, assistant_id)
        _give_up_building(db, assistant_id)
        db.execute(update(IndexBuild).where(col(IndexBuild.id) == before.id).values(state=BuildState.BUILDING))
        db.add(Job(id=new_id(), kind=JobKind.REBUILD, assistant_id=assistant_id, build_id=before.id))
    log("rebuild.going_back", assistant=assistant_id, number=before.number)
    return "It goes back to how it was before. The passages of now answer until that is done."


def ways_back(assistant_id: str = "") -> list[WayBack]:
    """List the assistants (or only this one) whose earlier index is still kept and for which nothing is being built."""
    kept, ways = _kept_builds(assistant_id), []
    for rebuild in rebuilds() if kept else ():
        if rebuild.assistant_id in kept and not (rebuild.job is not None and rebuild.job.active):
            before, live = kept[rebuild.assistant_id]
            assert before.retired_at is not None
            until = before.retired_at + RETENTION
            ways.append(WayBack(rebuild.assistant_id, rebuild.name, settings_of(before), settings_of(live), until))
    return ways


def _kept_builds(assistant_id: str = "") -> dict[str, tuple[IndexBuild, IndexBuild]]:
    """By assistant (or for only this one) the newest index that is kept for going back, and the one that answers now.

    One built only because Answerbook was updated changed nothing. One statement, however many assistants there are.
    """
    live = aliased(IndexBuild)
    chosen = (
        select(IndexBuild, live)
        .join(Assistant, col(Assistant.id) == col(IndexBuild.assistant_id))
        .join(live, col(live.id) == col(Assistant.build_id))
        .where(*is_kept(), *([Assistant.id == assistant_id] if assistant_id else []))
        .order_by(col(IndexBuild.retired_at).desc())
    )
    kept: dict[str, tuple[IndexBuild, IndexBuild]] = {}
    with session() as db:
        for before, now_in_use in db.execute(chosen).all():
            if settings_of(before) != settings_of(now_in_use):
                kept.setdefault(before.assistant_id, (before, now_in_use))
    return kept


def cost_of(embedding: str, assistant_id: str = "") -> Cost:
    """Say how much text an embedding would be given for all passages of all assistants, or of this one."""
    which = Assistant.id == assistant_id if assistant_id else col(Assistant.deleted_at).is_(None)
    with session() as db:
        passages, characters = db.execute(
            select(func.sum(Indexed.passages), func.sum(Version.characters))
            .join(Version, col(Version.id) == col(Indexed.version_id))
            .join(Source, col(Source.version_id) == col(Version.id))
            .join(Assistant, col(Assistant.build_id) == col(Indexed.build_id))
            .where(which, col(Source.deleted_at).is_(None))
        ).one()
    info = embedding_info(embedding)
    service = "" if embedding == BUILT_IN_EMBEDDING else info.label
    tokens = (int(characters or 0) + CONTEXT_CHARACTERS * int(passages or 0)) // TOKEN_CHARACTERS
    dollars = None if info.price is None else tokens * info.price / 1_000_000
    return Cost(int(passages or 0), tokens, service, info.local, dollars, _seconds(info, int(passages or 0), tokens))


def _seconds(info: EmbeddingInfo, passages: int, tokens: int) -> float | None:
    """Estimate how long passages take until they can be searched; None where the service's speed is not known."""
    own = passages * PASSAGE_SECONDS
    if info.name == BUILT_IN_EMBEDDING:
        return own
    speed = embedding_speed(info.name) * (1 if info.local else CONCURRENT_REQUESTS)
    return own + tokens / speed if speed else None


def give_up_rebuild(assistant_id: str) -> None:
    """Give up what is being built for an assistant; everything stays as it is."""
    with session() as db:
        _give_up_building(db, assistant_id)
    log("rebuild.given_up", assistant=assistant_id)


def _owner(db: Session, assistant_id: str) -> Assistant:
    owner = db.get(Assistant, assistant_id, with_for_update=True)
    if owner is None or owner.deleted_at is not None:
        raise NotFound("This assistant does not exist any more.", "Choose another one on Home.", code="no_assistant")
    return owner


def _under_way(db: Session, assistant_id: str) -> IndexBuild | None:
    """The build that is being built now, whose settings a further change goes on from."""
    chosen = (
        select(IndexBuild)
        .join(Job, col(Job.build_id) == col(IndexBuild.id))
        .where(IndexBuild.assistant_id == assistant_id, IndexBuild.state == BuildState.BUILDING)
        .where(col(Job.state).in_(ACTIVE))
    )
    return db.exec(chosen.order_by(col(IndexBuild.number).desc())).first()


def _newest_settings(db: Session, owner: Assistant) -> IndexSettings:
    """How an assistant's index is to be made by the last wish: as it is being built, else as it answers."""
    return settings_of(_under_way(db, owner.id) or db.get_one(IndexBuild, owner.build_id))


def _request(db: Session, owner: Assistant, index: IndexSettings) -> str:
    """Replace what is being built by a new build with these settings, in one transaction."""
    current = _under_way(db, owner.id)
    if current is not None and index == settings_of(current):
        return UNCHANGED
    stays = index == settings_of(db.get_one(IndexBuild, owner.build_id))
    if current is None and stays:
        return UNCHANGED
    _give_up_building(db, owner.id)
    if stays:
        return TAKEN_BACK
    add_rebuild(db, owner.id, index)
    alive = (Source.assistant_id == owner.id, col(Source.deleted_at).is_(None))
    count = db.exec(select(func.count()).select_from(Source).where(*alive)).one()
    return (
        f"{count} {'source is' if count == 1 else 'sources are'} cut again. The old passages answer until it is done."
    )


def add_rebuild(db: Session, assistant_id: str, index: IndexSettings) -> None:
    """Add a build with these settings and the job that fills it, in this session."""
    build = add_build(db, assistant_id, index)
    db.add(Job(id=new_id(), kind=JobKind.REBUILD, assistant_id=assistant_id, build_id=build.id))
    log(
        "rebuild.requested", assistant=assistant_id, number=build.number, size=build.cut_size, overlap=build.cut_overlap
    )


def _give_up_building(db: Session, assistant_id: str) -> None:
    """Nobody wants the builds still being built: their jobs end, and they never go live."""
    rebuilds = (col(Job.assistant_id) == assistant_id, col(Job.kind) == JobKind.REBUILD)
    ended = {
        "state": JobState.STOPPED,
        "finished_at": now(),
        "error": "Replaced by a later change.",
        "code": "replaced",
    }
    resting = col(Job.state).in_((JobState.WAITING, JobState.FAILED, JobState.STOPPED))
    db.execute(update(Job).where(*rebuilds, resting).values(**ended))
    db.execute(update(Job).where(*rebuilds, col(Job.state) == JobState.RUNNING).values(stop_requested=True))
    building = (col(IndexBuild.assistant_id) == assistant_id, col(IndexBuild.state) == BuildState.BUILDING)
    db.execute(update(IndexBuild).where(*building).values(state=BuildState.OLD))


def rebuilds() -> list[Rebuild]:
    """List the assistants (not those in the bin), oldest first, each with what is being built for it."""
    with session() as db:
        rows = db.execute(
            select(Assistant, IndexBuild)
            .join(IndexBuild, col(IndexBuild.id) == col(Assistant.build_id))
            .where(col(Assistant.deleted_at).is_(None))
            .order_by(col(Assistant.created_at))
        ).all()
        open_jobs = db.exec(_open_jobs()).all()
    newest = {job.assistant_id: card_of(job) for job in open_jobs}
    return [Rebuild(owner.id, owner.name, live.embedding, live.store, newest.get(owner.id)) for owner, live in rows]


def rebuild_job(assistant_id: str) -> JobCard | None:
    """Return the job of the index that is being built for an assistant (it may have failed or been stopped), if any."""
    with session() as db:
        open_jobs = db.exec(_open_jobs().where(Job.assistant_id == assistant_id)).all()
    return card_of(open_jobs[-1]) if open_jobs else None


def _open_jobs() -> SelectOfScalar[Job]:
    """Rebuilds whose index is not finished and still wanted, oldest first."""
    wanted = select(Job).join(IndexBuild, col(IndexBuild.id) == col(Job.build_id))
    building = wanted.where(Job.kind == JobKind.REBUILD, IndexBuild.state == BuildState.BUILDING)
    return building.order_by(col(Job.number))


def at_work(listed: Sequence[Rebuild]) -> list[Rebuild]:
    """Those whose rebuild waits or runs."""
    return [rebuild for rebuild in listed if rebuild.job is not None and rebuild.job.active]
