"""How long passages are, as a small chart."""

from collections.abc import Sequence

import streamlit as st

from core.schema import Passage
from core.text import counted
from core.viewer import bar_step, length_counts, numbers

HEIGHT = 130


def draw_lengths(passages: Sequence[Passage], key: str, longest: int | None = None, most: int | None = None) -> None:
    """Draw how many passages have which length; ``longest`` and ``most`` give two charts the same axes."""
    count = numbers(passages)
    step = bar_step(longest or count.longest)
    bars = length_counts(passages, step)
    values = [{"from": low, "to": low + step, "passages": number} for low, number in bars if number]
    scale = {"domain": [0, ((longest or count.longest) // step + 1) * step]}
    x_axis = {"title": "Characters", "tickCount": 5, "grid": False}
    y_axis = {"title": None, "tickCount": 3, "format": "d", "tickMinStep": 1}
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "mark": "bar",
            "encoding": {
                "x": {"field": "from", "type": "quantitative", "bin": {"binned": True}, "scale": scale, "axis": x_axis},
                "x2": {"field": "to"},
                "y": {"field": "passages", "type": "quantitative", "axis": y_axis}
                | ({"scale": {"domain": [0, most]}} if most else {}),
                "tooltip": [
                    {"field": "from", "title": "From", "type": "quantitative"},
                    {"field": "to", "title": "To", "type": "quantitative"},
                    {"field": "passages", "title": "Passages", "type": "quantitative"},
                ],
            },
        },
        height=HEIGHT,
        key=key,
        alt=f"Lengths of {counted(count.passages, 'passage')}: {count.shortest:,} to {count.longest:,} characters, "
        f"half of them below {count.median:,}",
    )


def most_in_a_bar(passages: Sequence[Passage], longest: int) -> int:
    """Return the height of the tallest bar."""
    return max((count for _, count in length_counts(passages, bar_step(longest))), default=0)
