"""A stand-in for a service, shared by the tests of a file."""

from collections.abc import Iterator

import pytest

from tests.fake_provider import FakeProvider


@pytest.fixture(scope="module")
def server() -> Iterator[FakeProvider]:
    with FakeProvider() as running:
        yield running


@pytest.fixture(autouse=True)
def _fresh(server: FakeProvider) -> None:
    server.script([])
    server.requests.clear()
