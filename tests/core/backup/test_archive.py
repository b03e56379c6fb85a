"""A file that is damaged, cut off, foreign, hostile or too new is refused with a sentence, and nothing is changed."""

import hashlib
import json
import random
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import backup
from core.assistants import assistants, lifecycle, sources
from core.backup.archive import MANIFEST
from core.errors import AnswerbookError
from core.operate import copies
from tests.core.backup.machines import Machine, on
from tests.core.work import work_off

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a data folder in it, and a sound backup of it from a moment ago."""
    folder = tmp_path_factory.mktemp("made")
    with on(Machine(folder / "data")):
        assistant = lifecycle.create_assistant("Help")
        sources.add_files(assistant, [("a.txt", b"Parcels cost 10 euros." * 40)])
        work_off()
        with (folder / "all.zip").open("wb") as target:
            backup.write_everything(target)
        lifecycle.create_assistant("Later")
    return folder


@pytest.fixture
def whole(made: Path, data_folder: Path, tmp_path: Path) -> Path:
    """The backup, in an Answerbook of this test alone."""
    shutil.copytree(made / "data", data_folder)
    return shutil.copy(made / "all.zip", tmp_path / "all.zip")


def refused(path: Path) -> str:
    """Restore a file; returns the code of the refusal, and asserts that nothing has changed by it."""
    before = (assistants.assistant_names(), [copy.name for copy in copies()])
    with pytest.raises(AnswerbookError) as error:
        backup.restore(path)
    assert "Nothing was changed" in error.value.remedy
    assert (assistants.assistant_names(), [copy.name for copy in copies()]) == before
    assert list(before[0].values()) == ["Help", "Later"]
    return error.value.code


def changed(path: Path, change: Change) -> Path:
    """Write the file anew with its parts changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    new = path.with_name("changed.zip")
    with zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return new


def told(parts: dict[str, bytes], **values: object) -> None:
    parts[MANIFEST] = json.dumps({**json.loads(parts[MANIFEST]), **values}).encode()


def row_changed(table: str, **values: object) -> Change:
    """Change a table's row as somebody would who can write checksums, too."""

    def change(parts: dict[str, bytes]) -> None:
        name = f"rows/{table}/000001.jsonl"
        lines = [json.loads(line) for line in parts[name].splitlines()]
        lines[0] |= values
        put(parts, table, lines)

    return change


def put(parts: dict[str, bytes], table: str, rows: list[dict[str, Any]]) -> None:
    name, manifest = f"rows/{table}/000001.jsonl", json.loads(parts[MANIFEST])
    parts[name] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
    part = {"name": name, "sha256": hashlib.sha256(parts[name]).hexdigest(), "size": len(parts[name])}
    manifest["tables"][table] = {"rows": len(rows), "parts": [part]}
    parts[MANIFEST] = json.dumps(manifest).encode()


def blob_for_text(body: bytes) -> Change:
    """Put other bytes in the place of the read text, with their checksum."""

    def change(parts: dict[str, bytes]) -> None:
        row = json.loads(parts["rows/parsed/000001.jsonl"])
        parts[f"blobs/{row['body']['blob']}"] = body
        row["body"] |= {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        put(parts, "parsed", [row])

    return change


def unreadable_part(parts: dict[str, bytes]) -> None:
    parts["rows/source/000001.jsonl"] = parts["rows/source/000001.jsonl"].replace(b"a.txt", b"b.txt")


HOSTILE: dict[str, tuple[Change, str]] = {
    "a part is another": (unreadable_part, "backup_damaged"),
    "a part is missing": (lambda parts: parts.pop("rows/source/000001.jsonl"), "backup_damaged"),
    "an original is missing": (lambda parts: parts.pop("blobs/1"), "backup_damaged"),
    "a name leads out": (lambda parts: parts.update({"../../evil.py": b"x"}), "backup_foreign"),
    "a name from the root": (lambda parts: parts.update({"/etc/passwd": b"x"}), "backup_foreign"),
    "a name of Windows": (lambda parts: parts.update({"blobs\\..\\x": b"x"}), "backup_foreign"),
    "no manifest": (lambda parts: parts.pop(MANIFEST), "backup_foreign"),
    "another program's": (lambda parts: told(parts, format="other"), "backup_foreign"),
    "no JSON": (lambda parts: parts.update({MANIFEST: b"{"}), "backup_damaged"),
    "endless nesting": (lambda parts: parts.update({MANIFEST: b"[" * 2_000_000}), "backup_damaged"),
    "a later format": (lambda parts: told(parts, version=2), "backup_newer"),
    "a later Answerbook": (lambda parts: told(parts, revision="9999"), "backup_newer"),
    "no version": (lambda parts: told(parts, version=None), "backup_newer"),
    "one assistant": (lambda parts: told(parts, kind="assistant"), "backup_kind"),
    "a kind that is none": (lambda parts: told(parts, kind="x"), "backup_damaged"),
    "tables that are none": (lambda parts: told(parts, tables={"x": 3}), "backup_damaged"),
    "a table nobody has": (lambda parts: put(parts, "sqlite_master", [{"x": 1}]), "backup_damaged"),
    "a column nobody has": (row_changed("source", evil=1), "backup_damaged"),
    "a number for a text": (row_changed("source", name=7), "backup_damaged"),
    "a text for a number": (row_changed("version", size="7; DROP TABLE"), "backup_damaged"),
    "too large a number": (row_changed("version", size=2**40), "backup_damaged"),
    "too long a name": (row_changed("source", name="x" * 5000), "backup_damaged"),
    "no moment": (row_changed("source", created_at="yesterday"), "backup_damaged"),
    "a row of nobody": (row_changed("source", assistant_id="0" * 32), "backup_damaged"),
    "an index of nobody": (row_changed("assistant", generation_id="0" * 32), "backup_damaged"),
    "bytes that are none": (row_changed("original", body="x"), "backup_damaged"),
    "bytes from elsewhere": (
        row_changed("original", body={"blob": "../../x", "size": 1, "sha256": ""}),
        "backup_damaged",
    ),
    "a text that is none": (blob_for_text(b"no zlib"), "backup_damaged"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused(whole: Path, case: str) -> None:
    change, code = HOSTILE[case]
    assert refused(changed(whole, change)) == code


def test_a_cut_off_file_is_refused_wherever_it_ends(whole: Path) -> None:
    body, path = whole.read_bytes(), whole.with_name("cut.zip")
    for part in range(1, 10):
        path.write_bytes(body[: len(body) * part // 10])
        assert refused(path) == "backup_damaged"


def test_one_flipped_bit_is_noticed_anywhere(whole: Path) -> None:
    """Or it changes nothing: not every bit of a zip means something."""
    body, path = whole.read_bytes(), whole.with_name("flipped.zip")
    for place in random.Random(7).sample(range(len(body)), 60):
        path.write_bytes(body[:place] + bytes([body[place] ^ 8]) + body[place + 1 :])
        try:
            backup.restore(path)
        except AnswerbookError as error:
            assert error.code.startswith("backup_"), place  # noqa: PT017
        else:
            assert list(assistants.assistant_names().values()) == ["Help"]
            lifecycle.create_assistant("Later")


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7", b"SQLite format 3\0" + bytes(500), b"PK\x05\x06" + bytes(18)])
def test_other_files_are_refused(whole: Path, body: bytes) -> None:
    path = whole.with_name("other.zip")
    path.write_bytes(body)
    assert refused(path) == "backup_foreign"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(whole: Path) -> None:
    path = whole.with_name("bomb.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made, made.open("blobs/1", "w") as part:
        for _ in range(1100):
            part.write(bytes(1_000_000))
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(MANIFEST, "{}")
    assert path.stat().st_size < 2_000_000
    assert refused(path) == "backup_bomb"


def test_a_text_that_grows_without_end_is_refused(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.backup.stage.LARGEST_TEXT", 10_000_000)
    assert refused(changed(whole, blob_for_text(zlib.compress(bytes(11_000_000))))) == "backup_damaged"


def test_a_part_that_says_it_is_smaller_than_it_is(whole: Path) -> None:
    """The sizes of the zip's own list are not believed either: what comes out is counted."""
    body = bytearray(whole.read_bytes())
    place = body.rindex(b"PK\x01\x02", 0, body.rindex(MANIFEST.encode()) - 46)
    struct.pack_into("<L", body, place + 24, 10)
    path = whole.with_name("sizes.zip")
    path.write_bytes(bytes(body))
    assert refused(path) == "backup_damaged"
