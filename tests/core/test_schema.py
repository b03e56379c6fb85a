"""A stored passage knows the page of each of its characters."""

from core.schema import StoredPassage

TEXT = "Zone | Price\nZone 1 | 4 EUR\nand so on"
PASSAGE = StoredPassage(
    id="1",
    source_id="s",
    version_id="v",
    ordinal=0,
    start=100,
    end=100 + len(TEXT),
    page=3,
    text=TEXT,
    context="",
    terms="",
    rows=((100, 112), (113, 127)),
    page_breaks=(113, 113, 128),
)


def test_the_page_is_that_of_the_character() -> None:
    assert [PASSAGE.page_at(offset) for offset in (100, 112, 113, 127, 128, 136)] == [3, 3, 5, 5, 6, 6]


def test_a_passage_without_pages_has_none_anywhere() -> None:
    assert StoredPassage("1", "s", "v", 0, 0, 4, None, "word", "", "").page_at(2) is None
    assert StoredPassage("1", "s", "v", 0, 0, 4, 7, "word", "", "").page_at(2) == 7
