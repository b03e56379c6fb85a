"""An index with two files in it, looked into and broken behind our back."""

from sqlmodel import select

from core import jobs
from core.assistants import index_builds, lifecycle, sources
from core.database import IndexBuild, Indexed, Source, session
from core.index import ingest
from core.load import Sandbox
from core.schema import Scope
from core.settings import settings
from core.store import store_named


def text_of(word: str, sections: int = 8) -> bytes:
    topics = ("customs", "returns", "claims", "prices")
    parts = [
        f"## {topics[n % 4].title()} part {n}\n\n"
        + " ".join(f"The {word} rule {n}.{line} on {topics[n % 4]} says that item {line} counts." for line in range(20))
        for n in range(sections)
    ]
    return "\n\n".join([f"# {word.title()} handbook", *parts]).encode()


def filled(sandbox: Sandbox) -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("parcel.md", text_of("parcel")), ("letter.md", text_of("letter"))])
    while job := jobs.claim():
        jobs.finish(job.id, ingest.read_source(job, sandbox, store_named, lambda *_: None))
    return made


def live(assistant_id: str) -> tuple[IndexBuild, Scope]:
    build = index_builds.live_build(assistant_id)
    return build, index_builds.scope_of(build)


def expected(assistant_id: str) -> list[str]:
    build, _ = live(assistant_id)
    with session() as db:
        held = db.exec(
            select(Indexed)
            .join(Source, Source.version_id == Indexed.version_id)
            .where(Indexed.build_id == build.id, Source.deleted_at.is_(None))
        ).all()
    return sorted(ingest.passage_id(build.id, i.version_id, n) for i in held for n in range(i.passages))


def stored(assistant_id: str) -> list[str]:
    build, scope = live(assistant_id)
    return sorted(store_named(build.store).ids(scope))


def assert_equal(assistant_id: str) -> None:
    assert stored(assistant_id) == expected(assistant_id) != []


def lose(assistant_id: str, ids: list[str]) -> None:
    """Take passages out of the store by its own client, past Answerbook."""
    build, scope = live(assistant_id)
    store = store_named(build.store)
    if build.store == "lancedb":
        import lancedb

        listed = ", ".join(f"'{each}'" for each in ids)
        lancedb.connect(settings().data / "passages.lance").open_table(scope.name).delete(f"id IN ({listed})")
        return
    from weaviate.classes.query import Filter

    async def remove(client: object) -> None:
        held = client.collections.use(store._collection(scope)).with_tenant(scope.name)
        await held.data.delete_many(where=Filter.by_id().contains_any(ids))

    store.nodes.run(remove, seconds=10)


def version_of(assistant_id: str, name: str) -> str:
    with session() as db:
        return db.exec(select(Source.version_id).where(Source.assistant_id == assistant_id, Source.name == name)).one()
