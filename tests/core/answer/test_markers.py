"""The markers that models write, read in every form, also while they are being written."""

import pytest

from core.answer.markers import decided_end, in_order, tidy_markers
from core.answer.safe_markdown import safe_markdown

FORMS = [
    ("Free (1).", "Free [1]."),
    ("Free (1, 2).", "Free [1][2]."),
    ("It is free. (1) Storage costs 4 EUR. (2)", "It is free. [1] Storage costs 4 EUR. [2]"),
    ("Free [Passage 1].", "Free [1]."),
    ("Free [source 1].", "Free [1]."),
    ("Free [Passage 1, Passage 2].", "Free [1][2]."),
    ("Free [Passages 1 and 2].", "Free [1][2]."),
    ("Free [Passage 1: rates, page 3].", "Free [1]."),
    ("Kostenlos [Quelle 1].", "Kostenlos [1]."),
    ("Free (Passage 2).", "Free [2]."),
    ("Free (see passage 1).", "Free [1]."),
    ("Free. Source: [1]", "Free. [1]"),
    ("Free. (Source: [1])", "Free. [1]"),
    ("Free ([1]).", "Free [1]."),
    ("Free [[1]].", "Free [1]."),
    ("Free [1-3].", "Free [1][2][3]."),
    ("Free [1], [2].", "Free [1][2]."),
    ("Free **[1]**.", "Free [1]."),
    ("It is free [1].\n\nSources:\n[1] rates.pdf, page 2\n[2] other.pdf", "It is free [1]."),
    ("It is free[^1].\n\n[^1]: rates.pdf says so", "It is free[1]."),
    ("It is free [1].\n\nSources: [1] rates.pdf", "It is free [1]."),
]
NO_MARKERS = [
    "(1) first do it, (2) then that.",
    "See section (1).",
    "Do (1) this and (2) that.",
    "within three (3) days",
    "Paragraph 5 (2) says so.",
    "Free (2024).",
    "Free (7).",
]


@pytest.mark.parametrize(("written", "tidy"), FORMS)
def test_every_form_is_read_as_a_marker(written: str, tidy: str) -> None:
    assert tidy_markers(written, 3) == tidy


@pytest.mark.parametrize("written", NO_MARKERS)
def test_what_counts_something_else_stays(written: str) -> None:
    assert tidy_markers(written, 3) == written


@pytest.mark.parametrize("written", [*(form for form, _ in FORMS), *NO_MARKERS])
def test_no_marker_flickers_while_it_is_written(written: str) -> None:
    shown = ""
    for end in range(1, len(written) + 1):
        safe = safe_markdown(written[:end], complete=False)
        longer = in_order(tidy_markers(safe[: decided_end(safe)], 3), {})
        assert longer.startswith(shown)
        shown = longer
    assert in_order(tidy_markers(safe_markdown(written), 3), {}).startswith(shown.rstrip())
