"""The image's own start under hosts' rules, without Docker: their port, name, volume and user."""

import os
import re
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from tests.e2e.server import PROJECT, START_SECONDS, Server, free_port
from tests.gate_kit import OWNER, PASSWORD, Client

USER = 1000
RENDER = {"RENDER": "true", "RENDER_EXTERNAL_HOSTNAME": "kb.onrender.com"}


def as_user(user: int | None) -> dict[str, Any]:
    """What makes subprocess start a program as a user with no other group; nothing for one's own."""
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


PACKAGES = os.pathsep.join(filter(None, (os.environ.get("PYTHONPATH"), sysconfig.get_path("purelib"))))


@cache
def python() -> str:
    """A Python that uid 1000 may run, with these packages; empty where there is none, or nobody else can be become.

    The one at work may lie in a closed home; the system's own then does, where it can load the same packages.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        return ""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": PACKAGES}
    for program in (sys.executable, "/usr/bin/python3"):
        command = [program, "-c", "import numpy, streamlit"]
        with suppress(OSError):
            if subprocess.run(command, cwd=PROJECT, env=environment, timeout=60, **as_user(USER)).returncode == 0:
                return program
    return ""


@pytest.fixture(scope="module", autouse=True)
def _other_users() -> None:
    if not python():
        pytest.skip("Starting as uid 1000 needs root on Linux, and a Python and a checkout that others may read")


class Hosted:
    """What ``hosting/start.py`` became; ``port`` is the one that its host names."""

    def __init__(self, data: Path, user: int | None = None, **environment: str) -> None:
        self.port = free_port()
        self.log = Path(f"{data}-{self.port}.log")
        kept = {"PATH": os.environ["PATH"], "PYTHONPATH": PACKAGES}
        given = {"HOME": "/tmp", "ANSWERBOOK_DATA": str(data), "PORT": str(self.port), **environment}
        image = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0", "STREAMLIT_SERVER_HEADLESS": "true"}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [python(), "hosting/start.py"],
                cwd=PROJECT,
                env={**kept, **image, **given, "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=log,
                stderr=log,
                **as_user(user),
                start_new_session=True,
            )

    def client(self, host: str = "", **headers: str) -> Client:
        return Client(cast(Server, self), host, "https" if host else "http", **headers)

    def wait(self, host: str = "") -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            with suppress(OSError):
                if self.client(host).ask("/api/alive")[0] == 200:
                    return
            time.sleep(0.2)
        raise AssertionError(self.log.read_text()[-3000:])

    def users(self) -> set[str]:
        """The real, effective, saved and file-system uid of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return set(re.findall(r"^Uid:\s+(.*)$", status, re.MULTILINE)[0].split())


@contextmanager
def hosted(data: Path, user: int | None = None, host: str = "", **environment: str) -> Iterator[Hosted]:
    started = Hosted(data, user, **environment)
    try:
        started.wait(host)
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.process.pid, signal.SIGKILL)
        started.process.wait()


@pytest.fixture
def volume() -> Iterator[Path]:
    """A folder of root's that nobody else may write, below one that everybody may pass."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as above:
        Path(above).chmod(0o755)
        folder = Path(above) / "data"
        folder.mkdir(mode=0o755)
        yield folder


def test_a_volume_of_root_s_and_a_host_s_port_and_name(volume: Path) -> None:
    """Render: started as root, it becomes uid 1000; its first visitor makes the owner and is told of the disk."""
    (volume / "lost+found").mkdir(mode=0o700)
    outside = volume.parent / "outside"
    outside.write_text("root's")
    (volume / "link").symlink_to(outside)
    with hosted(volume, host="10.0.0.7:10000", **RENDER) as server:
        assert server.users() == {str(USER)}
        assert (volume / "answerbook.db").stat().st_uid == volume.stat().st_uid == USER
        assert (volume / "lost+found").stat().st_uid == USER
        assert outside.stat().st_uid == 0, "what a link leads to is not ours to give"
        visitor = server.client("kb.onrender.com", X_Forwarded_Proto="https", X_Forwarded_For="198.51.100.7")
        status, _, headers = visitor.ask("/")
        assert (status, headers["location"]) == (303, "/welcome")
        code = re.findall(r"type this code: (\S+)", server.log.read_text())[0]
        assert visitor.send("/welcome", code=code, email=OWNER, name="", password=PASSWORD)[0] == 303
        with visitor.window() as window:
            drawn = window.draw()
        assert "lost at the next restart" in drawn
        assert "attach a disk at" in drawn
        assert server.client("evil.example").ask("/")[0] == 421
        assert server.client("evil.example").ask("/api/ready")[0] == 421
        assert server.client("evil.example").ask("/api/alive", "POST")[0] == 421


@pytest.mark.parametrize("user", [USER, 23456])
def test_a_host_that_starts_it_as_a_user_of_its_own(volume: Path, user: int) -> None:
    os.chown(volume, user, user)
    with hosted(volume, user) as server:
        assert server.users() == {str(user)}
        assert (volume / "answerbook.db").stat().st_uid == user
        assert server.client().ask("/")[0] == 303


def test_a_volume_that_it_may_not_write_is_said_in_the_log_and_on_the_page(volume: Path) -> None:
    with hosted(volume, USER) as server:
        assert "is not writable for uid 1000: start as root" in server.log.read_text()
        status, page, _ = server.client().ask("/")
        assert status == 503
        assert "data folder" in page


def test_who_may_not_become_another_user_is_told_how_to_start(volume: Path) -> None:
    """Root without its rights, as ``cap_drop: [ALL]`` leaves it."""
    command = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", python(), "hosting/start.py"]
    environment = {**os.environ, "PYTHONPATH": PACKAGES, "ANSWERBOOK_DATA": str(volume)}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.strip().endswith("Start it with --user 1000:1000.")
