"""A model's thoughts are told from its answer, wherever the stream is cut into pieces."""

from collections.abc import Iterable, Iterator

import pytest
from langchain_core.messages import AIMessageChunk

from core.errors import ModelError
from core.provider.sentences import sentence
from core.provider.thoughts import Piece, pieces_of, without_thoughts
from core.schema import Thought

HIDDEN = "The user asks about duty.\nPassage [1] says 19 %."
ANSWER = "The duty is 19 % [1].\n\nThe recipient pays."

TOLD_APART = [
    (f"<think>{HIDDEN}</think>\n\n{ANSWER}", HIDDEN, ANSWER),
    (f"<think>\n\n</think>\n\n{ANSWER}", "", ANSWER),
    (f"\n<thinking>{HIDDEN}</thinking>{ANSWER}", HIDDEN, ANSWER),
    (f"<thought>{HIDDEN}</thought> {ANSWER}", HIDDEN, ANSWER),
    (f"<THINK>{HIDDEN}</THINK>{ANSWER}", HIDDEN, ANSWER),
    (f"[THINK]{HIDDEN}[/THINK]{ANSWER}", HIDDEN, ANSWER),
    (f"{HIDDEN}\n</think>\n\n{ANSWER}", HIDDEN, ANSWER),
    (f"{HIDDEN} </think> {ANSWER}", HIDDEN, ANSWER),
    (f"<think>{HIDDEN}</think>{ANSWER}\n<think>Is it so?</think> It is.", f"{HIDDEN}Is it so?", f"{ANSWER}\n It is."),
    (f"Sure! <think>{HIDDEN}</think>{ANSWER}", HIDDEN, f"Sure! {ANSWER}"),
    (f"<think>Say <think> twice. {HIDDEN}</think>{ANSWER}", f"Say <think> twice. {HIDDEN}", ANSWER),
    (
        f"<|channel|>analysis<|message|>{HIDDEN}<|end|><|start|>assistant<|channel|>final<|message|>{ANSWER}<|return|>",
        HIDDEN,
        ANSWER,
    ),
    (
        f"<|start|>assistant<|channel|>analysis<|message|>{HIDDEN}<|end|><|channel|>final<|message|>{ANSWER}",
        HIDDEN,
        ANSWER,
    ),
    (
        f"<|channel|>analysis<|message|>{HIDDEN}<|end|><|start|>assistant<|channel|>commentary to=functions.find "
        f"<|constrain|>json<|message|>{{}}<|call|><|start|>assistant<|channel|>final<|message|>{ANSWER}",
        HIDDEN + "{}",
        ANSWER,
    ),
    (f"<|channel|>final<|message|>{ANSWER}", "", ANSWER),
    (f"analysis{HIDDEN}assistantfinal{ANSWER}", HIDDEN, ANSWER),
    (f"analysis<|message|>{HIDDEN}<|end|>assistantfinal<|message|>{ANSWER}", HIDDEN, ANSWER),
    (f"<|channel|>analysis{HIDDEN}assistant<|channel|>final{ANSWER}", f"{HIDDEN}assistant", ANSWER),
    (f"{ANSWER}<|im_end|>", "", ANSWER),
    (f"{ANSWER}<｜end▁of▁sentence｜>", "", ANSWER),
]
LEFT_ALONE = [
    ANSWER,
    "Write `<think>` before and `</think>` behind a thought.",
    "The tag “<think>” opens a thought, and '</think>' closes it.",
    "```\n<think>\nHello\n</think>\n```\nThat is how it looks.",
    "Use <think> where you want it to reason. It is 3 < 4, a <b>bold</b> [note] <",
    "analysis of the costs: none. assistantfinal is no word.",
    "An analysis",
    "a<b and [1] [2",
]


def told(pieces: Iterable[Piece], *, unopened: bool = False) -> tuple[str, str]:
    """The thoughts and the answer as they are in the end."""
    thoughts = answer = ""
    for piece in without_thoughts(pieces, unopened=unopened):
        if isinstance(piece, Thought):
            thoughts, answer = (thoughts + answer, "") if piece.all_before else (thoughts, answer)
            thoughts += piece.text
        else:
            assert piece
            answer += piece
    return thoughts, answer


def splits(text: str) -> Iterator[list[str]]:
    """Whole, by so many characters at once, and in two at every place."""
    yield [text]
    for size in (1, 2, 3, 5, 7, 11):
        yield [text[at : at + size] for at in range(0, len(text), size)]
    for at in range(1, len(text)):
        yield [text[:at], text[at:]]


@pytest.mark.parametrize(("text", "thoughts", "answer"), TOLD_APART)
def test_thoughts_are_told_apart_wherever_the_stream_is_cut(text: str, thoughts: str, answer: str) -> None:
    for pieces in splits(text):
        assert told(pieces) == (told([text])[0], answer), pieces
        assert told(pieces)[0].split() == thoughts.split(), pieces


@pytest.mark.parametrize(("text", "thoughts", "answer"), TOLD_APART)
def test_of_a_model_that_thinks_nothing_is_called_back(text: str, thoughts: str, answer: str) -> None:
    for pieces in splits(text):
        found = list(without_thoughts(pieces, unopened=True))
        assert not any(isinstance(piece, Thought) and piece.all_before for piece in found)
    if not text.startswith("Sure"):
        assert told([text], unopened=True)[1].strip() == answer


@pytest.mark.parametrize("text", LEFT_ALONE)
@pytest.mark.parametrize("unopened", [False, True])
def test_an_answer_that_talks_about_thoughts_is_left_alone(text: str, unopened: bool) -> None:
    for pieces in splits(text):
        if not (unopened and "</think>" in text):
            assert told(pieces, unopened=unopened) == ("", text), pieces


@pytest.mark.parametrize(
    "text",
    [f"<think>{HIDDEN}", f"<think>{HIDDEN}</think>\n", f"analysis{HIDDEN}", f"<|channel|>analysis<|message|>{HIDDEN}"],
)
def test_a_thought_without_an_answer_is_none(text: str) -> None:
    for pieces in splits(text):
        with pytest.raises(ModelError) as raised:
            told(pieces)
        assert raised.value.code == "only_thoughts"


@pytest.mark.parametrize(("code", "becomes"), [("length", "only_thoughts"), ("stopped_early", "stopped_early")])
@pytest.mark.parametrize(("text", "unopened"), [(f"<think>{HIDDEN}", False), (HIDDEN, True)])
def test_a_limit_reached_while_thinking_says_so(code: str, becomes: str, text: str, unopened: bool) -> None:
    def broken() -> Iterator[str]:
        yield text
        raise sentence(code)

    found: list[Piece] = []
    with pytest.raises(ModelError) as raised:
        found.extend(without_thoughts(broken(), unopened=unopened))
    assert raised.value.code == becomes
    assert not [piece for piece in found if isinstance(piece, str)]


def test_what_was_held_back_comes_before_the_failure() -> None:
    def broken() -> Iterator[str]:
        yield "It is 3 <"
        raise sentence("length")

    found: list[Piece] = []
    with pytest.raises(ModelError, match="length limit"):
        found.extend(without_thoughts(broken()))
    assert found == ["It is 3 ", "<"]


def test_while_it_may_still_be_a_thought_it_says_that_it_thinks() -> None:
    stream = without_thoughts(["The user", " asks.</think>", "19 %."], unopened=True)
    assert next(stream) == Thought("")
    assert list(stream)[-1] == "19 %."


def test_a_thought_in_its_own_field_decides_that_the_text_is_the_answer() -> None:
    stream = without_thoughts([Thought("Hm."), "The duty ", "is 19 %."], unopened=True)
    assert list(stream) == [Thought("Hm."), "The duty ", "is 19 %."]


def test_closing_closes_the_source() -> None:
    closed: list[bool] = []

    def source() -> Iterator[str]:
        try:
            while True:
                yield "word "
        finally:
            closed.append(True)

    stream = without_thoughts(source())
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert closed


@pytest.mark.parametrize(
    "chunk",
    [
        AIMessageChunk("19 %.", additional_kwargs={"reasoning_content": "Hm."}),
        AIMessageChunk("19 %.", additional_kwargs={"reasoning": "Hm."}),
        AIMessageChunk([{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "19 %."}]),
        AIMessageChunk([{"type": "reasoning", "reasoning": "Hm."}, "19 %."]),
        AIMessageChunk(
            [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}, {"type": "text", "text": "19 %."}]
        ),
        AIMessageChunk([{"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]}, "19 %."]),
    ],
)
def test_thoughts_beside_the_text_are_found(chunk: AIMessageChunk) -> None:
    assert pieces_of(chunk) == [Thought("Hm."), "19 %."]


def test_a_chunk_without_words_gives_nothing() -> None:
    assert pieces_of(AIMessageChunk("", additional_kwargs={"reasoning_content": None})) == []
