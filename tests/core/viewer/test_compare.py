"""What another cut would change, passage by passage."""

from core.chunk import chunk
from core.schema import Block, CutSettings, Document
from core.viewer import cut_change
from tests.core.viewer.test_passages import passage

SENTENCE = "The parcel number {0} stays with the neighbour until the evening of day {0}. "


def test_the_same_cut_changes_nothing() -> None:
    text = "".join(SENTENCE.format(n) for n in range(100))
    passages = chunk(Document(text, (Block("paragraph", 0, len(text)),), "txt"), CutSettings(600, 60))
    change = cut_change(passages, passages)
    assert (change.stay, change.change, change.go, change.new) == (len(passages), 0, 0, frozenset())


def test_a_passage_that_is_cut_apart_goes_and_its_parts_are_new() -> None:
    before = [passage(0, "a" * 100), passage(1, "b" * 300, 100)]
    after = [passage(0, "a" * 100), *(passage(1 + n, "b" * 100, 100 + n * 100) for n in range(3))]
    change = cut_change(before, after)
    assert (change.stay, change.change, change.go, change.new) == (1, 0, 1, frozenset({1, 2, 3}))


def test_a_passage_that_another_one_takes_in_has_changed() -> None:
    before = [passage(0, "a" * 100), passage(1, "b" * 100, 100)]
    change = cut_change(before, [passage(0, "a" * 100 + "b" * 100)])
    assert (change.stay, change.change, change.go, change.new) == (0, 2, 0, frozenset({0}))


def test_other_words_in_front_make_a_passage_new() -> None:
    change = cut_change([passage(0, "a" * 100)], [passage(0, "a" * 100, context="Prices")])
    assert (change.stay, change.change, len(change.new)) == (0, 1, 1)


def test_the_same_words_twice_count_twice() -> None:
    before = [passage(0, "a" * 100), passage(1, "a" * 100, 100)]
    change = cut_change(before, before[:1])
    assert (change.stay, change.go) == (1, 1)
