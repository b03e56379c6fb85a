"""A hit travels through LangChain as a Document and comes back whole."""

import pytest

from core.retrieve import hit_of
from core.retrieve.documents import document_of
from core.schema import Hit, StoredPassage
from core.text import read_question

QUESTION = read_question("What does an oversize parcel cost?", ("en",))


@pytest.mark.parametrize("score", [0.0, 0.4])
def test_a_hit_comes_back_as_it_went(score: float) -> None:
    text = "An oversize parcel costs 9 euros."
    passage = StoredPassage(
        "1", "s", "v", 2, 10, 43, 3, text, "Prices", "oversiz parcel cost 9 euro", "Fee", ((10, 43),), (10,)
    )
    hit = Hit(passage, "prices.pdf", score, 0.0, None, 0.0)

    assert hit_of(document_of(hit), QUESTION, 0) == hit
