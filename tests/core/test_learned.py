"""What a chat learns of a model is kept with its provider; that it still loads is heard while it is waited for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import SecretStr

from core import pipeline
from core.assistants import lifecycle, sources
from core.assistants.provider_settings import FALLBACK, WRITES, keep_provider, keep_traits, provider
from core.database import SavedProvider, session
from core.errors import ModelError
from core.schema import Answer, ModelTraits, Provider
from tests.core.provider.wire_forms import error, refusing, streaming
from tests.core.work import work_off
from tests.fake_provider import FakeProvider, Reply

pytestmark = pytest.mark.usefixtures("data_folder")
LOADING = Reply(503, (b'{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}',))


@pytest.fixture(autouse=True)
def _as_before(fake_provider: FakeProvider) -> Iterator[None]:
    pipeline._failed.clear()
    yield
    pipeline._failed.clear()
    fake_provider.behave = None


@pytest.fixture
def assistant_id() -> str:
    made = lifecycle.create_assistant("Help")
    long = "\n\n".join(f"Rule {n}: a parcel of kind {n} is kept at the depot for {n} days." for n in range(400))
    sources.add_files(made, [("times.md", f"# Times\n\nA parcel to Norway takes two days.\n\n{long}".encode())])
    work_off()
    return made


def at(server: FakeProvider, model: str = "fake-chat", **traits: object) -> Provider:
    return Provider(server.base_url, SecretStr("sk-first"), model, traits=ModelTraits(**traits))  # type: ignore[arg-type]


def asked(assistant_id: str, question: str = "How long does a parcel to Norway take?", **others: object) -> Answer:
    *_, answer = pipeline.answer(assistant_id, question, **others)  # type: ignore[arg-type]
    assert isinstance(answer, Answer)
    return answer


def traits(role: str = WRITES) -> ModelTraits:
    kept = provider(role)
    assert kept is not None
    return kept.traits


def test_a_refused_stream_is_asked_for_whole_from_then_on(fake_provider: FakeProvider, assistant_id: str) -> None:
    keep_provider(at(fake_provider, ends="2027-01-14"), 0.1)
    fake_provider.behave = refusing(streaming, error(400, "streaming is not supported"))
    assert asked(assistant_id).kind == "written"
    assert traits() == ModelTraits(streams=False, ends="2027-01-14")
    pipeline._model.cache_clear()  # as after a start
    before = len(fake_provider.seen())
    asked(assistant_id)
    assert len(fake_provider.seen()) == before + 1, "it is not asked in the way that it refused"


def test_a_window_that_an_error_told_is_kept(fake_provider: FakeProvider, assistant_id: str) -> None:
    keep_provider(at(fake_provider, "fail-window:1024"), 0.1)
    asked(assistant_id, "How long is a parcel of each kind kept at the depot?")
    assert traits().window == 1024


def test_what_is_learned_is_written_once(fake_provider: FakeProvider, assistant_id: str) -> None:
    keep_provider(at(fake_provider), 0.1)
    fake_provider.behave = refusing(streaming, error(400, "streaming is not supported"))
    asked(assistant_id)
    with session() as db:
        row = db.get(SavedProvider, WRITES)
        assert row is not None
        row.traits = row.traits.replace("{", "{ ")  # a mark that is lost where it is written again
        db.add(row)
    asked(assistant_id)
    with session() as db:
        row = db.get(SavedProvider, WRITES)
        assert row is not None
        assert row.traits.startswith("{ ")


def test_what_the_stand_in_taught_is_kept_with_it(fake_provider: FakeProvider, assistant_id: str) -> None:
    keep_provider(at(fake_provider, "fail-401"), 0.1)
    keep_provider(at(fake_provider), 0.1, FALLBACK)
    fake_provider.behave = refusing(
        lambda body: body.get("model") == "fake-chat" and streaming(body), error(400, "streaming is not supported")
    )
    asked(assistant_id)
    assert (traits().streams, traits(FALLBACK).streams) == (True, False)


def test_what_another_model_taught_is_not_kept_with_this_one(fake_provider: FakeProvider) -> None:
    old, found = at(fake_provider), ModelTraits(streams=False)
    keep_traits(old, found)  # nothing is saved
    assert provider() is None
    keep_provider(at(fake_provider, "another-chat"), 0.1)
    keep_traits(old, found)
    keep_provider(at(fake_provider, system_role=False), 0.1)  # tested in the meantime
    keep_traits(old, found)
    assert traits() == ModelTraits(system_role=False)
    keep_traits(at(fake_provider, system_role=False), found)
    assert traits() == found


def test_that_a_model_still_loads_is_heard_before_its_first_word(
    fake_provider: FakeProvider, assistant_id: str
) -> None:
    keep_provider(at(fake_provider), 0.1)
    left = [LOADING] * 2
    fake_provider.behave = lambda request: left.pop() if request.path.endswith("completions") and left else None
    heard: list[ModelError] = []
    assert asked(assistant_id, retried=heard.append).kind == "written"
    assert [each.code for each in heard] == ["loading", "loading"]


@pytest.mark.parametrize(
    ("question", "text", "end"),
    [
        ("", "A parcel to Norway takes two days.", "Written by “spare”: the usual model did not answer."),
        (
            "",
            "Ein Paket nach Norwegen ist zwei Tage unterwegs.",
            "Geschrieben von „spare“: Das übliche Modell hat nicht geantwortet.",
        ),
        ("", "Un colis met deux jours pour la Norvège.", "Rédigé par « spare » : le modèle habituel n'a pas répondu."),
        ("¿Cuánto tarda un paquete?", "Dos días.", "Escrito por «spare»: el modelo habitual no respondió."),
        ("Quanto ci mette un pacco?", "Due giorni.", "Scritto da «spare»: il modello abituale non ha risposto."),
        ("Hoe lang duurt het?", "Twee dagen.", "Geschreven door ‘spare’: het gebruikelijke model antwoordde niet."),
        ("Quanto tempo demora uma encomenda?", "2.", "Escrito por «spare»: o modelo habitual não respondeu."),
        ("Norge?", "2.", "Written by “spare”: the usual model did not answer."),
        ("Wie lange dauert es?", "It takes two days.", "Written by “spare”: the usual model did not answer."),
    ],
)
def test_who_wrote_an_answer_is_said_in_its_language(question: str, text: str, end: str) -> None:
    stand_in = Provider("http://127.0.0.1:1/v1", SecretStr(""), "spare")
    said = pipeline._told_who_wrote(Answer(text, "written", question=question), stand_in)
    assert said.text == f"{text}\n\n{end}"
    quotes = replace(said, kind="quotes")
    assert pipeline._told_who_wrote(quotes, stand_in) is quotes
