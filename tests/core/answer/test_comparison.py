"""Asked for the difference of two things, the answer tells of both."""

import pytest

from core.answer.comparison import compared, quotes_of_both
from core.answer.quote import Quote
from core.schema import Hit, StoredPassage
from core.text import read_question, search_terms

WORDS = """Incoterms

DDP: the sender pays duty and import tax.

DDU: the recipient pays duty and import tax.

A change from DDP to DDU is not possible once the parcel has been collected.
"""
TABLE = """Benefit | Basic | Plus
Storage | 5 GB | 50 GB
Support | by mail | by phone
Price | 4.00 | 9.00
"""


def hit(text: str) -> Hit:
    passage = StoredPassage(text[:9], "s", "v", 0, 0, len(text), 1, text, "", " ".join(search_terms(text)))
    return Hit(passage, "terms.md", 1.0)


def quoted(question: str, *texts: str) -> list[Quote]:
    things = compared(question)
    assert things is not None
    hits = [hit(text) for text in texts]
    read = read_question(question, ("en",))
    return quotes_of_both(read, things, hits, lambda _: hits, embeddings=None, reader=True)[1]


def told(question: str, *texts: str) -> list[str]:
    return [quote.display for quote in quoted(question, *texts)]


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("whats the difference between ddp and ddu", ("ddp", "ddu")),
        ("difference partner leave vs parental leave", ("partner leave", "parental leave")),
        ("difference BP-20 and BP-40, can i swap them", ("BP-20", "BP-40")),
        ("How is Express different from the Standard service?", ("Express", "Standard service")),
        ("how do basic and plus differ?", ("basic", "plus")),
        ("Was ist der Unterschied zwischen einem Päckchen und einem Paket?", ("Päckchen", "Paket")),
        ("¿Cuál es la diferencia entre DDP y DDU?", ("DDP", "DDU")),
        ("Quelle est la différence entre DDP et DDU ?", ("DDP", "DDU")),
        ("basic vs. plus", ("basic", "plus")),
        ("I must choose between DDP and DDU. What is the difference between the two?", ("DDP", "DDU")),
        ("basic vs plus whats the difference", ("basic", "plus")),
    ],
)
def test_two_things_are_heard(question: str, things: tuple[str, str]) -> None:
    assert compared(question) == things


@pytest.mark.parametrize(
    "question", ["what does DDP mean", "different sizes?", "does it make a difference to the price"]
)
def test_other_questions_compare_nothing(question: str) -> None:
    assert compared(question) is None


def test_each_thing_is_quoted_by_what_says_it_alone() -> None:
    assert told("difference between DDP and DDU", WORDS) == [
        "DDP: the sender pays duty and import tax.",
        "DDU: the recipient pays duty and import tax.",
    ]


def test_a_table_with_a_column_for_each_answers_by_its_rows() -> None:
    rows = told("difference between basic and plus", TABLE)
    assert rows[0] == "Benefit: Storage · Basic: 5 GB · Plus: 50 GB"
    assert len(rows) == 3
    # No cell is set off: each row tells of both.
    assert {quote.spans for quote in quoted("difference between basic and plus", TABLE)} == {()}


def test_where_a_row_tells_of_the_one_a_row_tells_of_the_other() -> None:
    glossary = (
        "Word | Meaning\nDDP | Delivered duty paid: the sender pays duty and import tax\n"
        "DDU | Delivered duty unpaid: the recipient pays; also called DAP\n"
    )
    beside = "DDU is sometimes called DAP, delivered at place."
    rows = told("what is the difference between DDP and DDU", glossary, beside)
    assert [row.split(" · ")[0] for row in rows] == ["Word: DDP", "Word: DDU"]


def test_nothing_is_told_where_one_of_the_two_is_not_there() -> None:
    assert told("difference between DDP and FCA", WORDS) == []


def test_a_row_that_begins_with_the_thing_tells_of_it_though_it_names_the_other() -> None:
    packages = """Package | What it covers | Price
Quick Check | Brakes, tyres and bolts checked | 29
Standard Service | Quick Check plus gears and brakes adjusted | 69
Full Service | Standard Service plus bearings greased | 129
"""
    rows = told("what is the difference between quick check and standard service", packages)
    assert [row.split(" · ")[0] for row in rows] == ["Package: Quick Check", "Package: Standard Service"]
