"""One sentence and one remedy for each thing that can be wrong with the connection, on real servers and sockets."""

import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import StoreError
from core.store.weaviate import doctor as weaviate_doctor
from core.store.weaviate.address import addresses
from core.store.weaviate.doctor import examine, examine_any
from core.store.weaviate.nodes import Nodes
from core.store.weaviate.store import WeaviateStore
from tests.core.index.faults_kit import shards
from tests.core.store.store_kit import fill, scope
from tests.core.store.weaviate_server import READER_KEY, WeaviateServer, free_ports

NONE = SecretStr("")
pytestmark = pytest.mark.timeout(60)  # a look ends, whatever the server does


def fault(url: str, key: str = "", grpc: str = "") -> StoreError:
    with pytest.raises(StoreError) as told:
        examine(addresses(url, grpc), SecretStr(key))
    assert told.value.what.endswith(".")
    assert told.value.remedy.endswith(".")
    assert key not in str(told.value) or not key
    return told.value


@contextmanager
def web_server(answers: dict[str, tuple[int, str]], certificate: Path | None = None) -> Iterator[str]:
    """A real web server that gives these answers by path ("" for all others)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path.split("?")[0], answers.get("", (404, "")))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_nothing_listens() -> None:
    assert fault(f"http://127.0.0.1:{free_ports(1)[0]}").code == "refused_connection"


def test_no_such_host_and_a_cloud_cluster_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    told = fault("http://no-such-host.invalid:8080")
    assert (told.code, "no-such-host.invalid" in told.what) == ("no_host", True)
    monkeypatch.setattr(weaviate_doctor, "CLOUD", (".invalid",))
    assert fault("https://my-cluster.invalid").code == "suspended"


def test_a_web_page_is_not_weaviate() -> None:
    with web_server({"": (200, "<html>Welcome</html>")}) as url:
        assert fault(url).code == "not_weaviate"
    with web_server({"": (404, "nothing here")}) as url:
        assert fault(url).code == "not_weaviate"
    with web_server({"/v1/.well-known/ready": (200, ""), "/v1/meta": (200, "{}")}) as url:
        assert fault(url).code == "not_weaviate"


def test_starting_up() -> None:
    with web_server({"": (503, "")}) as url:
        told = fault(url)
    assert (told.code, told.passing) == ("starting", True)


@pytest.mark.parametrize("version", ["1.26.9", "1.9.0", "0.23.2"])
def test_too_old_a_server(version: str) -> None:
    meta = json.dumps({"version": version})
    with web_server({"/v1/.well-known/ready": (200, ""), "/v1/meta": (200, meta)}) as url:
        told = fault(url)
    assert told.code == "too_old"
    assert version in told.what


def test_tls_against_plain_and_a_certificate_nobody_knows(tmp_path: Path) -> None:
    with web_server({"": (200, "")}) as url:
        assert fault(url.replace("http://", "https://")).code == "tls"
    with web_server({"": (200, "")}, certificate=self_signed(tmp_path)) as url:
        assert fault(url).code == "tls"
        assert fault(url.replace("https://", "http://")).code in ("tls", "not_weaviate")


def self_signed(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begins = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(begins).not_valid_after(begins + datetime.timedelta(days=9))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_healthy_server_and_keys_that_are_wrong_or_missing(weaviate_server: WeaviateServer) -> None:
    where, grpc = weaviate_server.url, weaviate_server.grpc
    assert examine(addresses(where, grpc), SecretStr(weaviate_server.key))[0].isdigit()
    assert fault(where, "not-the-key", grpc).code == "key_wrong"
    assert fault(where, "", grpc).code == "key_missing"
    assert fault(where, weaviate_server.key, f"127.0.0.1:{free_ports(1)[0]}").code == "grpc"
    weaviate_server.freeze()
    try:
        assert fault(where, weaviate_server.key, grpc).code == "away"
    finally:
        weaviate_server.resume()


def test_a_needless_key(weaviate_server: WeaviateServer) -> None:
    weaviate_server.stop()
    weaviate_server.environment |= {
        "AUTHENTICATION_APIKEY_ENABLED": "false",
        "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED": "true",
    }
    weaviate_server.start()
    assert fault(weaviate_server.url, "some-key", weaviate_server.grpc).code == "key_needless"
    assert examine(addresses(weaviate_server.url, weaviate_server.grpc), NONE)


def test_a_key_without_rights(weaviate_server: WeaviateServer) -> None:
    weaviate_server.stop()
    weaviate_server.environment |= {"AUTHORIZATION_RBAC_ENABLED": "true", "AUTHORIZATION_RBAC_ROOT_USERS": "admin"}
    weaviate_server.start()
    assert examine(addresses(weaviate_server.url, weaviate_server.grpc), SecretStr(weaviate_server.key))
    assert store_fault(weaviate_server, READER_KEY).code == "right"


def test_a_server_that_takes_nothing_new(weaviate_server: WeaviateServer) -> None:
    with opened(weaviate_server, weaviate_server.key) as store:
        fill(store, scope(), 3)
    shards(weaviate_server, scope(), "READONLY")
    assert fault(weaviate_server.url, weaviate_server.key, weaviate_server.grpc).code == "read_only"


def test_one_server_of_several_is_enough_to_answer(weaviate_server: WeaviateServer) -> None:
    dead = f"http://127.0.0.1:{free_ports(1)[0]}"
    both = addresses(f"{dead},{weaviate_server.url}", f"127.0.0.1:1,{weaviate_server.grpc}")
    assert examine_any(both, SecretStr(weaviate_server.key))
    with pytest.raises(StoreError) as told:
        examine(both, SecretStr(weaviate_server.key))
    assert told.value.code == "refused_connection"
    weaviate_server.kill()
    with pytest.raises(StoreError) as none_left:
        examine_any(both, SecretStr(weaviate_server.key))
    assert none_left.value.code == "refused_connection"


def store_fault(server: WeaviateServer, key: str) -> StoreError:
    """What a first write says, which is where a missing right shows even where reading is allowed."""
    with opened(server, key) as store, pytest.raises(StoreError) as told:
        fill(store, scope(), 3)
    return told.value


@contextmanager
def opened(server: WeaviateServer, key: str) -> Iterator[WeaviateStore]:
    """A store on the server, with this key."""
    store = WeaviateStore(Nodes(addresses(server.url, server.grpc), SecretStr(key)), prefix="Doctor")
    try:
        yield store
    finally:
        store.close()
