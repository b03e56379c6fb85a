"""HTML, walked by us with lxml.

Not through unstructured: on the real pages tried it makes one table of a page laid out in tables, keeps menus, and
takes 2.4 s to import. Menus, scripts and hidden parts are left out here; page headers and footers become furniture.
"""

import re
from collections.abc import Iterator
from typing import Any

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.texts.plain import decode
from core.load.web.parts import all_texts, asks_consent, opens_something, said, skips, words_of
from core.load.web.tables import data_table, row_as_line
from core.schema import Document, Shortfall

_META = re.compile(rb"<meta[^<>]+?charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^<>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section",
    "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "legend", "caption", "h1", "h2", "h3",
    "h4", "h5", "h6", "dialog", "menu", "search", "nav", "optgroup", "noscript", "frameset",
])  # fmt: skip
_SAID = frozenset(("select", "input", "math", "svg", "sup"))
_HOLD_BUTTONS = frozenset([
    "p", "li", "td", "th", "dd", "dt", "label", "span", "a", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "legend",
])  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_OPENS_UNSEEN = re.compile(r"<(?:(script|style|template|noscript|head)\b|!--)", re.I)
_CLOSES_UNSEEN = {
    "script": re.compile(r"</script\s*+>", re.I),
    "style": re.compile(r"</style\s*+>", re.I),
    "template": re.compile(r"</template\s*+>", re.I),
    "noscript": re.compile(r"</noscript\s*+>", re.I),
    "head": re.compile(r"</head\s*+>", re.I),
    "": re.compile("-->"),
}
_TAG = re.compile(r"<[^<>]*>")
_ASKS_FOR_SCRIPTS = re.compile(r"javascript", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)")
_kept: list[tuple[str, Any]] = []  # the last page's tree, likewise
_kept_texts: list[tuple[bytes, str]] = []  # the last page's characters, until its words are counted
_FRAME = re.compile(r"<i?frame\b", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f\u200b\ufeff]+")


def read(data: bytes, reading: Reading) -> Document:
    """Read a web page. Raises LoadError when there is no page in it."""
    text, warnings = _decoded(data)
    _kept_texts[:] = [(data, text)]
    builder = Builder(warnings=list(warnings))
    title = add_page(builder, text)
    if not builder.blocks and _FRAME.search(text):
        raise LoadError(
            "This page only says where its frames stand; what they show lies in other files.",
            "Open each frame on its own in a browser, save it, and add that.",
            code="no_text",
        )
    return builder.document("html", title=title)


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the text of the page that is shown."""
    kept = _kept_texts.pop() if _kept_texts else None
    yield "", visible_text(kept[1] if kept and kept[0] is data else _decoded(data)[0])


def decoded_page(data: bytes, stated: str = "") -> str:
    """Return a page's markup, by what it says of its characters, or else by what is ``stated`` of them."""
    return _decoded(data, stated)[0]


def _decoded(data: bytes, stated: str = "") -> tuple[str, tuple[Shortfall, ...]]:
    declared = _META.search(data[:4096]) or _XML_CHARSET.match(data[:1024])
    return decode(data, declared.group(1).decode("ascii") if declared else stated)


def add_page(builder: Builder, markup: str) -> str:
    """Add a page's blocks to ``builder`` and return its title. Raises LoadError when it cannot be parsed."""
    root, too_deep = _parsed(markup)
    if root is None:
        raise LoadError("There is no text in this web page.", "Upload a page that has text in it.", code="no_text")
    if too_deep:
        # Better the bare words than half of them.
        for part in _TAG.sub("\n", _without_unseen(markup)).split("\n"):
            builder.paragraph(" ".join(part.split()))
        return ""
    title = root.findtext(".//head/title") or ""
    before = len(builder.blocks), len(builder.pieces), builder.length
    _Walker(builder).walk(root)
    if all(block.kind == "furniture" for block in builder.blocks[before[0] :]):
        del builder.blocks[before[0] :], builder.pieces[before[1] :]
        builder.length = before[2]
        _Walker(builder, whole=True).walk(root)
        if len(builder.blocks) == before[0]:
            _add_last_resort(builder, root)
    return " ".join(title.split())


def _add_last_resort(builder: Builder, root: Any) -> None:
    """Add what a page without any text says to those who see neither its pictures nor what its scripts make."""
    for element in root.iter("noscript"):
        words = words_of(element)
        if not _ASKS_FOR_SCRIPTS.search(words):
            builder.paragraph(words)
    for picture in root.iter("img"):
        builder.paragraph(" ".join((picture.get("alt") or "").split()))


def visible_text(markup: str) -> str:
    """Return all text of a page that is shown, found without the walk through it; menus only where nothing else is."""
    root, _ = _parsed(markup)
    if root is None:
        return ""
    return " ".join(all_texts(root, markup, menus=True))


def _parsed(markup: str) -> tuple[Any, bool]:
    """Return a page's root (None: there is none) and whether it is nested deeper than the parser follows.

    The last page's is kept until it is asked for once more, for what is not shown is cut from it then.
    """
    from lxml import etree, html

    if _kept and _kept[0][0] == markup:
        return _kept.pop()[1], False
    _kept.clear()

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    try:
        root = html.document_fromstring(_DECLARED.sub("", markup).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None, False
    too_deep = any("depth" in entry.message.lower() for entry in parser.error_log)
    if not too_deep:
        _kept.append((markup, root))
    return root, too_deep


class _Walker:
    """Goes through the tree once, without recursion: pages may be nested thousands deep."""

    def __init__(self, builder: Builder, *, whole: bool = False) -> None:
        self.builder = builder
        self.whole = whole  # also what is left out of most pages, or never searched: menus, page headers
        self.words: list[str] = []
        self.open: list[Any] = []
        self.lists: list[tuple[str, int]] = []
        self.framed: list[Any] = []
        self.heading = 0
        self.exact = 0
        self.item = ""
        self.bold = 0
        self.bold_letters = 0
        self.level = 1

    def walk(self, root: Any) -> None:
        stack: list[tuple[Any, bool]] = [(root, False)]
        while stack:
            element, leaving = stack.pop()
            if leaving:
                self._leave(element)
                self._say(element.tail)
                continue
            if not isinstance(element.tag, str):
                self._say(element.tail)
                continue
            if skips(element, menus=not self.whole) or self._takes_whole(element):
                if element.tag in _BLOCKS:
                    self._flush()
                self._say(element.tail)
                continue
            self._enter(element)
            self._say(element.text)
            stack.append((element, True))
            stack.extend((child, False) for child in reversed(element))
        self._flush()

    def _takes_whole(self, element: Any) -> bool:
        """Take a table of data as one block; a table that only lays out the page is walked like any other part."""
        tag = element.tag
        if tag in _SAID:
            words = said(element)
            self._say(words)
            return words is not None
        if tag == "tr" and (line := row_as_line(element)):
            self._flush()
            self.builder.paragraph(line)
            return True
        table = data_table(element) if tag == "table" else None
        if table is None:
            return False
        self._flush()
        caption = element.find("caption")
        if caption is not None:
            self.builder.paragraph(words_of(caption))
        for title in table.titles:
            self.builder.paragraph(title)
        self.builder.table(table.rows, header=table.header)
        return True

    def _enter(self, element: Any) -> None:
        tag = element.tag
        if tag == "br":
            self.words.append("\n")
        self.bold += _is_bold(element)
        if not self._is_block(element):
            return
        self._flush()
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self.lists.append((tag, _number(element.get("start"), 1)))
        elif tag == "li":
            self.item = self._label()
        elif tag == "pre":
            self.exact += 1
        elif not self.whole and _is_frame(element):
            self.framed.append(element)

    def _leave(self, element: Any) -> None:
        tag = element.tag
        if self._is_block(element):
            self._flush()
        self.bold -= _is_bold(element)
        if tag in _HEADINGS:
            self.heading = 0
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "pre":
            self.exact -= 1
        elif self.framed and self.framed[-1] is element:
            self.framed.pop()

    def _is_block(self, element: Any) -> bool:
        return element.tag in _BLOCKS or (element.tag == "button" and _is_alone(element))

    def _label(self) -> str:
        if not self.lists or self.lists[-1][0] == "ul":
            return "• "
        kind, number = self.lists[-1]
        self.lists[-1] = (kind, number + 1)
        return f"{number}. "

    def _say(self, words: str | None) -> None:
        if words:
            even = self.exact or (words.isprintable() and "  " not in words)  # most are, and need no search
            self.words.append(words if even else _BLANKS.sub(" ", words))
            self.bold_letters += sum(map(str.isalnum, words)) if self.bold else 0

    def _flush(self) -> None:
        text = "".join(self.words)
        self.words = []
        bold = self.bold_letters
        all_bold = bool(bold) and 0 < sum(map(str.isalnum, text)) <= bold and _could_head(text)
        self.bold_letters = 0
        if not self.exact:
            text = _squeezed(text)
        if not text.strip():
            return
        if self.framed:
            self.builder.paragraph(text, "furniture")
        elif self.heading:
            self.builder.heading(text, self.heading)
            self.level = min(self.heading + 1, 6)
        elif self.lists and not self.exact:
            self.builder.item(self.item + text, len(self.lists) - 1)
            self.item = ""
        elif all_bold and not self.exact:
            self.builder.heading(text, self.level)
        else:
            for part in [text] if self.exact else text.split("\n\n"):
                self.builder.paragraph(part.strip("\n") if self.exact else part)


def _squeezed(text: str) -> str:
    """Return text without blanks that a browser does not show."""
    text = text.replace("\xa0", " ")
    if "  " in text:
        text = re.sub(r" {2,}", " ", text)
    if "\n" in text:
        text = re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<! ) *\n *", "\n", text).strip())
    return text.strip()


def _without_unseen(markup: str) -> str:
    """Return a page without comments, scripts and the like; one that is never closed is looked for only once."""
    pieces: list[str] = []
    unclosed: set[str] = set()
    position = 0
    for opening in _OPENS_UNSEEN.finditer(markup):
        name = (opening[1] or "").lower()
        if opening.start() < position or name in unclosed:
            continue
        closing = _CLOSES_UNSEEN[name].search(markup, opening.end())
        if closing is None:
            unclosed.add(name)
            continue
        pieces.append(markup[position : opening.start()])
        position = closing.end()
    return " ".join([*pieces, markup[position:]])


def _is_bold(element: Any) -> bool:
    tag = element.tag
    if tag in ("b", "strong") or (tag == "button" and opens_something(element)):
        return True
    style = (element.get("style") or "").lower()
    return "font-weight" in style and _BOLD.search(style) is not None


def _is_alone(button: Any) -> bool:
    """Tell a button that is no word of a sentence."""
    parent = button.getparent()
    return parent is None or parent.tag not in _HOLD_BUTTONS


def _could_head(text: str) -> bool:
    words = text.strip()
    return (
        len(words) <= 120
        and "\n" not in words
        and words[0] != "("
        and words[-1] not in ".,;"
        and any(map(str.isalpha, words))
    )


def _is_frame(element: Any) -> bool:
    """Tell what frames the page: its own header or footer (not an article's), consent banners, buttons."""
    tag = element.tag
    if tag == "button":
        return not opens_something(element)
    if element.get("role") in ("banner", "contentinfo") or asks_consent(element):
        return True
    if tag not in ("header", "footer"):
        return False
    return not any(parent.tag in ("article", "main", "section") for parent in element.iterancestors())


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.lstrip("-").isdigit() and len(text) < 7 else default
