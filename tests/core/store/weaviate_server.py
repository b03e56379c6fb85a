"""A real Weaviate server as a child process on loopback, where its program lies where the client's embedded mode looks.

No program is fetched: where there is none, tests that need one skip with the sentence of ``missing_server``.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType

import httpx

KEY = "test-admin-key"
READER_KEY = "test-other-key"
START_SECONDS = 60
# Node names, cluster and consensus ports are fixed at the first start: another port would not open the same data.
QUICK = {
    "RAFT_HEARTBEAT_TIMEOUT": "1",
    "RAFT_ELECTION_TIMEOUT": "1",
    "RAFT_LEADER_LEASE_TIMEOUT": "1",
    "RAFT_TIMEOUTS_MULTIPLIER": "1",
}


def program() -> Path | None:
    """Return the newest server program in the folder of the client's embedded mode, or None."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache" / "weaviate-embedded")
    found = sorted(path for path in folder.glob("weaviate-v*") if os.access(path, os.X_OK))
    return found[-1] if found else None


def missing_server() -> str:
    """Return "" where a server can be started, else the sentence to skip with."""
    if program():
        return ""
    return (
        "No Weaviate server: set ANSWERBOOK_TEST_WEAVIATE_URL, or have the program in ~/.cache/weaviate-embedded, "
        "where the client's embedded mode keeps it."
    )


def free_ports(count: int) -> list[int]:
    """Return so many ports that are free now; pairs that the server needs (consensus and its next) are free too."""
    ports: list[int] = []
    with closing(socket.socket()):
        held = []
        while len(ports) < count:
            probe = socket.socket()
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            held.append(probe)
            if all(abs(port - other) > 1 for other in ports):
                ports.append(port)
        for probe in held:
            probe.close()
    return ports


class WeaviateServer:
    """Starts, freezes, kills and starts again on the same ports and data in ``folder``. Anonymous access is off."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.key = KEY
        self.host = "127.0.0.1"
        self._take_ports()
        self.name = "node1"
        self.environment = environment
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def _take_ports(self) -> None:
        self.port, self.grpc_port, self.gossip_port, self.data_port, self.raft_port, self.profile_port = free_ports(6)
        self.url = f"http://{self.host}:{self.port}"
        self.grpc = f"{self.host}:{self.grpc_port}"

    def settings(self) -> dict[str, str]:
        """The environment a server of one node is started with; ``environment`` of the constructor wins."""
        return {
            "PERSISTENCE_DATA_PATH": str(self.folder / "data"),
            "AUTHENTICATION_APIKEY_ENABLED": "true",
            "AUTHENTICATION_APIKEY_ALLOWED_KEYS": f"{KEY},{READER_KEY}",
            "AUTHENTICATION_APIKEY_USERS": "admin,other",
            "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "false",
            "AUTOSCHEMA_ENABLED": "false",
            "DEFAULT_VECTORIZER_MODULE": "none",
            "DISABLE_TELEMETRY": "true",
            "QUERY_DEFAULTS_LIMIT": "20",
            "GRPC_PORT": str(self.grpc_port),
            "CLUSTER_HOSTNAME": self.name,
            "CLUSTER_GOSSIP_BIND_PORT": str(self.gossip_port),
            "CLUSTER_DATA_BIND_PORT": str(self.data_port),
            "CLUSTER_ADVERTISE_ADDR": "127.0.0.1",
            "RAFT_PORT": str(self.raft_port),
            "RAFT_INTERNAL_RPC_PORT": str(self.raft_port + 1),
            "RAFT_JOIN": f"{self.name}:{self.raft_port}",
            "RAFT_BOOTSTRAP_EXPECT": "1",
            "GO_PROFILING_PORT": str(self.profile_port),
            "PROMETHEUS_MONITORING_ENABLED": "false",
            "LOG_LEVEL": "warning",
            "DISK_USE_READONLY_PERCENTAGE": "99",
            "DISK_USE_WARNING_PERCENTAGE": "99",
            "MEMORY_READONLY_PERCENTAGE": "0",
            **QUICK,
            **self.environment,
        }

    def start(self, *, wait: bool = True) -> "WeaviateServer":
        """Start and wait until it is ready; the same data as before."""
        found = program()
        assert found, missing_server()
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [str(found), "--host", self.host, "--port", str(self.port), "--scheme", "http"]
        command += ["--read-timeout=600s", "--write-timeout=600s"]
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR")}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=kept | self.settings(), stdout=log, stderr=log, start_new_session=True, cwd=self.folder
            )
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until the server says it is ready; fails with the end of its log."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self._process is not None
            assert self._process.poll() is None, self._tail()
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.url}/v1/.well-known/ready", timeout=2, trust_env=False).status_code == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(f"Weaviate did not start: {self._tail()}")

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """SIGKILL, as a crash or a pulled plug."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it in order; kills it when that takes longer than 15 s."""
        if not self.running:
            return
        self._signal(signal.SIGCONT)
        self._signal(signal.SIGTERM)
        assert self._process is not None
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, number)

    def __enter__(self) -> "WeaviateServer":
        """Start it; on other ports where somebody took one of them between the look and the start."""
        for _ in range(3):
            try:
                return self.start()
            except AssertionError:
                if "address already in use" not in self.log.read_text(errors="replace"):
                    raise
            shutil.rmtree(self.folder)
            self._take_ports()
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()
