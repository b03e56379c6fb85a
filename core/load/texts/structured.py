"""JSON as its reader would write it down: names and values in lines, lists of like objects as tables."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.load.builder import Builder
from core.load.limits import Reading
from core.load.texts import plain
from core.load.texts.plain import decode
from core.schema import BlockKind, Document

_DEEPEST = 5
_MOST_COLUMNS = 40
_LONGEST_CELL = 300
_LONGEST_LINE = 200
_NAMES = ("title", "name", "question", "label", "subject", "heading", "headline", "id")
_MARKUP = re.compile(r"</?(p|br|div|span|a|b|i|strong|em|ul|ol|li|h[1-6]|table)\b[^<>]*>", re.I)
_BLANKS = re.compile(r"[\s,\x1e]*")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"(\s*+:\s*+(?:null|""|\[\s*+\]|\{\s*+\}))?')


@dataclass
class HeadedBuilder(Builder):
    """A builder that adds a heading only when something comes below it."""

    waiting: list[tuple[int, str]] = field(default_factory=list)

    def heading(self, text: str, level: int) -> None:
        """Hold a heading back until there are words below it."""
        self.waiting = [each for each in self.waiting if each[0] < level]
        self.waiting.append((level, text))

    def table(self, rows: Sequence[Sequence[str]], *, header: bool | None = None) -> None:
        """Add a table below the headings that wait."""
        self._add_waiting()
        super().table(rows, header=header)

    def _block(self, kind: BlockKind, text: str, level: int = 0) -> None:
        if kind != "heading" and text.strip():
            self._add_waiting()
        super()._block(kind, text, level)

    def _add_waiting(self) -> None:
        waiting, self.waiting = self.waiting, []
        for level, text in waiting:
            super().heading(text, level)


def read(data: bytes, reading: Reading) -> Document:
    """Read JSON, or one JSON value a line; what is neither is read as the text that it is."""
    text, warnings = decode(data)
    try:
        value = _parsed(text)
    except (ValueError, RecursionError):
        return plain.read(data, reading)
    builder = HeadedBuilder(warnings=list(warnings))
    _add(builder, value, 1)
    if not builder.blocks:
        return plain.read(data, reading)  # names alone
    title = value.get("title") or value.get("name") if isinstance(value, dict) else ""
    return builder.document("json", title=title if isinstance(title, str) else "")


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the strings of the file, among them the names of what is not empty."""
    text = decode(data)[0]
    strings = (match[1] for match in _STRING.finditer(text) if not match[2])
    joined = "\n".join(json.loads(f'"{each}"', strict=False) if "\\" in each else each for each in strings)
    yield "", _MARKUP.sub(" ", joined)


def _parsed(text: str) -> Any:
    """Return the value of a text, of several one behind the other their list. Raises ValueError, RecursionError."""
    # Numbers stay as they are written: 149.00 is a price.
    decoder = json.JSONDecoder(parse_float=str, parse_int=str, strict=False, object_pairs_hook=_object)
    values: list[Any] = []
    place = _BLANKS.match(text, 1 if text.startswith("\ufeff") else 0).end()  # type: ignore[union-attr]  # it matches nothing, too
    while place < len(text):
        value, place = decoder.raw_decode(text, place)
        if not isinstance(value, (dict, list)):
            raise ValueError("a bare word")
        values.append(value)
        place = _BLANKS.match(text, place).end()  # type: ignore[union-attr]  # it matches nothing, too
    return values[0] if len(values) == 1 else values


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; of values of one name none is lost."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    gathered: dict[str, list[Any]] = {}
    for name, value in pairs:
        gathered.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in gathered.items()}


def _add(builder: Builder, value: Any, level: int) -> None:
    if isinstance(value, dict):
        _add_object(builder, value, level)
    elif isinstance(value, list):
        _add_list(builder, value, level)
    else:
        builder.paragraph(shown(value))


def _add_object(builder: Builder, value: dict[str, Any], level: int) -> None:
    lines: list[str] = []
    for name, inner in value.items():
        words = _in_line(inner)
        if words is not None and len(words) <= _LONGEST_LINE and "\n" not in words:
            if words:
                lines.append(f"{name}: {words}")
            continue
        builder.paragraph("\n".join(lines))
        lines = []
        if words is not None:
            builder.paragraph(f"{name}: {words}")
        elif level > _DEEPEST:
            add_lines(builder, flat(inner, name))
        else:
            builder.heading(name, level)
            _add(builder, inner, level + 1)
    builder.paragraph("\n".join(lines))


def _add_list(builder: Builder, values: list[Any], level: int) -> None:
    if values and all(isinstance(value, list) and _in_line(value) is not None for value in values):
        builder.table([[shown(cell) for cell in row] for row in values])
        return
    records = [record for value in values if isinstance(value, dict) and (record := _record(value))]
    if len(records) == len(values) > 1 and add_records(builder, records):
        return
    for value in values:
        if isinstance(value, dict):
            names = (value.get(name) for name in _NAMES)
            name = next((name for name in names if isinstance(name, str) and 0 < len(name) <= _LONGEST_LINE), "")
            if len(values) > 1 and name:
                builder.heading(name, min(level, 6))
            if level > _DEEPEST:
                add_lines(builder, flat(value, ""))
            else:
                _add_object(builder, value, level + 1)
        elif isinstance(value, list):
            add_lines(builder, flat(value, ""))
        elif words := shown(value):
            builder.item(f"• {words}")


def _record(value: dict[str, Any]) -> dict[str, str] | None:
    """Return an object as one row, names of what is within it joined by dots; None where something is there twice."""
    fields = list(flat(value, ""))
    record = dict(fields)
    return record if len(record) == len(fields) else None


def add_records(builder: Builder, records: list[dict[str, str]]) -> bool:
    """Add records of like fields as a table; False where they are too unlike, or too long for cells."""
    columns = list(dict.fromkeys(name for record in records for name in record))
    filled = sum(map(len, records))
    if not 1 < len(columns) <= _MOST_COLUMNS or filled * 2 < len(columns) * len(records):
        return False
    if any(len(words) > _LONGEST_CELL or "\n" in words for record in records for words in record.values()):
        return False
    builder.table([columns, *([record.get(name, "") for name in columns] for record in records)], header=True)
    return True


def add_lines(builder: Builder, fields: Iterator[tuple[str, str]]) -> None:
    """Add fields as lines "name: words"."""
    builder.paragraph("\n".join(f"{name}: {words}" if name else words for name, words in fields))


def flat(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a value of any depth with the names that lead to them: "address.city"."""
    stack: list[tuple[str, Any]] = [(name, value)]
    while stack:
        path, inner = stack.pop()
        words = _in_line(inner)
        if words is not None:
            if words:
                yield path, words
        elif isinstance(inner, dict):
            stack.extend((f"{path}.{key}" if path else key, each) for key, each in reversed(inner.items()))
        else:
            stack.extend((path, each) for each in reversed(inner))


def shown(value: Any) -> str:
    """Return a single value as words; markup in it is left out."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if "<" in value and _MARKUP.search(value):
        from lxml import html

        from core.load.web.parts import words_of

        return words_of(html.fragment_fromstring(value, create_parent=True))
    return value.strip()


def _in_line(value: Any) -> str | None:
    """Return a single value, or several without names, as words; None for what has parts of its own."""
    if isinstance(value, dict):
        return None if value else ""
    if isinstance(value, list):
        if any(isinstance(inner, (dict, list)) for inner in value):
            return None
        return ", ".join(filter(None, map(shown, value)))
    return shown(value)
