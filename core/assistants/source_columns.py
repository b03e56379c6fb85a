"""What belongs to a source beside its row, for statements about many: its newest version and job, when it came."""

from sqlalchemy import and_, case, func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from core.database import Job, Source, Version
from core.schema import JobKind

# All of the row of Source that a statement is at, looked up by an index source for source: joined to a list of what
# is newest of each, SQLite takes seconds for thousands.
newest = aliased(Version)
_of_source = select(Version.id).where(Version.source_id == Source.id)
_newest_version = _of_source.order_by(col(Version.number).desc()).limit(1)
is_newest = col(newest.id) == _newest_version.correlate(Source).scalar_subquery()
# The same where nothing else is shown, for statements about all sources: where a version answers, none is looked up.
is_newest_shown = col(newest.id) == case(
    (col(Source.version_id) == "", _newest_version.correlate(Source).scalar_subquery()), else_=None
)
_reads = select(Job.id).where(Job.source_id == Source.id, Job.kind == JobKind.READ)
_newest_job = _reads.order_by(col(Job.number).desc()).limit(1)
is_newest_job = col(Job.id) == _newest_job.correlate(Source).scalar_subquery()
# The version that answers, else the newest.
is_shown = col(Version.id) == func.coalesce(func.nullif(col(Source.version_id), ""), newest.id)
_same = aliased(Version)
# When its newest bytes first came: reading them again, by hand or after an update, changes no order.
_of_same_bytes = (_same.source_id == Source.id, _same.original_hash == newest.original_hash)
_first = select(_same.created_at).where(*_of_same_bytes).order_by(col(_same.number)).limit(1)
came_at = _first.correlate(Source, newest).scalar_subquery()
came_number = select(func.min(_same.number)).where(*_of_same_bytes).correlate(Source, newest).scalar_subquery()
# Of a row of Version: it is the one with which the newest bytes of its source first came, the one of ``came_number``.
_last, _earlier = aliased(Version), aliased(Version)
_newest_bytes = select(_last.original_hash).where(_last.source_id == Version.source_id)
_came_before = select(_earlier.id).where(
    _earlier.source_id == Version.source_id,
    _earlier.number < Version.number,
    _earlier.original_hash == Version.original_hash,
)
is_first_come = and_(
    col(Version.original_hash)
    == _newest_bytes.order_by(col(_last.number).desc()).limit(1).correlate(Version).scalar_subquery(),
    ~_came_before.correlate(Version).exists(),
)
