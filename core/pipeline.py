"""One way through: puts an assistant's settings, sources, store and models together for every question."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlmodel import col, select

from core.answer import ask
from core.assistants import assistants, index_builds, voices
from core.assistants.provider_settings import provider
from core.database import Source, Version, session
from core.embed import embedding_info
from core.errors import StoreError
from core.index import BROKEN, count_is_due, has_lost_passages, request_repair
from core.model_connection import embeddings_of
from core.provider import chat_model
from core.retrieve import PassageRetriever, SourceInfo, fits
from core.schema import Answer, Hit, Provider, Turn, Voice
from core.store import store_named
from core.text import read_question

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


LOOKS = 3  # sources that are replaced faster than they are searched must not keep a question for ever


class _SteadyRetriever(PassageRetriever):
    """Searches once more where a version was replaced between the look at the sources and the search in the store.

    The passages of the replaced version are gone by then, and those of the new one were not expected yet.
    """

    def find(self, text: str, limit: int | None = None) -> list[Hit]:
        """Return hits of versions that still answer when the search is over; see PassageRetriever.

        Raises StoreError (code "mending") where the index is damaged: it is being put right then.
        """
        try:
            hits = self._steadily_found(text, limit)
        except StoreError as error:
            if error.code == "damaged" or (error.code in BROKEN and self._has_lost_passages()):
                raise request_repair(self.scope.assistant_id) from error
            raise
        suits = fits(read_question(text, self.languages), hits)
        if (not suits or count_is_due(index_builds.live_build(self.scope.assistant_id))) and self._has_lost_passages():
            repair = request_repair(self.scope.assistant_id)
            if not suits:
                raise repair  # what was asked may well stand in the passages that are missing
        return hits

    def _has_lost_passages(self) -> bool:
        return has_lost_passages(index_builds.live_build(self.scope.assistant_id))

    def _steadily_found(self, text: str, limit: int | None) -> list[Hit]:
        for _ in range(LOOKS):
            hits = super().find(text, limit)
            if {source.id: source.version_id for source in self.sources.values()} == _versions(self.scope.assistant_id):
                break
            now = retriever(self.scope.assistant_id)
            self.store, self.scope, self.embeddings, self.sources = now.store, now.scope, now.embeddings, now.sources
        return hits


def _versions(assistant_id: str) -> dict[str, str]:
    """The version that answers for each source, by the source's id."""
    with session() as db:
        here = (Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None), Source.version_id != "")
        return dict(db.execute(select(Source.id, Source.version_id).where(*here)).tuples().all())


def retriever(assistant_id: str) -> PassageRetriever:
    """Return the retriever of an assistant as it stands now. Raises NotFound, StoreError, ModelError."""
    assistant = assistants.assistant(assistant_id)
    build = index_builds.live_build(assistant_id)
    search = assistants.search_settings(assistant)
    default = embedding_info(build.embedding).dense_weight
    return _SteadyRetriever(
        store=store_named(build.store),
        scope=index_builds.scope_of(build),
        embeddings=embeddings_of(build.embedding),
        dense_weight=default if search.dense_weight is None else search.dense_weight,
        settings=search,
        sources=_source_infos(assistant_id),
    )


def _source_infos(assistant_id: str) -> dict[str, SourceInfo]:
    """The sources that may answer, each with the version that is current: what is not here is never shown."""
    with session() as db:
        rows = db.execute(
            select(Source, Version)
            .join(Version, col(Version.id) == col(Source.version_id))
            .where(Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None))
        ).all()
    return {
        source.id: SourceInfo(source.id, source.name, version.id, version.title, version.language, version.identity)
        for source, version in rows
    }


@lru_cache(maxsize=2)
def _model(provider: Provider) -> "BaseChatModel":
    """Keep the model between questions: making one loads certificates, which takes as long as a search."""
    return chat_model(provider)


def search(assistant_id: str, question: str, limit: int | None = None) -> list[Hit]:
    """Find the passages for a question, best first: the same search as in chat."""
    return retriever(assistant_id).find(question, limit)


def answer(
    assistant_id: str, question: str, *, history: Sequence[Turn] = (), draft: Voice | None = None
) -> Iterator[str | Answer]:
    """Answer a question as the assistant (or as a draft of its voice): pieces of text as they come, then the Answer.

    Raises NotFound, StoreError, ModelError.
    """
    service, passages = provider(), retriever(assistant_id)
    yield from ask(
        question,
        retriever=passages,
        voice=draft or voices.voice(assistant_id),
        history=history,
        model=_model(service) if service else None,
        embeddings=passages.embeddings,
        languages=passages.languages,
        neighbours=passages.neighbours,
    )
