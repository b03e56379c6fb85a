"""The server as a host starts it, for measuring: a process of its own, a port of its own, an empty data folder."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.benchmarks.measured import PROJECT, Skipped
from tests.e2e.server import free_port

START_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is up: its address and process; the seconds from its start until it said it is well.

    ``processor_seconds`` is what it computed until then: on a busy machine the truer of the two.
    """

    url: str
    process_id: int
    seconds: float
    processor_seconds: float

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])


@contextmanager
def running_server(data: Path) -> Iterator[Running]:
    """Start the server on a data folder and stop it at the end. Raises Skipped where it does not come up."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, "ANSWERBOOK_DATA": str(data)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        while not _is_well(url):
            if process.poll() is not None:
                raise Skipped(f"The server ended by itself with status {process.returncode}.")
            if time.perf_counter() - began > START_SECONDS:
                raise Skipped(f"The server was not well after {START_SECONDS:.0f} s.")
            time.sleep(0.02)
        seconds = time.perf_counter() - began
        used = psutil.Process(process.pid).cpu_times()
        yield Running(url, process.pid, seconds, used.user + used.system)
    finally:
        _end(process)


def _is_well(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/health", timeout=5) as answer:
            return bool(json.load(answer)["ok"])
    except (OSError, urllib.error.URLError, ValueError, KeyError):
        return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
