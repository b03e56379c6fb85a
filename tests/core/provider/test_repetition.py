"""A model that goes round in circles is stopped; what is merely alike is left alone."""

from collections.abc import Iterator

import pytest

from core.errors import ModelError
from core.provider.repetition import _Watch, until_repeated
from core.provider.sentences import sentence
from core.provider.thoughts import Piece
from core.schema import Thought

BEFORE = "The duty on a parcel from Norway is 19 percent of its value [1].\n\n"
ONE = "The recipient pays the import tax before the parcel is handed over."
CIRCLES = [
    (BEFORE, f"{ONE} "),
    (BEFORE, f"{ONE} [{{n}}] "),
    (BEFORE, f"{{n}}. {ONE}\n"),
    (BEFORE, f"- {ONE}\n"),
    (BEFORE, "I don't know. "),
    (BEFORE, "You can send it back. Keep the receipt, please.\n\nGift cards are never taken back.\n\n"),
    ("It costs ", "12 euros and then "),
    ("It is ", "very, "),
    ("Well: ", "no "),
    ("A table:\n\n", "| Norway | 12 EUR | two days |\n"),
    ("|Land|Price|\n|---|---|\n", "|Norway|12|\n|Spain|9|\n|Italy|8|\n"),
    ("Line:", "-"),
    ("Word:", "ab"),
    ("关税是百分之十九。", "收件人支付进口税。"),
    ("", f"<b>{ONE}</b>\n"),
]
LEFT_ALONE = [
    "| Zone | up to 5 kg | up to 10 kg |\n|---|---|---|\n"
    + "".join(f"| Zone {n} | {n}.50 EUR | free of charge | free of charge | free of charge |\n" for n in range(30)),
    "".join(f"- A parcel of {n} kg to Norway costs {n + 4} EUR and takes two days.\n" for n in range(30)),
    "".join(f"{n}. A parcel of {n + 1} kg to Norway costs {n + 4} EUR.\n" for n in range(1, 30)),
    "".join(f"{day}: 9 to 17\n" for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
    f"{ONE} {ONE} And that is all.",
    f"{ONE}\n\nHow? {ONE}\n\nWhy? {ONE}\n\nWhen? {ONE}",
    "No, no, no. Yes! Yes! Yes! That is very, very, very good: ha ha ha ha ha.",
    "| a | b |\n|" + "---|" * 60 + "\n| 1 | 0 |\n| 1 | 0 |\n| 1 | 0 |\n",
    "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 0000 0000 0000 0000",
    "“The recipient pays.” [1]\n\n“The recipient pays.” [2]",
    f"{ONE} {ONE} {ONE[:-6]}",
    "A [link](https://x.example/a) and [1, 2] and 【3】 and [a",
    "",
]


def passed(pieces: list[str]) -> tuple[str, str]:
    """The text as it was passed on, and the code of what ended it."""
    text = ""
    try:
        for piece in until_repeated(pieces):
            assert piece
            text += piece if isinstance(piece, str) else ""
    except ModelError as error:
        return text, error.code
    return text, ""


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize(("before", "circle"), CIRCLES)
def test_a_circle_is_passed_on_once(before: str, circle: str) -> None:
    text = before + "".join(circle.replace("{n}", str(n)) for n in range(1, 2_000 // len(circle) + 20))
    first = before + circle.replace("{n}", "1")
    whole, code = passed([text])
    assert code == "repeats"
    assert whole.startswith(first.rstrip()[:-3])
    assert len(whole) <= max(len(first) + 3, len(before) + 140) + (700 if len(circle) < 3 else 0)
    for size in (1, 2, 3, 4, 5, 7, 13, 50, 400):
        assert passed(cut(text, size)) == (whole, "repeats"), size


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_alike_is_no_circle(text: str) -> None:
    for size in (1, 2, 3, 4, 5, 7, 13, 50, 400, 10_000):
        assert passed(cut(text, size)) == (text, ""), size


def test_a_sentence_that_comes_three_times_is_shown_once_and_the_source_is_closed() -> None:
    given: list[str] = []

    def source() -> Iterator[str]:
        yield BEFORE
        try:
            while True:
                given.append(ONE)
                yield f"{ONE} "
        finally:
            given.append("closed")

    assert passed(source()) == (BEFORE + ONE, "repeats") or passed(source())[0].strip() == BEFORE + ONE  # type: ignore[arg-type]
    assert given[-1] == "closed"
    assert given.count(ONE) <= 8


def test_nothing_of_the_second_round_is_ever_passed_on() -> None:
    shown = "".join(piece for piece in _until_error([BEFORE, *cut(f"{ONE} " * 3, 4)]) if isinstance(piece, str))
    assert shown.strip() == BEFORE + ONE


def _until_error(pieces: list[str]) -> Iterator[Piece]:
    try:
        yield from until_repeated(pieces)
    except ModelError:
        return


def test_thoughts_that_go_round_are_stopped_too() -> None:
    thoughts = [Thought(f"Wait, {ONE} ") for _ in range(9)]
    with pytest.raises(ModelError) as raised:
        list(until_repeated(thoughts))
    assert raised.value.code == "repeats"


def test_what_was_held_back_comes_before_a_failure_and_before_a_recall() -> None:
    def broken() -> Iterator[Piece]:
        yield f"{ONE} {ONE} The"
        yield Thought(all_before=True)
        yield "19 percent"
        raise sentence("length")

    found: list[Piece] = []
    with pytest.raises(ModelError, match="length limit"):
        found.extend(until_repeated(broken()))
    recall = found.index(Thought(all_before=True))
    assert "".join(map(str, found[:recall])) == f"{ONE} {ONE} The"
    assert "".join(map(str, found[recall + 1 :])) == "19 percent"


def test_what_is_held_and_followed_stays_small_however_long_the_text() -> None:
    watch = _Watch()
    passed_on = 0
    for number in range(8_000):
        passed_on += len(watch.read(f"word{number * number * 7919 % 1_000_003} and {number % 7}. "))
        assert len(watch.held) < 200
        assert len(watch.circles) <= 8
    assert passed_on > 100_000
