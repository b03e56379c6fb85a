"""One Answerbook for the tests of a file: reading a text takes longer than asking for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import _let_go


@pytest.fixture(scope="module")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder of this file alone."""
    folder = tmp_path_factory.mktemp("api") / "data"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSWERBOOK_DATA", str(folder))
        _let_go()
        yield folder
        _let_go()
