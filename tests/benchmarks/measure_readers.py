"""How fast each type of file is read, without starting a process; also against an older checkout, file by file.

Both checkouts read in turns, each in one process of its own, so that other load on the machine hits both alike; and
what is counted are the processor's seconds.
"""

import io
import json
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any, cast

from core.load.sandbox import child_environment
from tests.benchmarks.floor import read_pdf
from tests.benchmarks.made_files import made_files
from tests.benchmarks.measured import PROJECT, SAMPLES, Line, Skipped

CASES = PROJECT / "tests" / "core" / "load" / "cases"
SAME = {"htm": "html", "xhtml": "html", "markdown": "md", "tsv": "csv", "docm": "docx", "xlsm": "xlsx", "pptm": "pptx"}
TYPES = (
    "pdf", "docx", "doc", "pptx", "ppt", "xlsx", "xls", "xlsb", "odt", "odp", "ods", "epub", "rtf", "html", "mht",
    "eml", "msg", "mbox", "md", "csv", "txt", "json", "xml", "srt",
)  # fmt: skip
ROUNDS = 5
LONG = 3.0  # seconds: a file that takes longer is read twice only
MOST_BYTES = 20_000_000
Reader = subprocess.Popen[str]


@dataclass(slots=True)
class Times:
    """The seconds of one file by round, today and before; empty where it was refused."""

    kind: str
    path: Path
    after: list[float] = field(default_factory=list)
    before: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return min(self.after) / min(self.before)


def by_type(quick: bool, against: str = "", folder: str = "") -> list[Line]:
    """Read made files, the sample's and the cases', or all of ``folder``: seconds by type, best of several rounds.

    ``against`` is a revision of git: the lines then are ratios after/before, of the files that both can read.
    """
    with tempfile.TemporaryDirectory(prefix="answerbook-readers-") as made, ExitStack() as readers:
        files = _files(Path(folder).resolve() if folder else None, Path(made))
        after = readers.enter_context(_reader(PROJECT))
        before = None
        if against:
            _checkout(against, Path(made) / "before")
            before = readers.enter_context(_reader(Path(made) / "before"))
        taken = [_timed(kind, path, after, before, 2 if quick else ROUNDS) for kind, path in files]
        read = {times.path for times in taken if times.after}
        floor = 0.0 if against else _floor([path for kind, path in files if kind == "pdf" and path in read])
    lines = []
    for kind in TYPES:
        of_kind = [times for times in taken if times.kind == kind]
        if not of_kind:
            continue
        lines += _compared(kind, of_kind) if against else [_seconds(kind, of_kind)]
        if kind == "pdf" and floor:
            lines.append(Line("pdf / bare pypdfium2", lines[-1].value / floor, "times"))
    return lines


def _files(folder: Path | None, made: Path) -> list[tuple[str, Path]]:
    """Return the files to read with their types; the made ones are written to ``made``."""
    if folder is not None:
        if not folder.is_dir():
            raise Skipped(f"There is no folder {folder}.")
        found = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size <= MOST_BYTES)
    else:
        for name, data in made_files().items():
            (made / name).write_bytes(data)
        found = [path for place in (made, SAMPLES, CASES) for path in sorted(place.glob("*.*"))]
    kinds = [(path.suffix[1:].lower(), path) for path in found]
    return [(kind, path) for suffix, path in kinds if (kind := SAME.get(suffix, suffix)) in TYPES]


def _checkout(revision: str, folder: Path) -> None:
    """Put the code of a revision into ``folder``; nothing of it is left in the repository, however this ends."""
    packed = subprocess.run(["git", "archive", revision, "core"], cwd=PROJECT, capture_output=True, check=False)
    if packed.returncode:
        raise Skipped(f"git has no {revision}: {packed.stderr.decode(errors='replace').strip()[:200]}")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")


@contextmanager
def _reader(checkout: Path) -> Iterator[Reader]:
    """Start a process that reads with the code of ``checkout``."""
    script = Path(__file__).with_name("timed_reading.py")
    # Without a search path no program is found: pages are not recognised, as they were not before.
    environment = {**child_environment(), "PYTHONPATH": str(checkout), "PATH": ""}
    process = subprocess.Popen(
        [sys.executable, "-P", str(script)], cwd=checkout, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _timed(kind: str, path: Path, after: Reader, before: Reader | None, rounds: int) -> Times:
    """Let both read a file in turns; the first reading, which imports, is not counted."""
    times = Times(kind, path)
    readers = [(times.after, after)] + ([(times.before, before)] if before is not None else [])
    for _, reader in readers:
        first = _ask(reader, path)
        if not first["refused"] and first["seconds"] > LONG:
            rounds = min(rounds, 2)
    for turn in range(rounds):
        for taken, reader in readers if turn % 2 else reversed(readers):
            answer = _ask(reader, path)
            if not answer["refused"]:
                taken.append(answer["seconds"])
    return times


def _ask(reader: Reader, path: Path) -> dict[str, Any]:
    cast(Any, reader.stdin).write(json.dumps(str(path)) + "\n")
    cast(Any, reader.stdin).flush()
    line = cast(Any, reader.stdout).readline()
    if not line:
        raise Skipped(f"The reader ended at {path.name}.")
    return cast(dict[str, Any], json.loads(line))


def _floor(pdfs: Sequence[Path]) -> float:
    """Return the processor's seconds of the bare library over the same PDFs, best of two rounds."""
    rounds = []
    for _ in range(2):
        began = time.process_time()
        for path in pdfs:
            read_pdf(path)
        rounds.append(time.process_time() - began)
    return min(rounds)


def _seconds(kind: str, taken: Sequence[Times]) -> Line:
    read = [times for times in taken if times.after]
    slowest = max(read, key=lambda times: min(times.after), default=None)
    note = f"{len(read)} of {len(taken)} files"
    if slowest is not None:
        note += f"; slowest: {slowest.path.name} {min(slowest.after):.3f} s"
    return Line(kind, sum(min(times.after) for times in read), "s", note=note)


def _compared(kind: str, taken: Sequence[Times]) -> list[Line]:
    both = [times for times in taken if times.after and times.before]
    if not both:
        return [_seconds(kind, taken)]
    after, before = sum(min(times.after) for times in both), sum(min(times.before) for times in both)
    ratios = [times.ratio for times in both]
    low, _, high = quantiles(ratios, n=4) if len(ratios) > 1 else (ratios * 3)
    most = max(both, key=lambda times: times.ratio)
    note = f"{after:.3f} s / {before:.3f} s, {len(both)} of {len(taken)} files; by file {median(ratios):.2f}"
    note += f" ({low:.2f} to {high:.2f}); most: {most.path.name} {most.ratio:.2f}"
    return [Line(f"{kind}, after / before", after / before, "times", note=note)]
