"""A citation of a scan opened at its place: the picture with the words marked, though it holds no letters."""

import io

import numpy as np
import pytest
from PIL import Image

from core.assistants import documents, lifecycle, source_rows, sources
from core.load import recognition_available
from core.viewer import PagePicture, cut_source, open_place, page_layout
from tests.core.load.test_recognition import LETTER, drawn, saved, scan
from tests.core.work import work_off

pytestmark = pytest.mark.skipif(not recognition_available(), reason="Text recognition (rapidocr) is not installed.")


@pytest.mark.usefixtures("data_folder")
@pytest.mark.parametrize("name", ["letter.pdf", "letter.png"])
def test_a_cited_word_of_a_scan_is_shown_on_its_page(name: str) -> None:
    made = lifecycle.create_assistant("Help")
    picture = drawn(LETTER, 100)
    data = scan(picture, dpi=100) if name.endswith("pdf") else saved([picture], "PNG")
    sources.add_files(made, [(name, data)])
    work_off()
    [row] = source_rows.source_rows(made)
    assert row.state == "ready"
    cut = cut_source(made, row.id)
    start = cut.document.text.index("thirty days")
    place = open_place(made, row.id, cut.version_id, start, start + len("thirty days"))
    assert isinstance(place, PagePicture)
    page = np.asarray(Image.open(io.BytesIO(place.png)).convert("RGB")).astype(int)
    yellow = np.argwhere(page[..., 0] - page[..., 2] > 60) / page.shape[:2] * (800, 600)
    # "thirty days" stands on the line whose feet are 680 of the page's 800 points above its lower edge.
    assert abs(yellow[:, 0].mean() - (800 - 684)) < 6
    assert 200 < yellow[:, 1].min() < yellow[:, 1].max() < 330
    layout = page_layout(made, row.id, cut, 1)
    assert all(boxes for boxes in layout.boxes)
    assert documents.document(cut.version_id) == cut.document
