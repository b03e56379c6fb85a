"""What must hold whatever a weak model writes: a real one, of 135 million parameters, answers the sample's questions.

``make live``, or ``make live QUESTIONS=12``: how many of the sample's questions are asked.
"""

import os
import re
import sys
import time
from collections.abc import Iterator, Sequence

import pytest

from core import pipeline
from core.answer import ask
from core.answer.frame import instructions_of
from core.answer.prompt import LAST_MESSAGE_LEAD, REMINDER, system_prompt
from core.answer.prompt_passages import FRAME_TAGS, NO_PASSAGES
from core.errors import ModelError
from core.provider import chat_model
from core.retrieve import LanguageRetriever
from core.sample import sample_assistant, sample_questions
from core.schema import Answer, Provider, Thought, Turn, Voice
from tests.core.work import work_off

LONGEST = 300  # tokens of an answer: a machine of two cores writes some 20 a second
QUESTIONS = int(os.environ.get("ANSWERBOOK_LIVE_QUESTIONS") or 6)
VOICE = Voice()
LEAKS = re.compile(
    rf"</?(?:{'|'.join(FRAME_TAGS)})\b|&lt;/?(?:{'|'.join(FRAME_TAGS)})\b|\"{{3}}|</?think|<\||"
    + "|".join(map(re.escape, (LAST_MESSAGE_LEAD, NO_PASSAGES, REMINDER)))
)


@pytest.fixture(scope="module")
def sample(service: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageRetriever]:
    """The ShipIt sample, read by the real worker."""
    from tests.conftest import _let_go

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANSWERBOOK_DATA", str(tmp_path_factory.mktemp("live") / "data"))
        _let_go()
        made = sample_assistant()
        work_off()
        yield pipeline.retriever(made)
        _let_go()


def questions(count: int) -> Sequence[str]:
    """So many of the sample's questions, from all over it."""
    every = [question.question for question in sample_questions()]
    return every[:: max(1, len(every) // count)][:count]


def answered(
    question: str, sample: LanguageRetriever, service: Provider, history: Sequence[Turn] = ()
) -> tuple[list[str | Thought], Answer]:
    *pieces, answer = ask(
        question,
        retriever=sample,
        voice=VOICE,
        history=history,
        model=chat_model(service, temperature=0.0, max_tokens=LONGEST),
        languages=sample.languages,
        vocabulary=sample.vocabulary,
        neighbours=sample.neighbours,
    )
    assert isinstance(answer, Answer)
    return [piece for piece in pieces if not isinstance(piece, Answer)], answer


def check(pieces: Sequence[str | Thought], answer: Answer) -> None:
    """Hold an answer to what must hold whatever the model wrote."""
    shown = "".join(piece for piece in pieces if isinstance(piece, str))
    for text in (shown, answer.text):
        assert not LEAKS.search(text), text
        for instruction in instructions_of(system_prompt(VOICE), (VOICE.unknown,)):
            assert instruction not in text.split("\n"), text
    if answer.kind == "written":
        assert len(pieces) > 1 or len(answer.text.split()) < 4, "it did not stream"
    numbers = {int(number) for number in re.findall(r"\[(\d{1,2})\]", answer.text)}
    assert numbers == {citation.number for citation in answer.citations}
    given = {hit.passage.version_id for hit in answer.hits}
    assert all(citation.version_id in given and citation.quote.strip() for citation in answer.citations)


def test_what_must_hold_holds_whatever_it_writes(
    sample: LanguageRetriever, service: Provider, capsys: pytest.CaptureFixture[str]
) -> None:
    failed: list[str] = []
    for question in questions(QUESTIONS):
        begun = time.monotonic()
        try:
            pieces, answer = answered(question, sample, service)
        except ModelError as error:  # a sentence is an end, but for one that says that the window was not kept
            if error.code not in ("only_thoughts", "empty", "repeats"):
                failed.append(f"{question}: {error.code}")
            continue
        with capsys.disabled():
            first = answer.seconds["first_token"]
            sys.stdout.write(
                f"\n{question}\n  {answer.kind}, first word {first:.1f} s, whole {time.monotonic() - begun:.1f} s, "
                f"{len(answer.text)} characters, {len(answer.citations)} citations. {answer.stopped_early}"
            )
        try:
            check(pieces, answer)
        except AssertionError as error:
            failed.append(f"{question}: {error}")
    assert not failed, "\n".join(failed)


def test_what_nothing_was_found_for_is_not_known(sample: LanguageRetriever, service: Provider) -> None:
    _, answer = answered("What does AX-9999-B cost?", sample, service)
    assert answer.kind == "unknown"
    assert VOICE.unknown in answer.text
