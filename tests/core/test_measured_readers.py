"""The measure of the readers: each type of file is read, by this checkout and by another, in one run."""

import subprocess
from pathlib import Path

import pytest

from tests.benchmarks.made_files import made_files
from tests.benchmarks.measure_readers import TYPES, by_type
from tests.benchmarks.measured import Skipped
from tests.conftest import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind in ("csv", "rtf"):
        (tmp_path / f"a.{kind}").write_bytes(made_files()[f"{kind}-small.{kind}"])
    (tmp_path / "locked.md").write_bytes(b"\x00\x01\x02\xff" * 400)
    return tmp_path


@pytest.mark.slow
def test_types_are_measured_alone_and_against_a_commit(folder: Path) -> None:
    lines = by_type(True, "", str(folder))
    assert [line.name for line in lines] == ["rtf", "md", "csv"]
    assert lines[0].value > 0
    assert lines[1].note == "0 of 1 files"
    if subprocess.run(["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, check=False).returncode:
        pytest.skip("This is no checkout of git.")
    compared = by_type(True, "HEAD", str(folder))
    assert [line.name for line in compared] == ["rtf, after / before", "md", "csv, after / before"]
    assert compared[0].value > 0
    assert "by file" in compared[0].note


def test_there_is_a_made_file_of_each_type_but_those_that_are_cases() -> None:
    assert set(TYPES) - {name.rpartition(".")[2] for name in made_files()} == {"mht", "mbox", "json", "xml", "srt"}


def test_a_revision_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Skipped, match="git has no nothing-like-it"):
        by_type(True, "nothing-like-it", str(tmp_path))
