"""The one file of a backup: a zip of rows (JSON lines) and raw blobs, with a checksum of each part; no database's file.

``answerbook.json`` says what it is and lists the parts of rows with their SHA-256; a row says the SHA-256 and size of
each blob of its own. Nothing is ever unpacked to a name that stands in the file.
"""

import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

from core.errors import AnswerbookError

FORMAT, FORMAT_VERSION = "answerbook-backup", 1
MANIFEST = "answerbook.json"
Kind = Literal["everything", "assistant"]
PART_BYTES = 4_000_000  # rows are cut into parts of about this size, so that few lie in memory
LARGEST_MANIFEST = 64_000_000
LARGEST_PART = 512_000_000  # one row may be long
LARGEST_BLOB = 1_000_000_000  # what SQLite takes of one value
# Rows of a database shrink to a tenth, texts to a fifth. A small file that says it is this much more is no backup.
BOMB_BYTES, BOMB_RATIO = 1_000_000_000, 100
_NAMES = re.compile(r"answerbook\.json|rows/[a-z_]{1,60}/\d{6}\.jsonl|blobs/\d{1,9}")
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_STEP = 1_000_000
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a table: the part's name in the zip, its checksum and size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(slots=True)
class TableParts:
    """A table's rows: how many, and the parts they stand in."""

    rows: int = 0
    parts: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file says of itself. ``revision``: the version of the tables; ``made_at``: ISO, UTC."""

    kind: Kind
    made_at: str
    made_by: str
    revision: str
    tables: dict[str, TableParts]


def damaged() -> AnswerbookError:
    """Return what to say of a file that is not what it was when it was written."""
    return AnswerbookError(
        "This backup is damaged or was cut off: it is not what it was when it was made.",
        "Nothing was changed. Copy or download the file again, or take another one.",
        code="backup_damaged",
    )


def foreign() -> AnswerbookError:
    """Return what to say of a file that Answerbook has not made."""
    return AnswerbookError(
        "This file is no backup of Answerbook.",
        "Nothing was changed. Choose a file that Answerbook has made.",
        code="backup_foreign",
    )


def too_new() -> AnswerbookError:
    """Return what to say of a file that a later Answerbook has made."""
    return AnswerbookError(
        "This backup was made by a newer version of Answerbook.",
        "Nothing was changed. Install that version or a later one, then restore it there.",
        code="backup_newer",
    )


# --- Writing --------------------------------------------------------------------------------------------------------


class Writer:
    """Writes a file part by part to anything that takes bytes; complete only after ``finish``."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._tables: dict[str, TableParts] = {}
        self._lines: list[bytes] = []
        self._waiting = 0
        self._blobs = 0

    def blob(self, data: bytes, *, packed: bool = False) -> dict[str, Any]:
        """Write raw bytes (``packed``: they would not get smaller) and return what the row says in their place."""
        self._blobs += 1
        name = f"blobs/{self._blobs}"
        self._zip.writestr(name, data, zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED)
        return {"blob": self._blobs, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    def row(self, table: str, values: dict[str, Any]) -> None:
        """Add a row of a table; all rows of a table come one after the other, then ``end_table``."""
        kept = self._tables.setdefault(table, TableParts())
        kept.rows += 1
        self._lines.append(json.dumps(values, separators=(",", ":")).encode() + b"\n")
        self._waiting += len(self._lines[-1])
        if self._waiting >= PART_BYTES:
            self.end_table(table)

    def end_table(self, table: str) -> None:
        """Write the rows that wait, if any."""
        kept = self._tables.setdefault(table, TableParts())
        if not self._lines:
            return
        body, self._lines, self._waiting = b"".join(self._lines), [], 0
        name = f"rows/{table}/{len(kept.parts) + 1:06}.jsonl"
        self._zip.writestr(name, body)
        kept.parts.append(Part(name, hashlib.sha256(body).hexdigest(), len(body)))

    def finish(self, kind: Kind, made_at: str, made_by: str, revision: str) -> None:
        """Write what the file is, last, and close it: without that it is no backup."""
        told = asdict(Manifest(kind, made_at, made_by, revision, self._tables))
        body = json.dumps({"format": FORMAT, "version": FORMAT_VERSION, **told, "blobs": self._blobs}, indent=1)
        self._zip.writestr(MANIFEST, body)
        self._zip.close()

    def give_up(self) -> None:
        """Leave it as it is, cut off: whoever is to read it is told so."""
        self._zip.fp = None  # else it would be ended later, by the collector of garbage


# --- Reading --------------------------------------------------------------------------------------------------------


class Archive:
    """A file opened to be read; it is one of ours by all that can be said before its parts are read.

    Raises AnswerbookError (codes "backup_foreign", "backup_damaged", "backup_newer").
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except _FAULTS as error:
            raise _unopened(path) from error
        try:
            self.manifest = self._read_manifest()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> "Archive":
        """Stay open until the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._zip.close()

    @property
    def size(self) -> int:
        """How many bytes are in it when nothing is packed."""
        return sum(entry.file_size for entry in self._zip.infolist())

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Read a table's rows one after the other, each part held against its checksum first."""
        known, seen = self.manifest.tables[table], 0
        for part in known.parts:
            for line in self._bytes(part.name, part.size, part.sha256, LARGEST_PART).splitlines():
                row = _json(line)
                if not isinstance(row, dict):
                    raise damaged()
                seen += 1
                yield row
        if seen != known.rows:
            raise damaged()

    def blob(self, told: object) -> bytes:
        """Return the bytes that a row tells of, held against their checksum."""
        if not isinstance(told, dict) or {name: type(told.get(name)) for name in ("blob", "size", "sha256")} != {
            "blob": int,
            "size": int,
            "sha256": str,
        }:
            raise damaged()
        return self._bytes(f"blobs/{told['blob']}", told["size"], told["sha256"], LARGEST_BLOB)

    def _bytes(self, name: str, size: int, sha256: str, largest: int) -> bytes:
        """Read a part whole. It never gives out more than it says it has, and no more than ``largest``."""
        try:
            entry = self._zip.getinfo(name)
            if not entry.file_size == size <= largest:
                raise damaged()
            digest, pieces = hashlib.sha256(), []
            with self._zip.open(entry) as part:
                while piece := part.read(_STEP):
                    digest.update(piece)
                    pieces.append(piece)
        except _FAULTS as error:
            raise damaged() from error
        if digest.hexdigest() != sha256:
            raise damaged()
        return b"".join(pieces)

    def _read_manifest(self) -> Manifest:
        entries = self._zip.infolist()
        names = [entry.filename for entry in entries]
        if MANIFEST not in names or any(not _NAMES.fullmatch(name) for name in names):
            raise foreign()
        if len(set(names)) != len(names) or any(_unusual(entry) for entry in entries):
            raise damaged()
        _refuse_bomb(entries)
        if self._zip.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise damaged()
        try:
            told = _json(self._zip.read(MANIFEST))
        except _FAULTS as error:
            raise damaged() from error
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise foreign()
        if not isinstance(told.get("version"), int) or told["version"] > FORMAT_VERSION:
            raise too_new()
        try:
            return _manifest(told)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise damaged() from error


def _unopened(path: Path) -> AnswerbookError:
    """Return what to say of a file that is no whole zip: a cut-off one still begins like one."""
    try:
        with path.open("rb") as file:
            return damaged() if file.read(4) == b"PK\x03\x04" else foreign()
    except OSError:
        return foreign()


def _unusual(entry: zipfile.ZipInfo) -> bool:
    """A part that is locked, or packed in a way that we never use."""
    return bool(entry.flag_bits & 0x1) or entry.compress_type not in _WAYS


def _refuse_bomb(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse a file that would grow out of all measure, before anything of it is unpacked."""
    whole, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if whole > BOMB_BYTES and whole > BOMB_RATIO * packed:
        raise AnswerbookError(
            "This file would grow to many times its size when it is opened; no backup does.",
            "Nothing was changed. Choose a file that Answerbook has made.",
            code="backup_bomb",
        )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise damaged() from error


def _manifest(told: dict[str, Any]) -> Manifest:
    """Read what a file says of itself. Raises KeyError, TypeError, ValueError, AttributeError for any other shape."""
    if told["kind"] not in ("everything", "assistant"):
        raise ValueError(told["kind"])
    tables = {}
    for table, kept in told["tables"].items():
        parts = [Part(str(part["name"]), str(part["sha256"]), int(part["size"])) for part in kept["parts"]]
        tables[str(table)] = TableParts(int(kept["rows"]), parts)
    made_at, made_by, revision = (str(told[name])[:64] for name in ("made_at", "made_by", "revision"))
    return Manifest(told["kind"], made_at, made_by, revision, tables)
