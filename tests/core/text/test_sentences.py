"""Text into sentences, headings, questions and rows, to the character."""

import re
from itertools import pairwise

import pytest

from core.text import names_columns, pieces
from tests.core.text.texts import CSV, HELP, TABLE


def split(text: str, header: str = "") -> list[tuple[str, str]]:
    return [(piece.kind, text[piece.start : piece.end]) for piece in pieces(text, header)]


def test_pieces_are_exact_and_leave_nothing_but_blanks_out() -> None:
    found = pieces(HELP)
    left = re.sub(r"\s", "", HELP)
    assert "".join(re.sub(r"\s", "", HELP[piece.start : piece.end]) for piece in found) == left
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Mr. Smith paid 3.50 EUR. He left.", 2),
        ("See e.g. page 4. It is short.", 2),
        ("The U.S. Customs office is open. Call No. 5 first.", 2),
        ("J. R. Smith wrote it.", 1),
        ("Wait… what? Yes! Good.", 3),
        ("Die Frist beträgt z.B. 14 Tage. Danach nicht mehr.", 2),
        ("关税门槛是150欧元。超过的部分要缴税！谁来付？收件人。", 4),
        ("A line that goes on\nand ends here. Another.", 2),
        ("1. Open the box\n2. Take the label", 2),
        ("He said “Stop.” Then he left.", 2),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, count: int) -> None:
    assert len(pieces(text)) == count


def test_headings_questions_and_rows_are_told_apart() -> None:
    kinds = [kind for kind, _ in split(HELP)]
    assert kinds[:3] == ["heading", "question", "sentence"]
    assert ("heading", "# Gifts") in split(HELP)
    assert [kind for kind, _ in split(TABLE)] == ["row"] * 3
    assert [kind for kind, _ in split(CSV, "Country | Threshold | Duty")] == ["row"] * 3
    assert [kind for kind, _ in split(CSV)] != ["row"] * 3


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        ("Zone | Up to 1 kg | Up to 5 kg", "Zone 5 | 24.95 | 47.95", True),
        ("Service | Price in 2026", "Express | €12.50", True),
        ("Country | Rate", "Norway | 25%", True),
        ("Damaged parcel | 7 calendar days", "Lost parcel | 60 calendar days", False),
        ("Zone 1 | 6.95", "Zone 2 | 9.95", False),
        ("Zone 1 to 3 | standard", "Zone 4 | express | 3", False),
    ],
)
def test_a_first_row_names_columns_or_is_a_row_like_the_others(first: str, second: str, names: bool) -> None:
    assert names_columns(first, second) is names
