// Numbers and kinds of line stand beside the colours. On paper and in light: dark hues with white numbers; in dark: light
// hues with black ones.
const DARK_HUES = ["#1c6b58", "#a5541f", "#3b5b92", "#7a4b7e", "#7d5f0d", "#a2483d"];
const LIGHT_HUES = ["#7fd1b9", "#f0a868", "#9dbcf0", "#d8abdd", "#e0c35c", "#f29c92"];
const LINES = 4;

function make(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

// The words looked for are marked; all else stays text.
function write(target, text, words) {
  const wanted = words.filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pieces = wanted.length ? text.split(new RegExp(`(${wanted.join("|")})`, "gi")) : [text];
  pieces.forEach((piece, at) => {
    if (piece) target.append(at % 2 ? make("mark", "", piece) : piece);
  });
  return target;
}

function table([header, ...rows], words) {
  const made = make("div", "table");
  const body = made.appendChild(make("table"));
  if (header.some((cell) => cell)) {
    const row = body.appendChild(make("tr"));
    header.forEach((cell) => row.append(write(make("th"), cell, words)));
  }
  rows.forEach((cells) => {
    const row = body.appendChild(make("tr"));
    cells.forEach((cell) => row.append(write(make("td"), cell, words)));
  });
  return made;
}

function isDark(root) {
  const [red, green, blue] = (getComputedStyle(root).getPropertyValue("--st-background-color").trim().match(/[0-9a-f]{2}/gi)
    || ["ff", "ff", "ff"]).map((part) => parseInt(part, 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 < 128;
}

// One passage: all that is drawn of it, on the page and in the list.
class Shown {
  constructor(passage, at, hues) {
    this.passage = passage;
    this.at = at;
    this.parts = [];
    this.hue = hues[at % hues.length];
    this.line = `line${at % LINES}`;
    this.button = null;
    this.card = null;
  }

  add(part, onPaper) {
    part.classList.add(this.line);
    if (!part.style.getPropertyValue("--hue")) {
      part.style.setProperty("--hue", onPaper ? DARK_HUES[this.at % DARK_HUES.length] : this.hue);
      part.style.setProperty("--on-hue", onPaper || DARK_HUES.includes(this.hue) ? "#fff" : "#111");
    }
    this.parts.push(part);
    return part;
  }

  get words() {
    const { number, heading, facts, flaws } = this.passage;
    return [`Passage ${number}`, heading, facts, flaws].filter(Boolean).join(", ");
  }
}

class PageMap {
  constructor(root, data, choose) {
    this.root = root;
    this.data = data;
    this.choose = choose;
    this.words = data.words || [];
    this.sheet = root.querySelector(".sheet");
    this.list = root.querySelector(".list");
    this.heard = root.querySelector(".heard");
    const hues = isDark(root) ? LIGHT_HUES : DARK_HUES;
    this.shown = data.passages.map((passage, at) => new Shown(passage, at, hues));
    this.sheet.replaceChildren();
    this.list.replaceChildren();
    this.sheet.className = `sheet ${data.picture ? "picture" : "words"}`;
    this.sheet.setAttribute("aria-label", data.alt);
    if (data.picture) this.drawPicture(); else this.drawWords();
    this.shown.forEach((shown) => this.drawCard(shown));
    this.shown.forEach((shown) => this.listen(shown));
    root.onmouseleave = () => this.light(-1);
    root.onkeydown = (event) => this.onKey(event);
    this.reach(Math.max(0, this.placeOf(data.chosen)));
  }

  placeOf(number) {
    return this.shown.findIndex((shown) => shown.passage.number === String(number));
  }

  numberButton(shown, onPaper) {
    const button = shown.add(make("button", "number", shown.passage.number), onPaper);
    button.type = "button";
    button.setAttribute("aria-label", `Passage ${shown.passage.number} on the page`);
    shown.button = shown.button || button;
    return button;
  }

  drawPicture() {
    const paper = this.sheet.appendChild(make("div", "paper"));
    const picture = paper.appendChild(make("img"));
    picture.src = this.data.picture;
    picture.alt = "";
    picture.width = this.data.width;
    picture.height = this.data.height;
    this.shown.forEach((shown) => shown.passage.boxes.forEach(([left, top, right, bottom], at) => {
      const leftMost = Math.min(...shown.passage.boxes.map((box) => box[0]));
      const span = shown.add(make("div", left < leftMost + 0.03 ? "span first" : "span"), true);
      span.style.left = `${left * 100}%`;
      span.style.top = `${top * 100}%`;
      span.style.width = `${(right - left) * 100}%`;
      span.style.height = `${(bottom - top) * 100}%`;
      paper.append(span);
      if (at) return;
      const button = this.numberButton(shown, true);
      button.style.left = `${Math.max(left * 100, 6)}%`;
      button.style.top = `${top * 100}%`;
      paper.append(button);
    }));
  }

  run(tag, run) {
    const made = make(tag, run.passages.length ? "run" : "");
    run.passages.forEach((at) => this.shown[at].add(made, false));
    if (run.passages.length > 1) {
      made.classList.add("both");
      made.style.setProperty("--other", this.shown[run.passages[1]].hue);
    }
    return made;
  }

  drawWords() {
    this.data.blocks.forEach((block) => {
      if (block.kind === "table" && block.runs.some((run) => run.cells.length)) {
        const frame = this.sheet.appendChild(make("div", "table"));
        const body = frame.appendChild(make("table"));
        block.runs.forEach((run, at) => {
          const row = body.appendChild(this.run("tr", run));
          run.cells.forEach((cell) => row.append(write(make(block.header && !at ? "th" : "td"), cell, this.words)));
          run.first.forEach((place) => row.firstChild?.prepend(this.numberButton(this.shown[place], false)));
        });
        return;
      }
      const isHeading = block.kind === "heading";
      const made = make(isHeading ? "h4" : "p", isHeading ? (block.level < 2 ? "top" : "") : block.kind);
      block.runs.forEach((run) => {
        run.first.forEach((place) => made.append(this.numberButton(this.shown[place], false)));
        made.append(write(this.run("span", run), run.text, this.words));
      });
      this.sheet.append(made);
    });
  }

  drawCard(shown) {
    const { passage } = shown;
    const card = shown.add(make("li", "card"), false);
    shown.card = card;
    const head = make("div", "head");
    const badge = make("span", "badge", passage.number);
    head.append(badge);
    if (passage.heading) head.append(make("b", "", passage.heading));
    head.append(make("span", "quiet", passage.facts));
    const text = make("div", "text");
    passage.pieces.forEach((piece) => text.append(
      piece.rows.length ? table(piece.rows, this.words) : write(make("p"), piece.text, this.words)));
    card.append(head);
    if (passage.flaws) card.append(make("p", "flaws", passage.flaws));
    card.append(text);
    if (passage.front) card.append(make("p", "front quiet", passage.front));
    this.list.append(card);
  }

  listen(shown) {
    shown.parts.forEach((part) => {
      part.addEventListener("mouseenter", () => this.light(shown.at));
      part.addEventListener("click", (event) => {
        if (event.target.closest("button, .run, .span, .card") !== part || String(getSelection())) return;
        this.select(shown.at, part !== shown.card);
      });
    });
    [shown.card, shown.button].filter(Boolean).forEach((part) => {
      part.addEventListener("focus", () => { this.light(shown.at); this.reach(shown.at); });
    });
  }

  light(at) {
    this.shown.forEach((shown) => shown.parts.forEach((part) => part.classList.remove("lit")));
    if (at >= 0) this.shown[at].parts.forEach((part) => part.classList.add("lit"));
  }

  // One stop for the Tab key on each side; the arrows go from passage to passage.
  reach(at) {
    this.shown.forEach((shown) => {
      shown.card.tabIndex = shown.at === at ? 0 : -1;
      if (shown.button) shown.button.tabIndex = shown.at === at ? 0 : -1;
    });
  }

  onKey(event) {
    const onPage = event.target.classList.contains("number");
    const at = this.shown.findIndex((shown) => shown.card === event.target || shown.parts.includes(event.target));
    if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const last = this.shown.length - 1;
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: last }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      const place = Math.min(Math.max(next, 0), last);
      const target = (onPage && this.shown[place].button) || this.shown[place].card;
      this.reach(place);
      target.focus();
      this.bringIntoView(this.shown[place], target);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.select(at, onPage);
    }
  }

  bringIntoView(shown, from) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const other = from === shown.card ? shown.button : shown.card;
    if (other) other.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "nearest" });
  }

  select(at, fromPage) {
    const shown = this.shown[at];
    this.mark(at);
    this.light(at);
    this.reach(at);
    this.bringIntoView(shown, fromPage ? shown.button : shown.card);
    this.choose(Number(shown.passage.number));
  }

  mark(at) {
    this.shown.forEach((shown) => {
      const is = shown.at === at;
      [shown.card, shown.button].filter(Boolean).forEach((part) => part.classList.toggle("chosen", is));
      if (is) shown.card.setAttribute("aria-current", "true"); else shown.card.removeAttribute("aria-current");
    });
    if (at >= 0) this.heard.textContent = `${this.shown[at].words}, chosen`;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".map");
  const choose = (number) => setTriggerValue("chosen", number);
  const drawn = JSON.stringify([data.key, data.words, data.passages.map((passage) => [passage.number, passage.flaws])]);
  let map = root.pageMap;
  if (!map || root.drawn !== drawn) {
    map = new PageMap(root, data, choose);
    root.pageMap = map;
    root.drawn = drawn;
    root.chosen = undefined;
  }
  map.choose = choose;
  if (root.chosen !== data.chosen) {
    root.chosen = data.chosen;
    const at = map.placeOf(data.chosen);
    map.mark(at);
    if (at >= 0 && !root.contains(root.getRootNode().activeElement)) {
      map.light(at);
      map.bringIntoView(map.shown[at], map.shown[at].card);
    }
  }
}
