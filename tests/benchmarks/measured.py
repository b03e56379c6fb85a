"""What a measure gives back, and how it is run: each in a process of its own, so that none warms or hurts another."""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = PROJECT / "core" / "sample" / "files"
NOTHING_SET = ("DATABASE_URL", "OPENAI_API_BASE", "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "WEAVIATE_URL")
GIVEN_SERVER = ("WEAVIATE_URL", "WEAVIATE_GRPC", "WEAVIATE_API_KEY")
QUIET = {"DO_NOT_TRACK": "1", "HF_HUB_OFFLINE": "1", "SCARF_NO_ANALYTICS": "true", "ANSWERBOOK_LOG_LEVEL": "CRITICAL"}


class Skipped(Exception):
    """A measure that cannot be taken here; its text says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the table. ``most`` is the target it must not exceed, ``least`` the one it must reach."""

    name: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.most is None and self.least is None:
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)


def shared_data() -> Path | None:
    """Return the folder of corpora for measuring, or None where it is not on this machine."""
    folder = Path(os.environ.get("ANSWERBOOK_TEST_DATA") or PROJECT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


def report_pdfs(count: int | None = None) -> list[Path]:
    """Return the quarterly reports to import, the first ``count`` of them; the sample's PDFs where they are away."""
    shared = shared_data()
    found = sorted((shared / "sec_10q" / "documents").glob("*.pdf")) if shared else []
    found = found or sorted(SAMPLES.glob("*.pdf"))
    if not found:
        raise Skipped("There is no PDF: neither ../shared/data/sec_10q nor core/sample/files.")
    return found[:count]


def in_child(function: str, *arguments: Any, seconds: float = 300.0) -> Any:
    """Call ``module:function`` of tests.benchmarks with JSON arguments in a fresh Python; return what it returned.

    Raises Skipped with the reason where the function raised that, failed, or took longer than ``seconds``.
    """
    with tempfile.TemporaryDirectory(prefix="answerbook-bench-") as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "tests.benchmarks.measured", function, json.dumps(arguments), str(answer)]
        environment = {**os.environ, **QUIET, **dict.fromkeys(NOTHING_SET, ""), **_given_server(), "TMPDIR": folder}
        try:
            done = subprocess.run(
                command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise Skipped(f"It took longer than {seconds:.0f} s.") from error
        if not answer.is_file():
            last = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
            raise Skipped(f"It failed: {last[:300]}")
        given = json.loads(answer.read_text(encoding="utf-8"))
    if "skipped" in given:
        raise Skipped(given["skipped"])
    return given["result"]


def _given_server() -> dict[str, str]:
    """The named Weaviate under other names: only the measure that is about it may use it."""
    return {f"MEASURED_{n}": os.environ.get(n) or os.environ.get(f"MEASURED_{n}", "") for n in GIVEN_SERVER}


def lines_from(values: list[dict[str, Any]]) -> list[Line]:
    """Return the lines a child gave back."""
    return [Line(**value) for value in values]


def _main() -> None:
    module, _, name = sys.argv[1].partition(":")
    # Imported under its full name: this module itself runs as __main__, whose Skipped is another class.
    known = importlib.import_module("tests.benchmarks.measured")
    try:
        result = getattr(importlib.import_module(f"tests.benchmarks.{module}"), name)(*json.loads(sys.argv[2]))
        if isinstance(result, list):
            result = [asdict(item) if isinstance(item, known.Line) else item for item in result]
        answer = {"result": result}
    except known.Skipped as why:
        answer = {"skipped": str(why)}
    Path(sys.argv[3]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    _main()
