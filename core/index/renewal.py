"""After an update of Answerbook: what older code read is read again, what older code cut is built again, by itself.

Reading comes first, into the index that answers: each source is cut and termed by today's code on its way in, and only
the version that was read before is replaced, so no answer ever mixes two texts. Where every source was read again
nothing older is left, and nothing has to be built. What is older afterwards (a text that today's reader cannot read,
or all of them where only cutter or term-maker changed) is put right by one rebuild from the kept texts. The other way
round everything would be indexed twice.

Queued is one thing at a time, when nothing else waits: what the owner adds never stands behind an update. The note
that something was queued is written in one transaction with its job, and for each version of the code once: two
processes queue it once, a kill loses nothing, and a file that cannot be read any more is not tried for ever.
"""

from sqlalchemy import ColumnElement, func, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from core import jobs
from core.assistants import sources
from core.assistants.index_builds import settings_of
from core.chunk import CUTTER_VERSION
from core.database import Assistant, IndexBuild, Indexed, Job, Parsed, Source, Version, session
from core.index.change import add_rebuild
from core.index.ingest import older_code
from core.load import READER_VERSION
from core.log import log
from core.schema import BuildState, JobKind, JobState
from core.text import TERMS_VERSION, counted

BUILT_FOR = f"{CUTTER_VERSION}.{TERMS_VERSION}"


def renew_next() -> bool:
    """Queue the next thing that an update left to do; False where nothing is left, or what is left has to wait."""
    return _read_next() or _rebuild_next()


def update_notice(assistant_id: str) -> str:
    """Return a sentence for the owner while an update is still at work on an assistant; empty when it is done.

    It is asked in each draw of a page: where nothing is older, no source is looked at.
    """
    with session() as db:
        unread = _old_texts().where(_being_read() | _may_be_read())
        count = 0
        if db.exec(unread.limit(1)).first() is not None:
            here = unread.where(Source.assistant_id == assistant_id)
            count = db.exec(select(func.count()).select_from(here.subquery())).one()
        old = _old_indexes().where(Assistant.id == assistant_id, _being_rebuilt() | _may_be_rebuilt())
        rebuilding = not count and db.exec(old).first() is not None
    if not count and not rebuilding:
        return ""
    work = f"{counted(count, 'source is', 'sources are')} read again" if count else "the passages are prepared again"
    return f"Answerbook was updated: {work}. Questions are answered as before meanwhile."


def _read_next() -> bool:
    # In the order of the index, and not sorted: else each of thousands would wait for a look at all that are left.
    order = (col(Parsed.reader_version), col(Parsed.version_id))
    due = _old_texts().where(_may_be_read(), ~_being_read()).order_by(*order).limit(1)
    due = due.join(Assistant, col(Assistant.id) == col(Source.assistant_id)).where(col(Assistant.deleted_at).is_(None))
    with session() as db:
        source_id = db.execute(
            update(Source)
            .where(col(Source.id) == due.correlate(None).scalar_subquery(), col(Source.read_for) < READER_VERSION)
            .values(read_for=READER_VERSION)
            .returning(col(Source.id))
        ).scalar_one_or_none()
        if source_id is None:
            return False
        sources.add_reading(db, db.get_one(Source, source_id, with_for_update=True))
    log("update.read_again", source=source_id, reader=READER_VERSION)
    return True


def _old_texts() -> SelectOfScalar[str]:
    """Sources, not in the bin, that answer from a text which an older reader read: from the older texts to them."""
    return (
        select(Source.id)
        .select_from(Parsed)
        .join(Version, col(Version.id) == col(Parsed.version_id))
        .join(Source, _answers_from(Version))
        .where(Parsed.reader_version < READER_VERSION, col(Source.deleted_at).is_(None))
    )


def _answers_from(version: type[Version]) -> ColumnElement[bool]:
    """The source of a version, found by its id, where it answers from that version."""
    return (col(Source.id) == col(version.source_id)) & (col(Source.version_id) == col(version.id))


def _being_read() -> ColumnElement[bool]:
    return select(Job.id).where(Job.source_id == Source.id, Job.kind == JobKind.READ, *jobs.at_work()).exists()


def _may_be_read() -> ColumnElement[bool]:
    """No update queued it yet for this reader, and the owner did not stop the reading of a newer version."""
    later = aliased(Version)
    stopped = (
        select(Job.id)
        .join(later, col(later.id) == col(Job.version_id))
        .where(later.source_id == Source.id, col(later.number) > col(Version.number))
        .where(Job.kind == JobKind.READ, Job.state == JobState.STOPPED)
    )
    return (col(Source.read_for) < READER_VERSION) & ~stopped.exists()


def _rebuild_next() -> bool:
    reads = select(Job.id).where(Job.assistant_id == Assistant.id, Job.kind == JobKind.READ, *jobs.at_work())
    unread = _old_texts().where(Source.assistant_id == Assistant.id, _may_be_read())
    due = _old_indexes().where(_may_be_rebuilt(), ~reads.exists(), ~unread.exists()).limit(1)
    with session() as db:
        assistant_id = db.execute(
            update(Assistant)
            .where(col(Assistant.id) == due.correlate(None).scalar_subquery(), col(Assistant.built_for) != BUILT_FOR)
            .values(built_for=BUILT_FOR)
            .returning(col(Assistant.id))
        ).scalar_one_or_none()
        if assistant_id is None:
            return False
        live = db.get_one(IndexBuild, db.get_one(Assistant, assistant_id).build_id)
        add_rebuild(db, assistant_id, settings_of(live))
    log("update.build_again", assistant=assistant_id, code=BUILT_FOR)
    return True


def _old_indexes() -> SelectOfScalar[str]:
    """Assistants, not in the bin, that answer from passages which an older cutter or term-maker made."""
    older = (
        select(Indexed.version_id)
        .join(Version, col(Version.id) == col(Indexed.version_id))
        .join(Source, _answers_from(Version))
        .where(Indexed.build_id == Assistant.build_id, col(Source.deleted_at).is_(None), older_code())
    )
    return select(Assistant.id).where(col(Assistant.deleted_at).is_(None), older.exists())


def _being_rebuilt() -> ColumnElement[bool]:
    rebuild = Job.kind == JobKind.REBUILD
    return select(Job.id).where(Job.assistant_id == Assistant.id, rebuild, *jobs.at_work()).exists()


def _may_be_rebuilt() -> ColumnElement[bool]:
    """No update had it built again yet for this code, and nothing is being built: what the owner began goes on."""
    building = (IndexBuild.assistant_id == Assistant.id, IndexBuild.state == BuildState.BUILDING)
    return (col(Assistant.built_for) != BUILT_FOR) & ~select(IndexBuild.id).where(*building).exists()
