"""Sums of money in words."""

import pytest

from core.spending import in_euros


@pytest.mark.parametrize(
    ("micro_euros", "said"),
    [
        (0, "€0.00"),
        (1, "less than 0.1 cents"),
        (4_050, "0.4 cents"),
        (9_400, "0.9 cents"),
        (9_600, "€0.01"),
        (1_234_567_890, "€1,234.57"),
    ],
)
def test_a_sum_is_said_as_its_owner_reads_it(micro_euros: int, said: str) -> None:
    assert in_euros(micro_euros) == said
