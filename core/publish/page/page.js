// The visitor's page: asks, shows the answer as it comes, opens its sources. It stores nothing in the browser.
"use strict";

const facts = JSON.parse(document.body.dataset.facts);
const words = facts.words;
const credentials = facts.cookie ? "same-origin" : "omit"; // only a demo with a password has a cookie
const find = (id) => document.getElementById(id);
const [scroller, turns, form, field, send, stop] = ["scroller", "turns", "ask", "question", "send", "stop"].map(find);
let said = []; // what was asked and answered: {role, text}
let visitor = ""; // a random id, made with the first question and gone with the page
let asking = null; // the answer that is coming: its AbortController

function made(tag, properties = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function post(path, content, signal) {
  const headers = {
    "Content-Type": "application/json",
    Accept: "text/event-stream, application/json",
    "Accept-Language": document.documentElement.lang, // the widget's page may speak another one than the browser
  };
  return fetch(`${facts.base}/${path}`, { method: "POST", headers, body: JSON.stringify(content), signal, credentials });
}

// --- Asking -----------------------------------------------------------------------------------------------------------

function remembered() {
  const kept = [];
  let room = facts.characters;
  for (const turn of said.slice(-facts.turns).reverse()) {
    room -= turn.text.length;
    if (room < 0) break;
    kept.unshift(turn);
  }
  return kept;
}

async function ask(question) {
  if (asking || !question.trim()) return;
  visitor ||= Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const turn = newTurn(question);
  asking = new AbortController();
  busy(true);
  try {
    const sent = { question, history: remembered(), visitor };
    const answer = await follow(await postQuestion(sent, turn, asking.signal), turn);
    said.push({ role: "user", text: question }, { role: "assistant", text: answer });
  } catch (error) {
    if (error.name === "AbortError") stopped(turn);
    else trouble(turn, error.what ? error : { what: words.offline, remedy: words.offline_remedy }, question);
    if (error.limit && !field.value) fill(question); // there is nothing to press until the time is over
  }
  turn.live.setAttribute("aria-busy", "false");
  asking = null;
  busy(false);
}

// Where many have asked from one connection, the browser does a little work against bots first: once for a question.
async function postQuestion(sent, turn, signal) {
  const response = await post("ask", sent, signal);
  if (response.status !== 428) return response;
  const { challenge } = await response.json();
  turn.waiting.textContent = words.moment;
  const left = new Promise((_, failed) => signal.addEventListener("abort", () => failed(signal.reason)));
  const proof = await Promise.race([proofScript().then(() => window.answerbookProof(challenge)), left]);
  turn.waiting.textContent = words.looking;
  return post("ask", { ...sent, proof }, signal);
}

function proofScript() {
  return new Promise((done, failed) => {
    if (window.answerbookProof) return done();
    document.head.append(made("script", { src: facts.proof, onload: done, onerror: failed }));
  });
}

function newTurn(question) {
  // Only the newest answer is announced; those before it are read by whoever goes there.
  for (const old of turns.querySelectorAll("[aria-live]")) old.removeAttribute("aria-live");
  const asked = made("div", { className: "asked" }, made("p", { dir: "auto" }, made("span", { className: "unseen" }, `${words.you}: `), question));
  const waiting = made("p", { className: "waiting" }, words.looking);
  const text = made("div", { className: "words coming", dir: "auto", hidden: true });
  const live = made("div", {}, made("p", { className: "unseen" }, words.answered), waiting, text);
  live.setAttribute("aria-live", "polite");
  live.setAttribute("aria-busy", "true"); // it is read out when it is whole, not word by word
  const answer = made("div", { className: "answer" }, live);
  const item = made("li", {}, asked, answer);
  turns.append(item);
  find("welcome").hidden = true;
  field.removeAttribute("aria-describedby"); // that this is an AI was said with the empty field
  find("restart").hidden = false;
  scroller.scrollTop = scroller.scrollHeight;
  return { item, answer, live, waiting, text, came: "" };
}

async function follow(response, turn) {
  if (!(response.headers.get("content-type") || "").startsWith("text/event-stream")) throw { ...(await response.json()), limit: response.status === 429 };
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw { what: words.failed, remedy: words.failed_remedy };
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) || [];
      const content = data && JSON.parse(data);
      if (name === "piece") piece(turn, turn.came + content.text);
      else if (name === "retract") piece(turn, "");
      else if (name === "wait") turn.waiting.textContent = content.text;
      else if (name === "error") throw content;
      else if (name === "answer") return whole(turn, content);
    }
  }
}

function piece(turn, text) {
  const stuck = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  turn.came = text;
  // Until the answer is whole its Markdown is shown as plain words.
  turn.text.textContent = text.replace(/\*\*|__|`|^#+ /gm, "").replace(/^[-*] /gm, "• ").replace(/&lt;/g, "<").replace(/ ?\[\d+\]/g, "");
  turn.text.hidden = !text;
  turn.waiting.hidden = Boolean(text);
  if (stuck) scroller.scrollTop = scroller.scrollHeight;
}

function busy(on) {
  send.hidden = on;
  stop.hidden = !on;
}

function stopped(turn) {
  turn.waiting.remove();
  turn.live.append(made("p", { className: "aside" }, words.stopped));
}

function trouble(turn, error, question) {
  turn.waiting.remove();
  const again = made("button", { type: "button" }, words.retry);
  again.addEventListener("click", () => {
    turn.item.remove();
    if (field.value === question) fill("");
    ask(question);
    field.focus();
  });
  const box = made("div", { className: "trouble" }, made("p", {}, made("strong", {}, error.what)), made("p", {}, error.remedy || ""), again);
  turn.live.append(box);
  turn.answer.append(...ways());
  scroller.scrollTop = scroller.scrollHeight;
}

// --- The answer, when it is whole -------------------------------------------------------------------------------------

function whole(turn, answer) {
  turn.waiting.remove();
  turn.text.hidden = false;
  turn.text.classList.remove("coming");
  turn.text.innerHTML = answer.text; // made harmless by the server: a few tags, no attribute that does anything
  if (answer.language) turn.text.lang = answer.language;
  const sources = new Map(answer.citations.map((source) => [String(source.number), source]));
  for (const marker of turn.text.querySelectorAll("button.cite")) {
    const source = sources.get(marker.dataset.citation);
    marker.setAttribute("aria-label", filled(words.source, source));
    marker.addEventListener("click", () => openSource(source));
  }
  const aside = (text) => (text ? [made("p", { className: "aside", dir: "auto" }, text)] : []);
  if (answer.understood) turn.text.before(...aside(answer.understood));
  turn.live.append(...aside(answer.note), ...aside(answer.looked_for));
  if (answer.citations.length) turn.answer.append(...aside(answer.kind === "quotes" ? words.quoted : words.sources), listed(answer.citations));
  if (answer.near.length) turn.answer.append(...aside(answer.near_words || words.near), choices(answer.near));
  if (answer.kind === "unknown") turn.answer.append(...ways());
  if (answer.id) turn.answer.append(thumbs(answer.id));
  const top = turn.item.offsetTop - scroller.offsetTop - 12;
  scroller.scrollTop = Math.min(scroller.scrollHeight, top);
  return turn.text.innerText;
}

function listed(citations) {
  const seen = new Set();
  const list = made("ul", { className: "sources" });
  for (const source of citations) {
    const label = source.open ? `${source.number} · ${source.name}` : source.name;
    if (!source.open && seen.has(label)) continue;
    seen.add(label);
    const entry = made(source.open ? "button" : "span", { dir: "auto" }, label);
    if (source.open) {
      entry.type = "button";
      entry.setAttribute("aria-label", filled(words.source, source));
      entry.addEventListener("click", () => openSource(source));
    }
    list.append(made("li", {}, entry));
  }
  return list;
}

function choices(questions) {
  const list = made("ul", { className: "choices" });
  for (const question of questions) list.append(made("li", {}, made("button", { type: "button", className: "suggestion", dir: "auto" }, question)));
  return list;
}

function ways() {
  if (!facts.person) return [];
  const button = made("button", { type: "button", className: "more" }, words.person);
  button.addEventListener("click", () => find("ways").showModal());
  return [made("p", {}, button)];
}

function thumbs(id) {
  const row = made("div", { className: "after" });
  const tell = (good, comment) => post("feedback", { answer: id, good, comment, visitor }).catch(() => {});
  const thumb = (good, label, path) => {
    const button = made("button", { type: "button", className: "quiet", title: label }, icon(path));
    button.setAttribute("aria-label", label);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      for (const other of row.querySelectorAll("[aria-pressed]")) other.setAttribute("aria-pressed", String(other === button));
      row.querySelector(".why")?.remove();
      row.querySelector(".small")?.remove();
      tell(good, "");
      row.append(good ? made("span", { className: "small", role: "status" }, words.thanks) : why((comment) => tell(false, comment)));
      row.querySelector(".why input")?.focus();
      row.scrollIntoView({ block: "nearest" });
    });
    return button;
  };
  row.append(
    thumb(true, words.good, "M7 11v9H4v-9h3zm0 0l4-8a2.5 2.5 0 0 1 2.5 2.5V9h5a2 2 0 0 1 2 2.3l-1 7A2 2 0 0 1 17.500 20H7"),
    thumb(false, words.bad, "M17 13V4h3v9h-3zm0 0l-4 8a2.500 2.500 0 0 1-2.500-2.500V15h-5a2 2 0 0 1-2-2.300l1-7A2 2 0 0 1 6.500 4H17"),
  );
  return row;
}

function why(tell) {
  const input = made("input", { maxLength: 500, placeholder: words.why });
  input.setAttribute("aria-label", words.why);
  const line = made("form", { className: "why" }, input, made("button", { className: "more" }, words.send));
  line.addEventListener("submit", (event) => {
    event.preventDefault();
    tell(input.value);
    line.replaceWith(made("span", { className: "small" }, words.thanks));
    field.focus();
  });
  return line;
}

// --- Sources and people -----------------------------------------------------------------------------------------------

async function openSource(source) {
  const body = find("source-text");
  find("source-name").textContent = source.name;
  body.replaceChildren(made("p", { className: "waiting" }, words.looking));
  find("source").showModal();
  try {
    const response = await fetch(`${facts.base}/place?${source.open}`, { credentials });
    const place = await response.json();
    if (place.what) body.replaceChildren(made("strong", {}, place.what), made("p", {}, place.remedy));
    else if (place.picture) {
      const src = `${facts.base}/${place.picture}`;
      const picture = made("img", { src, alt: filled(words.picture, source) });
      const quote = made("p", { dir: "auto" }, made("mark", {}, source.quote)); // on a phone the picture's letters are small
      body.replaceChildren(quote, made("a", { href: src, target: "_blank", rel: "noopener" }, picture));
    }
    else {
      const heading = place.heading ? [made("p", { className: "small" }, filled(words.under, place))] : [];
      const mark = made("mark", {}, place.words);
      body.replaceChildren(...heading, made("div", { dir: "auto" }, place.before, mark, place.after));
      mark.scrollIntoView({ block: "center" });
    }
  } catch {
    body.replaceChildren(made("strong", {}, words.offline), made("p", {}, words.offline_remedy));
  }
}

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector(".shut").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

find("lead")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const lead = event.target;
  const state = find("lead-state");
  const [name, contact, message] = ["name", "contact", "message"].map((part) => find(`lead-${part}`).value);
  const asked = said.filter((turn) => turn.role === "user").map((turn) => turn.text);
  try {
    const response = await post("lead", { name, contact, message, asked: asked.slice(-20), visitor });
    const told = await response.json();
    state.classList.toggle("bad", !response.ok);
    state.textContent = told.sentence || `${told.what} ${told.remedy}`;
    if (response.ok) lead.reset();
  } catch {
    state.classList.add("bad");
    state.textContent = `${words.offline} ${words.failed_remedy}`;
  }
});

// --- The page itself --------------------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (asking || !field.value.trim()) return;
  ask(field.value.trim());
  fill("");
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
field.addEventListener("input", grow);

function fill(text) {
  field.value = text;
  grow();
}

stop.addEventListener("click", () => {
  asking?.abort();
  field.focus();
});

document.addEventListener("click", (event) => {
  if (!event.target.matches(".suggestion")) return;
  ask(event.target.textContent);
  field.focus();
});

find("person").addEventListener("click", () => find("ways").showModal());

find("restart").addEventListener("click", () => {
  asking?.abort();
  if (facts.forget && visitor) post("forget", { visitor }).catch(() => {});
  [said, visitor] = [[], ""];
  turns.replaceChildren();
  find("welcome").hidden = false;
  find("restart").hidden = true;
  field.setAttribute("aria-describedby", "notice");
  field.focus();
});

if (facts.frame) {
  const tell = (what) => window.parent.postMessage({ answerbook: what }, "*"); // what any site may know
  const leave = () => tell("close");
  find("close").addEventListener("click", leave);
  document.addEventListener("keydown", (event) => event.key === "Escape" && !document.querySelector("dialog[open]") && leave());
  window.addEventListener("message", (event) => {
    if (event.source !== window.parent || event.data?.answerbook !== "open") return;
    // A finger's keyboard would cover what stands here first: who we are, and what can be asked.
    (matchMedia("(pointer: coarse)").matches ? scroller : field).focus();
  });
  tell("ready");
}

// A phone's keyboard covers the page without making it smaller; what is left of it is told here alone.
const view = window.visualViewport;
function fit() {
  document.documentElement.style.setProperty("--height", `${view.height}px`);
  document.documentElement.style.setProperty("--above", `${view.offsetTop}px`);
  document.documentElement.classList.toggle("low", view.height < 480);
  window.scrollTo(0, 0);
}
view?.addEventListener("resize", fit);
view?.addEventListener("scroll", fit);
