"""Which of the passages found the reader is given."""

from core.retrieve.ranking import with_nearest
from core.schema import StoreHit
from tests.core.store.store_kit import passage


def test_the_last_places_go_to_the_nearest_in_meaning_of_the_others() -> None:
    near = {0: 0.1, 1: 0.2, 2: 0.3, 3: None, 4: 0.9, 5: 0.5, 6: 0.2}
    pool = [StoreHit(passage(number), similarity) for number, similarity in near.items()]
    assert with_nearest([0, 1, 2, 3], pool, 2) == [0, 1, 4, 5]
    assert with_nearest([4, 1, 2, 3], pool, 2) == [4, 1, 5, 2]
    assert with_nearest([0, 1], pool, 4) == [4, 5]
    assert with_nearest([], pool, 4) == []


def test_what_is_not_alike_at_all_is_nearer_than_its_opposite() -> None:
    pool = [StoreHit(passage(number), similarity) for number, similarity in enumerate((0.5, -0.2, 0.0))]
    assert with_nearest([0, 1], pool, 1) == [0, 2]


def test_where_all_are_chosen_all_stay() -> None:
    pool = [StoreHit(passage(number), 0.1 * number) for number in range(3)]
    assert with_nearest([0, 1, 2], pool, 1) == [0, 1, 2]
