"""A follow-up without a model says what it lacks: the question before with one thing exchanged, or in front of it."""

import pytest

from core.answer.stand_alone import stand_alone
from core.schema import Turn

PRICE = "What does a 3 kg parcel to Japan cost?"
PREIS = "Was kostet ein 3 kg Paket nach Japan?"
PRECIO = "¿Cuánto cuesta enviar un paquete de 3 kg a Japón?"


def alone(*questions: str) -> str:
    *earlier, last = questions
    turns = [turn for question in earlier for turn in (Turn("user", question), Turn("assistant", "“9 EUR” [1]"))]
    return stand_alone(last, turns)


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (PRICE, "and to Canada?", "What does a 3 kg parcel to Canada cost?"),
        ("price for 8kg inside the netherlands", "and to spain?", "price for 8kg inside the spain"),
        ("how long does a parcel to germany take", "and to the uk", "how long does a parcel to the uk take"),
        ("what is the duty on cotton t-shirts?", "and for toys?", "what is the duty for toys?"),
        (PRICE, "What about New Zealand?", "What does a 3 kg parcel to New Zealand cost?"),
        (PRICE, "and 10 kg?", "What does a 10 kg parcel to Japan cost?"),
        (PRICE, "and a 500 g parcel?", "What does a 500 g parcel to Japan cost?"),
        (PRICE, "and 10?", "What does a 10 kg parcel to Japan cost?"),
        ("what does a parcel to new zealand cost", "and to canada", "what does a parcel to canada cost"),
        ("how much is AX-4420-B", "and AX-4420-C?", "how much is AX-4420-C"),
        ("What were sales in 2023?", "and in 2024?", "What were sales in 2024?"),
        ("Is a gift of €40 free of duty?", "and €200?", "Is a gift of €200 free of duty?"),
        ("Can I return it within 30 days?", "and within 60 days?", "Can I return it within 60 days?"),
        ("How long by plane to Norway?", "And by ship?", "How long by ship to Norway?"),
        (PREIS, "und nach Österreich?", "Was kostet ein 3 kg Paket nach Österreich?"),
        (PREIS, "und in die Schweiz?", "Was kostet ein 3 kg Paket in die Schweiz?"),
        (PREIS, "und 10 kg?", "Was kostet ein 10 kg Paket nach Japan?"),
        (PREIS, "Was ist mit Kanada?", "Was kostet ein 3 kg Paket nach Kanada?"),
        (PRECIO, "¿y a Canadá?", "¿Cuánto cuesta enviar un paquete de 3 kg a Canadá?"),
        (PRECIO, "y 10 kg", "¿Cuánto cuesta enviar un paquete de 10 kg a Japón?"),
    ],
)
def test_what_a_follow_up_names_takes_the_place_of_its_like(before: str, question: str, expected: str) -> None:
    assert alone(before, question) == expected


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (PRICE, "how much is that"),
        (PRICE, "how long does it take?"),
        (PRICE, "and if it's late?"),
        (PRICE, "for express?"),
        ("how much is AX-4420-B", "and from june"),
        ("What does it cost from Norway to Iceland?", "and Sweden?"),
        ("what do i need to send a phone", "and to Canada"),
        (PREIS, "wie lange dauert das?"),
        (PREIS, "und für Express?"),
        (PRECIO, "¿cuánto tarda?"),
    ],
)
def test_where_it_is_not_clear_what_is_meant_the_question_before_stands_in_front(before: str, question: str) -> None:
    assert alone(before, question) == f"{before} {question}"


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (PRICE, "what is your phone number"),
        (PRICE, "do you ship to Canada?"),
        (PRICE, "How long is an unused gift voucher valid?"),
        (PREIS, "habt ihr eine Telefonnummer?"),
        (PREIS, "Haben Sie am Sonntag offen?"),
        ("2 kg to Denmark", "my neighbour signed for it and now denies it"),
        ("how do I get my import tax back", "cuál es el peso máximo"),
    ],
)
def test_another_topic_takes_nothing_along(before: str, question: str) -> None:
    assert alone(before, question) == question


def test_follow_ups_go_on_from_each_other() -> None:
    assert alone(PRICE, "and to Canada?", "and 10 kg?") == "What does a 10 kg parcel to Canada cost?"
    assert alone(PRICE, "and to Canada?", "how long does it take?") == (
        "What does a 3 kg parcel to Canada cost? how long does it take?"
    )
    assert alone(PREIS, "wie lange dauert das?", "und nach Kanada?") == (
        "Was kostet ein 3 kg Paket nach Kanada? wie lange dauert das?"
    )


def test_thanks_between_two_questions_are_no_topic() -> None:
    assert alone(PRICE, "thanks a lot", "and to Canada?") == "What does a 3 kg parcel to Canada cost?"


def test_a_new_whole_question_is_the_topic_from_then_on() -> None:
    assert alone(PRICE, "Where is the depot?", "and on Sunday?") == "Where is the depot? and on Sunday?"
