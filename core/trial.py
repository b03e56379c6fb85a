"""Another cut of a source tried on real questions, before anything is changed: what each finds now, and would find.

It runs in a thread of this process, in an index of its own in a temporary folder: what visitors get is only read.
"""

import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from core.assistants import index_builds, sources
from core.assistants.known_passages import questions_about
from core.assistants.suggested_questions import suggested_questions
from core.database import IndexBuild, Indexed, Source, session
from core.errors import NotFound
from core.index import trial_index
from core.pipeline import retriever
from core.retrieve import PassageRetriever
from core.schema import CutSettings, Hit

QUESTIONS = 3
SHOWN = 3  # passages of each answer's search that are compared
# Passages of other sources that are searched beside this one's; with more, only the sources that the questions find.
OTHER_PASSAGES = 4000
REMEMBERED = 8
_pool = ThreadPoolExecutor(1, thread_name_prefix="trial")
_guard = threading.Lock()
_trials: "dict[tuple[str, str, CutSettings, tuple[str, ...]], Future[Trial]]" = {}


@dataclass(frozen=True, slots=True)
class TriedQuestion:
    """A question, and the best passages it finds with the cut of now and with the other one."""

    question: str
    before: tuple[Hit, ...]
    after: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What questions find before and after. ``everywhere``: all of the assistant's sources were searched."""

    questions: tuple[TriedQuestion, ...]
    everywhere: bool


def real_questions(assistant_id: str, source_id: str) -> tuple[str, ...]:
    """Return up to three questions: those last asked that found this source, else those that are suggested."""
    asked = questions_about(assistant_id, source_id, QUESTIONS)
    return tuple(dict.fromkeys([*asked, *suggested_questions(assistant_id)]))[:QUESTIONS]


def try_cut(assistant_id: str, source_id: str, cut: CutSettings, questions: Sequence[str]) -> "Future[Trial]":
    """Try a cut on questions in the background; the same again is tried once while the source stays as it is.

    The future raises AnswerbookError where it could not be tried.
    """
    version_id = sources.source(assistant_id, source_id).version_id
    key = (source_id, version_id, cut, tuple(questions))
    with _guard:
        known = _trials.get(key)
        if known is None or (known.done() and known.exception()):
            if len(_trials) >= REMEMBERED:
                _trials.clear()
            _trials[key] = known = _pool.submit(_tried, assistant_id, source_id, cut, tuple(questions))
        return known


def _tried(assistant_id: str, source_id: str, cut: CutSettings, questions: tuple[str, ...]) -> Trial:
    live = retriever(assistant_id)
    build = index_builds.live_build(assistant_id)
    source = sources.source(assistant_id, source_id)
    if not source.version_id or source.deleted_at:
        raise NotFound("This source does not exist any more.", "Choose another one.", code="no_source")
    with session() as db:
        sizes = _sizes(db, build, source)
    everywhere = sum(sizes.values()) <= OTHER_PASSAGES
    others = list(sizes) if everywhere else _rivals(live, sizes, questions)
    kept = {*others, source.version_id}
    before = _plain(live).model_copy(
        update={"sources": {key: info for key, info in live.sources.items() if info.version_id in kept}}
    )
    with tempfile.TemporaryDirectory(prefix="answerbook-trial-", ignore_cleanup_errors=True) as folder:
        store, scope = trial_index(build, source, cut, others, Path(folder))
        try:
            after = before.model_copy(update={"store": store, "scope": scope})
            found = [
                TriedQuestion(text, tuple(before.find(text)[:SHOWN]), tuple(after.find(text)[:SHOWN]))
                for text in questions
            ]
        finally:
            store.close()
    return Trial(tuple(found), everywhere)


def _plain(live: PassageRetriever) -> PassageRetriever:
    """The assistant's search with its settings, without what watches over its index."""
    return PassageRetriever(**{name: getattr(live, name) for name in PassageRetriever.model_fields})


def _sizes(db: Session, build: IndexBuild, source: Source) -> dict[str, int]:
    """The versions of the assistant's other sources that answer, with their number of passages."""
    rows = db.execute(
        select(Source.version_id, Indexed.passages)
        .join(Indexed, col(Indexed.version_id) == col(Source.version_id))
        .where(Indexed.build_id == build.id, Source.assistant_id == build.assistant_id, Source.id != source.id)
        .where(col(Source.deleted_at).is_(None))
    ).all()
    return {row[0]: row[1] for row in rows}


def _rivals(live: PassageRetriever, sizes: dict[str, int], questions: Sequence[str]) -> list[str]:
    """The other versions that the questions find, as many as may be searched beside this source."""
    rivals: dict[str, int] = {}
    for text in questions:
        for hit in _plain(live).found(text, 24):
            size = sizes.get(hit.passage.version_id)
            if size is not None and sum(rivals.values()) + size <= OTHER_PASSAGES:
                rivals[hit.passage.version_id] = size
    return list(rivals)
