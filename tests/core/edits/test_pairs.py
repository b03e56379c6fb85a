"""Questions and answers as a source: each pair one passage, found by paraphrases, answered as written."""

import csv
import io

import pytest

from core import pipeline
from core.assistants import lifecycle, question_sources, source_rows, sources
from core.errors import AnswerbookError, NotFound
from core.pairs import Pair, names_pairs, pairs_from_json, pairs_to_csv, pairs_to_json
from core.schema import Answer
from core.viewer import ask_as, change_words, cut_source, seen
from tests.core.load.sheet_makers import make_xlsx
from tests.core.work import work_off

pytestmark = pytest.mark.usefixtures("data_folder")
PAIRS = (
    ("How long may I keep a library book?", "Four weeks. You can renew it twice online."),
    ("Do you lend out board games?", "Yes, in the children's room"),
    ("What does a lost card cost?", "12 euros.\n\nPay at the desk on the ground floor."),
    ("Where can I park my bicycle?", "Behind the house, next to the river."),
    ("Can my dog come in?", "Only guide dogs are allowed inside the building."),
)


@pytest.fixture
def library() -> tuple[str, str]:
    assistant_id = lifecycle.create_assistant("Library")
    question_sources.add_pairs(assistant_id, "Questions at the desk", PAIRS)
    work_off()
    return assistant_id, source_rows.source_rows(assistant_id)[0].id


def answered(assistant_id: str, question: str) -> Answer:
    last = list(pipeline.answer(assistant_id, question))[-1]
    assert isinstance(last, Answer)
    return last


@pytest.mark.parametrize(("question", "answer"), PAIRS)
def test_each_question_is_answered_as_written(library: tuple[str, str], question: str, answer: str) -> None:
    told = answered(library[0], question)
    assert told.kind == "quotes"
    first = told.citations[0]
    assert first.quote == answer
    assert cut_source(*library).document.text[first.start : first.end] == answer
    assert first.edited == ""
    assert question not in told.text


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("For how many weeks can I borrow a book?", 0),
        ("Are there board games that I can borrow?", 1),
        ("I lost my card, what do I have to pay?", 2),
        ("Is there a place for bicycles?", 3),
        ("May I bring my dog?", 4),
    ],
)
def test_paraphrases_are_answered_by_the_same_pair(library: tuple[str, str], question: str, number: int) -> None:
    assert answered(library[0], question).citations[0].quote == PAIRS[number][1]


def test_other_questions_are_not_answered(library: tuple[str, str]) -> None:
    assert answered(library[0], "Who wrote the national anthem of France?").kind == "unknown"


def test_each_pair_is_one_passage_however_passages_are_cut(library: tuple[str, str]) -> None:
    passages = cut_source(*library).passages
    assert [(each.asked, each.text) for each in passages] == list(PAIRS)


def test_pairs_are_edited_and_two_windows_do_not_write_over_each_other(library: tuple[str, str]) -> None:
    kept = question_sources.kept_pairs(*library)
    assert kept.pairs == PAIRS
    changed = [
        *PAIRS[:2],
        ("What does a lost card cost?", "15 euros."),
        ("", ""),
        ("Is there coffee?", "Yes, upstairs."),
    ]
    question_sources.save_pairs(*library, changed, kept.version_id)
    assert len(question_sources.kept_pairs(*library).pairs) == 4
    question_sources.save_pairs(*library, changed, kept.version_id)
    with pytest.raises(AnswerbookError) as refused:
        question_sources.save_pairs(*library, PAIRS, kept.version_id)
    assert refused.value.code == "changed_meanwhile"
    work_off()
    assert answered(library[0], "What does a lost card cost?").citations[0].quote == "15 euros."
    sources.delete_sources(library[0], [library[1]])
    with pytest.raises(NotFound):
        question_sources.save_pairs(*library, PAIRS, kept.version_id)


def test_half_a_row_is_said_and_nothing_is_kept(library: tuple[str, str]) -> None:
    with pytest.raises(AnswerbookError, match="Row 2 has no answer"):
        question_sources.add_pairs(library[0], "More", [("One?", "Yes."), ("Two?", " ")])
    with pytest.raises(AnswerbookError, match="already called"):
        question_sources.add_pairs(library[0], "Questions at the desk", PAIRS)
    assert len(source_rows.source_rows(library[0])) == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("faq.csv", b'Frage;Antwort\nWann ist offen?;"Montag; Dienstag\nund Mittwoch"\nWo?;Am Fluss\n'),
        ("faq.csv", b'Question,Answer\nWann ist offen?,"Montag; Dienstag\nund Mittwoch"\nWo?,Am Fluss\n'),
    ],
)
def test_a_table_named_question_and_answer_is_one_of_pairs(name: str, data: bytes) -> None:
    assistant_id = lifecycle.create_assistant("Shop")
    sources.add_files(assistant_id, [(name, data)])
    work_off()
    [row] = source_rows.source_rows(assistant_id)
    assert (row.kind, row.passages) == ("pairs", 2)
    assert question_sources.kept_pairs(assistant_id, row.id).pairs == (
        Pair("Wann ist offen?", "Montag; Dienstag\nund Mittwoch"),
        Pair("Wo?", "Am Fluss"),
    )


def test_a_workbook_named_so_is_one_too_and_others_are_when_the_owner_says_so() -> None:
    assistant_id = lifecycle.create_assistant("Shop")
    rows = [["Question", "Answer"], ["Are you open on Mondays?", "No | never"], ["Do you deliver?", "Yes, by bicycle."]]
    other = "thema,text\nRabatt,Zehn Prozent ab drei Stück\nVersand,Am selben Tag\n"
    sources.add_files(assistant_id, [("faq.xlsx", make_xlsx(rows)), ("other.csv", other.encode())])
    work_off()
    by_name = {row.name: row for row in source_rows.source_rows(assistant_id)}
    assert by_name["faq.xlsx"].kind == "pairs"
    assert by_name["other.csv"].kind == "csv"
    assert question_sources.kept_pairs(assistant_id, by_name["faq.xlsx"].id).pairs[0].answer == "No | never"
    assert question_sources.take_as_pairs(assistant_id, by_name["other.csv"].id) == 2
    work_off()
    assert answered(assistant_id, "Versand").citations[0].quote == "Am selben Tag"


def test_what_is_handed_back_can_be_added_again_and_is_no_formula() -> None:
    pairs = [Pair("=cmd|'/c calc'!A0", "- first\n- second"), Pair('Say "hi", please', "1,5 €; done")]
    table = pairs_to_csv(pairs)
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert rows[0] == ["question", "answer"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows[1:] for cell in row)
    assert pairs_from_json(pairs_to_json(pairs)) == pairs
    assistant_id = lifecycle.create_assistant("Shop")
    sources.add_files(assistant_id, [("export.csv", table)])
    work_off()
    [row] = source_rows.source_rows(assistant_id)
    assert question_sources.kept_pairs(assistant_id, row.id).pairs == tuple(pairs)


def test_hand_edits_are_for_pairs_too(library: tuple[str, str]) -> None:
    passage = next(each for each in cut_source(*library).passages if each.text.startswith("Four"))
    assert change_words(*library, seen(passage), "Six weeks. You can renew it twice online.", "")
    passage = next(each for each in cut_source(*library).passages if each.text.startswith("Six"))
    ask_as(*library, seen(passage), "When is the due date of a loan?", "")
    work_off()
    told = answered(library[0], "When is the due date of a loan?")
    assert told.citations[0].quote == "Six weeks. You can renew it twice online."
    assert told.citations[0].edited == "changed"


def test_columns_are_known_by_their_names() -> None:
    assert names_pairs(["Frage", "Antwort"])
    assert names_pairs(["\ufeffQuestions:", "ANSWERS"])
    assert not names_pairs(["Question", "Name", "Answer"])
    assert not names_pairs(["Answer", "Question"])
