"""What a visitor sees of an answer that a model thinks about, frames, or never ends: over a real HTTP server."""

from collections.abc import Iterator

import pytest
from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from core.answer import ask
from core.answer.prompt import REMINDER
from core.errors import ModelError
from core.provider import Patience, chat_model, complete_text
from core.retrieve import PassageRetriever
from core.schema import Answer, ModelTraits, Provider, Thought, Voice
from tests.core.answer.test_asking import DOCUMENTS, retriever_over
from tests.core.provider.delta_server import DeltaServer, delta_server

QUESTION = "What does storage at the depot cost?"
SAID = "Storage at the depot costs 4 EUR a day [1]."
THOUGHT = "The user asks about storage. Passage [1] says 4 EUR."
VOICE = Voice()


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PassageRetriever]:
    made = retriever_over(tmp_path_factory.mktemp("store"), DOCUMENTS)
    yield made
    made.store.close()


@pytest.fixture
def server() -> Iterator[DeltaServer]:
    with delta_server() as served:
        yield served


def model_of(server: DeltaServer, *, streaming: bool = True, **traits: bool) -> BaseChatModel:
    service = Provider(server.base_url, SecretStr("sk"), "m", traits=ModelTraits(streams=streaming, **traits))  # type: ignore[arg-type]
    return chat_model(service, patience=Patience(5.0, 20.0, 60.0))


def asked(retriever: PassageRetriever, model: BaseChatModel) -> tuple[str, str, Answer]:
    """What was shown in the end of the streaming, all that was ever shown, and the answer."""
    shown = ever = ""
    for piece in ask(QUESTION, retriever=retriever, voice=VOICE, model=model, languages=retriever.languages):
        if isinstance(piece, Answer):
            return shown, ever, piece
        if isinstance(piece, Thought):
            shown = "" if piece.all_before else shown
        else:
            shown += piece
            ever += piece
    raise AssertionError("no answer came")


FORMS = {
    "tags": [{"content": f"<think>{THOUGHT}</think>\n\n"}, {"content": SAID}],
    "never opened": [{"content": f"{THOUGHT}\n</think>\n\n"}, {"content": SAID}],
    "channels": [
        {"content": f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assist"},
        {"content": f"ant<|channel|>final<|message|>{SAID}"},
    ],
    "bare channels": [{"content": f"analysis{THOUGHT}assistantfinal{SAID}"}],
    "reasoning_content": [{"reasoning_content": THOUGHT}, {"content": SAID}],
    "reasoning": [{"reasoning": THOUGHT, "content": None}, {"content": SAID, "reasoning": None}],
    "parts": [
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}]},
        {"content": [{"type": "text", "text": SAID}]},
    ],
}


@pytest.mark.parametrize("form", FORMS)
def test_thoughts_are_no_answer_and_are_kept_beside_it(
    retriever: PassageRetriever, server: DeltaServer, form: str
) -> None:
    server.deltas = FORMS[form]
    shown, _, answer = asked(retriever, model_of(server))
    assert SAID.startswith(shown)
    assert (answer.kind, answer.text, answer.thoughts) == ("written", SAID, THOUGHT)
    assert [citation.quote for citation in answer.citations] == ["Storage at the depot costs 4 EUR a day."]
    _, ever, answer = asked(retriever, model_of(server, thinks=True))
    assert SAID.startswith(ever)
    assert (answer.text, answer.thoughts) == (SAID, THOUGHT)
    assert complete_text(model_of(server), [("user", "?")]).strip() == SAID


@pytest.mark.parametrize("form", ["tags", "channels", "reasoning_content", "reasoning"])
def test_a_whole_answer_is_told_from_its_thoughts_as_well(
    retriever: PassageRetriever, server: DeltaServer, form: str
) -> None:
    server.deltas = FORMS[form]
    _, _, answer = asked(retriever, model_of(server, streaming=False))
    assert (answer.text, answer.thoughts) == (SAID, THOUGHT)


@pytest.mark.parametrize("reason", ["length", "stop"])
@pytest.mark.parametrize("delta", [{"content": f"<think>{THOUGHT}"}, {"reasoning_content": THOUGHT}])
def test_a_model_that_only_thinks_is_told_as_that(
    retriever: PassageRetriever, server: DeltaServer, reason: str, delta: dict[str, str]
) -> None:
    server.deltas, server.reason = [delta], reason
    with pytest.raises(ModelError) as raised:
        asked(retriever, model_of(server))
    assert raised.value.code == "only_thoughts"
    assert len(server.requests) == 1  # it is not asked again, as after an empty answer


@pytest.mark.parametrize(
    "frame",
    [
        f"<passage>\n{SAID}\n</passage>",
        f"<question>\n{QUESTION}\n</question>\n{SAID}",
        f'[1]\n<passage number="1" source="storage.md" page="1">\n{SAID}\n</passage>',
        f"{REMINDER}\n\n{SAID}",
        f"What never changes\n{SAID}",
    ],
)
@pytest.mark.parametrize("size", [1, 4, 1000])
def test_the_prompts_frame_is_never_shown(
    retriever: PassageRetriever, server: DeltaServer, frame: str, size: int
) -> None:
    server.say(frame, size)
    _, ever, answer = asked(retriever, model_of(server))
    assert SAID.startswith(ever.strip())
    assert answer.text == SAID


def test_a_model_that_repeats_itself_is_stopped_at_the_server(retriever: PassageRetriever, server: DeltaServer) -> None:
    server.say(f"{SAID} ", endless=True)
    _, ever, answer = asked(retriever, model_of(server))
    assert SAID.startswith(ever.strip())
    assert answer.text == SAID
    assert answer.stopped_early.startswith("The model began to repeat itself, so it was stopped.")
    assert server.hung_up.wait(20)


def test_an_answer_is_shown_while_it_is_written(retriever: PassageRetriever, server: DeltaServer) -> None:
    said = " ".join(f"Sentence {n} says that storage costs {n} EUR." for n in range(40))
    server.say(said)
    stream = ask(QUESTION, retriever=retriever, voice=VOICE, model=model_of(server), languages=retriever.languages)
    pieces = list(stream)
    assert len(pieces) > 100
    assert said.startswith("".join(map(str, pieces[:-1])))
