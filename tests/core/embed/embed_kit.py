"""Embeddings of a stand-in service, and texts for them."""

from langchain_core.embeddings import Embeddings
from pydantic import SecretStr

from core.embed import embedding
from core.embed.embeddings import provider_embedding_name
from core.schema import Provider
from tests.fake_provider import FakeProvider

KEY = "sk-very-secret-0123456789"


def at(server: FakeProvider, model: str = "fake-embed") -> Embeddings:
    provider = Provider(server.base_url, SecretStr(KEY), "fake-chat", model)
    return embedding(provider_embedding_name(provider), provider)


def texts(count: int) -> list[str]:
    return [f"Passage number {number} about parcel {number % 7}." for number in range(count)]
