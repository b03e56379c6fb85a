"""The sources of an assistant prepared for questions in other languages: a few at once, more in the background.

Nobody asks for it: the first question in another language does. What is new afterwards is prepared once it is read.
"""

import time
from collections.abc import Callable, Sequence

from sqlalchemy import func
from sqlmodel import col, select

from core import jobs
from core.assistants import documents
from core.assistants.index_builds import live_build, settings_of
from core.chunk import CUTTER_VERSION
from core.database import Assistant, IndexBuild, Job, Source, Version, session
from core.embed import ACROSS_LANGUAGES
from core.errors import AnswerbookError, Cancelled
from core.foreign import VectorFolder, vector_rows
from core.index.ingest import Progress, cut_into_passages
from core.log import log, log_failure
from core.schema import JobKind
from core.settings import settings
from core.text import counted

# About 1,500 sentences: two seconds on one quiet core. Who asks first waits once, rather than read a worse answer.
CHARACTERS_AT_ONCE = 150_000
SECONDS_AT_ONCE = 5.0
STAGE = "Preparing for questions in other languages"


def vector_folder(build: IndexBuild) -> VectorFolder:
    """Return where the vectors lie of what a build's index holds."""
    cut = settings_of(build).cut
    return VectorFolder(settings().data / "languages", f"{CUTTER_VERSION}-{cut.size}-{cut.overlap}")


def fill_at_once(build: IndexBuild, version_ids: Sequence[str]) -> bool:
    """Make the vectors of versions for a question that waits; False where that takes longer: a job does it then."""
    until = time.monotonic() + SECONDS_AT_ONCE

    def go_on() -> None:
        if time.monotonic() > until:
            raise Cancelled

    with session() as db:
        characters = db.exec(select(func.sum(Version.characters)).where(col(Version.id).in_(version_ids))).one() or 0
    try:
        if characters > CHARACTERS_AT_ONCE:
            raise Cancelled
        for version_id in version_ids:
            _fill(build, version_id, go_on)
    except Cancelled:
        request_languages(build.assistant_id)
        return False
    except AnswerbookError as error:  # the ordinary answer stands
        log_failure("languages.not_prepared", error)
        return False
    return True


def request_languages(assistant_id: str) -> None:
    """Have an assistant's sources prepared in the background, unless that is queued or under way."""
    with session() as db:
        waits = (Job.assistant_id == assistant_id, Job.kind == JobKind.LANGUAGES, col(Job.state).in_(jobs.ACTIVE))
        if db.exec(select(Job.id).where(*waits)).first() is not None:
            return
        db.add(Job(kind=JobKind.LANGUAGES, assistant_id=assistant_id))
    jobs.tell()


def prepare_languages(job: Job, progress: Progress) -> dict[str, object]:
    """Make the vectors that an assistant's sources lack, one version after the other; what is there is kept.

    ``progress`` raises Cancelled when the owner stopped it. Raises ModelError, DataFolderError.
    """
    build = live_build(job.assistant_id)
    versions = _current(job.assistant_id)
    missing = vector_folder(build).missing(versions)
    for position, version_id in enumerate(missing, len(versions) - len(missing)):
        progress(STAGE, position, len(versions))
        _fill(build, version_id, lambda: progress("", -1, -1))
        with session() as db:
            jobs.got_further(db, job.id)
    return {"prepared": len(missing)}


def keep_prepared(assistant_id: str) -> None:
    """After a source was read: have it prepared too where the others are, and let go of vectors of what is gone."""
    if _is_prepared(assistant_id) and vector_folder(live_build(assistant_id)).missing(_current(assistant_id)):
        request_languages(assistant_id)
    drop_unknown_vectors()


def drop_unknown_vectors() -> int:
    """Remove the vectors of versions that do not answer any more, or were cut otherwise; returns how many files."""
    folder = VectorFolder(settings().data / "languages", "")
    files = folder.versions()
    if not files:
        return 0
    with session() as db:
        answering = (
            select(IndexBuild, Source.version_id)
            .join(Assistant, col(Assistant.build_id) == IndexBuild.id)
            .join(Source, col(Source.assistant_id) == Assistant.id)
            .where(col(Source.deleted_at).is_(None), Source.version_id != "")
        )
        rows = db.exec(answering).all()
    wanted = {vector_folder(build).path(version_id) for build, version_id in rows}
    gone = [path for paths in files.values() for path in paths if path not in wanted]
    for path in gone:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:  # Windows keeps what somebody reads just now: the next time
            log_failure("languages.not_removed", error)
    if gone:
        log("languages.removed", files=len(gone))
    return len(gone)


def languages_notice(assistant_id: str) -> str:
    """Return a sentence for the owner while an assistant's sources are being prepared; empty when they are not."""
    job = jobs.latest(assistant_id, JobKind.LANGUAGES)
    if job is None or job.state not in jobs.ACTIVE:
        return ""
    how_far = f" {job.done} of {counted(job.total, 'source')} done." if job.total > 0 else ""
    return f"Somebody asked in another language: the sources are being prepared for that.{how_far}"


def _fill(build: IndexBuild, version_id: str, go_on: Callable[[], None]) -> None:
    document = documents.document(version_id)
    passages = cut_into_passages(build, version_id, document) if document else []
    vector_folder(build).write(version_id, vector_rows(passages, go_on))


def _current(assistant_id: str) -> list[str]:
    """The versions that answer now, in languages that can be compared."""
    with session() as db:
        chosen = (
            select(Version.id)
            .join(Source, col(Source.version_id) == Version.id)
            .where(Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None))
            .where(col(Version.language).in_(ACROSS_LANGUAGES))
        )
        return sorted(db.exec(chosen).all())


def _is_prepared(assistant_id: str) -> bool:
    """Tell whether any version of an assistant's sources, also one that answers no more, has vectors."""
    folder = VectorFolder(settings().data / "languages", "")
    files = folder.versions()
    with session() as db:
        versions = select(Version.id).join(Source, col(Source.id) == Version.source_id)
        here = db.exec(versions.where(Source.assistant_id == assistant_id)).all()
    return not files.keys().isdisjoint(here)
