"""Plain text: decoded exactly, character for character; paragraphs are what empty lines part."""

import codecs
import re
from collections.abc import Iterator

from core.load.builder import clean
from core.load.limits import Reading, check_length
from core.load.texts.charsets import codec_of, is_switched
from core.schema import Block, Document, Shortfall
from core.text import counted

LINE_BREAK = re.compile(r"\r\n|\n|\r")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_LISTED = re.compile(r"\s*([-*•·‣◦–]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+\S")
_CHAPTER = re.compile(
    r"(chapter|part|section|book|article|annex|appendix|kapitel|teil|abschnitt|chapitre|cap[ií]tulo)\s+"
    r"([0-9]{1,3}|[ivxlcdm]+)\b.{0,80}",
    re.I,
)
_NUMBERED = re.compile(r"\d{1,2}(\.\d{1,2}){0,3}\.?\s+[^\W\d_].{1,78}")
_GUESSED = "It does not say how its letters are stored; they were read as {}. Check that special letters are right."
_SAVE_AS_UTF8 = "Save it with the encoding UTF-8 (in most editors a choice under “Save as”) and add it again."


def read(data: bytes, reading: Reading) -> Document:
    """Read a plain text. Its canonical text is the decoded file, line breaks included."""
    text, warnings = decode(data)
    check_length(len(text))
    return Document(text=text, blocks=tuple(paragraphs(text)), kind="txt", warnings=warnings)


def decode(data: bytes, stated: str = "") -> tuple[str, tuple[Shortfall, ...]]:
    """Decode a text file: by its byte order mark, as UTF-8, as ``stated``, or by the best guess (with a warning)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return clean(data[len(mark) :].decode(encoding, errors="replace")), ()
    if wide := _wide_encoding(data):
        return clean(data.decode(wide, errors="replace")), ()
    codec = codec_of(stated)
    codec = codec if is_switched(codec) else _switched_codec(data) or codec
    for encoding in (codec, "utf-8") if is_switched(codec) else ("utf-8", codec):
        if (text := _decoded(data, encoding)) is not None:
            return clean(text), ()
    strange = sum(byte > 127 for byte in data[:1_000_000]) + 1
    mended = data.decode("utf-8", errors="replace")
    wrong = mended.count("\ufffd")
    if wrong * 50 < strange or wrong * 1000 < len(mended) < wrong * 100_000:
        return clean(mended), (_damaged(wrong),)
    if codec and (wrong := (mended := data.decode(codec, errors="replace")).count("\ufffd")) * 50 < strange:
        return clean(mended), (_damaged(wrong),)
    encoding = _guess(data)
    return clean(data.decode(encoding, errors="replace")), (
        Shortfall(_GUESSED.format(encoding.replace("_", "-")), _SAVE_AS_UTF8),
    )


def _damaged(count: int) -> Shortfall:
    return Shortfall(f"{counted(count, 'character')} in it {'is' if count == 1 else 'are'} damaged.", _SAVE_AS_UTF8)


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec) if codec else None
    except ValueError:
        return None


def _switched_codec(data: bytes) -> str:
    """Return the codec of a text that switches between sets of letters by escapes: Japanese and Korean mails."""
    if b"\x1b$" not in data[:100_000]:
        return ""
    return next((codec for codec in ("iso2022_jp_ext", "iso2022_kr") if _decoded(data, codec) is not None), "")


def _wide_encoding(data: bytes) -> str:
    """Return the UTF-16 or UTF-32 encoding of a text without a mark, told by where its zero bytes stand."""
    sample = data[:4000]
    quarters = [sample[place::4].count(0) for place in range(4)]
    quarter = max(1, len(sample) // 4)
    if len(sample) < 4 or sum(quarters) < quarter * 0.6:
        return ""
    if quarters[2] > quarter * 0.9 and quarters[3] > quarter * 0.9 and not quarters[0]:
        return "utf-32-le"
    if quarters[0] > quarter * 0.9 and quarters[1] > quarter * 0.9 and not quarters[3]:
        return "utf-32-be"
    return "utf-16-le" if quarters[1] + quarters[3] > quarters[0] + quarters[2] else "utf-16-be"


def _guess(data: bytes) -> str:
    """Guess an encoding; for short texts Western European, where statistics know nothing."""
    strange = sum(byte > 127 for byte in data[:200_000])
    if strange >= 20:
        from charset_normalizer import from_bytes

        best = from_bytes(data[:200_000]).best()
        if best is not None:
            return best.encoding
    return "cp1252"


def spans_of_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each line, its line break left out."""
    start = 0
    for line_break in LINE_BREAK.finditer(text):
        yield start, line_break.start()
        start = line_break.end()
    yield start, len(text)


def paragraphs(text: str, *, headings: bool = True) -> Iterator[Block]:
    """Yield blocks for the runs of lines between empty lines: list, heading (only where it is plain) or paragraph."""
    lines: list[tuple[int, int]] = []
    for start, end in (*spans_of_lines(text), (len(text), len(text))):
        if text[start:end].strip():
            lines.append((start, end))
        elif lines:
            yield _block(text, lines, headings)
            lines = []


def _block(text: str, lines: list[tuple[int, int]], headings: bool) -> Block:
    start, end = lines[0][0], lines[-1][1]
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    words = text[start:end]
    if headings and len(lines) == 1 and (level := _heading_level(words)):
        return Block("heading", start, end, level=level)
    listed = sum(_LISTED.match(text[first:last]) is not None for first, last in lines)
    return Block("list" if listed * 2 > len(lines) or (listed and listed == len(lines)) else "paragraph", start, end)


def _heading_level(words: str) -> int:
    """Return the depth of a line that is a heading beyond doubt: "Chapter 4", "2.1 Scope", or capitals throughout."""
    if len(words) > 90 or (words[-1:] in ".,;:!?-" and not _CHAPTER.fullmatch(words)):
        return 0
    if _CHAPTER.fullmatch(words):
        return 1
    if _NUMBERED.fullmatch(words):
        return min(words.split()[0].rstrip(".").count(".") + 1, 4)
    letters = [character for character in words if character.isalpha()]
    return 2 if len(letters) >= 4 and words.upper() == words and words.lower() != words else 0
