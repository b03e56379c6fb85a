"""Searching: real passages in a real store, found with the built-in embedding."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.schema import SearchSettings
from tests.core.retrieve.retrieve_kit import HANDBOOK, Assistant, paragraphs


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who pays the import tax?", "paid by the recipient"),
        ("Until when can I send a parcel back?", "30 days"),
        ("how much is a return label", "4.50 euro"),
        ("When does the counter close on Saturday?", "noon"),
        ("Is there tax on GIFTS?", "45 euro"),
    ],
)
def test_the_passage_with_the_answer_comes_first(handbook: Assistant, question: str, answer: str) -> None:
    assert answer in handbook.retriever().find(question)[0].passage.text


def test_hits_come_best_first_once_each_and_no_more_than_asked_for(handbook: Assistant) -> None:
    hits = handbook.retriever().find("import tax on a parcel", 4)
    assert len(hits) == len({hit.passage.id for hit in hits}) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.coverage <= 1 for hit in hits)


def test_the_settings_say_how_many_where_nobody_else_does(handbook: Assistant) -> None:
    assert len(handbook.retriever(settings=SearchSettings(passages=2)).find("parcel")) == 2


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_no_question_finds_nothing(handbook: Assistant, question: str) -> None:
    assert handbook.retriever().find(question) == []


def test_no_sources_and_no_passages_find_nothing(handbook: Assistant, tmp_path: Path) -> None:
    assert handbook.retriever(sources={}).find("parcel") == []
    empty = Assistant(tmp_path / "none")
    empty.sources = handbook.sources
    assert empty.retriever().find("parcel") == []


@pytest.mark.parametrize("question", ["?!", "🚚", "x" * 5000, "税金はいくらですか", "' OR 1=1 --"])
def test_odd_questions_are_answered_all_the_same(handbook: Assistant, question: str) -> None:
    assert len(handbook.retriever().find(question, 3)) <= 3


@pytest.mark.parametrize("weight", [0.0, 1.0])
def test_words_alone_and_meaning_alone_work_too(handbook: Assistant, weight: float) -> None:
    hits = handbook.retriever(dense_weight=weight).find("Who pays the import tax?", 3)
    assert any("recipient" in hit.passage.text for hit in hits[:2])
    assert all((hit.similarity is None) == (weight == 0.0) for hit in hits)


def test_what_a_deleted_source_says_is_never_found(handbook: Assistant) -> None:
    left = {key: info for key, info in handbook.sources.items() if info.name != "customs-guide.md"}
    hits = handbook.retriever(sources=left).find("Who pays the import tax?", 10)
    assert hits
    assert "customs-guide.md" not in {hit.source_name for hit in hits}


def test_only_the_current_version_is_found_however_many_old_passages_there_are(assistant: Assistant) -> None:
    old = [f"The parcel to zone {n} costs {n} euro and import tax." for n in range(400)]
    assistant.put("prices.md", *old, version=1)
    assistant.put("prices.md", "Since May a parcel costs nothing at all.", "Import tax is extra.", version=2)
    hits = assistant.retriever().find("What does a parcel to zone 7 cost with import tax?", 2)
    assert {hit.passage.text for hit in hits} == {"Since May a parcel costs nothing at all.", "Import tax is extra."}


def test_langchain_gets_documents_that_say_where_they_stand(handbook: Assistant) -> None:
    first, *_ = handbook.retriever().invoke("Who pays the import tax?")
    source = handbook.sources[first.metadata["source_id"]]
    assert first.metadata["source"] == source.name == "customs-guide.md"
    assert first.metadata["version_id"] == source.version_id
    whole = paragraphs(*HANDBOOK["customs-guide.md"]).text
    assert whole[first.metadata["start"] : first.metadata["end"]] == first.page_content
    assert {"page", "score", "passage_id"} <= set(first.metadata)


def test_the_source_that_is_named_comes_first_though_all_read_alike(reports: Assistant) -> None:
    assert reports.names("What were Contoso's total net sales in Q1 2023?")[0] == "2023_Q1_CTSO.pdf"
    assert reports.names("total net sales of Fabrikam in the third quarter of 2022")[0] == "2022_Q3_FBKM.pdf"
    assert reports.names("What did NWND say about inventory in 2023 Q2?")[0] == "2023_Q2_NWND.pdf"


def test_the_newest_comes_first_where_the_newest_is_asked_for(reports: Assistant) -> None:
    assert reports.names("What were Contoso's total net sales in the most recent report?")[0] == "2023_Q3_CTSO.pdf"
    assert reports.names("Which risk factors does Northwind give in its latest 10-Q?")[0] == "2023_Q3_NWND.pdf"


def test_a_year_that_is_named_counts_more_than_a_word_that_sounds_like_the_newest(reports: Assistant) -> None:
    assert reports.names("What are Contoso's total net sales and current assets in FY2022?")[0] == "2022_Q3_CTSO.pdf"
    assert reports.names("What does Contoso currently say of total net sales?")[0] == "2023_Q3_CTSO.pdf"


def test_a_question_about_several_sources_finds_something_in_each(reports: Assistant) -> None:
    found = reports.names("How have Northwind's total net sales changed over time?", 5)
    assert {name for name in found if "NWND" in name} == {
        "2022_Q3_NWND.pdf",
        "2023_Q1_NWND.pdf",
        "2023_Q2_NWND.pdf",
        "2023_Q3_NWND.pdf",
    }
    both = reports.names("Compare the net sales of Contoso in Q1 2023 and Q3 2023", 4)
    assert {"2023_Q1_CTSO.pdf", "2023_Q3_CTSO.pdf"} <= set(both)


def test_a_word_that_happens_to_be_in_a_name_does_not_hide_the_answer(handbook: Assistant) -> None:
    handbook.put("parcel-tracking.md", "Enter the number on the tracking page.", "A scan is shown within the hour.")
    assert "30 days" in handbook.retriever().find("How long can I send a parcel back?")[0].passage.text


def test_coverage_counts_what_the_sources_name_says(reports: Assistant) -> None:
    question = "Contoso inventory Q2 2023"
    first = reports.retriever().find(question)[0]
    assert first.source_name == "2023_Q2_CTSO.pdf"
    nameless = {key: replace(info, name=f"{n}.pdf") for n, (key, info) in enumerate(reports.sources.items())}
    same = [hit for hit in reports.retriever(nameless).find(question, 48) if hit.passage.id == first.passage.id]
    assert first.coverage > same[0].coverage
