"""Searching: real passages in a real store, found with the built-in embedding."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import pytest

from core.chunk import chunk, without_furniture
from core.embed import embedding
from core.retrieve import PassageRetriever, SourceInfo, fits
from core.retrieve.meant_sources import which_sources
from core.schema import BUILT_IN_EMBEDDING, Block, CutSettings, Document, Scope, SearchSettings, StoredPassage
from core.store.lance.store import LanceStore
from core.text import read_question, search_terms

SCOPE = Scope("test", 1, BUILT_IN_EMBEDDING, 256)

HANDBOOK = {
    "returns-policy.md": (
        "Returns. A parcel can be sent back within 30 days of delivery.",
        "The label for a return costs 4.50 euro and is valid for 14 days.",
        "Opened food and cut cloth cannot be returned.",
    ),
    "customs-guide.md": (
        "Import tax is paid by the recipient before the parcel is handed over.",
        "A commercial invoice in three copies goes with every parcel that leaves the customs union.",
        "Gifts up to 45 euro between private people are free of import tax.",
    ),
    "opening-hours.md": (
        "The depot is open from Monday to Friday, 8 to 18 o'clock.",
        "On Saturdays the counter closes at noon.",
    ),
}


def paragraphs(*texts: str) -> Document:
    text, blocks = "", []
    for each in texts:
        blocks.append(Block("paragraph", len(text), len(text) + len(each)))
        text += each + "\n\n"
    return Document(text, tuple(blocks), "md", language="en")


class Assistant:
    """Sources in a store of their own, one passage a paragraph; ``sources`` is what the database would say."""

    def __init__(self, folder: Path) -> None:
        self.store = LanceStore(folder)
        self.sources: dict[str, SourceInfo] = {}

    def put(self, name: str, *texts: str, version: int = 1, title: str = "") -> str:
        document = paragraphs(*texts)
        source_id = uuid5(NAMESPACE_URL, name).hex
        version_id = f"{source_id}v{version}"
        size = max(map(len, texts))
        passages = chunk(document, CutSettings(size, 0), title)
        stored = [
            StoredPassage(
                id=str(uuid5(NAMESPACE_URL, f"{version_id}/{each.ordinal}")),
                source_id=source_id,
                version_id=version_id,
                ordinal=each.ordinal,
                start=each.start,
                end=each.end,
                page=each.page,
                text=each.text,
                context=each.context,
                terms=" ".join(search_terms(without_furniture(document, each).search_text, ["en"])),
            )
            for each in passages
        ]
        vectors = np.array(
            embedding(BUILT_IN_EMBEDDING).embed_documents(
                [without_furniture(document, p).search_text for p in passages]
            )
        )
        self.store.add(SCOPE, stored, vectors.astype(np.float32))
        self.sources[source_id] = SourceInfo(source_id, name, version_id, title, "en", document.text[:600])
        return source_id

    def retriever(self, sources: Mapping[str, SourceInfo] | None = None, **changed: object) -> PassageRetriever:
        return PassageRetriever.model_validate(
            {
                "store": self.store,
                "scope": SCOPE,
                "embeddings": embedding(BUILT_IN_EMBEDDING),
                "sources": self.sources if sources is None else sources,
            }
            | changed
        )

    def names(self, question: str, limit: int = 5) -> list[str]:
        return [hit.source_name for hit in self.retriever().find(question, limit)]


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    made = Assistant(tmp_path / "passages")
    yield made
    made.store.close()


@pytest.fixture
def handbook(assistant: Assistant) -> Assistant:
    for name, texts in HANDBOOK.items():
        assistant.put(name, *texts)
    return assistant


@pytest.fixture
def reports(assistant: Assistant) -> Assistant:
    """Reports that read alike: only their first page says whose they are, only their name says of which quarter."""
    for company, code in (("Northwind Corp", "NWND"), ("Contoso Inc", "CTSO"), ("Fabrikam Ltd", "FBKM")):
        for period in ("2022_Q3", "2023_Q1", "2023_Q2", "2023_Q3"):
            assistant.put(
                f"{period}_{code}.pdf",
                f"Form 10-Q. Quarterly report of {company}. Address of principal executive offices.",
                f"Total net sales of the quarter were {len(assistant.sources) * 111} million.",
                "Risk factors. Exchange rates may lower our net sales and our gross margin.",
                "Inventory rose as we prepared for the season.",
            )
    return assistant


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


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Q1 FY2023", "2023_Q1_CTSO.pdf"),
        ("FY23 Q3", "2023_Q3_CTSO.pdf"),
        ("Q22023", "2023_Q2_CTSO.pdf"),
        ("Q3'22", "2022_Q3_CTSO.pdf"),
        ("2Q23", "2023_Q2_CTSO.pdf"),
        ("2023Q1", "2023_Q1_CTSO.pdf"),
    ],
)
def test_years_and_quarters_are_read_however_they_are_written(reports: Assistant, written: str, name: str) -> None:
    assert reports.names(f"What were Contoso's total net sales in {written}?")[0] == name


def test_a_count_after_a_quarter_is_no_year() -> None:
    names = ("losses-2015.md", "losses-2023-Q1.md", "losses-2023-Q2.md")
    reports = [SourceInfo(name, name, "v", language="en") for name in names]
    assert which_sources(read_question("Why were in Q1 15 parcels lost?", ["en"]), reports).best == (
        "losses-2023-Q1.md",
    )


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


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("AnnualReport2021.pdf", "What does the annual report 2021 say?"),
        ("Q3FY2023.xlsx", "sales in Q3 FY2023"),
        ("price_list-v2.csv", "price list"),
        ("進口稅指南.pdf", "進口稅是多少"),
        ("Gebührenordnung Köln.docx", "Was steht in der Gebührenordnung von Koeln und Köln?"),
    ],
)
def test_names_are_taken_apart_into_words(name: str, question: str) -> None:
    others = [SourceInfo(str(n), other, "v") for n, other in enumerate(("notes.txt", "scan 17.pdf", "minutes.docx"))]
    meant = which_sources(read_question(question, ["en", "de", "zh"]), [*others, SourceInfo("it", name, "v")])
    assert meant.best == ("it",)


def test_a_question_that_names_no_source_means_none(handbook: Assistant) -> None:
    assert (
        which_sources(read_question("How high is Mount Everest?", ["en"]), tuple(handbook.sources.values())).best == ()
    )


def test_one_source_alone_is_never_told_from_others() -> None:
    assert which_sources(read_question("the guide", ["en"]), [SourceInfo("a", "guide.pdf", "v")]).scores == {}


@pytest.mark.parametrize("question", ["Who pays the import tax?", "What does the label for a return cost?"])
def test_hits_fit_a_question_that_the_sources_answer(handbook: Assistant, question: str) -> None:
    assert fits(read_question(question), handbook.retriever().find(question))


@pytest.mark.parametrize(
    "question", ["Who won the 1998 world cup final?", "Recommend a vegetarian restaurant", "What is photosynthesis?"]
)
def test_hits_do_not_fit_a_question_about_something_else(handbook: Assistant, question: str) -> None:
    hits = handbook.retriever().find(question)
    assert hits, "else nothing is decided here"
    assert not fits(read_question(question), hits)


def test_nothing_found_does_not_fit() -> None:
    assert not fits(read_question("Who pays?"), [])


def test_coverage_counts_what_the_sources_name_says(reports: Assistant) -> None:
    question = "Contoso inventory Q2 2023"
    first = reports.retriever().find(question)[0]
    assert first.source_name == "2023_Q2_CTSO.pdf"
    nameless = {key: replace(info, name=f"{n}.pdf") for n, (key, info) in enumerate(reports.sources.items())}
    same = [hit for hit in reports.retriever(nameless).find(question, 48) if hit.passage.id == first.passage.id]
    assert first.coverage > same[0].coverage
