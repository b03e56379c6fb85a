"""A question is turned toward what answers it; the vectors of a service, and those of passages, stay as they are."""

from pathlib import Path

import numpy as np
import pytest

from core.embed import embedding, search_vector, toward_answers
from core.schema import BUILT_IN_EMBEDDING
from tests.core.embed.embed_kit import at
from tests.fake_provider import FakeProvider

ASKED = "can someone come and get it at my place"
ANSWERS = "Collection from your home costs 4.50 and is booked by 18:00 on the day before."
OTHER = "Everyone gets the same place at the table for as long as the course takes."


@pytest.fixture(autouse=True)
def _read_again() -> None:
    toward_answers._trained.cache_clear()


def test_a_question_comes_nearer_to_what_answers_it_than_to_its_own_words() -> None:
    built_in = embedding(BUILT_IN_EMBEDDING)
    answers, other = np.asarray(built_in.embed_documents([ANSWERS, OTHER]), dtype=np.float32)
    bare = np.asarray(built_in.embed_query(ASKED), dtype=np.float32)
    turned = search_vector(built_in, ASKED)
    assert (turned.dtype, turned.shape) == (np.float32, (256,))
    assert np.linalg.norm(turned) == pytest.approx(1.0, abs=1e-5)
    assert turned @ answers - turned @ other > bare @ answers - bare @ other


def test_a_question_searches_as_before_where_the_weights_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "question.npz"
    broken.write_bytes(b"no weights")
    for path in (broken, tmp_path / "none.npz"):
        monkeypatch.setattr(toward_answers, "WEIGHTS", path)
        toward_answers._trained.cache_clear()
        built_in = embedding(BUILT_IN_EMBEDDING)
        assert search_vector(built_in, ASKED) == pytest.approx(built_in.embed_query(ASKED), abs=1e-6)


def test_the_vectors_of_a_service_are_not_turned(server: FakeProvider) -> None:
    theirs = at(server)
    assert search_vector(theirs, ASKED) == pytest.approx(theirs.embed_query(ASKED), abs=1e-6)
