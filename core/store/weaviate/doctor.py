"""What is wrong with the connection to Weaviate: looked at step by step, told in one sentence with one remedy."""

import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from core.errors import StoreError
from core.store.weaviate.address import CLOUD, Address
from core.store.weaviate.errors import away, store_error
from core.store.weaviate.nodes import Nodes

STEP_SECONDS = 1.0  # four steps: the whole look ends within 4 s
OLDEST = (1, 27)  # what the client supports


def examine(addresses: Sequence[Address], api_key: SecretStr) -> str:
    """Look whether every server can be used as it is set up; returns the oldest version found, as "1.30.5".

    Changes nothing on the server. Raises StoreError for the first thing that is wrong.
    """
    versions = [_examine_one(address, api_key) for address in addresses]
    return min(versions, key=_numbers)


def examine_any(addresses: Sequence[Address], api_key: SecretStr) -> str:
    """Look until one server can be used; returns its version. Raises StoreError with the first fault where none can."""
    faults = []
    for address in addresses:
        try:
            return _examine_one(address, api_key)
        except StoreError as fault:
            faults.append(fault)
    raise faults[0]


def _examine_one(address: Address, api_key: SecretStr) -> str:
    key = api_key.get_secret_value()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with httpx.Client(base_url=address.url, timeout=STEP_SECONDS, trust_env=False) as web:
        _check_ready(_answer(web, address, "/v1/.well-known/ready", {}), address)
        version = _check_meta(_answer(web, address, "/v1/meta", headers), address, has_key=bool(key))
        _check_rights(_answer(web, address, "/v1/schema", headers))
        _check_grpc(address, api_key)
        _check_writable(web, headers)
    return version


def _answer(web: httpx.Client, address: Address, path: str, headers: dict[str, str]) -> httpx.Response:
    try:
        return web.get(path, headers=headers)
    except httpx.HTTPError as error:
        raise _unreached(error, address) from error


def _unreached(error: httpx.HTTPError, address: Address) -> StoreError:
    causes = list(_causes(error))
    text = " ".join(str(cause) for cause in causes).lower()
    if any(isinstance(cause, socket.gaierror) for cause in causes) or "name or service not known" in text:
        return _suspended() if address.host.endswith(CLOUD) else _no_host(address)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes) or "certificate verify failed" in text:
        return _fault("tls", "The certificate of this Weaviate server is not trusted.",
                      "Give the server a certificate for its own name from a known authority.")  # fmt: skip
    if any(isinstance(cause, ssl.SSLError) for cause in causes) or "ssl" in text:
        return _fault("tls", "The address says https, but the server speaks plain http.",
                      "Write http:// in WEAVIATE_URL, or turn TLS on at the server.")  # fmt: skip
    if isinstance(error, httpx.TimeoutException):
        return away()
    if isinstance(error, httpx.ConnectError):
        return _fault("refused_connection", f"Nothing listens at {address.place}.",
                      "Start Weaviate, or correct host and port in WEAVIATE_URL.", passing=True)  # fmt: skip
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError) and not address.secure:
        return _not_weaviate(address, " It may speak https: then write https:// in WEAVIATE_URL.")
    return store_error(error)


def _check_ready(answer: httpx.Response, address: Address) -> None:
    if answer.status_code == 200 and not answer.text.strip().startswith("<"):
        return
    if answer.status_code == 400 and "https" in answer.text.lower():
        raise _fault("tls", "The address says http, but the server speaks https.",
                     "Write https:// in WEAVIATE_URL.")  # fmt: skip
    if address.host.endswith(CLOUD):
        raise _suspended()
    if answer.status_code == 503:
        raise _fault("starting", "Weaviate is starting up.",
                     "Wait a minute; Answerbook goes on by itself once it is ready.", passing=True)  # fmt: skip
    raise _not_weaviate(address)


def _check_meta(answer: httpx.Response, address: Address, *, has_key: bool) -> str:
    text = answer.text.lower()
    if answer.status_code == 401 and "no authentication scheme" in text:
        raise _fault("key_needless", "This Weaviate server uses no keys, but one is set.",
                     "Take WEAVIATE_API_KEY away, or turn keys on at the server.")  # fmt: skip
    if answer.status_code == 401 and not has_key:
        raise _fault("key_missing", "This Weaviate server wants an API key, and none is set.",
                     "Set WEAVIATE_API_KEY and start Answerbook again.")  # fmt: skip
    if answer.status_code == 401:
        raise _fault("key_wrong", "Weaviate did not accept the API key.",
                     "Set WEAVIATE_API_KEY to a key of this server and start Answerbook again.")  # fmt: skip
    if answer.status_code == 403:
        raise _no_right("see the server's state")
    version = str(_json(answer).get("version", "")) if answer.status_code == 200 else ""
    if not _numbers(version):
        raise _not_weaviate(address)
    if _numbers(version)[:2] < OLDEST:
        raise _fault("too_old", f"Weaviate {version} is too old.",
                     f"Update the server to {OLDEST[0]}.{OLDEST[1]} or newer; its data stays.")  # fmt: skip
    return version


def _check_rights(answer: httpx.Response) -> None:
    if answer.status_code in (401, 403):
        raise _no_right("read collections")


def _check_grpc(address: Address, api_key: SecretStr) -> None:
    nodes = Nodes([address], api_key, quiet=True)
    try:
        nodes.run(_connected, seconds=STEP_SECONDS)
    except StoreError as error:
        if error.code != "away":
            raise
        raise _fault("grpc", f"Weaviate answers by http, but not by gRPC at {address.grpc_host}:{address.grpc_port}.",
                     "Open that port, or set WEAVIATE_GRPC to where gRPC is.", passing=True) from error  # fmt: skip
    finally:
        nodes.close()


async def _connected(_client: Any) -> None:
    """Nothing more: connecting asks for a sign of life by gRPC."""


def _check_writable(web: httpx.Client, headers: dict[str, str]) -> None:
    """Look whether some index is read-only; a key without the right to see that may still be used."""
    try:
        answer = web.get("/v1/nodes", params={"output": "verbose"}, headers=headers)
    except httpx.HTTPError:
        return
    nodes = (_json(answer).get("nodes") or []) if answer.status_code == 200 else []
    shards = [shard for node in nodes for shard in node.get("shards") or []]
    if any(shard.get("vectorIndexingStatus") == "READONLY" for shard in shards):
        raise store_error(RuntimeError("store is read-only"))


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _numbers(version: str) -> tuple[int, ...]:
    match = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", version)
    return tuple(int(part or 0) for part in match.groups()) if match else ()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _no_host(address: Address) -> StoreError:
    return _fault("no_host", f"There is no server called {address.host}.", "Correct the host in WEAVIATE_URL.")


def _suspended() -> StoreError:
    return _fault("suspended", "This cloud cluster is suspended or does not exist any more.",
                  "Wake it in the Weaviate console, or make a new one, set its address and key, and press Check "
                  "passages: everything is rebuilt from the kept documents.")  # fmt: skip


def _not_weaviate(address: Address, more: str = "") -> StoreError:
    return _fault("not_weaviate", f"What answers at {address.place} is not Weaviate.",
                  f"Correct host and port in WEAVIATE_URL.{more}")  # fmt: skip


def _no_right(what: str) -> StoreError:
    return _fault("right", f"The Weaviate key lacks the right to {what}.",
                  "Give its role the rights that docs/hosting.md lists.")  # fmt: skip


def _fault(code: str, what: str, remedy: str, *, passing: bool = False) -> StoreError:
    return StoreError(what, remedy, code=code, passing=passing)
