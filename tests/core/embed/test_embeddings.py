"""Embeddings: the built-in one, and a service's over real HTTP."""

import logging
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from pydantic import SecretStr

from core.embed import embed_passages, embed_query, embedding, embedding_info, embeddings_on_offer
from core.embed.embeddings import provider_embedding_name
from core.errors import Cancelled, ModelError
from core.schema import BUILT_IN_EMBEDDING, Provider
from tests.core.embed.embed_kit import KEY, at, texts
from tests.fake_provider import FakeProvider


def test_the_built_in_embedding_knows_what_is_near() -> None:
    built_in = embedding(BUILT_IN_EMBEDDING)
    passages = ["The parcel is delivered in three days.", "Cats sleep most of the day."]
    vectors = embed_passages(built_in, passages)
    question = embed_query(built_in, "When does my package arrive?")
    assert vectors.shape == (2, 256)
    assert vectors.dtype == question.dtype == np.float32
    assert np.argmax(vectors @ question) == 0


def test_the_built_in_embedding_is_that_of_its_library() -> None:
    from pathlib import Path

    import wordllama

    library = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    passages = [*texts(100), "été 東京 🙂", "word " * 3000]
    np.testing.assert_allclose(
        embed_passages(embedding(BUILT_IN_EMBEDDING), passages), library.embed(passages, norm=True), atol=1e-5
    )


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\x00", "\ufeff"])
def test_a_text_without_words_still_has_a_direction(server: FakeProvider, blank: str) -> None:
    for embeddings in (embedding(BUILT_IN_EMBEDDING), at(server)):
        vectors = embed_passages(embeddings, ["words", blank])
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_loading_needs_no_network_and_leaves_logging_alone() -> None:
    code = """
import logging, socket
def refuse(*_: object) -> None: raise OSError("no network here")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from core.embed import embedding, embed_query
assert embed_query(embedding("wordllama-256"), "hello").shape == (256,)
assert not logging.getLogger().handlers and logging.getLogger().level == logging.WARNING
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_page_can_import_it_without_loading_anything_heavy() -> None:
    code = """
import sys, core.embed, core.provider, core.vault
print([name for name in ("wordllama", "openai", "httpx2", "langchain_openai", "tenacity") if name in sys.modules])
"""
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


def test_many_threads_share_the_built_in_embedding() -> None:
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.append(embed_passages(embedding(BUILT_IN_EMBEDDING), texts(300))))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert all(np.array_equal(found[0], other) for other in found)


def test_no_texts_are_no_vectors(server: FakeProvider) -> None:
    assert len(embed_passages(embedding(BUILT_IN_EMBEDDING), [])) == 0
    assert len(embed_passages(at(server), [])) == 0
    assert not server.requests


@pytest.mark.parametrize(
    ("failure", "code", "tries"),
    [("401", "key", 1), ("quota", "quota", 1), ("404", "no_model", 1), ("429:0", "rate", 3), ("503:0", "server", 3)],
)
def test_a_failing_service_is_said_in_words(server: FakeProvider, failure: str, code: str, tries: int) -> None:
    with pytest.raises(ModelError) as caught:
        embed_passages(at(server, f"fail-{failure}"), texts(5))
    assert caught.value.code == code
    assert len(server.seen("/embeddings")) == tries
    assert KEY not in str(caught.value)
    assert caught.value.__suppress_context__


def test_no_credit_stops_the_rest(server: FakeProvider) -> None:
    with pytest.raises(ModelError, match="no credit"):
        embed_passages(at(server, "fail-quota"), texts(2000))
    time.sleep(0.2)
    assert len(server.seen("/embeddings")) <= 12


def test_a_busy_service_loses_nothing(server: FakeProvider) -> None:
    server.script(["429:0", "ok", "503:0", "500", "ok"])
    vectors = embed_passages(at(server), texts(100))
    np.testing.assert_allclose(vectors, embed_passages(at(server), texts(100)), atol=1e-6)


def test_work_can_be_stopped_while_a_service_hangs(server: FakeProvider) -> None:
    server.script(["hang:30"] * 4)
    with pytest.raises(Cancelled):
        embed_passages(at(server), texts(500), cancelled=lambda: bool(server.seen("/embeddings")))
    assert server.silences_ended == 0, "it waited for the service"


def test_a_key_never_goes_to_an_address_it_was_not_entered_for(server: FakeProvider) -> None:
    provider = Provider(server.base_url, SecretStr(KEY), "fake-chat", "fake-embed")
    for name, given in (
        ("openai:fake-embed@https://elsewhere.example/v1", provider),
        (provider_embedding_name(provider), None),
    ):
        with pytest.raises(ModelError) as caught:
            embedding(name, given)
        assert caught.value.code == "embedding"


def test_the_dense_weight_belongs_to_the_embedding() -> None:
    provider = Provider("https://api.openai.com/v1", SecretStr(KEY), "m", "text-embedding-3-small")
    built_in, theirs = embeddings_on_offer(provider)
    assert (built_in.dense_weight, built_in.dimension) == (0.3, 256)
    assert (theirs.dense_weight, theirs.name) == (0.5, "openai:text-embedding-3-small@https://api.openai.com/v1")
    assert theirs.label == "text-embedding-3-small at api.openai.com"
    assert embeddings_on_offer(None) == (built_in,)
    with pytest.raises(ModelError):
        embedding_info("something else")


def test_nothing_is_written_to_the_log_about_texts(server: FakeProvider, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        embed_query(at(server), "zebrafinch")
    assert "zebrafinch" not in caplog.text
    assert KEY not in caplog.text
