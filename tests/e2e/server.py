"""The real server as a child process, as a host starts it, on a loopback port and a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """Starts, kills and starts again; ``log`` holds all it ever wrote."""

    def __init__(self, data: Path, script: str = "app.py", **environment: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / f"server-{self.port}.log"
        self._script = script
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> "Server":
        command = [sys.executable, "-m", "streamlit", "run", self._script]
        options = ["--server.headless=true", f"--server.port={self.port}", "--server.address=127.0.0.1"]
        environment = {**os.environ, "ANSWERBOOK_DATA": str(self.data), **self._environment}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *options], cwd=PROJECT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        if wait:
            self._wait_until_healthy()
        return self

    def _wait_until_healthy(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text()[-3000:]
        raise AssertionError(f"the server did not start: {self.log.read_text()[-3000:]}")

    def kill(self) -> None:
        """SIGKILL, as a crash or a pulled plug: nothing is tidied up."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def interrupt(self) -> None:
        """Ask it to end, as Ctrl-C and hosts do."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)

    def ended(self, seconds: float) -> bool:
        """Wait for its end; says whether it came."""
        assert self._process is not None
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True

    def stop(self) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self.interrupt()
        self.ended(20)
