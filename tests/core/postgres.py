"""A real PostgreSQL server for the database tests, from the system's packages, on a loopback port of its own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def missing_programs() -> str:
    """Return why no server can be started here; empty when one can."""
    if sys.platform == "win32":
        return "Tests start PostgreSQL's programs on Linux and macOS only"
    if not all(shutil.which(name) for name in ("initdb", "pg_ctl", "createdb")) and not _debian_folder():
        return "PostgreSQL's programs (initdb, pg_ctl) are not installed"
    if os.geteuid() == 0 and not _server_user():
        return "PostgreSQL does not run as root, and there is no postgres user to run it as"
    return ""


def _debian_folder() -> Path | None:
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


def _server_user() -> str:
    import pwd

    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return ""


def _run(*command: str) -> None:
    folder = _debian_folder()
    path = f"{folder}:{os.environ['PATH']}" if folder else os.environ["PATH"]
    prefix = ["runuser", "-u", _server_user(), "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*prefix, *command],
        check=True,
        env={"PATH": path, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        cwd="/",
        timeout=60,
    )


@contextmanager
def postgres_server(port: int = 0) -> Iterator[str]:
    """Start a server, yield its URL without a database name ("postgresql://postgres@127.0.0.1:54321"), stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="answerbook-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _server_user())
    cluster = str(folder / "cluster")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run("initdb", "-D", cluster, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    _run("pg_ctl", "-D", cluster, "-o", options, "-w", "-l", str(folder / "log"), "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        _run("pg_ctl", "-D", cluster, "-m", "immediate", "stop")
        time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)
