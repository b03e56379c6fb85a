"""The reader's model: what it reads, that it is read once, and that nothing needs it."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.reader import model
from tests.conftest import PROJECT

PARKING = [
    ("Old Mill Hotel › Parking", "The car park behind the house costs 9 euros a night."),
    ("Old Mill Hotel › Parking", "Bicycles are kept in the cellar."),
    ("Old Mill Hotel › Breakfast", "Breakfast is served from 7 to 10."),
]


def scores(question: str, pairs: list[model.Pair]) -> list[float]:
    answers = model.answering(question, pairs)
    assert answers is not None
    return [answer.score for answer in answers]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("where do i leave my car and what does it cost", 0),
        ("can i store my bike somewhere", 1),
        ("when can we eat in the morning", 2),
    ],
)
def test_what_answers_is_read_above_what_does_not_without_a_word_in_common(question: str, best: int) -> None:
    found = scores(question, PARKING)
    assert found.index(max(found)) == best


def test_a_question_that_nothing_answers_is_below_zero() -> None:
    assert max(scores("who won the world cup", PARKING)) < 0 < max(scores("what does parking cost", PARKING))


def test_the_answering_words_are_a_span_of_the_words() -> None:
    (answer, *_) = model.answering("what does parking cost", PARKING) or ()
    assert "9 euros" in PARKING[0][1][answer.start : answer.end]


def test_what_is_read_beside_a_candidate_changes_nothing() -> None:
    together = scores("how much is a night for the car", [*PARKING, ("", "word " * 300), ("", "x")])
    model._remembered.clear()
    alone = [scores("how much is a night for the car", [pair])[0] for pair in PARKING]
    assert together[:3] == alone


@pytest.mark.parametrize("words", ["", " ", "\x00", "a" * 20_000, "\ud800", "词" * 500, "| | | |"])
def test_odd_words_are_read_too(words: str) -> None:
    found = scores(words, [(words, words), *PARKING])
    assert len(found) == 4
    assert all(isinstance(score, float) and score == score for score in found)


def test_nothing_to_read_is_nothing() -> None:
    assert model.answering("anything", []) == []


def test_questions_at_once_get_their_own_answers() -> None:
    asked = ["where do i leave my car", "can i store my bike", "when is breakfast"]
    expected = {question: scores(question, PARKING) for question in asked}
    model._remembered.clear()
    found: dict[str, list[float]] = {}

    def ask(question: str) -> None:
        found[question] = scores(question, PARKING)

    threads = [threading.Thread(target=ask, args=(question,)) for question in asked * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {question: pytest.approx(values, abs=0.15) for question, values in expected.items()}


def test_what_was_read_is_forgotten_at_last() -> None:
    for start in range(0, model.REMEMBERED + 200, 100):
        model.answering("is it remembered", [("", f"Number {number}.") for number in range(start, start + 100)])
    assert len(model._remembered) == model.REMEMBERED


def test_without_its_weights_nothing_is_read_and_it_is_said_once(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path\nfrom core.reader import model\n"
        f"model.WEIGHTS = Path({str(tmp_path)!r})\n"
        "print(model.answering('a', [('b', 'c')]), model.answering('a', [('b', 'c')]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "None None"
    assert (ran.stdout + ran.stderr).count("reader.not_loaded") == 1


def test_it_loads_in_the_background_before_anybody_asks() -> None:
    program = (
        "import sys, threading\nfrom core.reader import model, prepare_reader\n"
        "prepare_reader()\nassert 'onnxruntime' not in sys.modules or threading.active_count() > 1\n"
        "[each.join() for each in threading.enumerate() if each.name == 'reader']\n"
        "print(model.loaded.cache_info().currsize)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "1"


def test_a_broken_file_is_no_reader(tmp_path: Path) -> None:
    (tmp_path / "reader.onnx").write_bytes(b"not a model")
    program = (
        "from pathlib import Path\nfrom core.reader import model\n"
        f"model.WEIGHTS = Path({str(tmp_path)!r})\nprint(model.answering('a', [('b', 'c')]))\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "None"
