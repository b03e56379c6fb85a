"""An assistant with two files, on each store."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from core.assistants import index_builds
from core.database import IndexBuild, session
from core.load import Sandbox
from core.store import store_named
from tests.core.index.check_kit import filled


@pytest.fixture(params=["lancedb", "weaviate"])
def kept_in(request: pytest.FixtureRequest) -> Iterator[str]:
    """A data folder whose passages are in one of the stores; what a test leaves in a shared server is removed."""
    request.getfixturevalue("data_folder" if request.param == "lancedb" else "weaviate_data_folder")
    yield request.param
    with session() as db:
        builds = db.exec(select(IndexBuild)).all()
    for build in builds:
        store_named(request.param).drop(index_builds.scope_of(build))


@pytest.fixture
def assistant_id(kept_in: str, sandbox: Sandbox) -> str:
    """An assistant with two files that answer."""
    return filled(sandbox)
