"""Which sources a question means: their names, taken apart into words, years and quarters."""

import pytest

from core.retrieve import SourceInfo
from core.retrieve.meant_sources import which_sources
from core.text import read_question
from tests.core.counting import calls
from tests.core.retrieve.retrieve_kit import Assistant


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


def test_one_more_source_has_not_all_the_others_taken_apart_again() -> None:
    def reports(begin: int, count: int) -> list[SourceInfo]:
        numbers = range(begin, begin + count)
        return [SourceInfo(f"s{n}", f"report {n}.pdf", "v", "", "en", f"Identity {n}, of no other") for n in numbers]

    question = read_question("What does report 7 say?", ["en"])
    sources = reports(0, 300)
    first = calls(lambda: which_sources(question, sources), "core/text")
    assert which_sources(question, sources).best == ("s7",)
    one_more = calls(lambda: which_sources(question, [*sources, *reports(300, 1)]), "core/text")
    assert one_more * 10 < first
