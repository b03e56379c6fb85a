"""PowerPoint presentations through unstructured: a page a slide, its title a heading, the notes after it."""

import io
import zipfile

from unstructured.partition.pptx import partition_pptx

from core.load.builder import Builder
from core.load.elements import add_element, parsed, prepare_unstructured, stated_title
from core.load.limits import Reading
from core.schema import Document

prepare_unstructured()


def read(data: bytes, reading: Reading) -> Document:
    """Read a presentation. ``page_names`` are the slides' titles."""
    reading.tell("Reading slides", 0, 1)
    elements = partition_pptx(
        file=io.BytesIO(data), languages=[""], include_page_breaks=False, include_slide_notes=True
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        count = sum(1 for _ in parsed(archive.read("ppt/presentation.xml")).iter("{*}sldId"))
    builder = Builder()
    titled = False
    for element in elements:
        number = min(element.metadata.page_number or 1, reading.pages)
        while len(builder.page_starts) < number:
            builder.page()
            titled = False
        # Depth 0 is the slide's title box; other short texts are called titles too, by their looks.
        heading = element.category == "Title" and not element.metadata.category_depth and not titled
        if heading:
            titled = True
            builder.page_names[-1] = " ".join(element.text.split())
        add_element(builder, element, 1 if heading else 0)
    while builder.blocks and len(builder.page_starts) < min(count, reading.pages):
        builder.page()
    return builder.document("pptx", title=stated_title(data), page_word="slide")
