"""A hand edit stays where it was made: over another cut, another version of the file, another embedding or store."""

import pytest
from sqlmodel import func, select

from core import edits, pipeline
from core.assistants import index_builds, lifecycle, source_rows, sources
from core.database import Indexed, Job, Version, session
from core.errors import AnswerbookError, NotFound
from core.index import check_index, request_cut
from core.schema import Answer, CutSettings, EditKind, EditState, Passage
from core.store import store_named
from core.viewer import (
    add_passage,
    ask_as,
    change_words,
    cut_source,
    join_with_next,
    keep_my_words,
    seen,
    split_passage,
    switch_off,
    unfit_edits,
)
from tests.core.work import work_off

pytestmark = pytest.mark.usefixtures("data_folder")
TERMS = """# Terms of the parcel shop

## Returns

A parcel can be returned within 14 days after it was delivered. The label in the box must be used for that.
Whoever has lost the label asks the shop for a new one by e-mail.

## Payment

We take cash, cards and transfers. An invoice is due 30 days after its date.
Whoever pays late is reminded once, free of charge, and then pays 5 euros for each letter.

## Opening hours

The shop is open on weekdays from 9 to 18 and on Saturdays from 10 to 14. On Sundays and public holidays it is closed.

## Batteries

Lithium batteries are carried inside of devices only. Loose batteries are sent back at the sender's cost.
"""


@pytest.fixture
def shop() -> tuple[str, str]:
    """An assistant with one source, read: their ids."""
    assistant_id = lifecycle.create_assistant("Shop")
    sources.add_files(assistant_id, [("terms.md", TERMS.encode())])
    request_cut(assistant_id, CutSettings(300, 60))
    work_off()
    return assistant_id, source_rows.source_rows(assistant_id)[0].id


def holding(shop: tuple[str, str], words: str) -> Passage:
    return next(p for p in cut_source(*shop).passages if words in p.text)


def change(shop: tuple[str, str], old: str, new: str) -> None:
    passage = holding(shop, old)
    assert change_words(*shop, seen(passage), passage.text.replace(old, new), "ann@shop.example")
    work_off()


def answered(shop: tuple[str, str], question: str) -> Answer:
    last = list(pipeline.answer(shop[0], question))[-1]
    assert isinstance(last, Answer)
    return last


def stored(shop: tuple[str, str]) -> str:
    """All words that a question could find, of every passage in the store."""
    build = index_builds.live_build(shop[0])
    with session() as db:
        version = sources.source(*shop).version_id
        count = db.get_one(Indexed, (build.id, version)).passages
    found = store_named(build.store).neighbours(index_builds.scope_of(build), version, range(count))
    assert len(found) == count
    return "\n---\n".join(f"{p.text}" for p in found)


def test_changed_words_answer_and_are_cited_as_changed(shop: tuple[str, str]) -> None:
    change(shop, "14 days", "60 days")
    answer = answered(shop, "Within how many days can a parcel be returned?")
    assert "60 days" in answer.text
    citation = answer.citations[0]
    assert citation.edited == "changed"
    document = cut_source(*shop).document
    assert (
        document.text[citation.start : citation.end]
        == "A parcel can be returned within 14 days after it was delivered."
    )
    beside = answered(shop, "When is the shop open on Saturdays?")
    assert beside.citations[0].edited == ""
    assert check_index(shop[0], repair=False)["sentence"].endswith("all there.")


def test_an_edit_embeds_only_what_it_changed(shop: tuple[str, str]) -> None:
    change(shop, "14 days", "60 days")
    with session() as db:
        newest = db.exec(select(Job).order_by(Job.number.desc())).first()
    assert newest is not None
    assert newest.result["embedded"] == 1
    assert newest.result["reused"] == newest.result["passages"] - 1


def test_an_edit_survives_another_cut_and_another_version_of_the_file(shop: tuple[str, str]) -> None:
    change(shop, "14 days", "60 days")
    for size in (200, 1600):
        request_cut(shop[0], CutSettings(size, 40))
        work_off()
        assert "60 days" in stored(shop)
        assert "14 days" not in stored(shop)
    newer = TERMS.replace("from 9 to 18", "from 8 to 20").replace("# Terms", "Valid from May.\n\n# Terms")
    sources.add_files(shop[0], [("terms.md", newer.encode())])
    work_off()
    assert "60 days" in stored(shop)
    assert "8 to 20" in stored(shop)
    assert edits.unfit_counts(shop[0]) == {}


def test_an_edit_of_words_that_a_new_version_changes_is_listed_and_decided(shop: tuple[str, str]) -> None:
    change(shop, "14 days", "60 days")
    newer = TERMS.replace("within 14 days after", "within 21 working days after")
    sources.add_files(shop[0], [("terms.md", newer.encode())])
    work_off()
    assert "21 working days" in stored(shop)
    assert edits.unfit_counts(shop[0]) == {shop[1]: 1}
    [unfit] = unfit_edits(cut_source(*shop))
    assert "60 days" in unfit.edit.words
    assert unfit.now == "A parcel can be returned within 21 working days after it was delivered."
    keep_my_words(*shop, unfit.edit.id, "ann@shop.example")
    keep_my_words(*shop, unfit.edit.id, "ann@shop.example")
    work_off()
    assert "60 days" in stored(shop)
    assert "21 working days" not in stored(shop)
    assert edits.unfit_counts(shop[0]) == {}
    assert len(edits.history(*shop)) == 2


def test_the_documents_words_are_taken(shop: tuple[str, str]) -> None:
    change(shop, "14 days", "60 days")
    sources.add_files(shop[0], [("terms.md", TERMS.replace("within 14 days", "within 21 days").encode())])
    work_off()
    [unfit] = unfit_edits(cut_source(*shop))
    edits.end_edit(*shop, unfit.edit.id, "bob@shop.example")
    work_off()
    assert "21 days" in stored(shop)
    [line] = edits.history(*shop)
    assert (line.state, line.made_by, line.ended_by) == (EditState.UNDONE, "ann@shop.example", "bob@shop.example")


def test_undo_and_once_more(shop: tuple[str, str]) -> None:
    change(shop, "14 days", "60 days")
    change(shop, "60 days", "90 days")
    assert "90 days" in stored(shop)
    newest, first = edits.history(*shop)
    edits.end_edit(*shop, newest.id, "")
    work_off()
    assert "60 days" in stored(shop)
    edits.end_edit(*shop, first.id, "")
    edits.end_edit(*shop, first.id, "")
    work_off()
    assert "14 days" in stored(shop)
    edits.change_edit(*shop, newest.id, "", anchor=None)
    work_off()
    assert "90 days" in stored(shop)


def test_a_passage_that_is_off_is_in_no_passage(shop: tuple[str, str]) -> None:
    passage = holding(shop, "Lithium batteries")
    switch_off(*shop, seen(passage), "")
    switch_off(*shop, seen(passage), "")
    work_off()
    assert "Lithium" not in stored(shop)
    assert answered(shop, "Are lithium batteries carried?").kind == "unknown"
    request_cut(shop[0], CutSettings(1600, 200))
    work_off()
    assert "Lithium" not in stored(shop)
    assert "Saturdays" in stored(shop)
    [edit] = edits.edits_of(shop[1])
    edits.end_edit(*shop, edit.id, "")
    work_off()
    assert "Lithium" in stored(shop)


def test_all_of_a_source_can_be_off(shop: tuple[str, str]) -> None:
    while passages := cut_source(*shop).passages:
        switch_off(*shop, seen(passages[0]), "")
        work_off()
    assert answered(shop, "When is the shop open?").kind == "unknown"
    assert source_rows.source_rows(shop[0])[0].state == "ready"


def test_split_and_joined_passages_stay_so(shop: tuple[str, str]) -> None:
    passage = holding(shop, "An invoice is due")
    split_passage(*shop, seen(passage), passage.text.index("An invoice"), "")
    work_off()
    assert holding(shop, "An invoice").text.startswith("An invoice")
    assert "An invoice" not in holding(shop, "We take cash").text
    opening = holding(shop, "The shop is open")
    join_with_next(*shop, seen(opening), "")
    work_off()
    assert "Lithium" in holding(shop, "The shop is open").text
    request_cut(shop[0], CutSettings(400, 0))
    work_off()
    assert holding(shop, "An invoice").text.startswith("An invoice")
    assert "Lithium" in holding(shop, "The shop is open").text
    assert "\n---\nAn invoice" in stored(shop)


def test_what_people_ask_finds_a_passage_and_is_never_quoted(shop: tuple[str, str]) -> None:
    question = "Do I get a penalty if I settle the bill behind schedule?"
    passage = holding(shop, "Whoever pays late")
    ask_as(*shop, seen(passage), question, "")
    work_off()
    hits = pipeline.search(shop[0], question)
    assert "Whoever pays late" in hits[0].passage.text
    answer = answered(shop, question)
    assert answer.kind == "quotes"
    assert "penalty" not in answer.text
    assert "late" in answer.text
    assert len({(hit.passage.version_id, hit.passage.ordinal) for hit in hits}) == len(hits)
    assert check_index(shop[0], repair=False)["sentence"].endswith("all there.")


def test_an_added_passage_answers_as_the_owners_own(shop: tuple[str, str]) -> None:
    passage = holding(shop, "The shop is open")
    add_passage(*shop, seen(passage), "In August the shop is closed for two weeks of holidays.", "")
    add_passage(*shop, seen(passage), "In August the shop is closed for two weeks of holidays.", "")
    work_off()
    answer = answered(shop, "Is the shop closed in August for holidays?")
    assert "two weeks" in answer.text
    assert answer.citations[0].edited == "added"
    added = holding(shop, "In August")
    assert change_words(*shop, seen(added), "In August the shop is closed for three weeks.", "")
    work_off()
    assert stored(shop).count("In August") == 1
    switch_off(*shop, seen(holding(shop, "In August")), "")
    work_off()
    assert "In August" not in stored(shop)


def test_a_copy_of_the_assistant_and_the_bin_take_edits_along(shop: tuple[str, str]) -> None:
    change(shop, "14 days", "60 days")
    copied = lifecycle.copy_assistant(shop[0], "Another shop")
    sources.delete_sources(shop[0], [shop[1]])
    work_off()
    assert "60 days" in answered((copied, ""), "Within how many days can a parcel be returned?").text
    with pytest.raises(NotFound):
        edits.add_edit(*shop, EditKind.ADD, edits.history(*shop)[0].anchor, "words", "")
    sources.restore_source(*shop)
    work_off()
    assert "60 days" in stored(shop)


def test_two_windows_do_not_write_over_each_other(shop: tuple[str, str]) -> None:
    passage = holding(shop, "14 days")
    of, first = seen(passage), passage.text.replace("14 days", "60 days")
    assert change_words(*shop, of, first, "")
    assert change_words(*shop, of, first, "")
    with pytest.raises(AnswerbookError) as refused:
        change_words(*shop, of, passage.text.replace("14 days", "7 days"), "")
    assert refused.value.code == "changed_meanwhile"
    work_off()
    assert len(edits.history(*shop)) == 1


def test_edits_in_a_row_need_one_new_version(shop: tuple[str, str]) -> None:
    def versions() -> int:
        with session() as db:
            return db.exec(select(func.count()).select_from(Version)).one()

    before = versions()
    for old, new in (("14 days", "60 days"), ("30 days", "10 days"), ("5 euros", "9 euros")):
        passage = holding(shop, old)
        change_words(*shop, seen(passage), passage.text.replace(old, new), "")
    work_off()
    assert versions() == before + 1
    assert all(words in stored(shop) for words in ("60 days", "10 days", "9 euros"))


def test_hostile_words_stay_words(shop: tuple[str, str]) -> None:
    hostile = "<script>alert(1)</script> '); DROP TABLE hand_edit;-- \0 \ud800 [1](javascript:x) 60 days."
    change(shop, "A parcel can be returned within 14 days after it was delivered.", hostile)
    assert "<script>alert(1)</script> '); DROP TABLE hand_edit;--" in stored(shop)
