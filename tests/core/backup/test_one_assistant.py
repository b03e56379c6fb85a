"""An assistant as a file: it goes elsewhere with how it speaks and its documents, and never with keys or people."""

import zipfile
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from core import backup, edits
from core.assistants import (
    assistants,
    index_builds,
    lifecycle,
    own_words,
    source_folders,
    source_order,
    source_rows,
    sources,
    voices,
)
from core.assistants.saved_questions import save_question, saved_questions
from core.backup.one_assistant import ALONG, NOT_ALONG
from core.database import ApiKey, Assistant, PersonRow, Publication, SavedProvider, Source, SpendingLimit, session
from core.errors import AnswerbookError, NotFound
from core.index import request_cut
from core.schema import CutSettings, EditKind, TextQuote, Voice
from core.spending import save_limits
from core.viewer import cut_source
from tests.core.backup.machines import Machine, answers, on
from tests.core.backup.test_archive import changed, put, row_changed
from tests.core.backup.test_each_to_each import KEY, everything_on
from tests.core.work import work_off


def exported(assistant_id: str, path: Path, *, documents: bool = True) -> Path:
    with path.open("wb") as target:
        backup.write_assistant(target, assistant_id, documents=documents)
    return path


def everything_in(path: Path) -> str:
    with zipfile.ZipFile(path) as file:
        return "\n".join(file.read(name).decode("utf-8", "replace") for name in file.namelist())


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assistant with a voice of its own and two files, in an Answerbook with people, keys and limits; its file."""
    folder = tmp_path_factory.mktemp("old")
    with on(Machine(folder / "data")):
        everything_on()
        made = assistants.assistant_called("Help")
        save_limits({"euros_day": 1}, made)
        voices.save_voice(made, Voice(name="Help", tone="warm", rules="Never say maybe."))
        assistants.set_suggested(made, ["What does a letter cost?"])
        request_cut(made, CutSettings(size=400, overlap=0))
        work_off()
        exported(made, folder / "help.zip")
    return folder


@pytest.fixture
def file(old: Path, data_folder: Path) -> Path:
    return old / "help.zip"


def test_every_table_goes_along_or_is_said_not_to() -> None:
    assert sorted([*ALONG, *NOT_ALONG]) == sorted(SQLModel.metadata.tables)


def test_it_comes_in_beside_the_others_and_answers_the_same(file: Path, old: Path) -> None:
    with on(Machine(old / "data")):
        said = answers()
    first = lifecycle.create_assistant("Help")
    done = backup.import_assistant(file)
    assert (done.name, done.files, done.refused) == ("Help (2)", 2, ())
    work_off()
    assert answers("Help (2)") == said
    assert voices.voice(done.assistant_id) == Voice(name="Help (2)", tone="warm", rules="Never say maybe.")
    assert assistants.profile(done.assistant_id).suggested == ("What does a letter cost?",)
    assert index_builds.live_settings(done.assistant_id).cut == CutSettings(size=400, overlap=0)
    assert [row.name for row in source_rows.source_rows(first)] == []
    assert backup.import_assistant(file).name == "Help (3)"


def test_without_documents_it_is_a_template(file: Path, tmp_path: Path) -> None:
    made = backup.import_assistant(file).assistant_id
    bare = exported(made, tmp_path / "bare.zip", documents=False)
    assert "Norway" in everything_in(file)
    assert "Norway" not in everything_in(bare)
    done = backup.import_assistant(bare)
    assert (done.files, source_rows.source_rows(done.assistant_id)) == (0, [])
    assert voices.voice(done.assistant_id).rules == "Never say maybe."


def test_what_was_said_of_sources_goes_along(data_folder: Path, tmp_path: Path) -> None:
    made = lifecycle.create_assistant("Prices")
    sources.add_files(made, [("old.txt", b"A letter costs 2 euro."), ("new.txt", b"A letter costs 3 euro.")])
    work_off()
    ids = {row.name: row.id for row in source_rows.source_rows(made)}
    source_order.set_replaces(made, ids["new.txt"], [ids["old.txt"]])
    source_order.prefer(made, [ids["new.txt"]], True)
    source_folders.move_sources(made, [ids["old.txt"]], "Prices/2025")
    source_folders.tag_sources(made, [ids["new.txt"]], ["valid"])
    taken = backup.import_assistant(exported(made, tmp_path / "prices.zip"))
    work_off()
    came = {row.name: row for row in source_rows.source_rows(taken.assistant_id)}
    assert source_order.replaces(taken.assistant_id, came["new.txt"].id) == {came["old.txt"].id: "old.txt"}
    assert came["new.txt"].tags == ("valid",)
    assert came["old.txt"].folder == "Prices/2025"
    with session() as db:
        assert db.get_one(Source, came["new.txt"].id).preferred


def test_hand_edits_and_test_questions_go_along_without_their_makers(data_folder: Path, tmp_path: Path) -> None:
    made = lifecycle.create_assistant("Prices")
    sources.add_files(made, [("prices.txt", b"A letter costs 2 euro. A parcel costs 9 euro.")])
    work_off()
    [row] = source_rows.source_rows(made)
    anchor = TextQuote("A letter costs 2 euro.", "", " A parcel")
    edits.add_edit(made, row.id, EditKind.CHANGE, anchor, "A letter costs 3 euro.", "owner@example.org")
    save_question(made, "What does a letter cost?", "3 euro", row.id, "owner@example.org")
    work_off()
    path = exported(made, tmp_path / "prices.zip")
    assert "owner@example.org" not in everything_in(path)

    taken = backup.import_assistant(path)
    work_off()
    [here] = source_rows.source_rows(taken.assistant_id)
    [edit] = edits.edits_of(here.id)
    assert (edit.words, edit.made_by) == ("A letter costs 3 euro.", "")
    assert "A letter costs 3 euro." in cut_source(taken.assistant_id, here.id).passages[0].text
    [question] = saved_questions(taken.assistant_id)
    assert (question.expected, question.source_id, question.made_by) == ("3 euro", here.id, "")


def test_own_words_and_how_sure_it_is_go_along_without_documents(data_folder: Path, tmp_path: Path) -> None:
    made = lifecycle.create_assistant("Prices")
    own_words.save_own_word(made, "fob", "access badge", "owner@example.org")
    assistants.set_sureness(made, "sure")
    path = exported(made, tmp_path / "prices.zip", documents=False)
    assert "owner@example.org" not in everything_in(path)
    taken = backup.import_assistant(path)
    [word] = own_words.own_words(taken.assistant_id)
    assert (word.said, word.meant, word.made_by) == ("fob", "access badge", "")
    assert assistants.sureness(taken.assistant_id) == "sure"
    odd = backup.import_assistant(changed(path, row_changed("assistant", sureness="hostile")))
    assert assistants.sureness(odd.assistant_id) == "measured"


def test_nothing_of_people_keys_or_limits_is_in_it(file: Path) -> None:
    words = everything_in(file)
    for secret in (KEY, "owner@example.com", "euros_day", "127.0.0.1", "ok? “Ja”", "api_key"):
        assert secret not in words
    backup.import_assistant(file)
    with session() as db:
        for table in (PersonRow, ApiKey, SavedProvider, SpendingLimit, Publication):
            assert db.exec(select(table)).all() == []


@pytest.mark.parametrize("table", sorted(NOT_ALONG))
def test_a_file_that_brings_more_is_refused(file: Path, table: str) -> None:
    with pytest.raises(AnswerbookError) as refused:
        backup.import_assistant(changed(file, lambda parts: put(parts, table, [])))
    assert refused.value.code == "backup_damaged"
    assert assistants.assistant_names() == {}


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("assistant", {"name": " \u202e\n "}),
        ("assistant", {"name": "x" * 110}),
        ("source", {"assistant_id": "0" * 32}),
        ("version", {"original_hash": "0" * 64}),
    ],
)
def test_a_torn_file_is_refused_and_leaves_nothing(file: Path, table: str, values: dict[str, object]) -> None:
    with pytest.raises(AnswerbookError):
        backup.import_assistant(changed(file, row_changed(table, **values)))
    assert assistants.assistant_names() == {}
    with session() as db:
        assert db.exec(select(Assistant)).all() == []


def test_what_cannot_be_chosen_here_is_as_in_a_new_one(file: Path) -> None:
    odd = changed(file, row_changed("voiceversion", voice={"tone": "rude", "rules": 7, "greeting": "Hi", "evil": 1}))
    odd = changed(odd, row_changed("generation", cut_size=1, cut_overlap=900))
    odd = changed(odd, row_changed("assistant", search_passages=10**6, dense_weight=9.5, suggested={"a": 1}))
    odd = changed(odd, row_changed("source", name="../../../etc/<b>passwd", created_at="2000-01-01T00:00:00+00:00"))
    done = backup.import_assistant(odd)
    assert voices.voice(done.assistant_id) == Voice(name="Help", greeting="Hi")
    assert index_builds.live_settings(done.assistant_id).cut == CutSettings()
    row = assistants.assistant(done.assistant_id)
    assert (row.search_passages, row.dense_weight, row.suggested) == (30, None, [])
    assert {found.name for found in source_rows.source_rows(done.assistant_id)} >= {"etc/<b>passwd"}


def test_a_whole_backup_is_no_assistant_and_the_other_way_round(file: Path, tmp_path: Path) -> None:
    whole = tmp_path / "all.zip"
    with whole.open("wb") as target:
        backup.write_everything(target)
    for wrong in (lambda: backup.import_assistant(whole), lambda: backup.restore(file), lambda: backup.held(file)):
        with pytest.raises(AnswerbookError) as refused:
            wrong()
        assert refused.value.code == "backup_kind"


def test_a_deleted_one_is_not_handed_on(file: Path, tmp_path: Path) -> None:
    made = backup.import_assistant(file).assistant_id
    source_id = source_rows.source_rows(made)[0].id
    sources.delete_sources(made, [source_id])
    smaller = exported(made, tmp_path / "smaller.zip")
    assert backup.import_assistant(smaller).files == 1
    lifecycle.delete_assistant(made)
    with pytest.raises(NotFound):
        exported(made, tmp_path / "gone.zip")
