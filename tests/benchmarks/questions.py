"""Questions with known answers: one JSON object a line, read and checked against a folder of files."""

import codecs
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadQuestion(Exception):
    """A question that cannot be asked; its text is the sentence that says why, with the line's number."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where an answer stands: characters ``start`` to ``end`` of the decoded file, or page ``page`` (from 1)."""

    start: int = 0
    end: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the names of the files that answer it, and where in the one file (spans only with one file)."""

    line: int
    text: str
    documents: tuple[str, ...]
    spans: tuple[Span, ...] = ()


def files_below(folder: Path, leave_out: Path) -> dict[str, Path]:
    """Return the files in a folder by their relative path with forward slashes, hidden ones left out, sorted."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if path.is_file() and not hidden and path.resolve() != leave_out.resolve():
            found[relative.as_posix()] = path
    return found


def read_questions(path: Path, files: Mapping[str, Path]) -> list[Question]:
    """Read a file of questions, one a line; empty lines are passed over. Raises BadQuestion."""
    return [_question(number, given, files) for number, given in read_lines(path)]


def read_lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """Read the JSON objects of a file, each with a "question", and their lines' numbers. Raises BadQuestion."""
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise BadQuestion(f"{path.name} is not UTF-8 text: {error.reason} at byte {error.start}.") from error
    numbered = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not numbered:
        raise BadQuestion(f"{path.name} holds no question.")
    return [(number, _object(number, line)) for number, line in numbered]


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadQuestion(f"Line {number} is not JSON: {error.msg} at column {error.colno}.") from error
    if not isinstance(given, dict):
        raise BadQuestion(f"Line {number} is not a JSON object.")
    text = given.get("question")
    if not isinstance(text, str) or not text.strip():
        raise BadQuestion(f'Line {number} has no "question".')
    return given


def _question(number: int, given: Mapping[str, Any], files: Mapping[str, Path]) -> Question:
    documents = tuple(dict.fromkeys(_file_name(number, name, files) for name in _names(number, given)))
    spans = tuple(_span(number, value) for value in _listed(number, given, "spans"))
    if spans and len(documents) != 1:
        raise BadQuestion(f'Line {number} has "spans" but several documents: which one they stand in is not told.')
    return Question(number, given["question"], documents, spans)


def _names(number: int, given: Mapping[str, Any]) -> list[Any]:
    names = [given["document"]] if "document" in given else _listed(number, given, "documents")
    if not names:
        raise BadQuestion(f'Line {number} has neither "document" nor "documents".')
    return names


def _listed(number: int, given: Mapping[str, Any], key: str) -> list[Any]:
    value = given.get(key, [])
    if not isinstance(value, list):
        raise BadQuestion(f'Line {number}: "{key}" is not a list.')
    return value


def _file_name(number: int, name: Any, files: Mapping[str, Path]) -> str:
    """Return the relative path of the file that is meant: given as such, or by its bare name."""
    if not isinstance(name, str):
        raise BadQuestion(f"Line {number}: a document's name is not a text: {json.dumps(name)}.")
    relative = name.replace("\\", "/").removeprefix("./")
    if relative in files:
        return relative
    meant = [path for path in files if path.rsplit("/", 1)[-1] == relative.rsplit("/", 1)[-1]]
    if len(meant) == 1 and "/" not in relative:
        return meant[0]
    if "/" not in relative and meant:
        raise BadQuestion(f"Line {number}: {name} may be {' or '.join(meant)}; write which one.")
    raise BadQuestion(f"Line {number}: there is no file {name} in the folder.")


def _span(number: int, value: Any) -> Span:
    if isinstance(value, dict) and _is_count(value.get("page"), 1):
        return Span(page=value["page"])
    if isinstance(value, list) and len(value) == 2 and _is_count(value[0], 0) and _is_count(value[1], value[0] + 1):
        return Span(value[0], value[1])
    wanted = 'neither [start, end] with start < end nor {"page": number from 1}'
    raise BadQuestion(f"Line {number}: the span {json.dumps(value)} is {wanted}.")


def _is_count(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def byte_order_mark(data: bytes) -> int:
    """Return how many characters ``bytes.decode()`` gives for the mark in front that a canonical text leaves out."""
    return int(data.startswith(codecs.BOM_UTF8))


def covered(span: Span, passages: Sequence[tuple[int, int]]) -> float:
    """Return the share (0 to 1) of a span's characters that lie in the union of passages (start, end)."""
    found, position = 0, span.start
    for start, end in sorted(passages):
        start, end = max(start, position), min(end, span.end)
        if end > start:
            found += end - start
            position = end
    return found / (span.end - span.start)
