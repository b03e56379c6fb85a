"""``WEAVIATE_URL=embedded``: a Weaviate of this data folder alone, started beside Answerbook, for trying it out.

The client's own embedded mode takes no API key, picks names and ports anew at each start (the same data then does not
open), and leaves its server behind when it is killed. So the program is where the client keeps it, and fetched by the
client where it is missing; how it runs is ours.
"""

import atexit
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock, Timeout
from pydantic import SecretStr

from core.errors import StoreError
from core.log import log
from core.store.weaviate.address import Address

START_SECONDS = 40.0
PORTS = ("http", "grpc", "gossip", "data", "raft", "profiling")
# One server needs no patience with others: ready in 2.4 s instead of 8-10 (measured).
ALONE = {
    "RAFT_HEARTBEAT_TIMEOUT": "1",
    "RAFT_ELECTION_TIMEOUT": "1",
    "RAFT_LEADER_LEASE_TIMEOUT": "1",
    "RAFT_TIMEOUTS_MULTIPLIER": "1",
}
_held: list[FileLock] = []


def start(data: Path) -> tuple[list[Address], SecretStr]:
    """Start the server of this data folder, or attach to the one a killed Answerbook left; returns address and key.

    Raises StoreError: another process has it (code "embedded_taken"), it cannot be fetched or does not start.
    """
    folder = data / "weaviate"
    folder.mkdir(parents=True, exist_ok=True)
    _hold(folder)
    try:
        return _running(folder)
    except StoreError:
        release()  # the next try is told what is wrong, not that somebody holds the folder
        raise


def _running(folder: Path) -> tuple[list[Address], SecretStr]:
    known = _remembered(folder)
    address = Address("127.0.0.1", known["http"], False, "127.0.0.1", known["grpc"])
    key = SecretStr(known["key"])
    if _answers(address, key):
        log("embedded.attached", port=known["http"])
        atexit.register(_end, folder)
        return [address], key
    process = _launched(folder, known)
    atexit.register(_end, folder)
    until = time.monotonic() + START_SECONDS
    while not _answers(address, key):
        if time.monotonic() > until:
            _end(folder)
            raise _failed("The try-it Weaviate did not start.")
        if process.poll() is not None:  # one that is just ending still holds the data
            time.sleep(1)
            process = _launched(folder, known)
        time.sleep(0.1)
    log("embedded.started", port=known["http"])
    return [address], key


def release() -> None:
    """Let another process of this machine have the data folder's server; it goes on until this one ends."""
    while _held:
        _held.pop().release()


def _hold(folder: Path) -> None:
    lock = FileLock(folder / "embedded.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            "Another Answerbook already uses the try-it Weaviate of this data folder.",
            "Stop that one first, or run a Weaviate server and set WEAVIATE_URL to its address.",
            code="embedded_taken",
        ) from error
    _held.append(lock)


def _remembered(folder: Path) -> dict[str, Any]:
    """Return ports and key of this folder's server, chosen once: on other ports the same data does not open."""
    path = folder / "embedded.json"
    if not path.exists():
        made: dict[str, Any] = dict(zip(PORTS, _free_ports(len(PORTS)), strict=True))
        made["key"] = secrets.token_urlsafe(24)
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    ports_and_key: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return ports_and_key


def _free_ports(count: int) -> list[int]:
    """Return free ports, none next to another: the server takes the one after its consensus port as well."""
    probes, ports = [], list[int]()
    while len(ports) < count:
        probe = socket.socket()
        probe.bind(("127.0.0.1", 0))
        probes.append(probe)
        port = int(probe.getsockname()[1])
        if all(abs(port - other) > 1 for other in ports):
            ports.append(port)
    for probe in probes:
        probe.close()
    return ports


def _answers(address: Address, key: SecretStr) -> bool:
    """Say whether a server that takes our key listens there: any other is not the one of this folder."""
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"}
    try:
        with httpx.Client(base_url=address.url, timeout=2, trust_env=False, headers=headers) as web:
            ready = web.get("/v1/.well-known/ready").status_code == 200
            return ready and web.get("/v1/meta").status_code == 200
    except httpx.HTTPError:
        return False


def _launched(folder: Path, known: dict[str, Any]) -> "subprocess.Popen[bytes]":
    command = [str(_program()), "--host", "127.0.0.1", "--port", str(known["http"]), "--scheme", "http"]
    base = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR")}
    environment = {
        "PERSISTENCE_DATA_PATH": str((folder / "data").resolve()),
        "AUTHENTICATION_APIKEY_ENABLED": "true",
        "AUTHENTICATION_APIKEY_ALLOWED_KEYS": str(known["key"]),
        "AUTHENTICATION_APIKEY_USERS": "answerbook",
        "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "false",
        "AUTOSCHEMA_ENABLED": "false",
        "DEFAULT_VECTORIZER_MODULE": "none",
        "DISABLE_TELEMETRY": "true",
        "GRPC_PORT": str(known["grpc"]),
        "CLUSTER_HOSTNAME": "answerbook",
        "CLUSTER_ADVERTISE_ADDR": "127.0.0.1",
        "CLUSTER_GOSSIP_BIND_PORT": str(known["gossip"]),
        "CLUSTER_DATA_BIND_PORT": str(known["data"]),
        "RAFT_PORT": str(known["raft"]),
        "RAFT_INTERNAL_RPC_PORT": str(known["raft"] + 1),
        "RAFT_JOIN": f"answerbook:{known['raft']}",
        "RAFT_BOOTSTRAP_EXPECT": "1",
        "GO_PROFILING_PORT": str(known["profiling"]),
        "LOG_LEVEL": "error",
        **ALONE,
    }
    with (folder / "server.log").open("wb") as server_log:
        process = subprocess.Popen(
            command, env=base | environment, stdout=server_log, stderr=server_log, start_new_session=True
        )
    (folder / "server.pid").write_text(str(process.pid), encoding="utf-8")
    return process


def _program() -> Path:
    """Return the server's program from where the client keeps it; fetched there by the client where there is none."""
    from weaviate.embedded import EmbeddedOptions, EmbeddedV4

    folder = Path(EmbeddedOptions().binary_path)
    programs = sorted(path for path in folder.glob("weaviate-v*-*") if os.access(path, os.X_OK))
    if programs:
        return programs[-1]
    try:
        client = EmbeddedV4(EmbeddedOptions(persistence_data_path=str(folder)))
        client.ensure_weaviate_binary_exists()
    except Exception as error:  # the client's own errors, urllib's, tarfile's
        raise _failed("The try-it Weaviate could not be fetched.") from error
    return next(folder.glob("weaviate-v*-*"))


def _end(folder: Path) -> None:
    """End the server as this process ends, also one that an earlier process had started."""
    with suppress(OSError, ValueError):
        os.kill(int((folder / "server.pid").read_text(encoding="utf-8")), signal.SIGTERM)
        (folder / "server.pid").unlink()


def _failed(what: str) -> StoreError:
    return StoreError(
        what,
        "Take WEAVIATE_URL away to keep passages in the data folder, or run a Weaviate server and set its address.",
        code="embedded_failed",
    )
