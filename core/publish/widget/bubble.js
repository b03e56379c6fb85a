// The bubble on an owner's site. Before it is pressed it stores nothing and loads nothing.
(() => {
  "use strict";
  const html = document.documentElement;
  const TAG = "answerbook-bubble";
  const GAP = 12;
  const PATIENCE = 20000; // milliseconds until a page that sends nothing is given up
  const AFTER_LOAD = 4000; // the same once the browser says that all of it is there

  const make = (tag, className, ...inside) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...inside);
    return element;
  };

  const drawn = (className, path) => {
    const [svg, line] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", className);
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };

  // What of a colour is not exactly #rgb or #rrggbb is none. The text on it is the one of two that contrasts more.
  const colours = (written) => {
    const [colour] = /^#(?:[\da-f]{3}){1,2}$/i.exec(written) || [DEFAULT_COLOUR];
    const long = colour.length < 7 ? colour.replace(/\w/g, "$&$&") : colour;
    const [red, green, blue] = [1, 3, 5]
      .map((start) => parseInt(long.slice(start, start + 2), 16) / 255)
      .map((part) => (part > 0.04045 ? ((part + 0.055) / 1.055) ** 2.4 : part / 12.92));
    return [colour, 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.194 ? "#121510" : "#fff"];
  };

  const shown = () => [...html.querySelectorAll(TAG)].filter((host) => !host.hasAttribute("data-gone"));

  // The element whose size is the window's: in pages without a doctype it is another one.
  const view = () => document.scrollingElement || html;

  // Bubbles of one corner stand beside each other, and above where there is no room.
  const lineUp = () => {
    for (const side of ["left", "right"]) {
      let [along, up] = [0, 0];
      for (const host of shown().filter((other) => other.dataset.side === side)) {
        const { offsetWidth, offsetHeight } = host;
        if (along && along + offsetWidth > view().clientWidth - 40) [along, up] = [0, up + offsetHeight + GAP];
        host.style.setProperty("--along", `${along}px`);
        host.style.setProperty("--up", `${up}px`);
        along += offsetWidth + GAP;
      }
    }
  };

  const start = (script) => {
    const { dataset } = script;
    const source = new URL(script.src);
    const name = dataset.assistant || source.searchParams.get("assistant") || ""; // tag managers drop data- attributes
    if (!/^[a-z\d-]{1,60}$/.test(name)) return console.warn("Answerbook: this script needs data-assistant with a name.");
    const page = new URL(`a/${name}`, source);
    const bubbles = [...html.querySelectorAll(TAG)];
    if (bubbles.some((other) => other.dataset.page === page.href)) return;

    const language = [dataset.language, html.lang, navigator.language, "en"]
      .map((tag) => (tag || "").slice(0, 2).toLowerCase())
      .find((tag) => Object.hasOwn(WORDS, tag));
    const [ask, close] = WORDS[language];
    const written = (dataset.label || "").trim().slice(0, 40);
    const same = bubbles.filter((other) => other.dataset.label === (written || ask)).length;
    const label = (written || ask) + (same ? ` (${same + 1})` : "");
    const [colour, ink] = colours(dataset.colour || dataset.color);

    // --- What there is -----------------------------------------------------------------------------------------------
    const button = make("button", "bubble", drawn("open", "M4 5h16v11H10l-4 4v-4H4z"), drawn("shut", "M6 9l6 6 6-6"));
    const cross = make("button", "cross", drawn("", "M6 6l12 12M18 6L6 18"));
    const note = make("p", "note");
    const panel = make("div", "panel", make("div", "bar", cross), make("div", "wait"), note);
    const region = make("section", "", button, panel);
    if (written) button.append(make("span", "", label));
    button.type = cross.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-haspopup", "dialog");
    cross.setAttribute("aria-label", close);
    note.setAttribute("role", "status");
    panel.setAttribute("role", "dialog");
    panel.popover = "manual"; // above the page without a contest of numbers
    if (!written) region.lang = language;
    for (const named of [region, button, panel]) named.setAttribute("aria-label", label);

    const host = document.createElement(TAG);
    Object.assign(host.dataset, { page: page.href, label: written || ask, side: dataset.position === "left" ? "left" : "right" });
    const set = (property, value) => host.style.setProperty(property, value);
    set("--colour", colour);
    set("--ink", ink);
    set("--raised", `${Math.min(Math.abs(parseInt(dataset.bottom, 10)) || 0, 400)}px`);
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // no inline style: it holds under a policy without unsafe-inline
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(region);

    // --- Opening and closing -----------------------------------------------------------------------------------------
    const small = matchMedia("(max-width: 479.98px), (max-height: 479.98px)");
    let frame = null;
    let isOpen = false;
    let isReady = false;
    let before = null; // what the page had, while it is held still behind a full screen
    let timer = 0;
    let blocked = "";

    const hold = (on) => {
      if (on === Boolean(before)) return;
      const { style } = html;
      if (on) {
        const behind = [document.body, ...shown().filter((other) => other !== host)].filter((part) => !part.inert);
        before = [style.getPropertyValue("overflow"), style.getPropertyPriority("overflow"), behind];
        style.setProperty("overflow", "hidden", "important");
      } else {
        style.setProperty("overflow", before[0], before[1]);
      }
      for (const part of before[2]) part.inert = on;
      if (!on) before = null;
    };

    // A keyboard covers the page without making it smaller, and a pinch makes what is seen smaller without covering it.
    const fit = () => {
      const full = isOpen && small.matches;
      region.classList.toggle("full", full);
      panel.setAttribute("aria-modal", full);
      hold(full);
      if (!isOpen || !window.visualViewport) return;
      const { height, scale, offsetTop } = visualViewport;
      const over = scale > 1.01 ? 0 : offsetTop;
      set("--height", `${height * scale}px`);
      set("--over", `${over}px`);
      set("--under", `${Math.max(0, view().clientHeight - height * scale - over)}px`);
    };

    const enter = () => {
      frame.focus();
      frame.contentWindow.postMessage({ answerbook: "open" }, page.origin);
    };

    const load = () => {
      const asked = new URLSearchParams({ frame: 1, language });
      if (page.origin === location.origin) asked.set("preview", 1);
      frame = make("iframe", "");
      frame.title = label;
      frame.src = `${page}?${asked}`;
      frame.addEventListener("load", () => isReady || wait(AFTER_LOAD));
      panel.append(frame);
      panel.classList.add("waiting");
      wait(PATIENCE);
    };

    const wait = (milliseconds) => {
      clearTimeout(timer);
      timer = setTimeout(refused, milliseconds);
    };

    const open = () => {
      for (const other of shown()) if (other !== host) other.dispatchEvent(new Event("answerbook-close"));
      isOpen = true;
      panel.classList.add("shown");
      button.setAttribute("aria-expanded", "true");
      fit();
      panel.showPopover?.();
      if (!frame) load();
      if (isReady) enter();
      else cross.focus();
    };

    const shut = () => {
      if (!isOpen) return;
      const inside = root.activeElement;
      isOpen = false;
      panel.classList.remove("shown");
      if (host.isConnected) panel.hidePopover?.();
      button.setAttribute("aria-expanded", "false");
      fit();
      if (inside) button.focus();
    };

    // The site is not named by the owner, or nothing is there: a visitor sees no broken box, who tests it reads why.
    const refused = () => {
      const why = blocked
        ? `the security policy of this page must allow “frame-src ${page.origin}”.`
        : `“${name}” does not open on ${location.origin}. In Answerbook, under Publish, look whether it is online and ` +
          "whether “Your website” names this site.";
      console.warn(`Answerbook: ${why}`);
      frame.remove();
      frame = null;
      panel.classList.remove("waiting");
      if ("test" in dataset) {
        note.textContent = `Answerbook: ${why}`;
        return;
      }
      shut();
      host.setAttribute("data-gone", "");
      lineUp();
    };

    button.addEventListener("click", () => (isOpen ? shut() : open()));
    cross.addEventListener("click", shut);
    host.addEventListener("answerbook-close", shut);
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !isOpen) return;
      event.stopPropagation();
      shut();
    });
    addEventListener("message", ({ origin, source, data }) => {
      if (origin !== page.origin || !frame || source !== frame.contentWindow) return;
      if (data?.answerbook === "close") shut();
      if (data?.answerbook !== "ready") return;
      clearTimeout(timer);
      isReady = true;
      frame.classList.add("ready");
      if (isOpen) enter();
    });
    document.addEventListener("securitypolicyviolation", ({ blockedURI }) => {
      if (frame && blockedURI.startsWith(page.origin)) blocked = blockedURI;
    });
    for (const happening of ["resize", "scroll"]) window.visualViewport?.addEventListener(happening, fit);
    small.addEventListener("change", fit);
    addEventListener("resize", lineUp);

    // Beside the body: a site that swaps its body at each navigation keeps its bubble. In the order of their scripts,
    // which run as they arrive.
    const place = [...document.querySelectorAll("script[src*='/widget.js']")].indexOf(script);
    host.dataset.place = place;
    const put = () => {
      html.insertBefore(host, shown().find((other) => other.dataset.place > place) || null);
      lineUp();
    };
    put();
    new MutationObserver(() => {
      if (host.isConnected) return;
      shut();
      isReady = false; // what was framed is loaded anew
      put();
    }).observe(html, { childList: true });
  };

  const { currentScript } = document; // there is none for modules, and for scripts that another script runs late
  const scripts = currentScript ? [currentScript] : html.querySelectorAll('script[src*="/widget.js"]');
  const begin = () => scripts.forEach(start);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
