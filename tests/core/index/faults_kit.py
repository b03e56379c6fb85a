"""An Answerbook on a Weaviate server of its own: filled, asked, and compared with its database."""

import httpx
from sqlmodel import select

from core.assistants import index_builds, lifecycle, source_rows, sources
from core.database import IndexBuild, session
from core.schema import Scope
from core.store import store_named
from tests.core.index.test_ingest import assert_consistent, pages
from tests.core.store.weaviate_server import WeaviateServer
from tests.core.work import work_off

QUESTION = "What does the parcel rule on batteries say?"
FILES = 12


def environment_of(server: WeaviateServer) -> dict[str, str]:
    return {"WEAVIATE_URL": server.url, "WEAVIATE_GRPC": server.grpc, "WEAVIATE_API_KEY": server.key}


def scope(assistant_id: str) -> Scope:
    return index_builds.scope_of(index_builds.live_build(assistant_id))


def filled(*words: str) -> str:
    """Return an assistant that has read a file about each word."""
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [(f"{word}.md", pages(word)) for word in words])
    work_off()
    assert_agreed(assistant_id)
    return assistant_id


def add(assistant_id: str, count: int = FILES, sections: int = 60) -> None:
    sources.add_files(assistant_id, [(f"file{n}.md", pages(f"word{n}", sections)) for n in range(count)])


def ready(assistant_id: str) -> int:
    return sum(found.state == "ready" for found in source_rows.source_rows(assistant_id))


def assert_agreed(assistant_id: str) -> None:
    """Every passage that the database says is there is there once, and nothing else is, in no index."""
    assert_consistent(assistant_id)
    build = index_builds.live_build(assistant_id)
    store, scope = store_named(build.store), index_builds.scope_of(build)
    assert store.count(scope) == len(list(store.ids(scope)))
    with session() as db:
        kept = {
            index_builds.scope_of(each).name for each in db.exec(select(IndexBuild).where(IndexBuild.state != "gone"))
        }
    assert set(store.scopes()) <= kept


def shards(server: WeaviateServer, where: Scope, status: str) -> None:
    """Set the index of a scope to read-only, as the server does by itself when its disk fills, or back."""
    headers = {"Authorization": f"Bearer {server.key}"}
    with httpx.Client(base_url=f"{server.url}/v1/schema", headers=headers, trust_env=False) as client:
        classes = [found["class"] for found in client.get("").json()["classes"]]
        changed = [client.put(f"/{name}/shards/{where.name}", json={"status": status}).status_code for name in classes]
    assert 200 in changed, changed
