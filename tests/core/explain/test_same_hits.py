"""The search test and the chat are one search: the same passages in the same order, the same quotes."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from pydantic import SecretStr

from core import pipeline
from core.assistants import lifecycle, sources
from core.explain import SearchTest, search_test
from core.model_connection import save_provider
from core.sample import sample_files, sample_questions
from core.schema import Answer, Provider
from tests.core.work import work_off
from tests.fake_provider import FakeProvider

SETS = Path(__file__).resolve().parents[2] / "benchmarks" / "answer_sets"
QUESTIONS = 100


def asked_by_strangers() -> Iterator[str]:
    for path in sorted(SETS.glob("*/questions.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if not row.get("history"):
                yield row["question"]


def chat_of(assistant_id: str, question: str) -> Answer:
    *_, answer = pipeline.answer(assistant_id, question)
    assert isinstance(answer, Answer)
    return answer


def ids(test: SearchTest) -> list[str]:
    return [placed.passage.id for placed in test.hits]


@pytest.fixture
def carrier(data_folder: object) -> str:
    made = lifecycle.create_assistant("Help")
    documents = chain(sample_files(), *(sorted(path.iterdir()) for path in sorted(SETS.glob("*/documents"))))
    sources.add_files(made, [(path.name, path.read_bytes()) for path in documents])
    work_off()
    return made


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_hundred_questions_find_what_the_chat_finds(carrier: str) -> None:
    own = [question.question for question in sample_questions() if not question.history]
    questions = list(dict.fromkeys([*asked_by_strangers(), *own]))[:QUESTIONS]
    assert len(questions) == QUESTIONS
    searched = 0
    for question in questions:
        test, chat = search_test(carrier, question), chat_of(carrier, question)
        assert test.answer.text == chat.text
        assert [hit.passage.id for hit in test.answer.hits] == [hit.passage.id for hit in chat.hits]
        if chat.kind != "talk":
            assert ids(test) == [hit.passage.id for hit in pipeline.search(carrier, question)]
            searched += 1
    assert searched > QUESTIONS * 0.9


def test_with_a_model_it_is_what_the_model_is_given(carrier: str, fake_provider: FakeProvider) -> None:
    question = "Who pays import tax and duty on a parcel?"
    without = search_test(carrier, question)
    save_provider(Provider(fake_provider.base_url, SecretStr("sk-first"), "fake-chat", ""))
    asked = len(fake_provider.requests)
    test = search_test(carrier, question)
    assert len(fake_provider.requests) == asked, "a search test asks no model"
    assert test.by_model
    assert not without.by_model
    assert ids(test) == [hit.passage.id for hit in chat_of(carrier, question).hits]
    assert test.answer.text == without.answer.text, "what would be quoted is found with the reader all the same"
