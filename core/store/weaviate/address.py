"""Where a Weaviate listens: what a host writes into WEAVIATE_URL and WEAVIATE_GRPC, taken apart."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.errors import StoreError

HTTP_PORT, GRPC_PORT, SECURE_PORT = 8080, 50051, 443
CLOUD = (".weaviate.cloud", ".weaviate.network")
_HOST = re.compile(r"[0-9A-Za-z]([0-9A-Za-z._-]*[0-9A-Za-z])?|[0-9A-Fa-f:]+")


@dataclass(frozen=True, slots=True)
class Address:
    """One server: where it speaks HTTP and where gRPC. ``secure`` is TLS for both."""

    host: str
    port: int
    secure: bool
    grpc_host: str
    grpc_port: int

    @property
    def place(self) -> str:
        """Host and port, for a person."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The HTTP address; never holds a key."""
        return f"{'https' if self.secure else 'http'}://{self.place}"


def addresses(url: str, grpc: str = "") -> list[Address]:
    """Take apart one address or several by comma, ``grpc`` in the same order; empty parts are derived.

    Raises StoreError (code "weaviate_address") for what cannot be an address.
    """
    urls = [part.strip().strip("\"'") for part in url.split(",") if part.strip()]
    grpcs = [part.strip() for part in grpc.split(",")] if grpc.strip() else []
    if not urls:
        raise _unusable("WEAVIATE_URL is empty.")
    if len(grpcs) > len(urls):
        raise _unusable("WEAVIATE_GRPC names more addresses than WEAVIATE_URL.")
    grpcs += [""] * (len(urls) - len(grpcs))
    return [_address(one, other) for one, other in zip(urls, grpcs, strict=True)]


def _address(url: str, grpc: str) -> Address:
    scheme, split, _ = url.partition("://")
    if split and scheme.lower() not in ("http", "https"):
        raise _unusable(f'A Weaviate address begins with http:// or https://, not with "{scheme[:20]}://".')
    host, port = _host_and_port(url if split else f"//{url}")
    cloud = host.endswith(CLOUD)
    secure = scheme.lower() == "https" if split else cloud or port == SECURE_PORT
    port = port or (SECURE_PORT if secure else HTTP_PORT)
    grpc_host = f"grpc-{host}" if cloud and not host.startswith("grpc-") else host
    grpc_port = SECURE_PORT if secure else GRPC_PORT
    if grpc.isdigit():
        grpc_port = _host_and_port(f"//{host}:{grpc}" if ":" not in host else f"//[{host}]:{grpc}")[1] or grpc_port
    elif grpc:
        bare = grpc.partition("://")[2] or grpc
        grpc_host, named = _host_and_port(f"//{bare}")
        grpc_port = named or grpc_port
    return Address(host, port, secure, grpc_host, grpc_port)


def _host_and_port(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise _unusable("The port or host in the Weaviate address is not valid.") from error
    if parts.username or parts.password:
        raise _unusable("The Weaviate address holds a name or password.")
    if port == 0 or not _HOST.fullmatch(host) or len(host) > 253:
        raise _unusable("The port or host in the Weaviate address is not valid.")
    return host, port


def _unusable(what: str) -> StoreError:
    return StoreError(
        what,
        "Set WEAVIATE_URL to an address like http://localhost:8080 or the one your cloud console shows, and keys to "
        "WEAVIATE_API_KEY.",
        code="weaviate_address",
    )
