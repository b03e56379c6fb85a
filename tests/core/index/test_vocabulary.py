"""The words of an assistant: those of what answers now, counted beside the questions and never in their way."""

import threading

import pytest

from core import pipeline
from core.assistants import documents, lifecycle, source_rows, sources
from core.errors import StoreError
from core.index import vocabulary_of
from core.retrieve import SourceInfo
from core.schema import Answer, Document
from core.text import Vocabulary
from tests.core.work import wait_until, work_off

pytestmark = pytest.mark.usefixtures("data_folder")


@pytest.fixture
def assistant_id() -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("cover.md", b"# Cover\n\nThe insurance of a parcel covers 500 euros of its value.\n")])
    work_off()
    return made


def words_of(assistant_id: str) -> Vocabulary:
    """What the next question is read against, once it is counted."""
    wait_until(lambda: pipeline.retriever(assistant_id).vocabulary is not None)
    found = pipeline.retriever(assistant_id).vocabulary
    assert found is not None
    return found


def answered(assistant_id: str, question: str) -> Answer:
    *_, answer = pipeline.answer(assistant_id, question)
    assert isinstance(answer, Answer)
    return answer


def test_a_mistyped_question_is_answered_and_says_what_it_was_taken_for(assistant_id: str) -> None:
    words_of(assistant_id)
    answer = answered(assistant_id, "What does the insurnace cover?")
    assert ("500 euros" in answer.text, answer.kind, answer.understood) == (True, "quotes", ("insurance",))
    assert answered(assistant_id, "What does the insurance cover?").understood == ()


def test_what_cannot_be_answered_says_nothing_of_what_was_understood(assistant_id: str) -> None:
    words_of(assistant_id)
    answer = answered(assistant_id, "Who trains the dolphins of the insurnace in Peru on Wednesday nights?")
    assert (answer.kind, answer.understood) == ("unknown", ())


def test_words_come_and_go_with_their_sources(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("depot.md", b"# Depot\n\nThe warehouse opens at eight.\n")])
    work_off()
    wait_until(lambda: "warehouse" in words_of(assistant_id))
    assert "insurance" in words_of(assistant_id)
    (cover,) = [row.id for row in source_rows.source_rows(assistant_id) if row.name == "cover.md"]
    sources.delete_sources(assistant_id, [cover])
    work_off()
    # Nothing of a source that is gone is ever said again, not even while the rest is counted.
    after = pipeline.retriever(assistant_id).vocabulary
    assert after is None or "insurance" not in after
    assert ("warehouse" in words_of(assistant_id), "insurance" in words_of(assistant_id)) == (True, False)


def test_only_what_is_new_is_counted(monkeypatch: pytest.MonkeyPatch, assistant_id: str) -> None:
    words_of(assistant_id)
    read: list[str] = []
    real = documents.document
    sources.add_files(assistant_id, [("depot.md", b"# Depot\n\nThe warehouse opens at eight.\n")])
    work_off()
    monkeypatch.setattr(documents, "document", lambda version_id: read.append(version_id) or real(version_id))
    wait_until(lambda: "warehouse" in words_of(assistant_id))
    assert len(read) == 1


def test_no_question_waits_for_a_large_assistant(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def slow(version_id: str) -> Document:
        go_on.wait(10)
        return Document(version_id, (), "txt")

    monkeypatch.setattr(documents, "document", slow)
    monkeypatch.setattr("core.index.vocabulary.WAITED", 0.01)
    one = {"a": SourceInfo("a", "a.md", "warehouse")}
    assert vocabulary_of("large", one) is None
    go_on.set()
    wait_until(lambda: vocabulary_of("large", one) is not None)
    go_on.clear()
    two = {**one, "b": SourceInfo("b", "b.md", "insurance")}
    earlier = vocabulary_of("large", two)  # those from before, while the new ones are counted
    assert earlier is not None
    assert ("warehouse" in earlier, "insurance" in earlier) == (True, False)
    go_on.set()
    wait_until(lambda: "insurance" in (vocabulary_of("large", two) or ()))


def test_what_cannot_be_counted_stops_no_question_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_version_id: str) -> Document:
        raise StoreError("The database is away.", "Try again.")

    one = {"a": SourceInfo("a", "a.md", "warehouse")}
    with monkeypatch.context() as changed:
        changed.setattr(documents, "document", broken)
        assert vocabulary_of("broken", one) is None
    monkeypatch.setattr(documents, "document", lambda version_id: Document(version_id, (), "txt"))
    assert "warehouse" in (vocabulary_of("broken", one) or ())
