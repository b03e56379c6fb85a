"""Where the words of a span stand on a scan: a box a line, none across the cells of a table."""

from core.schema import Document, WordBox
from core.viewer.word_places import boxes_of, is_hard_to_read

TEXT = "alpha beta\ngamma delta 12"
WORDS = (
    WordBox(0, 5, 10, 90, 40, 100),
    WordBox(6, 10, 43, 90, 70, 100),
    WordBox(11, 16, 10, 70, 40, 80),
    WordBox(17, 22, 43, 70, 70, 80),
    WordBox(23, 25, 300, 70, 320, 80),
)
DOCUMENT = Document(TEXT, (), "pdf", page_starts=(0,), word_boxes=WORDS)


def test_words_of_a_line_are_one_box_and_cells_far_apart_are_not() -> None:
    assert boxes_of(DOCUMENT, 6, 25) == ((43, 90, 70, 100), (10, 70, 70, 80), (300, 70, 320, 80))


def test_a_word_of_which_a_part_is_cited_is_marked_whole() -> None:
    assert boxes_of(DOCUMENT, 2, 4) == ((10, 90, 40, 100),)


def test_nothing_is_marked_for_nothing() -> None:
    assert boxes_of(DOCUMENT, 5, 6) == ()
    assert boxes_of(DOCUMENT, 9, 3) == ()
    assert boxes_of(Document(TEXT, (), "txt"), 0, 25) == ()


def test_a_span_is_hard_to_read_where_most_of_its_letters_are_not_sure() -> None:
    unsure = tuple(word._replace(confidence=0.9 if word.start < 10 else 0.5) for word in WORDS)
    document = Document(TEXT, (), "pdf", page_starts=(0,), word_boxes=unsure)
    assert [is_hard_to_read(document, *span) for span in ((0, 10), (11, 25), (0, 25))] == [False, True, True]
    assert not is_hard_to_read(DOCUMENT, 0, 25)
    assert not is_hard_to_read(Document(TEXT, (), "txt"), 0, 25)
