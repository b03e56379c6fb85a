"""A scan on the Knowledge page: what reads it is offered on its row, added with one press, and said while it comes."""

import pytest

from core import jobs
from core.assistants import lifecycle, source_rows, sources
from core.errors import AnswerbookError, LoadError
from core.operate import Installation
from pages.parts import source_row
from tests.pages.kit import opened, run, texts


@pytest.fixture
def refused(data_folder: object) -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("scan.pdf", b"%PDF-1.4")])
    job = jobs.claim()
    assert job is not None
    jobs.fail(job.id, LoadError("This PDF holds only pictures of pages, no text.", "Add it.", code="scanned"))
    return made


def test_the_row_of_a_scan_offers_to_add_text_recognition(refused: str, monkeypatch: pytest.MonkeyPatch) -> None:
    state = Installation()

    def start(_: str) -> None:
        nonlocal state
        state = Installation(running=True, doing="Downloading rapidocr (1 of 6 packages)")

    monkeypatch.setattr(source_row, "recognition_here", lambda: False)
    monkeypatch.setattr(source_row, "installation", lambda _: state)
    monkeypatch.setattr(source_row, "start_extra", start)
    [row] = source_rows.source_rows(refused)
    at = opened("knowledge", refused)
    assert "Adds text recognition, about 190 MB, once." in texts(at)
    at.button(key=f"add_recognition_{row.id}").click()
    run(at)
    assert "Adding text recognition, once: Downloading rapidocr" in texts(at).replace("\\", "")
    state = Installation(error=AnswerbookError("The packages could not be reached.", "Try again later.", code="x"))
    run(at)
    assert "The packages could not be reached." in texts(at)
    assert at.button(key=f"add_recognition_{row.id}")


def test_where_scans_can_be_read_one_press_reads_it(refused: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_row, "recognition_here", lambda: True)
    [row] = source_rows.source_rows(refused)
    at = opened("knowledge", refused)
    at.button(key=f"read_scans_{row.id}").click()
    run(at)
    assert source_rows.source_rows(refused)[0].state == "waiting"


def test_three_scans_refused_together_are_read_by_one_press(
    data_folder: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_row, "recognition_here", lambda: True)
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [(f"{name}.pdf", b"%PDF-1." + name.encode()) for name in "abc"])
    while job := jobs.claim():
        jobs.fail(job.id, LoadError("This PDF holds only pictures of pages, no text.", "Add it.", code="scanned"))
    at = opened("knowledge", made)
    [button] = [each for each in at.button if each.label == "Read scans"]
    button.click()
    run(at)
    assert {row.state for row in source_rows.source_rows(made)} == {"waiting"}
