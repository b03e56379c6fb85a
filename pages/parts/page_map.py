"""The page as it looks with its passages marked on it, and the passages beside it: pointing at one lights the other."""

import base64
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from core.viewer import PageLayout, TextLayout

_HTML = """
<div class="frame"><div class="map">
  <div class="sheet" role="group"></div>
  <ol class="list" aria-label="Passages here"></ol>
  <div class="heard" role="status" aria-live="polite"></div>
</div></div>
"""
_PAGE_MAP = st.components.v2.component(
    "answerbook_page_map",
    html=_HTML,
    css=Path(__file__).with_suffix(".css").read_text(encoding="utf-8"),
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def draw_page_map(
    layout: PageLayout | TextLayout,
    cards: Sequence[dict[str, Any]],
    alt: str,
    key: str,
    *,
    chosen: int | None,
    words: Sequence[str] = (),
) -> int | None:
    """Draw a page or a part of a text and its passages; each card is as ``passage_list.card_of`` makes it.

    ``key`` is another one for each page; ``chosen`` is the number of the passage that stands out, from 1. Returns the
    number of one that was chosen here just now. ``words`` are marked.
    """

    data = {"key": key, "alt": alt, "chosen": chosen, "words": list(words), **_data(layout, cards)}
    told = _PAGE_MAP(key=key, data=data, on_chosen_change=lambda: None)
    return int(told.chosen) if isinstance(told.chosen, int | float) else None


def _data(layout: PageLayout | TextLayout, cards: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if isinstance(layout, TextLayout):
        return {"passages": list(cards), "blocks": [asdict(block) for block in layout.blocks]}
    picture = "data:image/png;base64," + base64.b64encode(layout.png).decode()
    passages = [{**card, "boxes": boxes} for card, boxes in zip(cards, layout.boxes, strict=True)]
    return {"picture": picture, "width": layout.width, "height": layout.height, "passages": passages}
