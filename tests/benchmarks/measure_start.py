"""How long it takes to start: the server until its health route says ok, and what importing alone costs."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.measured import PROJECT, Line
from tests.benchmarks.running import running_server

IMPORTS = (
    ("bare Python", "pass"),
    ("import streamlit", "import streamlit"),
    ("import streamlit's server", "import streamlit.web.bootstrap, streamlit.web.cli"),
    ("import app.py", "import app"),
)


def start_up(quick: bool) -> list[Line]:
    """Start the server several times on empty data folders, and once more on a folder that is there already."""
    rounds = 2 if quick else 3
    with tempfile.TemporaryDirectory() as folder:
        fresh = [_seconds(Path(folder) / str(n)) for n in range(rounds)]
        again = [_seconds(Path(folder) / "0") for _ in range(rounds)]
        imports = {name: median(_import(code, Path(folder)) for _ in range(rounds)) for name, code in IMPORTS}
    return [
        _line("start to healthy, new data folder", fresh),
        _line("start to healthy, again", again),
        *(Line(f"  of it: {name}", seconds, "s") for name, seconds in imports.items()),
    ]


def _seconds(data: Path) -> tuple[float, float]:
    with running_server(data) as server:
        return server.seconds, server.processor_seconds


def _line(name: str, taken: list[tuple[float, float]]) -> Line:
    seconds, processor = (median(column) for column in zip(*taken, strict=True))
    return Line(name, seconds, "s", note=f"median of {len(taken)}; {processor:.1f} s of one processor")


def _import(code: str, folder: Path) -> float:
    """Return the seconds a Python takes to run this and end."""
    began = time.perf_counter()
    given = f"import os; os.environ['ANSWERBOOK_DATA'] = {str(folder / 'imported')!r}; {code}"
    subprocess.run([sys.executable, "-c", given], cwd=PROJECT, check=True, capture_output=True)
    return time.perf_counter() - began
