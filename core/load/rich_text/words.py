"""All words that an RTF file itself holds, by cutting its controls off, to compare with what was read."""

import re
from collections.abc import Iterator

from core.load.rich_text.codes import CHARSETS, CODE_PAGES, PAGES, SKIPPED

_CONTROL = r"[a-zA-Z]{1,32}+(?:-?\d{1,10}+)?+"
_BINARY = re.compile(rb"\\bin(\d{1,10}) ?")
_HIGH = re.compile(rb"[\x80-\xff]")
_DIGITS = re.compile(rb"\n[0-9a-fA-F]{60,}+")
_BREAK = re.compile(
    r"\\(?:par|line|tab|(?:nest)?cell|(?:nest)?row|sect|page|softline|lbr|e[mnq]m?space|chpgn)(?![a-zA-Z])"
    r"(?:-?\d{1,9}+)?+ ?|\\[\n\t{}\\~_]"
)
# Of controls stay those that may say what a group is, and how the letters after them are meant; the others leave a NUL.
_IDLE = re.compile(rf"(?<![{{*])(?:\\(?!(?:f|u|uc|v|deleted|plain)(?![a-zA-Z])){_CONTROL} ?|[\n\x00]|\\[|:-])++")
_GROUP = re.compile(r"\{(\\\*)?+(?:\\([a-zA-Z]{1,32}+)(?:-?\d++)?+[ \x00]?+)?+([^{}]*+)\}")
_MEANT = {"f", "u", "uc", "v", "deleted", "plain"}
_STEP = re.compile(r"\\(f|uc|v|deleted|plain)(?![a-zA-Z])(-?\d{0,9})[ \x00]?")
_REST = re.compile(rf"\\(?:{_CONTROL}[ \x00]?|[^'])")
_HEX = re.compile(r"(?:\\'[0-9a-fA-F]{2})++")
_HEX_AND_LETTERS = re.compile(r"\\'[0-9a-fA-F]{2}(?:\\'[0-9a-fA-F]{2}|[ -\[\]-z|~])*+")
_UNICODE = [
    re.compile(rf"\\u(-?\d{{1,7}})[ \x00]?(?:\\'[0-9a-fA-F]{{2}}|[^\\{{}}]){{0,{instead}}}+") for instead in range(3)
]
_SURROGATE = re.compile("[\ud800-\udfff]")
_FONT = re.compile(
    r"\\f(\d{1,5}) ?(?:\\f(?:nil|roman|swiss|modern|script|decor|tech|bidi|prq\d) ?){0,3}+\\fcharset(\d{1,3})"
)
_READ = {"shpinst", "annotation", "do", "moMath", "moMathPara", "ud", "footnote", "shptxt", "dptxbxtext", "shppict"}
_LEFT_OUT = {word.decode() for word in SKIPPED} | {"fonttbl", "stylesheet", "info", "fldinst", "atnauthor"}
_DEEPEST = 40


def words_of(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield an RTF file's text, whatever part it stands in, without what is deleted or hidden."""
    data = _without_binary(data).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    data = _DIGITS.sub(b"", data).replace(b"{\n", b"{").replace(b"{\\*\n", b"{\\*")
    if not data.isascii():
        data = _HIGH.sub(lambda byte: b"\\'%02x" % byte.group()[0], data)
    text = data.decode("ascii")
    letters = _Letters(text, data[:1000].decode("latin-1"))
    text = _IDLE.sub("\x00", _BREAK.sub(" ", text))
    text += "}" * (text.count("{") - text.count("}"))
    for _ in range(_DEEPEST):
        text, found = _GROUP.subn(letters.of_group, text)
        if not found:
            break
    yield "", letters.decoded(text, letters.usual).replace("\x00", "")


def _without_binary(data: bytes) -> bytes:
    pieces, place = [], 0
    while b"\\bin" in data and (match := _BINARY.search(data, place)):
        pieces.append(data[place : match.start()])
        place = match.end() + int(match.group(1))
    return b"".join((*pieces, data[place:]))


class _Letters:
    """Turns what stands in groups into letters; a class, for all of a file's groups do it by the same fonts."""

    def __init__(self, text: str, head: str) -> None:
        self.codecs = {number: CHARSETS[int(kind)] for number, kind in _FONT.findall(text) if int(kind) in CHARSETS}
        page = re.search(r"\\ansicpg(\d{1,5})|\\(mac|pca?)(?![a-z])", head)
        number = int(page.group(1) or 0) if page else 0
        named = PAGES.get((page.group(2) or "").encode()) if page else None
        self.page = named or CODE_PAGES.get(number, f"cp{number}" if number else "cp1252")
        font = re.search(r"\\deff(\d{1,5})", head)
        self.usual = self.codecs.get(font.group(1) if font else "", self.page)
        instead = re.search(r"\\uc(\d)", text)
        self.instead = int(instead.group(1)) if instead else 1

    def of_group(self, group: re.Match[str]) -> str:
        """Return what an innermost group says; letters whose font is that of the group around it stay as they are."""
        starred, word, said = group.groups()
        if word in _LEFT_OUT or (starred and word not in _READ):
            return ""
        if "\\" in said or word in _MEANT:
            said = self.decoded(group.group()[1:-1], "")
        return f" {said} " if word in _READ else f"\x00{said}"

    def decoded(self, text: str, codec: str) -> str:
        pieces, place = [], 0
        instead, seen = self.instead, True
        for step in _STEP.finditer(text):
            if seen:
                pieces.append(self._letters(text[place : step.start()], codec, instead))
            place = step.end()
            word, number = step.groups()
            if word == "f":
                codec = self.codecs.get(number, self.page)
            elif word == "uc":
                instead = int(number or 1)
            else:
                seen = word == "plain" or number == "0"
                codec = self.usual if word == "plain" else codec
        if seen:
            pieces.append(self._letters(text[place:], codec, instead))
        return "".join(pieces)

    def _letters(self, text: str, codec: str, instead: int) -> str:
        if codec == "symbol":
            return " "
        if "\\u" in text:
            text = _UNICODE[max(0, min(instead, 2))].sub(_sign, text)
            if _SURROGATE.search(text):
                text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        if "\\'" in text and codec:
            wide = codec.startswith(("cp9", "gb", "joh", "utf"))
            text = (_HEX_AND_LETTERS if wide else _HEX).sub(lambda run: _decoded(run.group(), codec, self.page), text)
        return _REST.sub("", text) if "\\" in text else text


def _sign(match: re.Match[str]) -> str:
    code = int(match.group(1)) & 0xFFFF
    return chr(code) if code > 0x7F else " "


def _decoded(run: str, *codecs: str) -> str:
    pieces = run.split("\\'")
    data = pieces[0].encode() + b"".join(bytes([int(piece[:2], 16)]) + piece[2:].encode() for piece in pieces[1:])
    for codec in (*codecs, "cp1252"):
        try:
            return data.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")
