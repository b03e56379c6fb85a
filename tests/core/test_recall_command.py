"""The recall command on a folder small enough to check its numbers by hand."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.slow  # real imports, one after the other

SAMPLES = sorted((PROJECT / "core" / "sample" / "files").glob("*.pdf"))
FILLER = "The committee met again and spoke at length about the minutes of its last meeting. " * 18
HARBOUR = "The harbour master keeps nine lanterns."
BAKERY = "The bakery opens at dawn."
# Two sections that no passage holds both, in a file with line breaks of two characters and a byte order mark.
TOWN = f"# Harbour\r\n\r\n{HARBOUR}\r\n\r\n{FILLER.strip()}\r\n\r\n# Bakery\r\n\r\n{BAKERY}\r\n\r\n{FILLER.strip()}"
FERRY = "\ufeffThe ferry costs four coins.\r\nChildren pay two coins."


def command(folder: Path, questions: list[dict[str, Any]], *more: str) -> subprocess.CompletedProcess[str]:
    asked = folder.parent / "questions.jsonl"
    asked.write_text("".join(json.dumps(question) + "\n" for question in questions), encoding="utf-8")
    given = ["--documents", str(folder), "--questions", str(asked), "--json", str(folder.parent / "out" / "r.json")]
    arguments = [sys.executable, "-m", "tests.benchmarks.recall", *given, *more]
    return subprocess.run(arguments, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=200)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("recall") / "documents"
    (made / "island").mkdir(parents=True)
    (made / "town.md").write_bytes(TOWN.encode())
    (made / "island" / "ferry.txt").write_bytes(FERRY.encode())
    (made / "nothing.txt").write_bytes(b"")
    if SAMPLES:
        (made / "guide.pdf").write_bytes(SAMPLES[0].read_bytes())
    return made


def span(text: str, words: str) -> list[int]:
    return [text.index(words), text.index(words) + len(words)]


@pytest.fixture(scope="module")
def report(folder: Path) -> dict[str, Any]:
    both = [span(TOWN, HARBOUR), span(TOWN, BAKERY)]
    questions: list[dict[str, Any]] = [
        {"question": "How many lanterns does the harbour master keep?", "document": "town.md", "spans": both},
        {"question": "What does the ferry cost?", "document": "ferry.txt", "spans": [[1, len(FERRY)]]},
        {"question": "What does the ferry cost?", "document": "island/ferry.txt", "spans": [[0, len(FERRY)]]},
        {"question": "What does the ferry cost?", "documents": ["ferry.txt", "nothing.txt"]},
    ]
    if SAMPLES:
        questions.append({"question": words_of_page_two(), "document": "guide.pdf", "spans": [{"page": 2}]})
    done = command(folder, questions, "--k", "10,1")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    measured = json.loads((folder.parent / "out" / "r.json").read_text(encoding="utf-8"))
    measured["printed"] = done.stdout
    return measured


def words_of_page_two() -> str:
    import pypdfium2

    page = pypdfium2.PdfDocument(SAMPLES[0])[1]
    return " ".join(page.get_textpage().get_text_bounded().split())[100:400]


def scores(report: dict[str, Any], line: int, count: int) -> dict[str, float]:
    (row,) = (row for row in report["each"] if row["line"] == line)
    return row["scores"][str(count)]


def test_one_of_two_spans_is_in_the_first_passage_and_both_in_all(report: dict[str, Any]) -> None:
    assert scores(report, 1, 1)["recall"] == 0.5
    assert scores(report, 1, 10)["recall"] == 1.0


def test_offsets_are_those_of_the_decoded_file_to_the_character(report: dict[str, Any]) -> None:
    assert scores(report, 2, 1) == {"recall": 1.0, "recall_any": 1.0, "recall_whole": 1.0, "coverage": 1.0}


def test_the_byte_order_mark_is_a_character_that_no_passage_holds(report: dict[str, Any]) -> None:
    found = scores(report, 3, 1)
    assert found["recall"] == pytest.approx((len(FERRY) - 1) / len(FERRY))
    assert found["recall_any"] == 1.0
    assert found["recall_whole"] == 0.0


def test_of_two_right_documents_the_one_that_cannot_be_read_is_not_found(report: dict[str, Any]) -> None:
    assert scores(report, 4, 10) == {"coverage": 0.5}


def test_the_means_are_over_the_questions_that_have_spans(report: dict[str, Any]) -> None:
    means = report["measures"]["recall"]
    assert means["questions"] == 3
    assert means["1"] == pytest.approx((0.5 + 1 + (len(FERRY) - 1) / len(FERRY)) / 3, abs=1e-4)


def test_files_are_counted_and_the_empty_one_is_told_with_its_sentence(report: dict[str, Any]) -> None:
    ingest = report["ingest"]
    assert ingest["files"] == 3 + bool(SAMPLES)
    assert ingest["read"] == 2 + bool(SAMPLES)
    assert [refused["file"] for refused in ingest["refused"]] == ["nothing.txt"]
    assert "empty" in ingest["refused"][0]["sentence"]
    assert ingest["passages"] >= 3
    assert ingest["seconds"] > 0
    assert 0 < report["query"]["p50_ms"] <= report["query"]["p95_ms"]


def test_the_printed_table_says_the_same(report: dict[str, Any]) -> None:
    (line,) = (line for line in report["printed"].splitlines() if line.startswith("recall  "))
    assert line.split()[1:] == [f"{report['measures']['recall'][count]:.3f}" for count in ("1", "10")] + ["3"]
    assert "nothing.txt" in report["printed"]


@pytest.mark.skipif(not SAMPLES, reason="There is no sample PDF in this checkout yet.")
def test_a_page_is_found_by_its_own_words(report: dict[str, Any]) -> None:
    assert scores(report, 5, 10)["page_hit"] == 1.0
    assert "recall" not in scores(report, 5, 10)


GOOD = {"question": "What does the ferry cost?", "document": "ferry.txt", "spans": [[0, 3]]}


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({**GOOD, "document": "harbour.txt"}, "Line 2: there is no file harbour.txt in the folder."),
        ({**GOOD, "spans": [[5, 5]]}, "Line 2: the span [5, 5] is neither"),
        ({**GOOD, "spans": [{"page": 0}]}, 'Line 2: the span {"page": 0} is neither'),
        ({"question": "Which?", "spans": [[0, 3]]}, 'Line 2 has neither "document" nor "documents".'),
        ({"document": "ferry.txt"}, 'Line 2 has no "question".'),
    ],
)
def test_a_wrong_line_is_named(folder: Path, bad: dict[str, Any], says: str) -> None:
    done = command(folder, [GOOD, bad])
    assert done.returncode == 2
    assert done.stderr.startswith(says)
    assert done.stdout == ""


def test_a_line_that_is_no_json_is_named(folder: Path) -> None:
    asked = folder.parent / "broken.jsonl"
    asked.write_text(json.dumps(GOOD) + "\n\n{\n", encoding="utf-8")
    done = command(folder, [], "--questions", str(asked))
    assert done.returncode == 2
    assert done.stderr.startswith("Line 3 is not JSON")


def test_a_span_behind_the_end_of_its_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "ferry.txt").write_bytes(FERRY.encode())
    done = command(folder, [{**GOOD, "spans": [[0, len(FERRY) + 1]]}])
    assert done.returncode == 2
    assert f"has only {len(FERRY)} characters" in done.stderr


def test_two_files_of_the_same_name_need_their_folder(tmp_path: Path) -> None:
    for name in ("north", "south"):
        (tmp_path / "documents" / name).mkdir(parents=True)
        (tmp_path / "documents" / name / "ferry.txt").write_bytes(FERRY.encode())
    done = command(tmp_path / "documents", [GOOD])
    assert done.returncode == 2
    assert "north/ferry.txt or south/ferry.txt" in done.stderr
