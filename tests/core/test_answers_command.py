"""The answers command on a folder small enough to check its numbers by hand."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.schema import Answer, Citation
from tests.benchmarks.answers import quotes_of, share, verdict
from tests.conftest import PROJECT

FERRY = b"# Ferry\n\nThe ferry to the island costs four coins.\n\nDogs travel in the hold.\n"
LANTERNS = b"# Harbour\n\nThe harbour master keeps nine lanterns in the tower.\n"


def command(folder: Path, lines: list[str]) -> subprocess.CompletedProcess[str]:
    asked = folder.parent / "questions.jsonl"
    asked.write_text("\n".join(lines), encoding="utf-8")
    given = ["--documents", str(folder), "--questions", str(asked), "--json", str(folder.parent / "out" / "r.json")]
    arguments = [sys.executable, "-m", "tests.benchmarks.answers", *given]
    return subprocess.run(arguments, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=200)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    (made / "ferry.md").write_bytes(FERRY)
    (made / "harbour.md").write_bytes(LANTERNS)
    return made


@pytest.mark.slow
def test_each_answer_is_told_and_counted(folder: Path) -> None:
    questions: list[dict[str, Any]] = [
        {"question": "What does the ferry cost?", "answer": ["FOUR +coins", "five coins"], "kind": "price"},
        {"question": "How many lanterns does the harbour master keep?", "answer": ["ten lanterns"]},
        {"question": "Who wrote the opera about bicycles?", "answer": ["Verdi"]},
        {"question": "Which bank lends mortgages?", "answer": None},
        {"question": "And to the island?", "answer": ["four coins"], "history": ["What does the ferry cost?"]},
    ]
    done = command(folder, [json.dumps(question) for question in questions])
    assert done.returncode == 0, done.stderr
    report = json.loads((folder.parent / "out" / "r.json").read_text())
    assert [row["verdict"] for row in report["each"]] == ["first", "wrong", "refused", "refused", "first"]
    shares = {name: counts["share"] for name, counts in report["counted"].items()}
    assert shares == {"right": 0.5, "first": 0.5, "refused": 0.25, "wrong": 0.25, "absent": 1.0}
    assert report["counted"]["absent"]["questions"] == 1
    assert report["kinds"]["price"]["right"]["share"] == 1.0
    assert 0 < report["seconds"]["p50"] <= report["seconds"]["p95"]
    assert "four coins" in report["each"][0]["quotes"][0][0]
    assert "price" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{"question": "What?"}', 'Line 1 has no "answer"'),
        ('{"question": "What?", "answer": []}', "neither null nor a list"),
        ('{"question": "What?", "answer": ["("]}', "no regular expression"),
        ('{"answer": null}', 'Line 1 has no "question"'),
        ('{"question": "What?", "answer": null, "history": [["What?"]]}', '"history" is no list of'),
        (
            '{"question": "What?", "answer": null, "history": [{"role": "user", "content": "x"}]}',
            '"history" is no list of',
        ),
    ],
)
def test_what_cannot_be_asked_is_a_sentence(folder: Path, line: str, sentence: str) -> None:
    done = command(folder, [line])
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr


def test_a_later_quote_is_right_and_not_first() -> None:
    answer = [re.compile("four coins")]
    assert verdict([("Dogs travel.", "Dogs travel."), ("x", "costs four\n coins")], answer) == "right"
    assert verdict([("Dogs travel.", "Dogs travel.")], None) == "wrong"


def test_of_a_written_answer_its_text_counts_and_not_what_it_cites() -> None:
    cited = Citation(1, "s", "v", "ferry.md", None, 0, 9, "four coins", 0, 9)
    assert quotes_of(Answer("Five coins. [1]", "written", (cited,))) == [("Five coins. [1]", "")]
    assert quotes_of(Answer("Five coins.", "written")) == [("Five coins.", "")]
    assert quotes_of(Answer("I don't know.", "unknown")) == []


def test_small_talk_is_no_quote_and_what_it_quotes_is() -> None:
    assert quotes_of(Answer("Hello.", "talk")) == []
    cited = Citation(1, "s", "v", "ferry.md", None, 0, 9, "Write to us.", 0, 9)
    told = Answer("I cannot connect you.\n\n“Write to us.” [1]", "talk", (cited,))
    assert quotes_of(told) == [("“Write to us.” [1]", "Write to us.")]


def test_an_interval_holds_the_share_and_narrows_with_more_questions() -> None:
    few, many = share([True, False] * 10), share([True, False] * 1000)
    assert few is not None
    assert many is not None
    assert few["from"] < many["from"] < 0.5 < many["to"] < few["to"]
    assert share([]) is None
