"""A citation opened at its place: the page drawn in a child process with the words marked, or the text around them."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from core.assistants import documents, lifecycle, source_rows, sources
from core.database import Version, session
from core.errors import NotFound
from core.load import READER_VERSION
from core.schema import Block, Document
from core.viewer import PagePicture, PageText, open_place, page_drawing, place
from tests.core.load.makers import make_pdf

HIGH, LOW, SECOND = "Parcels are weighed", "Letters are counted", "Stamps are free"
PDF = make_pdf([[(50, 740, 20, HIGH), (50, 90, 20, LOW)], [(50, 740, 20, SECOND)]])
TEXT = f"{HIGH}\n{LOW}\n{SECOND}"
PAGES = Document(TEXT, (), "pdf", page_count=2, page_starts=(0, TEXT.index(SECOND)))
YELLOW = (255, 236, 130)


@pytest.fixture(autouse=True)
def _each_test_draws_anew(data_folder: object) -> Iterator[None]:
    for cache in (place._document, place._picture):
        cache.cache_clear()
    yield
    page_drawing._sandbox.close()


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def add(assistant_id: str, name: str, data: bytes, read: Document) -> tuple[str, str]:
    """Keep a file and what reading it gave; return the ids of its source and version."""
    sources.add_files(assistant_id, [(name, data)])
    source_id = next(row.id for row in source_rows.source_rows(assistant_id) if row.name == name)
    with session() as db:
        version_id = max(
            (version for version in db.query(Version).all() if version.source_id == source_id),
            key=lambda version: version.created_at,
        ).id
    documents.keep_document(version_id, read, READER_VERSION)
    return source_id, version_id


def opened(assistant_id: str, ids: tuple[str, str], words: str, page: int | None = None) -> PagePicture | PageText:
    """Open a place of PAGES' text by its words."""
    start = TEXT.index(words)
    return open_place(assistant_id, *ids, start, start + len(words), page)


def marked(png: bytes) -> tuple[int, int, int, int] | None:
    """The box around all that is marked yellow in a picture."""
    with Image.open(io.BytesIO(png)) as image:
        yellow = image.convert("RGB").point([255 * (value == wanted) for wanted in YELLOW for value in range(256)])
        bands = [band.point(lambda value: value and 255) for band in yellow.split()]
        both = Image.composite(bands[0], Image.new("L", image.size), bands[1])
        return Image.composite(both, Image.new("L", image.size), bands[2]).getbbox()


def height(png: bytes) -> int:
    with Image.open(io.BytesIO(png)) as image:
        return image.height


def test_a_pdf_opens_as_a_picture_with_the_cited_words_marked(assistant_id: str) -> None:
    ids = add(assistant_id, "a.pdf", PDF, PAGES)
    picture = opened(assistant_id, ids, HIGH)
    assert isinstance(picture, PagePicture)
    assert (picture.page, picture.page_count, picture.lower) == (1, 2, b"")
    box = marked(picture.png)
    assert box is not None
    left, top, right, bottom = box
    whole = height(picture.png)
    assert 0 < top < bottom < 0.12 * whole
    assert right - left > 2 * (bottom - top)


def test_words_in_the_lower_half_come_with_the_page_s_lower_part_as_well(assistant_id: str) -> None:
    ids = add(assistant_id, "a.pdf", PDF, PAGES)
    picture = opened(assistant_id, ids, LOW)
    assert isinstance(picture, PagePicture)
    whole, part = height(picture.png), height(picture.lower)
    assert part < 0.5 * whole
    in_whole, in_part = marked(picture.png), marked(picture.lower)
    assert in_whole is not None
    assert in_part is not None
    assert in_whole[1] > 0.8 * whole
    assert whole - in_whole[1] == part - in_part[1]


def test_a_page_can_be_turned_and_only_the_cited_words_are_marked(assistant_id: str) -> None:
    ids = add(assistant_id, "a.pdf", PDF, PAGES)
    turned = opened(assistant_id, ids, HIGH, page=2)
    assert isinstance(turned, PagePicture)
    assert turned.page == 2
    assert marked(turned.png) is None
    second = opened(assistant_id, ids, SECOND)
    assert isinstance(second, PagePicture)
    assert second.page == 2
    assert marked(second.png) is not None


def test_words_over_two_pages_are_marked_on_each(assistant_id: str) -> None:
    ids = add(assistant_id, "a.pdf", PDF, PAGES)
    first, second = (opened(assistant_id, ids, TEXT[30:], page) for page in (1, 2))
    assert isinstance(first, PagePicture)
    assert isinstance(second, PagePicture)
    assert marked(first.png) is not None
    assert marked(second.png) is not None


def test_a_page_that_cannot_be_drawn_is_shown_as_text(assistant_id: str) -> None:
    ids = add(assistant_id, "broken.pdf", b"%PDF-1.4\nthis is none", PAGES)
    assert opened(assistant_id, ids, LOW) == PageText(f"{HIGH}\n", LOW, f"\n{SECOND}", "")


def test_another_format_shows_the_text_around_cut_at_whole_blocks(assistant_id: str) -> None:
    parts = [("heading", "Prices  of\nparcels"), *(("paragraph", f"Rule {n} " + "word " * 80) for n in range(12))]
    text, blocks = "", []
    for kind, words in parts:
        blocks.append(Block(kind, len(text), len(text) + len(words)))  # type: ignore[arg-type]
        text += f"{words}\n\n"
    ids = add(assistant_id, "a.md", b"x", Document(text, tuple(blocks), "md"))
    start = text.index("Rule 6")
    shown = open_place(assistant_id, *ids, start, start + 6)
    assert isinstance(shown, PageText)
    assert (shown.words, shown.heading) == ("Rule 6", "Prices of parcels")
    assert shown.before + shown.words + shown.after in text
    assert shown.before.startswith("Rule 3 ")
    assert "Rule 8 " in shown.after
    assert "Rule 9 " not in shown.after
    assert shown.after.endswith("word ")


@pytest.mark.parametrize(("ends", "around"), [((20_000,), place.AROUND), ((10_000, 10_010, 20_000), 0)])
def test_a_much_larger_block_is_not_shown_whole(assistant_id: str, ends: tuple[int, ...], around: int) -> None:
    text = "word " * 4000
    blocks = tuple(Block("paragraph", start, end) for start, end in zip((0, *ends), ends, strict=False))
    ids = add(assistant_id, "a.txt", b"x", Document(text, blocks, "txt"))
    shown = open_place(assistant_id, *ids, 10_000, 10_010)
    assert isinstance(shown, PageText)
    assert (len(shown.before), shown.words, len(shown.after)) == (around, "word word ", around)


def test_a_version_that_is_not_kept_is_not_found(assistant_id: str) -> None:
    source_id, version_id = add(assistant_id, "a.pdf", PDF, PAGES)
    other_source, other_version = add(assistant_id, "b.pdf", PDF + b"\n", PAGES)
    for source, version in ((source_id, "nothing"), (source_id, other_version), (other_source, version_id)):
        with pytest.raises(NotFound) as missing:
            open_place(assistant_id, source, version, 0, 5)
        assert missing.value.code == "no_version"
    with pytest.raises(NotFound):
        open_place(lifecycle.create_assistant("Other"), source_id, version_id, 0, 5)


def test_an_older_version_is_still_opened(assistant_id: str) -> None:
    ids = add(assistant_id, "a.md", b"old", Document("Old words.", (), "md"))
    newer = add(assistant_id, "a.md", b"new", Document("New words.", (), "md"))
    assert newer[0] == ids[0]
    assert open_place(assistant_id, *ids, 0, 3) == PageText("", "Old", " words.", "")
    assert open_place(assistant_id, *newer, 0, 3) == PageText("", "New", " words.", "")


def test_a_version_that_was_not_read_is_not_found(assistant_id: str) -> None:
    sources.add_files(assistant_id, [("a.md", b"x")])
    source_id = source_rows.source_rows(assistant_id)[0].id
    with session() as db:
        version_id = db.query(Version).one().id
    with pytest.raises(NotFound) as missing:
        open_place(assistant_id, source_id, version_id, 0, 1)
    assert missing.value.code == "no_text"
