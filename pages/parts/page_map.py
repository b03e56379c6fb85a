"""The page as it looks with its passages marked on it, and the passages beside it: pointing at one lights the other."""

import base64
from typing import Any

import streamlit as st

from core.viewer import PageLayout

_HTML = """
<div class="frame"><div class="map">
  <div class="sheet"></div>
  <ol class="list"></ol>
</div></div>
"""

_CSS = """
.frame { container-type: inline-size; }
.map { display: grid; grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); gap: 1.25rem; align-items: start;
  font-family: var(--st-font); color: var(--st-text-color); }
.sheet { position: sticky; top: 4.5rem; border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  overflow: hidden; background: #fff; }
.sheet img { display: block; width: 100%; height: auto; }
.span { position: absolute; border-radius: 2px; cursor: pointer; background: var(--hue); opacity: .2;
  transition: opacity .12s; }
.number { position: absolute; transform: translate(-115%, 0); min-width: 1.5em; padding: 0 .35em; text-align: center;
  border-radius: 1em; background: var(--hue); color: #fff; font-size: .75rem; font-weight: 600; line-height: 1.5em;
  cursor: pointer; }
.list { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
.card { border: 1px solid var(--st-border-color); border-left: 4px solid var(--hue); padding: .7rem .9rem;
  border-radius: var(--st-base-radius); cursor: pointer; scroll-margin: 5rem; }
.card:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.head { display: flex; flex-wrap: wrap; gap: .15rem .6rem; align-items: baseline; font-size: .875rem; }
.head b { font-weight: 600; overflow-wrap: anywhere; }
.badge { border-radius: 1em; background: var(--hue); color: #fff; font-size: .75rem; font-weight: 600; padding: 0 .5em;
  line-height: 1.5em; }
.quiet { opacity: .72; font-size: .8125rem; }
.text { margin: .45rem 0 0; font-size: .875rem; line-height: 1.55; }
.text p { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 .5em; }
.table { overflow-x: auto; margin: .45rem 0 0; }
.table table { border-collapse: collapse; font-size: .8125rem; }
.table td, .table th { border: 1px solid var(--st-border-color); padding: .2rem .5rem; text-align: left; }
.front { margin: .45rem 0 0; overflow-wrap: anywhere; }
.span.lit { opacity: .45; }
.card.lit { border-color: var(--hue); background: var(--st-secondary-background-color); }
@container (max-width: 600px) {
  .sheet, .list { grid-column: 1 / -1; }
  .sheet { position: relative; top: 0; }
}
"""

_JS = """
const HUES = ["#1c6b58", "#a5541f", "#3b5b92", "#7a4b7e", "#8a6a12", "#a2483d"];

function make(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function table([header, ...rows]) {
  const made = make("div", "table");
  const body = made.appendChild(make("table"));
  if (header.some((cell) => cell)) {
    const row = body.appendChild(make("tr"));
    header.forEach((cell) => row.append(make("th", "", cell)));
  }
  rows.forEach((cells) => {
    const row = body.appendChild(make("tr"));
    cells.forEach((cell) => row.append(make("td", "", cell)));
  });
  return made;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".map");
  const sheet = root.querySelector(".sheet");
  const list = root.querySelector(".list");
  sheet.replaceChildren();
  list.replaceChildren();
  const parts = [];
  const light = (index) => parts.forEach((mine, at) => {
    mine.forEach((part) => part.classList.toggle("lit", at === index));
  });

  const picture = make("img");
  picture.src = data.picture;
  picture.alt = data.alt;
  picture.width = data.width;
  picture.height = data.height;
  sheet.append(picture);

  data.passages.forEach((passage, index) => {
    const hue = HUES[index % HUES.length];
    const card = make("li", "card");
    card.tabIndex = 0;
    const head = make("div", "head");
    head.append(make("span", "badge", passage.number));
    if (passage.heading) head.append(make("b", "", passage.heading));
    head.append(make("span", "quiet", passage.facts));
    const words = make("div", "text");
    passage.pieces.forEach((piece) => words.append(piece.rows.length ? table(piece.rows) : make("p", "", piece.text)));
    card.append(head, words);
    if (passage.front) card.append(make("p", "front quiet", passage.front));
    list.append(card);
    const mine = [card];
    passage.boxes.forEach(([left, top, right, bottom], at) => {
      const span = make("div", "span");
      span.style.cssText = `left:${left * 100}%;top:${top * 100}%;width:${(right - left) * 100}%;`
        + `height:${(bottom - top) * 100}%`;
      sheet.append(span);
      mine.push(span);
      if (at) return;
      const number = make("div", "number", passage.number);
      number.style.cssText = `left:${Math.max(left * 100, 6)}%;top:${top * 100}%`;
      sheet.append(number);
      mine.push(number);
    });
    mine.forEach((part) => {
      part.style.setProperty("--hue", hue);
      part.onmouseenter = () => light(index);
      if (part !== card) part.onclick = () => card.scrollIntoView({ behavior: "smooth", block: "nearest" });
    });
    card.onfocus = () => light(index);
    parts.push(mine);
  });
  root.onmouseleave = () => light(-1);
}
"""

_PAGE_MAP = st.components.v2.component("answerbook_page_map", html=_HTML, css=_CSS, js=_JS)


def draw_page_map(layout: PageLayout, cards: list[dict[str, Any]], alt: str, key: str) -> None:
    """Draw a page and its passages; each card is number, heading, facts, front (strings) and pieces."""
    passages = [{**card, "boxes": boxes} for card, boxes in zip(cards, layout.boxes, strict=True)]
    picture = "data:image/png;base64," + base64.b64encode(layout.png).decode()
    _PAGE_MAP(
        key=key,
        data={
            "picture": picture,
            "alt": alt,
            "width": layout.width,
            "height": layout.height,
            "passages": passages,
        },
    )
