"""Embeddings of a service: what fits into one request, asking for it, and checking what comes."""

import numpy as np
import pytest
from pydantic import SecretStr

from core.embed import embed_passages, embed_query
from core.embed.of_service import OPENAI_LIMITS, batches, estimated_tokens
from core.errors import ModelError
from core.provider import openai_client
from core.schema import Provider
from tests.core.embed.embed_kit import KEY, at, texts
from tests.fake_provider import FakeProvider


def test_a_service_embeds_in_batches_and_in_order(server: FakeProvider) -> None:
    said: list[tuple[int, int]] = []
    wanted = texts(500)
    vectors = embed_passages(at(server), wanted, progress=lambda done, total: said.append((done, total)))
    single = embed_query(at(server), wanted[321])
    np.testing.assert_allclose(vectors[321], single, atol=1e-6)
    assert vectors.shape == (500, 64)
    assert len(server.seen("/embeddings")) == 17
    assert said[-1] == (500, 500)
    assert [done for done, _ in said] == sorted(done for done, _ in said)


def test_requests_to_openai_keep_to_its_limits() -> None:
    passages = ["東京" * 800] * 900 + ["x"] * 5000
    runs = list(batches(passages, OPENAI_LIMITS))
    assert [index for run in runs for index in run] == list(range(len(passages)))
    for run in runs:
        assert len(run) <= 2048
        assert sum(estimated_tokens(passages[index]) for index in run) <= 250_000


def test_an_input_too_long_for_the_model_is_cut(server: FakeProvider) -> None:
    vectors = embed_passages(at(server), ["parcel " * 20_000, "東" * 50_000])
    assert vectors.shape == (2, 64)
    assert len(server.seen("/embeddings")) <= 2


def test_a_batch_too_large_for_a_service_is_halved(server: FakeProvider) -> None:
    vectors = embed_passages(at(server, "fail-few:10"), texts(60))
    np.testing.assert_allclose(vectors, embed_passages(at(server), texts(60)), atol=1e-6)


def test_the_short_form_of_openai_is_the_same_numbers(server: FakeProvider) -> None:
    provider = Provider(server.base_url, SecretStr(KEY), "fake-chat", "fake-embed")
    answer = openai_client(provider).embeddings.create(model="fake-embed", input=["one parcel"])
    assert server.requests[0].body["encoding_format"] == "base64"
    np.testing.assert_allclose(answer.data[0].embedding, embed_query(at(server), "one parcel"), atol=1e-6)


def test_vectors_are_put_in_order_by_their_index(server: FakeProvider) -> None:
    wanted = texts(20)
    np.testing.assert_allclose(
        embed_passages(at(server, "fail-shuffled"), wanted), embed_passages(at(server), wanted), atol=1e-6
    )


@pytest.mark.parametrize("failure", ["nan", "zero", "short", "ragged"])
def test_vectors_that_do_not_fit_are_refused(server: FakeProvider, failure: str) -> None:
    with pytest.raises(ModelError) as caught:
        embed_passages(at(server, f"fail-{failure}"), texts(5))
    assert caught.value.code == "bad_vectors"
