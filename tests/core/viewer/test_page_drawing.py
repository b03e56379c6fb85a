"""The child process that draws pages: one for all pictures, and none once nothing is drawn any more."""

from collections.abc import Iterator

import pytest

from core.viewer import page_drawing
from tests.core.load.makers import make_pdf
from tests.core.work import wait_until

PDF = make_pdf([[(50, 700, 20, "Parcels")]])


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    page_drawing._sandbox.close()
    yield
    page_drawing._sandbox.close()


def test_one_child_draws_all_the_pictures_of_a_page() -> None:
    small, large = page_drawing.draw_page(PDF, 1, [page_drawing.Drawing(scale=0.5), page_drawing.Drawing(((0, 7),), 1)])
    child = page_drawing._sandbox.process_id
    assert (small.width, small.height, small.boxes) == (300, 400, ())
    assert (large.width, large.height, len(large.boxes)) == (600, 800, 1)
    page_drawing.draw_page(PDF, 1, [page_drawing.Drawing()])
    assert page_drawing._sandbox.process_id == child


def test_the_child_ends_by_itself_once_it_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_drawing, "IDLE_SECONDS", 0.0)
    page_drawing.draw_page(PDF, 1, [page_drawing.Drawing()])
    wait_until(lambda: page_drawing._sandbox.process_id is None, 30)
    assert page_drawing.draw_page(PDF, 1, [page_drawing.Drawing()])[0].png.startswith(b"\x89PNG")


def test_the_child_stays_while_pages_are_drawn() -> None:
    page_drawing.draw_page(PDF, 1, [page_drawing.Drawing()])
    first = page_drawing._timer
    page_drawing.draw_page(PDF, 1, [page_drawing.Drawing()])
    second = page_drawing._timer
    assert first is not None
    assert second is not None
    assert first.finished.is_set(), "the first picture's alarm would end the child under the second"
    assert not second.finished.is_set()
    assert second.interval > page_drawing.IDLE_SECONDS
    assert not page_drawing._sandbox.close_if_idle(page_drawing.IDLE_SECONDS)
    assert page_drawing._sandbox.close_if_idle(0)
    assert page_drawing._sandbox.process_id is None


def test_the_child_can_be_started_ahead_and_ends_where_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    page_drawing.start_drawing()
    ahead = page_drawing._sandbox.process_id
    assert ahead is not None
    assert not page_drawing._sandbox.close_if_idle(page_drawing.IDLE_SECONDS), "it would end before its first page"
    page_drawing.draw_page(PDF, 1, [page_drawing.Drawing()])
    assert page_drawing._sandbox.process_id == ahead
    monkeypatch.setattr(page_drawing, "IDLE_SECONDS", 0.0)
    page_drawing.start_drawing()
    wait_until(lambda: page_drawing._sandbox.process_id is None, 30)


def test_starting_ahead_does_not_wait_for_a_page_that_is_being_drawn() -> None:
    with page_drawing._lock, page_drawing._sandbox._lock:
        page_drawing.start_drawing()
    assert page_drawing._sandbox.process_id is None
