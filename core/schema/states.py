"""In which state stores, builds and jobs can be."""

from enum import StrEnum


class StoreName(StrEnum):
    """The stores that passages can be kept in."""

    LANCEDB = "lancedb"
    WEAVIATE = "weaviate"


class BuildState(StrEnum):
    """What has become of a build of an index: being filled, answering, kept for a day, or removed."""

    BUILDING = "building"
    LIVE = "live"
    OLD = "old"
    GONE = "gone"


class JobState(StrEnum):
    """How a job stands in the queue."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class JobKind(StrEnum):
    """What a job does: read a version, forget a source's passages, fill a build of an index, compare it, prepare the
    sources for questions in other languages, remove what was kept long enough, ask the test questions."""

    READ = "read"
    FORGET = "forget"
    REBUILD = "rebuild"
    CHECK = "check"
    LANGUAGES = "languages"
    EXPIRE = "expire"
    TEST = "test"
