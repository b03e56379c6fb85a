"""Do database and passage store hold the same? Compares by ids, without reading a text; changes nothing.

The database is the truth. A passage's id follows from its build, version and place. What a job may be writing or
removing just now belongs to neither side and is left out.
"""

import re
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import Session, col, select

from core import jobs
from core.assistants.index_builds import scope_of
from core.database import Assistant, IndexBuild, Indexed, Job, LeftoverIndex, Source, Version, session
from core.errors import StoreError
from core.index.ingest import Progress, passage_id
from core.index.whole import BROKEN, can_be_searched
from core.log import log_failure
from core.schema import BuildState, Scope, StoreName
from core.settings import settings
from core.store import PassageStore, store_named

# Ids of a version whose number of passages is not known are tried in blocks of this many: it is written in order.
BLOCK = 1024
_SCOPE_NAME = re.compile(r"a_([0-9a-f]{32})_g(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Difference:
    """What one look at one build gave. ``missing`` counts by version; ``extra`` are ids as 16 bytes.

    ``busy`` is how many sources were left out. ``broken``: the store cannot read this index at all. ``unsearchable``:
    what lies there cannot be found by its vector or by its words.
    """

    expected: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    extra: frozenset[bytes] = frozenset()
    busy: int = 0
    broken: bool = False
    unsearchable: bool = False

    @property
    def lost(self) -> int:
        """How many passages are missing."""
        return sum(self.missing.values())

    @property
    def equal(self) -> bool:
        """Whether both hold the same, apart from what is being worked on."""
        return not (self.missing or self.extra or self.broken or self.unsearchable)


@dataclass(frozen=True, slots=True)
class ExpectedPassages:
    """What should be in the store of one build, by the database.

    ``held``: versions that answer, with their passages (None: not indexed yet). ``busy``: versions of sources that a
    job works on. ``stale``: all other versions of the assistant. ``live``: whether this build answers.
    """

    held: dict[str, int | None]
    busy: set[str]
    busy_sources: int
    stale: list[str]
    live: bool


def belongs_in_store(build: IndexBuild) -> bool:
    """Whether its passages have a right to be in the store: it answers, is being built or is kept for going back."""
    return build.state in (BuildState.LIVE, BuildState.BUILDING) or (
        build.state == BuildState.OLD and build.retired_at is not None
    )


def builds_to_look_at(assistant_id: str) -> list[IndexBuild]:
    """List the builds of an assistant to look at, the one that answers first; without those being filled now."""
    with session() as db:
        builds = db.exec(select(IndexBuild).where(IndexBuild.assistant_id == assistant_id)).all()
        filled = _at_work(db)
    to_look_at = [build for build in builds if belongs_in_store(build) and build.id not in filled]
    return sorted(to_look_at, key=lambda build: build.state != BuildState.LIVE)


def _at_work(db: Session) -> set[str | None]:
    """Builds that a job fills or is about to."""
    return set(db.exec(select(Job.build_id).where(*jobs.at_work())).all())


def look(build: IndexBuild, progress: Progress) -> Difference:
    """Compare the ids of one build. Raises StoreError where the store is away, and what ``progress`` raises.

    The database is read before and after the store: only what both readings say can be missing or left over.
    """
    before = expected_passages(build.id)
    ids: set[bytes] = set()
    broken = False
    store, scope = store_named(build.store), scope_of(build)
    try:
        for number, passage in enumerate(store.ids(scope)):
            ids.add(UUID(passage).bytes)
            if number % BLOCK == 0:
                progress("Comparing passages", number, 0)
    except StoreError as error:
        if error.code not in BROKEN:
            raise
        broken = True
    after = expected_passages(build.id)
    if before is None or after is None:
        return Difference()
    busy = before.busy | after.busy
    missing, expected = {}, 0
    for version_id, passages in after.held.items():
        here = _take(ids, build.id, version_id, passages)
        expected += passages or 0
        lost = 1 if passages is None else passages - here
        known = before.held.get(version_id, -1)
        if lost and after.live and version_id not in busy and known == passages:
            missing[version_id] = lost
    for version_id in busy | (before.held.keys() - after.held.keys()):
        _take(ids, build.id, version_id, None, begin=after.held.get(version_id) or 0)
    some = next((version for version in after.held if version not in busy and version not in missing), "")
    unsearchable = not broken and not can_be_searched(store, scope, passage_id(build.id, some, 0))
    return Difference(expected, missing, frozenset(ids), after.busy_sources, broken, unsearchable)


def _take(ids: set[bytes], build_id: str, version_id: str, passages: int | None, *, begin: int = 0) -> int:
    """Take a version's passages out of ``ids`` and return how many there were; None: as many as there may be."""
    taken = 0
    while passages is None or begin < passages:
        end = begin + BLOCK if passages is None else min(begin + BLOCK, passages)
        here = {UUID(passage_id(build_id, version_id, ordinal)).bytes for ordinal in range(begin, end)} & ids
        if passages is None and not here:
            break
        ids -= here
        taken += len(here)
        begin = end
    return taken


def expected_passages(build_id: str) -> ExpectedPassages | None:
    """Read what the database says of a build, in one transaction; None when it is not kept any more."""
    with session() as db:
        build = db.get(IndexBuild, build_id)
        if build is None or not belongs_in_store(build):
            return None
        own = (col(Indexed.version_id) == col(Source.version_id), col(Indexed.build_id) == build_id)
        held = db.execute(
            select(Source.version_id, Indexed.passages)
            .outerjoin(Indexed, and_(*own))
            .where(Source.assistant_id == build.assistant_id, col(Source.deleted_at).is_(None))
            .where(Source.version_id != "")
        ).all()
        at_work = select(Job.source_id).where(
            Job.assistant_id == build.assistant_id,
            *jobs.at_work(),
            col(Job.source_id).is_not(None),
        )
        sources = set(db.exec(at_work).all())
        versions = db.execute(
            select(Version.id, Version.source_id)
            .join(Source, col(Source.id) == col(Version.source_id))
            .where(Source.assistant_id == build.assistant_id)
        ).all()
    current = {row[0]: row[1] for row in held}
    busy = {row[0] for row in versions if row[1] in sources}
    stale = [row[0] for row in versions if row[0] not in busy and row[0] not in current]
    return ExpectedPassages(current, busy, len(sources), stale, build.state == BuildState.LIVE)


def versions_of(store: PassageStore, scope: Scope, extra: frozenset[bytes]) -> set[str]:
    """Find the versions of passages of which only the id is known: each is nearest to its own vector."""
    left = {str(UUID(bytes=passage)) for passage in extra}
    versions: set[str] = set()
    while left:
        one = left.pop()
        vector = store.vectors(scope, [one]).get(one)
        for limit in (16, BLOCK) if vector is not None else ():
            near = store.search(scope, vector=vector, terms=(), limit=limit)
            seen = {item.passage.id: item.passage.version_id for item in near}
            if one in seen:
                break
        else:
            continue
        version_id, begin = seen[one], 0
        versions.add(version_id)
        while passages := store.neighbours(scope, version_id, range(begin, begin + BLOCK)):
            left -= {passage.id for passage in passages}
            begin += BLOCK
    return versions


def orphans(assistant_id: str) -> list[tuple[PassageStore, Scope]]:
    """List what lies in the stores under an assistant's name and in no build of it; a store that is away is left out.

    The stores are listed before the database is read: an index made meanwhile is in its build by then.
    """
    listed = [(store, scope) for store, scope in _listed(strict=False) if scope.assistant_id == assistant_id]
    with session() as db:
        filled = _at_work(db)
        builds = db.exec(select(IndexBuild).where(IndexBuild.assistant_id == assistant_id)).all()
    known = {(build.store, scope_of(build).name) for build in builds if belongs_in_store(build) or build.id in filled}
    return [(store, scope) for store, scope in listed if (store.name, scope.name) not in known]


def strangers() -> int:
    """Count the indexes in the stores that this database knows nothing of: a store may serve several Answerbooks.

    Raises StoreError where a store cannot be looked at.
    """
    listed = _listed(strict=True)
    with session() as db:
        known = {*db.exec(select(Assistant.id)).all(), *db.exec(select(LeftoverIndex.assistant_id)).all()}
    return sum(scope.assistant_id not in known for _, scope in listed)


def _listed(*, strict: bool) -> list[tuple[PassageStore, Scope]]:
    """All scopes in the stores this host has: the data folder and the one it prefers."""
    listed: list[tuple[PassageStore, Scope]] = []
    for name in sorted({StoreName.LANCEDB, settings().preferred_store}):
        try:
            store = store_named(name)
            matches = filter(None, map(_SCOPE_NAME.fullmatch, store.scopes()))
            listed += [(store, Scope(match[1], int(match[2]), "", 0)) for match in matches]
        except StoreError as error:
            if strict:
                raise
            log_failure("check.not_listed", error, store=name)
    return listed
