"""Steps of a table: which unit a column has, what may fall into a step, and whether steps lie apart."""

import pytest

from core.text import amounts, lie_apart, may_fall_into, step, unit_of_column


@pytest.mark.parametrize(
    ("name", "unit"),
    [("max_load_kg", "kg"), ("Weight (kg)", "kg"), ("Price in €", "€"), ("Name", ""), ("Waiting days", "days")],
)
def test_the_unit_of_a_column(name: str, unit: str) -> None:
    assert unit_of_column(name) == unit


@pytest.mark.parametrize(
    ("cell", "name", "question", "may"),
    [
        ("up to 5 kg", "Weight", "3 kg to Japan", True),
        ("up to 5 kg", "Weight", "3 days", False),
        ("1-3 nights", "Stay", "two nights", True),
        ("1-3 nights", "Stay", "two dogs", False),
        ("1-3", "Nights", "two nights", True),
        ("from 20 pieces", "Order", "25", True),  # a bare number may be anything that is counted
    ],
)
def test_what_may_fall_into_a_step(cell: str, name: str, question: str, may: bool) -> None:
    read = step(cell)
    assert read
    assert may_fall_into(read, amounts(question)[0], name, ("en",)) is may


@pytest.mark.parametrize(
    ("cells", "apart"),
    [
        (["1 to 3 kg", "3 to 5 kg"], True),
        (["6 to 9 days", "8 to 12 days"], False),
        (["up to 5 kg", "up to 2 kg"], True),
    ],
)
def test_steps_that_reach_into_each_other_do_not_lie_apart(cells: list[str], apart: bool) -> None:
    assert lie_apart(found for cell in cells if (found := step(cell))) is apart
