"""An assistant with two files, on each store."""

import pytest

from core.load import Sandbox
from tests.core.index.check_kit import filled


@pytest.fixture(params=["lancedb", "weaviate"])
def kept_in(request: pytest.FixtureRequest) -> str:
    """The store that keeps the passages of the test's data folder."""
    request.getfixturevalue("data_folder" if request.param == "lancedb" else "weaviate_data_folder")
    return str(request.param)


@pytest.fixture
def assistant_id(kept_in: str, sandbox: Sandbox) -> str:
    """An assistant with two files that answer."""
    return filled(sandbox)
