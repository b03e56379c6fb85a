"""A real file, read, cut, stored and asked without a key: what is quoted stands in the file, word for word."""

from collections.abc import Callable

import pytest

from core import pipeline
from core.answer import ask
from core.assistants import documents, lifecycle, source_rows, sources
from core.schema import Answer, Voice
from tests.core.load.makers import make_pdf
from tests.core.work import work_off

AskFile = Callable[[str, bytes, str], Answer]

PAGE = """<html><head><title>Returns and refunds | Acme Shop</title></head><body>
<p>You can send a parcel back within 30 days, free of charge. Keep the receipt, please, until the money is there.</p>
<p>Gift cards, vouchers and food are never taken back.</p></body></html>"""
MARKDOWN = """
You can send a parcel back within 30 days, free of charge. Keep the receipt, please, until the money is there.

Gift cards, vouchers and food are never taken back.
"""
CSV = "Country,Threshold,Duty\nNorway,NOK 350,0%\nSwitzerland,CHF 150,2.5%\nBrazil,USD 50,60%\n"
FIGURES = ["Fees in 2024 and 2025", "Storage fee 4.10 5.20", "Handling fee 7.30 8.40", "Insurance fee 9.50 9.60"]


@pytest.fixture
def ask_file(data_folder: object) -> AskFile:
    """Ask a new assistant that has read one file."""

    def answered(name: str, data: bytes, question: str) -> Answer:
        made = lifecycle.create_assistant("Help")
        sources.add_files(made, [(name, data)])
        work_off()
        *_, answer = pipeline.answer(made, question)
        assert isinstance(answer, Answer)
        return answer

    return answered


def quote_texts(answer: Answer) -> list[str]:
    """The quotes of an answer as they are shown, without their marks."""
    return [part.rsplit("” [", 1)[0].removeprefix("“").replace("\\", "") for part in answer.text.split("\n\n")]


@pytest.mark.parametrize(
    ("name", "text"),
    [("returns.html", PAGE), ("Returns | Acme.md", MARKDOWN)],
)
def test_a_title_with_a_bar_is_no_tables_header(ask_file: AskFile, name: str, text: str) -> None:
    answer = ask_file(name, text.encode(), "Within how many days can I send a parcel back?")
    assert answer.kind == "quotes"
    assert any("30 days, free of charge" in quote for quote in quote_texts(answer))
    for quote in quote_texts(answer):
        assert " ".join(quote.split()) in " ".join(text.split())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_row_of_a_small_table_is_quoted_with_its_columns_and_not_the_whole_file(
    ask_file: AskFile, delimiter: str
) -> None:
    data = CSV.replace(",", delimiter).encode()
    answer = ask_file("duties.csv", data, "What is the threshold for Switzerland?")
    assert quote_texts(answer) == ["Country: Switzerland · Threshold: CHF 150 · Duty: 2.5%"]
    assert [citation.quote for citation in answer.citations] == [delimiter.join(("Switzerland", "CHF 150", "2.5%"))]


def test_a_row_over_two_lines_is_one_row(ask_file: AskFile) -> None:
    data = b'Plan,What it holds\nSmall,"two parcels, one letter"\nLarge,"ten parcels,\r\na pallet"\nHuge,all of it\n'
    answer = ask_file("plans.csv", data, "What does the large plan hold?")
    assert quote_texts(answer)[0] == "Plan: Large · What it holds: ten parcels, a pallet"


def test_a_row_of_figures_in_a_pdf_is_quoted_alone(ask_file: AskFile) -> None:
    lines = [(50.0, 700.0 - 20 * number, 12.0, row) for number, row in enumerate(FIGURES)]
    answer = ask_file("fees.pdf", make_pdf([lines]), "How high is the insurance fee?")
    assert quote_texts(answer)[0] == "Insurance fee 9.50 9.60"
    assert answer.citations[0].quote == "Insurance fee 9.50 9.60"


@pytest.mark.usefixtures("data_folder")
def test_a_quote_from_the_second_page_of_a_passage_is_cited_on_that_page() -> None:
    first = [(50.0, 700.0, 12.0, "Parcels wait ten days at the depot before they are sent back.")]
    second = [(50.0, 700.0, 12.0, "The storage fee is 4 EUR a day.")]
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, [("depot.pdf", make_pdf([first, second]))])
    work_off()
    *_, answer = ask("How much is the storage fee?", retriever=pipeline.retriever(made), voice=Voice())
    assert isinstance(answer, Answer)
    [citation] = [citation for citation in answer.citations if "4 EUR" in citation.quote]
    assert [hit.passage.page for hit in answer.hits] == [1]
    assert citation.page == 2
    document = documents.document(citation.version_id)
    assert document is not None
    assert document.page_at(citation.start) == 2


@pytest.mark.usefixtures("data_folder")
def test_a_source_replaced_between_two_looks_is_found_all_the_same() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("prices.md", b"# Prices\n\nA parcel to Japan costs 32 euros.\n")])
    work_off()
    retriever = pipeline.retriever(assistant_id)
    sources.read_again(assistant_id, [source_rows.source_rows(assistant_id)[0].id])
    work_off()
    hits = retriever.find("What does a parcel to Japan cost?")
    assert ["Japan" in hit.passage.text for hit in hits] == [True]
