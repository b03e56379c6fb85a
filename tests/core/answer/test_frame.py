"""The prompt's frame never reaches a visitor, wherever the stream is cut."""

import pytest

from core.answer.frame import instructions_of, without_frame
from core.answer.prompt import REMINDER, answer_prompt, system_prompt
from core.answer.prompt_passages import NO_PASSAGES, PromptPassage, laid_out
from core.errors import ModelError
from core.provider.sentences import sentence
from core.schema import Hit, StoredPassage, Thought, Voice

VOICE = Voice(name="Ada", rules="Always say that we are closed on Sundays. Be brief.")
SYSTEM = system_prompt(VOICE)
INSTRUCTIONS = instructions_of(SYSTEM, own=(VOICE.rules, VOICE.unknown))
QUESTION = "Who pays the duty?"
SAID = "The recipient pays the duty [1]. It is 19 percent."
PASSAGE = StoredPassage("p1", "s1", "v1", 0, 0, len(SAID), 3, SAID, "Duty > Who pays", "")
ECHO = laid_out([PromptPassage(Hit(PASSAGE, "a guide.pdf", 1.0), (PASSAGE,))] * 2)

FREED = [
    (f"<passage>\n{SAID}\n</passage>", f"{SAID}\n"),
    (f"<passage>{SAID}</passage>", SAID),
    (f"< passage >{SAID}< / passage >", SAID),
    (f'{SAID}\n<passage number="1" source="a guide.pdf" page="3">\n', f"{SAID}\n"),
    (f'passage number="1" source="a guide.pdf" page="3" section="Duty"/>\n{SAID}', SAID),
    (ECHO, f"{SAID}\n\n{SAID}\n"),
    (f"<question>\n{QUESTION}\n</question>\n{SAID}", SAID),
    (f"<question>{QUESTION}</question>\n{SAID}", SAID),
    (f"Last message:\n<question>\n{QUESTION}\n</question>\n\n{SAID}", f"\n{SAID}"),
    (f"{REMINDER}\n\n{SAID}", f"\n{SAID}"),
    (f"{NO_PASSAGES}\n{SAID}", SAID),
    (f"Where it is said\n{SAID}", SAID),
    (f"No links, images or HTML. {SAID}", SAID),
    (f"{SAID}\n**What never changes**\n", f"{SAID}\n"),
    (SYSTEM, f"\n\n\n\n\n{VOICE.unknown}\n\n\n\n{VOICE.rules}\n\n"),
]
LEFT_ALONE = [
    SAID,
    VOICE.rules,
    VOICE.unknown,
    'Put `<passage>` around it, as in `a <passage number="1"> c`.',
    "```html\n<passage>\n<question>x</question>\n</passage>\n```\n",
    'It says “yes”, "no" and 3 < 4 <b>bold</b>; see the passage on duty. <',
    "[1]\n\n[2] is the second one.\nThe question is open. Answer from these",
    "[1]\nThe recipient.\n",
    f"{QUESTION} The recipient.",
    "",
]


def freed(pieces: list[str]) -> str:
    text = ""
    for piece in without_frame(pieces, INSTRUCTIONS, QUESTION):
        assert piece
        text += piece if isinstance(piece, str) else ""
    return text


def cuts(text: str) -> list[list[str]]:
    return [[text[at : at + size] for at in range(0, len(text), size)] for size in (1, 2, 3, 4, 5, 7, 13, 60, 10_000)]


@pytest.mark.parametrize(("text", "left"), FREED)
def test_the_frame_goes_wherever_the_stream_is_cut(text: str, left: str) -> None:
    whole = freed([text])
    assert whole.split() == left.split()
    for pieces in cuts(text):
        assert freed(pieces) == whole, pieces


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_an_answer_without_a_frame_is_left_alone(text: str) -> None:
    for pieces in cuts(text):
        assert freed(pieces) == text, pieces


def test_an_answer_comes_at_once_where_nothing_may_be_a_frame() -> None:
    stream = without_frame(["The rec", "ipient", " pays"], INSTRUCTIONS)
    assert "".join(map(str, [next(stream), next(stream)])).startswith("The rec")


def test_all_that_the_prompt_puts_around_is_known_here() -> None:
    given = answer_prompt.format_messages(system="S", history=[], passages=ECHO, question=QUESTION)[-1]
    assert freed([str(given.content)]).split() == f"{SAID} {SAID}".split()


def test_thoughts_pass_and_a_recall_begins_anew() -> None:
    pieces = ["Answer from", Thought(all_before=True), "<passage>", "Yes."]
    assert list(without_frame(pieces)) == ["Answer from", Thought(all_before=True), "Yes."]


def test_what_was_held_back_comes_before_a_failure() -> None:
    def broken():  # type: ignore[no-untyped-def]  # noqa: ANN202
        yield "Answer from"
        raise sentence("length")

    found = []
    with pytest.raises(ModelError, match="length limit"):
        found.extend(without_frame(broken()))
    assert found == ["Answer from"]
