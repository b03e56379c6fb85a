"""Adding packages with one click: what pip's failures are called, and that refused scans are read after it."""

import sysconfig
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import jobs
from core.assistants import lifecycle, source_rows, sources
from core.errors import AnswerbookError, LoadError
from core.operate import extras
from tests.core.work import wait_until

MAKES = ("anthropic", "google-genai", "mistralai", "ollama")


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    extras._states.clear()
    yield
    extras._states.clear()


def refusal(name: str = extras.SCANS) -> AnswerbookError:
    with pytest.raises(AnswerbookError) as refused:
        extras.install_extra(name, lambda _: None)
    assert refused.value.what.endswith(".")
    assert refused.value.remedy.endswith(".")
    return refused.value


@pytest.mark.parametrize(
    ("name", "package"), [(extras.SCANS, "rapidocr"), *((extras.PROVIDERS, f"langchain-{make}") for make in MAKES)]
)
def test_the_file_it_installs_is_there(name: str, package: str) -> None:
    extra = extras.EXTRAS[name]
    assert f"{package}==" in extra.requirements.read_text(encoding="utf-8")
    assert extra.requirements.name in extra.by_hand


def test_what_speaks_to_services_is_here_where_all_of_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert extras.providers_here()
    found = extras.importlib.util.find_spec
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None if "mistral" in name else found(name))
    assert not extras.providers_here()


def test_without_pip_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras.importlib.util, "find_spec", lambda name: None)
    assert refusal().code == "no_pip"


def test_a_python_that_may_not_be_changed_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras.os, "access", lambda path, _: path != sysconfig.get_paths()["purelib"])
    assert refusal().code == "read_only"


def test_packages_that_cannot_be_reached_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = tmp_path / "wanted.txt"
    wanted.write_text("answerbook-has-no-such-package==1.0\n", encoding="utf-8")
    changed = replace(extras.EXTRAS[extras.PROVIDERS], requirements=wanted)
    monkeypatch.setitem(extras.EXTRAS, extras.PROVIDERS, changed)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert refusal(extras.PROVIDERS).code == "unreachable"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "full"),
        ("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'", "read_only"),
        ("error: externally-managed-environment", "read_only"),
        ("WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution found", "unreachable"),
        ("ERROR: something else", "extras"),
    ],
)
def test_what_pip_says_is_said_in_words(said: str, code: str) -> None:
    error = extras._why(said, extras.EXTRAS[extras.PROVIDERS])
    assert error.code == code
    assert "Text recognition" not in str(error)


@pytest.mark.usefixtures("data_folder")
def test_scans_that_were_refused_are_in_the_queue_again_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("scan.pdf", b"%PDF-1.4"), ("locked.pdf", b"%PDF-1.5"), ("gone.pdf", b"%PDF-1.6")])
    for _ in range(3):
        job = jobs.claim()
        assert job is not None
        row = next(row for row in source_rows.source_rows(made) if row.job_id == job.id)
        code = "encrypted" if row.name == "locked.pdf" else "scanned"
        jobs.fail(job.id, LoadError("It cannot be read.", "Do something.", code=code))
    gone = next(row for row in source_rows.source_rows(made) if row.name == "gone.pdf")
    sources.delete_sources(made, [gone.id])
    monkeypatch.setattr(extras, "install_extra", lambda _, tell: tell("Unpacking"))
    extras.start_extra(extras.SCANS)
    wait_until(lambda: not extras.installation(extras.SCANS).running, 30)
    assert extras.installation(extras.SCANS).error is None
    states = {row.name: row.state for row in source_rows.source_rows(made)}
    assert states == {"scan.pdf": "waiting", "locked.pdf": "failed"}


def test_a_failure_ends_it_and_it_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no such program")

    monkeypatch.setattr(extras, "install_extra", fail)
    for _ in range(2):
        extras.start_extra(extras.SCANS)
        wait_until(lambda: not extras.installation(extras.SCANS).running, 30)
        error = extras.installation(extras.SCANS).error
        assert error is not None
        assert error.code == "extras"
