"""RTF to its lines and tables: the text in the order a reader sees it, what stands beside it in parts of its own."""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from core.load.limits import check_length
from core.load.office.elements import PAGE_NUMBER
from core.load.rich_text.codes import (
    BOXES,
    CHARSETS,
    CODE_PAGES,
    FOLLOWED,
    FOOTERS,
    HEADERS,
    PAGES,
    READ_ALL_THE_SAME,
    SIGNS,
    SKIPPED,
)
from core.load.rich_text.flow import Flow, Line
from core.load.word.symbols import symbol

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)", re.DOTALL
)
_NEXT_BRACE = re.compile(rb"\\bin(\d{1,10}) ?|\\.|[{}]", re.DOTALL)
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik)\s+([1-9])\b", re.I)
_PAGE_FIELD = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b", re.I)


class State(NamedTuple):
    """What holds within a group: what it is, the text that is added to, and how it is written."""

    flow: Flow
    kind: bytes = b""
    skipped: bool = False
    font: int = 0
    instead: int = 1
    hidden: bool = False
    deleted: bool = False
    boxed: bool = False


@dataclass
class RichText:
    """An RTF file's text in its parts, and how many of its letters are hidden."""

    body: Flow = field(default_factory=Flow)
    headers: list[Flow] = field(default_factory=list)
    footers: list[Flow] = field(default_factory=list)
    notes: list[Flow] = field(default_factory=list)
    title: str = ""
    hidden: int = 0


def rich_text(data: bytes) -> RichText:
    """Read an RTF file. Raises LoadError (too_large)."""
    reader = _Reader(data)
    reader.run()
    return reader.found


class _Reader:
    """Goes through the file once. A class, for each control word may change any part of what is known."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.found = RichText()
        self.state = State(self.found.body)
        self.outer: list[State] = []
        self.code_page = "cp1252"
        self.codecs: dict[int, str] = {}
        self.font_names: dict[int, str] = {}
        self.levels: dict[int, int] = {}
        self.style = 0
        self.default_font = 0
        self.pending = bytearray()
        self.starred = False
        self.author = ""
        self.page_field = False
        self.to_skip = 0
        self.length = 0

    def run(self) -> None:
        place = 0
        while place < len(self.data):
            if self.state.skipped:
                place = self._after_group(place)
                continue
            token = _TOKEN.match(self.data, place)
            if token is None:
                place += 1
                continue
            place = token.end()
            word, number, code, sign, brace, text = token.groups()
            if text is not None or code is not None:
                self._add_bytes(text if code is None else bytes([int(code, 16)]))
                continue
            if brace is None and word is None and sign is None:
                continue
            self._flush()
            if brace == b"{":
                self._open(place)
            elif brace == b"}":
                self._close()
            elif sign == b"*":
                self.starred = self.data[place - 3 : place - 2] == b"{"
            elif sign is not None:
                self._say(SIGNS.get(sign, ""))
            elif word == b"bin":
                place += max(0, int(number or 0))
            elif word in FOLLOWED or self.starred or word.endswith(b"Pr"):
                self._read_word(word, int(number) if number else None)
        self._flush()
        self.found.body.finish()

    def _after_group(self, place: int) -> int:
        """Go on to the end of a group that holds no text, whatever is in it."""
        depth = 1
        while brace := _NEXT_BRACE.search(self.data, place):
            place = brace.end()
            if brace.group(1):
                place += int(brace.group(1))
            elif brace.group() in b"{}":
                depth += 1 if brace.group() == b"{" else -1
                if not depth:
                    self._close()
                    return place
        return len(self.data)

    def _open(self, place: int) -> None:
        self.outer.append(self.state)
        self.starred, self.to_skip = False, 0
        if self.state.kind == b"stylesheet":
            self.style = 0
        elif self.state.kind == b"upr":
            # A text given twice, for old programs and in Unicode: the second is read.
            second = self.data[place : place + 5] == b"\\*\\ud"
            self.state = self.state._replace(kind=b"", skipped=not second)

    def _close(self) -> None:
        if not self.outer:
            return
        ended, self.state = self.state, self.outer.pop()
        self.starred, self.to_skip = False, 0
        if ended.kind == b"stylesheet" and (match := _HEADING.match(ended.flow.taken())):
            self.levels[self.style] = int(match.group(1))
        if ended.kind == self.state.kind and ended.flow is self.state.flow:
            return
        above = self.state.flow
        if ended.kind == b"fldinst":
            self.page_field = bool(_PAGE_FIELD.match(ended.flow.text()))
        elif ended.kind == b"field":
            self.page_field = False
        elif ended.kind == b"atnauthor":
            self.author = " ".join(ended.flow.text().split())
        elif ended.kind == b"annotation":
            if text := ended.flow.text():
                above.beside.append(Line(f"Comment by {self.author}: {text}" if self.author else f"Comment: {text}"))
            self.author = ""
        elif ended.kind in BOXES:
            above.beside += ended.flow.finish().lines
        elif ended.kind == b"title":
            self.found.title = ended.flow.text()

    def _read_word(self, word: bytes, number: int | None) -> None:
        if (self.starred and word not in READ_ALL_THE_SAME) or word in SKIPPED:
            self.state = self.state._replace(skipped=True)
        elif word == b"u":
            self._say_unicode(number or 0)
        elif word in SIGNS:
            self._say(SIGNS[word])
        elif not (self._part(word) or self._form(word, number) or self._letters(word, number)):
            self._table(word)
        self.starred = False

    def _part(self, word: bytes) -> bool:
        """Begin a part of its own; tell whether ``word`` does that."""
        if word == b"footnote" or word in HEADERS or word in FOOTERS:
            found = self.found
            flow = Flow()
            (found.headers if word in HEADERS else found.footers if word in FOOTERS else found.notes).append(flow)
            self.state = self.state._replace(kind=word, flow=flow, hidden=False)
        elif word in BOXES and self.state.boxed:
            self.state.flow.end_paragraph()  # a box within a box is read on
        elif word in BOXES:
            self.state = self.state._replace(kind=word, flow=Flow(), hidden=False, boxed=True)
        elif word in (b"annotation", b"atnauthor", b"title", b"fldinst", b"fonttbl", b"stylesheet"):
            self.state = self.state._replace(kind=word, flow=Flow(), hidden=False)
        elif word in (b"upr", b"field"):
            self.state = self.state._replace(kind=word)
        else:
            return word in READ_ALL_THE_SAME or (word.endswith(b"Pr") and self._skip_rest())
        return True

    def _skip_rest(self) -> bool:
        self.state = self.state._replace(skipped=True)
        return True

    def _form(self, word: bytes, number: int | None) -> bool:
        """Follow what hides, deletes or ends text, and a paragraph's style; tell whether ``word`` does that."""
        flow = self.state.flow
        if word in (b"par", b"sect", b"page"):
            flow.end_paragraph()
        elif word == b"pard":
            flow.in_table, flow.level = False, 0
        elif word == b"plain":
            self.state = self.state._replace(hidden=False, deleted=False, font=self.default_font)
        elif word in (b"v", b"deleted"):
            shown = number == 0
            state = self.state
            self.state = state._replace(hidden=not shown) if word == b"v" else state._replace(deleted=not shown)
        elif word == b"s":
            self.style = number or 0
            flow.level = self.levels.get(self.style, 0)
        elif word == b"outlinelevel":
            flow.level = (number or 0) + 1 if (number or 0) < 9 else 0
            if self.state.kind == b"stylesheet":
                self.levels[self.style] = flow.level
        elif word in (b"listtext", b"pntext"):
            flow.listed = True
        elif word == b"chpgn":
            self._say(PAGE_NUMBER)
        else:
            return False
        return True

    def _letters(self, word: bytes, number: int | None) -> bool:
        """Follow how letters are written: fonts and code pages; tell whether ``word`` says that."""
        if word == b"f" or (word == b"deff" and number is not None):
            self.state = self.state._replace(font=number or 0)
            if word == b"deff":
                self.default_font = number or 0
        elif word == b"fcharset" and number in CHARSETS:
            self.codecs[self.state.font] = CHARSETS[number]
        elif word == b"cpg" or (word == b"ansicpg" and number):
            page = CODE_PAGES.get(number or 0, f"cp{number}")
            if _is_codec(page):
                if word == b"cpg":
                    self.codecs[self.state.font] = page
                else:
                    self.code_page = page
        elif word in PAGES:
            self.code_page = PAGES[word]
        elif word == b"uc":
            self.state = self.state._replace(instead=max(0, min(number or 0, 8)) if number is not None else 1)
        else:
            return False
        return True

    def _table(self, word: bytes) -> None:
        flow = self.state.flow
        if word == b"intbl":
            flow.in_table = True
        elif word == b"trowd":
            flow.merged, flow.next_merged = [], False
        elif word == b"clvmrg":
            flow.next_merged = True
        elif word == b"cellx":
            flow.merged.append(flow.next_merged)
            flow.next_merged = False
        elif word == b"cell":
            flow.cells.append(flow.taken())
        elif word == b"row":
            flow.end_row()

    def _add_bytes(self, text: bytes) -> None:
        """Add letters as they are written, but those that only stand in for a Unicode sign before them."""
        if self.to_skip:
            skipped = min(self.to_skip, len(text))
            self.to_skip -= skipped
            text = text[skipped:]
        self.pending += text

    def _flush(self) -> None:
        if not self.pending:
            return
        text = bytes(self.pending)
        self.pending.clear()
        if self.state.kind == b"fonttbl":
            self.font_names[self.state.font] = text.decode("latin-1").strip("; ")
        codec = self.codecs.get(self.state.font, self.code_page)
        if codec == "symbol":
            self._say("".join(symbol(self.font_names.get(self.state.font, "Symbol"), code) for code in text))
        else:
            self._say(_decoded(text, codec, self.code_page))

    def _say_unicode(self, number: int) -> None:
        self.to_skip = self.state.instead
        code = number & 0xFFFF if number < 0x10000 else number
        if 0xF020 <= code <= 0xF0FF:
            self._say(symbol(self.font_names.get(self.state.font, "Symbol"), code))
        elif 0xDC00 <= code < 0xE000 and self.state.flow.words and "\ud800" <= self.state.flow.words[-1] < "\udc00":
            first = self.state.flow.words.pop()
            self._say(chr(0x10000 + ((ord(first) - 0xD800) << 10) + code - 0xDC00))
        elif 0 < code <= 0x10FFFF:
            self._say(chr(code))

    def _say(self, text: str) -> None:
        state = self.state
        if not text or state.deleted:
            return
        if state.hidden:
            self.found.hidden += sum(map(str.isprintable, text.strip()))
            return
        if self.page_field and state.kind not in (b"fldinst", b"fonttbl"):
            text = PAGE_NUMBER
        self.length += len(text)
        check_length(self.length)
        state.flow.words.append(text)


def _decoded(text: bytes, *codecs: str) -> str:
    """Return letters by the first code page that knows them all; a dash is often said to be of a Japanese font."""
    for codec in (*codecs, "cp1252"):
        try:
            return text.decode(codec)
        except UnicodeDecodeError:
            continue
    return text.decode(codecs[0], "replace")


def _is_codec(name: str) -> bool:
    import codecs

    try:
        return name == "symbol" or bool(codecs.lookup(name))
    except LookupError:
        return False
