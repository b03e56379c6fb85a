"""One way through for every question, whatever is replaced meanwhile."""

import pytest

from core import pipeline
from core.assistants import lifecycle, source_rows, sources
from tests.core.work import work_off

pytestmark = pytest.mark.usefixtures("data_folder")


def test_a_source_replaced_between_two_looks_is_found_all_the_same() -> None:
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("prices.md", b"# Prices\n\nA parcel to Japan costs 32 euros.\n")])
    work_off()
    retriever = pipeline.retriever(assistant_id)
    sources.read_again(assistant_id, [source_rows.source_rows(assistant_id)[0].id])
    work_off()
    hits = retriever.find("What does a parcel to Japan cost?")
    assert ["Japan" in hit.passage.text for hit in hits] == [True]
