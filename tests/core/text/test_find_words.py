"""Where words stand in a text, however they were typed."""

import pytest

from core.text import find_words

TEXT = """# Fees

The recipient pays “import tax” and duty before the
parcel is handed over. It costs 12.50 EUR per parcel. Mr. Smith pays the in-
voice within 14 days. Größere Pakete kosten mehr. 关税由收件人支付。
"""


@pytest.mark.parametrize(
    ("words", "stands"),
    [
        ("the recipient pays import tax", "The recipient pays “import tax"),
        ("PAYS   IMPORT-tax", "pays “import tax"),
        ("recipent pays 'import tax' and duty", "recipient pays “import tax” and duty"),
        ("import tax and duty the recipient pays", "The recipient pays “import tax” and duty"),
        ("invoice within 14 days", "in-\nvoice within 14 days"),
        ("in voice", "in-\nvoice"),
        ("grossere pakete", "Größere Pakete"),
        ("收件人支付", "收件人支付"),
        ("recipent", "recipient"),
    ],
)
def test_words_are_found_as_people_type_them(words: str, stands: str) -> None:
    assert [TEXT[place.start : place.end] for place in find_words(words, TEXT)] == [stands]


@pytest.mark.parametrize(
    "words",
    [
        *("invoice within 15 days", "the sender pays import tax", "13.50 EUR per parcel", "pay", "e", "", "…"),
        "pays import tax and duty after the parcel is lost and found and was never seen",
    ],
)
def test_other_words_are_not_taken_for_them(words: str) -> None:
    assert find_words(words, TEXT) == []


def test_all_places_are_told_in_order() -> None:
    text = "A parcel is kept. " * 3
    assert [place.start for place in find_words("parcel is kept", text)] == [2, 20, 38]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("run", ["a ", "the parcel ", "x1 ", "关税"])
def test_long_texts_of_one_word_take_no_time(run: str) -> None:
    find_words(run * 400, run * 200_000)
    find_words(f"parsel {run * 50} tax", run * 200_000)
