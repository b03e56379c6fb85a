"""What the documents name exists: a promise whose test is gone is no promise."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", *(f"docs/{name}.md" for name in ("architecture", "hosting", "security")))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_and_command_that_a_document_names_exists(document: str) -> None:
    text = (PROJECT / document).read_text()
    paths = set(re.findall(r"`((?:tests|core|pages|docs)/[\w/.-]+)`", text))
    modules = set(re.findall(r"python -m ((?:tests|core)(?:\.\w+)+)", text))
    assert paths or modules
    missing = {path for path in paths if not (PROJECT / path).exists()}
    places = {module: PROJECT / module.replace(".", "/") for module in modules}
    missing |= {
        name
        for name, place in places.items()
        if not (place.with_suffix(".py").exists() or (place / "__main__.py").exists())
    }
    assert missing == set()


def test_every_test_beside_another_in_the_promises_exists() -> None:
    """In a row the folder is named once: "`tests/core/load/test_sandbox.py`, `test_hostile_files.py`"."""
    names = set(re.findall(r"`(test_\w+\.py)`", (PROJECT / "docs" / "security.md").read_text()))
    assert names
    assert {name for name in names if not list((PROJECT / "tests").rglob(name))} == set()
