"""What is shown of an answer while it is written: safe, in order, and in time that grows with its length alone."""

import pytest

from core.answer import safe_markdown as safe
from core.answer import showing
from core.answer.markers import in_order, tidy_markers
from core.answer.safe_markdown import safe_markdown
from core.answer.showing import shown
from core.schema import Thought

SOURCES = "See https://acme.example/list and help@acme.example for more."
ANSWER = (
    "A parcel costs 12 EUR [2], see [the list](https://acme.example/list) or [another](https://evil.example/x).\n\n"
    "![picture](https://evil.example/p.png) **It** takes two days [1, 3]【2】 <b>only</b> [9].\n- one\n- two [^1]\n"
    "Write to help@acme.example, not to x@evil.example, or https://evil.example/a b. The end"
)


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 20, 1000])
def test_what_is_shown_is_the_beginning_of_what_is_safe(size: int) -> None:
    text = "".join(map(str, shown(cut(ANSWER, size), SOURCES, 3)))
    whole = in_order(tidy_markers(safe_markdown(ANSWER, SOURCES), 3), {})
    assert whole.startswith(text)
    assert len(text) > (len(whole) - 40 if size < 1000 else 0)


def test_each_part_is_made_safe_once_and_the_steps_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def counted(text: str, sources: str = "", *, complete: bool = True) -> str:
        lengths.append(len(text))
        return safe.safe_markdown(text, sources, complete=complete)

    monkeypatch.setattr(showing, "safe_markdown", counted)
    long = ("The parcel to Norway costs 12 EUR and takes two days [1]. " * 400)[:20_000]
    text = "".join(map(str, shown(cut(long, 4), SOURCES, 3)))
    assert len(text) > 19_000
    assert sum(lengths) <= 20_000
    assert len(lengths) < 1_500


def test_a_recall_begins_anew() -> None:
    pieces = ["One [3] two ", Thought(all_before=True), "three [2] four "]
    assert list(shown(pieces, "", 3)) == ["One [1] two", Thought(all_before=True), "three [1] four"]
