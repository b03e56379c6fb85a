"""The provider in use: a saved key goes to the host it was entered for, and nowhere else."""

import json
from dataclasses import replace

import pytest
from pydantic import SecretStr

from core import model_connection
from core.assistants.provider_settings import WRITES, keep_provider, key_ending, provider
from core.database import SavedProvider, session
from core.errors import ModelError
from core.model_connection import with_saved_key
from core.schema import ModelTraits, Provider
from tests.fake_provider import FakeProvider

pytestmark = pytest.mark.usefixtures("data_folder")
KEY = "sk-a-long-secret-key-7Qx9"


def typed(address: str, key: str = "") -> Provider:
    return Provider(address, SecretStr(key), "fake-chat")


@pytest.fixture
def saved(fake_provider: FakeProvider) -> FakeProvider:
    model_connection.save_provider(typed(fake_provider.base_url, KEY))
    return fake_provider


def key_for(address: str, key: str = "") -> str:
    return with_saved_key(typed(address, key)).api_key.get_secret_value()


def test_the_saved_key_is_kept_for_the_same_host(saved: FakeProvider) -> None:
    assert key_for(saved.base_url) == KEY
    assert key_for(saved.root) == KEY


@pytest.mark.parametrize("address", ["https://api.example.com/v1", "http://127.0.0.1:1/v1", ""])
def test_another_host_gets_no_key(saved: FakeProvider, address: str) -> None:
    assert key_for(address) == ""


def test_the_same_host_without_encryption_gets_no_key(saved: FakeProvider) -> None:
    assert key_for(saved.base_url.replace("http://", "https://")) == ""


def test_a_typed_key_wins(saved: FakeProvider) -> None:
    assert key_for(saved.base_url, "new") == "new"


def test_an_address_that_is_none_is_refused(saved: FakeProvider) -> None:
    with pytest.raises(ModelError):
        key_for("not an address")


def test_without_a_saved_provider_there_is_no_key() -> None:
    assert key_for("https://api.example.com/v1") == ""


@pytest.mark.parametrize(("key", "ending"), [(KEY, "7Qx9"), ("short-key", ""), ("", "")])
def test_a_short_key_gives_no_ending_away(key: str, ending: str) -> None:
    assert key_ending(typed("https://api.example.com/v1", key)) == ending


def test_how_a_model_is_asked_is_kept_with_it() -> None:
    traits = ModelTraits(streams=False, system_role=False, window=2048)
    keep_provider(replace(typed("https://api.example.com/v1", KEY), make="mistralai", traits=traits), 0.1)
    kept = provider()
    assert kept is not None
    assert (kept.make, kept.traits) == ("mistralai", traits)


def test_what_a_newer_answerbook_has_kept_is_passed_over() -> None:
    keep_provider(typed("https://api.example.com/v1", KEY), 0.1)
    with session() as db:
        row = db.get_one(SavedProvider, WRITES)
        row.traits = json.dumps({"streams": False, "sings": True})
        db.add(row)
    kept = provider()
    assert kept is not None
    assert kept.traits == ModelTraits(streams=False)
