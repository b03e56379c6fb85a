"""Of two sources that say different things the one that its owner prefers comes first, and nothing else changes."""

from dataclasses import replace

import numpy as np
import pytest

from core import pipeline
from core.answer.prompt_passages import PREFERRED, laid_out, passages_for_prompt
from core.assistants import lifecycle, source_order, source_rows, sources
from core.reader import read
from core.schema import Answer, Hit
from core.text import read_question
from tests.core.work import work_off

GUIDE = """# Service guide

A lost parcel is reported to the help desk within 21 days.

Express delivery costs 12 euros more than the price of the parcel.

The depot has a canteen on the second floor.
"""
TERMS = """# Terms of carriage

Whoever has lost a parcel tells us so in the first 14 days.

For express delivery we charge a surcharge of 15 euros.
"""
LIST = "Country,Price of a parcel\nNorway,{}\nBrazil,{}\nJapan,{}\n"
ASKED = {
    "Within how many days must I report a lost parcel?": {"guide.md": "21 days", "terms.md": "14 days"},
    "What is the price of a parcel to Brazil?": {"list a.csv": "31", "list b.csv": "47"},
}


@pytest.fixture
def asked(data_folder: object) -> tuple[str, dict[str, str]]:
    """An assistant, and the ids of its sources by their names."""
    made = lifecycle.create_assistant("Help")
    lists = [("list a.csv", LIST.format(20, 31, 44).encode()), ("list b.csv", LIST.format(28, 47, 53).encode())]
    sources.add_files(made, [("guide.md", GUIDE.encode()), ("terms.md", TERMS.encode()), *lists])
    work_off()
    return made, {row.name: row.id for row in source_rows.source_rows(made)}


def first_quote(assistant_id: str, question: str) -> str:
    *_, answer = pipeline.answer(assistant_id, question)
    assert isinstance(answer, Answer)
    return answer.text.split("\n\n")[0] if answer.kind == "quotes" else ""


def test_the_preferred_one_of_two_is_quoted_first_whichever_it_is(asked: tuple[str, dict[str, str]]) -> None:
    made, ids = asked
    for question, said in ASKED.items():
        for name, words in said.items():
            source_order.prefer(made, list(ids.values()), on=False)
            source_order.prefer(made, [ids[name]], on=True)
            assert words in first_quote(made, question), (question, name)
            assert pipeline.search(made, question)[0].source_name == name


def test_what_another_source_alone_says_is_still_quoted(asked: tuple[str, dict[str, str]]) -> None:
    made, ids = asked
    source_order.prefer(made, [ids["terms.md"]], on=True)
    assert "second floor" in first_quote(made, "Where is the canteen?")


def test_a_preferred_source_answers_nothing_that_it_did_not_answer_before(asked: tuple[str, dict[str, str]]) -> None:
    made, ids = asked
    questions = ["Who won the election in Peru?", "What does the cinema cost?", *ASKED, "Where is the canteen?"]
    fitting = [first_quote(made, question) != "" for question in questions]
    for liked in ids.values():
        source_order.prefer(made, list(ids.values()), on=False)
        source_order.prefer(made, [liked], on=True)
        told = [first_quote(made, question) != "" for question in questions]
        # Of two lists that differ neither was quoted; the preferred one may be.
        assert told == fitting or (told[:2], told[5:]) == (fitting[:2], fitting[5:])
    assert not any(fitting[:2])


def test_all_or_none_preferred_is_the_same(asked: tuple[str, dict[str, str]]) -> None:
    made, ids = asked
    before = [[hit.passage.id for hit in pipeline.search(made, question)] for question in ASKED]
    source_order.prefer(made, list(ids.values()), on=True)
    assert [[hit.passage.id for hit in pipeline.search(made, question)] for question in ASKED] == before


def hits_of(asked: tuple[str, dict[str, str]], question: str) -> list[Hit]:
    return [replace(hit, preferred=hit.source_name == "terms.md") for hit in pipeline.search(asked[0], question, 10)]


def test_no_candidate_is_lifted_above_what_the_best_one_had(asked: tuple[str, dict[str, str]]) -> None:
    for text in ASKED:
        question, hits = read_question(text, ("en",)), hits_of(asked, text)
        plain = read(question, [replace(hit, preferred=False) for hit in hits])
        lifted = read(question, hits)
        assert float(np.max(lifted.fit)) <= float(np.max(plain.fit)) + 0.02


def test_a_model_is_told_which_passages_hold(asked: tuple[str, dict[str, str]]) -> None:
    hits = hits_of(asked, "What does express delivery cost?")
    laid = laid_out(passages_for_prompt(hits))
    assert laid.count('preferred="yes"') == 1
    assert laid.endswith(PREFERRED)
    assert PREFERRED not in laid_out(passages_for_prompt([replace(hit, preferred=False) for hit in hits]))
    assert PREFERRED not in laid_out(passages_for_prompt([replace(hit, preferred=True) for hit in hits]))
