"""A source cut as another kind: kept, applied in the background, tried on real questions before that."""

import pytest
from sqlmodel import select

from core.assistants import conversations, cut_kinds, documents, index_builds, lifecycle, source_rows, sources
from core.assistants.known_passages import cited_quotes, prints_elsewhere, questions_about
from core.chunk import PRINT_BYTES
from core.database import Job, Version, session
from core.errors import NotFound
from core.pipeline import answer, search
from core.schema import Answer, CutSettings
from core.store import store_named
from core.trial import real_questions, try_cut
from core.viewer import change_words, cut_source, looks_wrong, seen
from tests.core.work import work_off

pytestmark = pytest.mark.usefixtures("data_folder")
TOPICS = [
    "parcels",
    "pallets",
    "letters",
    "customs",
    "insurance",
    "returns",
    "addresses",
    "packaging",
    "labels",
    "drivers",
]
PAIR = (
    "{0}. How do we handle {1}?\n\nAll {1} are handled by team {0} before noon. Team {0} also checks each of the {1} "
    "by hand and writes down what it found in book {0}, which is kept for some years."
)
FAQ = "\n\n".join(PAIR.format(n, topic) for n, topic in enumerate(TOPICS, 1))
PLAIN = "The office is open from Monday to Friday. Visitors ring the bell at the side door and wait in the hall.\n"


@pytest.fixture
def made() -> str:
    """An assistant with questions and answers, and a text beside them."""
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("faq.txt", FAQ.encode()), ("office.txt", PLAIN.encode())])
    work_off()
    return assistant_id


def source_id(assistant_id: str, name: str) -> str:
    return next(row.id for row in source_rows.source_rows(assistant_id) if row.name == name)


def stored(assistant_id: str, name: str) -> int:
    build = index_builds.live_build(assistant_id)
    version = sources.source(assistant_id, source_id(assistant_id, name)).version_id
    return store_named(build.store).count(index_builds.scope_of(build), version)


def version_of(assistant_id: str, name: str) -> str:
    return sources.source(assistant_id, source_id(assistant_id, name)).version_id


def test_reading_finds_the_kind_and_cuts_so(made: str) -> None:
    faq = source_id(made, "faq.txt")
    assert cut_kinds.source_kind(made, faq) == cut_kinds.SourceKind("questions", None)
    assert cut_kinds.source_kind(made, source_id(made, "office.txt")).used == "text"
    assert cut_source(made, faq).cut == CutSettings(kind="questions")
    assert stored(made, "faq.txt") == len(cut_source(made, faq).passages) == len(TOPICS)


def test_another_kind_is_applied_behind_the_answers_and_kept_for_the_next_version(made: str) -> None:
    faq, before = source_id(made, "faq.txt"), version_of(made, "faq.txt")
    assert cut_kinds.choose_kind(made, faq, "text")
    assert version_of(made, "faq.txt") == before  # answers go on
    assert search(made, "Who handles the pallets?")[0].passage.version_id == before
    work_off()
    assert version_of(made, "faq.txt") != before
    assert cut_source(made, faq).cut == CutSettings(kind="text")
    assert stored(made, "faq.txt") == len(cut_source(made, faq).passages) < len(TOPICS)
    assert {hit.passage.version_id for hit in search(made, "Who handles the pallets?")} <= {
        version_of(made, "faq.txt"),
        version_of(made, "office.txt"),
    }
    sources.add_files(made, [("faq.txt", (FAQ + "\n\nThe end.").encode())])
    work_off()
    assert cut_source(made, faq).cut.kind == "text"
    assert cut_kinds.source_kind(made, faq).chosen == "text"


def test_the_file_is_not_read_again_and_the_same_passages_are_not_embedded_again(made: str) -> None:
    office, before = source_id(made, "office.txt"), version_of(made, "office.txt")
    assert cut_kinds.choose_kind(made, office, "manual")
    after = next(iter(set(all_versions(office)) - {before}))
    assert documents.document(after) == documents.document(before)
    work_off()
    with session() as db:
        job = db.exec(select(Job).where(Job.version_id == after)).one()
    assert job.result == {"passages": 1, "aliases": 0, "embedded": 0, "reused": 1}


def all_versions(source: str) -> list[str]:
    with session() as db:
        return list(db.exec(select(Version.id).where(Version.source_id == source)).all())


def test_pressed_twice_it_is_done_once_and_back_at_once_is_possible(made: str) -> None:
    faq = source_id(made, "faq.txt")
    assert cut_kinds.choose_kind(made, faq, "text")
    assert not cut_kinds.choose_kind(made, faq, "text")
    assert cut_kinds.choose_kind(made, faq, "questions")
    work_off()
    assert cut_source(made, faq).cut.kind == "questions"
    assert not cut_kinds.choose_kind(made, faq, "questions")


def test_a_source_that_is_gone_says_so(made: str) -> None:
    faq = source_id(made, "faq.txt")
    sources.delete_sources(made, [faq])
    with pytest.raises(NotFound):
        cut_kinds.choose_kind(made, faq, "text")
    with pytest.raises(NotFound):
        cut_kinds.choose_kind(lifecycle.create_assistant("Other"), faq, "text")


def test_what_answered_before_there_were_kinds_stays_general_text(made: str) -> None:
    faq = source_id(made, "faq.txt")
    with session() as db:  # as the migration leaves it
        source = sources.source(made, faq)
        source.cut_kind = "text"
        db.merge(source)
        db.get_one(Version, source.version_id).cut_kind = ""
    assert cut_source(made, faq).cut.kind == "text"
    sources.read_again(made, [faq])
    work_off()
    assert cut_source(made, faq).cut.kind == "text"


def test_a_copied_assistant_is_cut_alike(made: str) -> None:
    cut_kinds.choose_kind(made, source_id(made, "faq.txt"), "text")
    work_off()
    copied = lifecycle.copy_assistant(made, "Copy")
    work_off()
    assert stored(copied, "faq.txt") == stored(made, "faq.txt")


def test_prints_say_which_source_has_the_same_words(made: str) -> None:
    sources.add_files(made, [("again.txt", PLAIN.upper().encode())])
    work_off()
    prints, unknown = prints_elsewhere(made, source_id(made, "again.txt"))
    assert (set(prints), unknown) == ({"faq.txt", "office.txt"}, 0)
    assert len(prints["faq.txt"]) == PRINT_BYTES * stored(made, "faq.txt")
    again = source_id(made, "again.txt")
    judged = looks_wrong(made, again, cut_source(made, again))
    assert [(flaw.kind, flaw.of) for flaw in judged.flaws[0]] == [("same", "office.txt")]


def asked(assistant_id: str, question: str) -> None:
    conversation = conversations.start_conversation(assistant_id)
    conversations.add_question(conversation, question)
    *_, last = answer(assistant_id, question)
    assert isinstance(last, Answer)
    conversations.add_answer(conversation, last)


def test_what_was_never_cited_is_told_once_something_was_asked(made: str) -> None:
    faq = source_id(made, "faq.txt")
    before = looks_wrong(made, faq, cut_source(made, faq))
    assert (before.flaws, before.answers) == ({}, 0)
    asked(made, "How do we handle pallets?")
    quotes, answers = cited_quotes(made, faq)
    assert answers == 1
    assert quotes
    after = looks_wrong(made, faq, cut_source(made, faq))
    assert 0 < len(after.flaws) < len(TOPICS)
    assert 1 not in after.flaws
    cut_kinds.choose_kind(made, faq, "text")  # the words are found again in the new version
    work_off()
    again = looks_wrong(made, faq, cut_source(made, faq))
    assert len(again.flaws) < len(cut_source(made, faq).passages)


def test_what_looks_wrong_follows_an_edit_by_hand(made: str) -> None:
    sources.add_files(made, [("short.txt", b"Ask Kim.")])
    work_off()
    short = source_id(made, "short.txt")
    before = cut_source(made, short)
    assert [flaw.kind for flaw in looks_wrong(made, short, before).flaws[0]] == ["short"]
    longer = "Ask Kim, who sits at the desk beside the side door and knows about all of this."
    change_words(made, short, seen(before.passages[0]), longer, "")
    assert looks_wrong(made, short, cut_source(made, short)).flaws == {}


def test_real_questions_are_those_that_were_asked(made: str) -> None:
    faq = source_id(made, "faq.txt")
    asked(made, "How do we handle pallets?")
    asked(made, "How do we handle returns?")
    assert questions_about(made, faq, 3) == ["How do we handle returns?", "How do we handle pallets?"]
    assert real_questions(made, faq)[:2] == ("How do we handle returns?", "How do we handle pallets?")


def test_a_trial_finds_before_what_the_chat_finds_and_after_what_it_will_find(made: str) -> None:
    faq = source_id(made, "faq.txt")
    questions = ("Who handles pallets?", "When is the office open?")
    before = [[hit.passage.text for hit in search(made, text)[:3]] for text in questions]
    trial = try_cut(made, faq, CutSettings(kind="text"), questions).result(timeout=120)
    assert trial.everywhere
    assert [[hit.passage.text for hit in each.before] for each in trial.questions] == before
    assert stored(made, "faq.txt") == len(TOPICS)  # nothing was changed
    foreseen = [[hit.passage.text for hit in each.after] for each in trial.questions]
    assert foreseen[0] != before[0]
    cut_kinds.choose_kind(made, faq, "text")
    work_off()
    assert [[hit.passage.text for hit in search(made, text)[:3]] for text in questions] == foreseen


def test_a_trial_of_a_source_that_is_gone_says_so(made: str) -> None:
    faq = source_id(made, "faq.txt")
    sources.delete_sources(made, [faq])
    with pytest.raises(NotFound):
        try_cut(made, faq, CutSettings(kind="text"), ("Who handles pallets?",)).result(timeout=120)
