"""A PDF's page with the places of its passages."""

import pytest

from core.assistants import lifecycle, source_rows, sources
from core.sample import sample_files
from core.viewer import cut_source, page_layout
from core.viewer.passages import on_page, page_span
from tests.core.work import work_off


@pytest.mark.usefixtures("data_folder")
def test_every_passage_of_a_page_has_its_place_on_it() -> None:
    made = lifecycle.create_assistant("Help")
    pdf = next(path for path in sample_files() if path.suffix == ".pdf")
    sources.add_files(made, [(pdf.name, pdf.read_bytes())])
    work_off()
    row = source_rows.source_rows(made)[0]
    cut = cut_source(made, row.id)
    layout = page_layout(made, row.id, cut, 1)
    assert layout.png.startswith(b"\x89PNG")
    assert list(layout.passages) == on_page(cut.document, cut.passages, 1)
    assert len(layout.passages) > 1
    start, end = page_span(cut.document, 1)
    for passage, boxes in zip(layout.passages, layout.boxes, strict=True):
        lines = cut.document.text[max(passage.start, start) : min(passage.end, end)].strip().count("\n") + 1
        assert len(boxes) >= 0.8 * lines
        for left, top, right, bottom in boxes:
            assert 0 <= left < right <= 1
            assert 0 <= top < bottom <= 1
    first, second = layout.boxes[0], layout.boxes[1]
    assert first[0][1] < second[0][1]
