"""Where a request comes from: this very computer, or which address; and the code that proves who runs the server."""

import sys
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope

from core.operate import LOCAL_NAMES, read_authority
from core.people import has_owner
from core.settings import settings
from core.vault import Vault

# What a proxy or a tunnel on this computer adds: whoever it speaks for may be anywhere.
_FORWARDING = frozenset(
    {b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip", b"cf-connecting-ip"}
)


def comes_from_here(scope: Scope) -> bool:
    """Say whether a browser on this computer asks, by one of its own names, with nothing between that says so."""
    names = {name.lower() for name, _ in scope["headers"]}
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"]
    host = read_authority(hosts[0]) if len(hosts) == 1 else None
    ends = (scope.get("client"), scope.get("server"))
    return (
        host is not None
        and host.name in LOCAL_NAMES
        and not names & _FORWARDING
        and all(end is not None and is_loopback(end[0]) for end in ends)
    )


def is_loopback(address: str | None) -> bool:
    """Say whether an address, or the name that a server listens under, is reached from this computer only."""
    if address == "localhost":
        return True
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False


def address_of(scope: Scope) -> str:
    """Return the address whose wrong tries are counted: the browser's, as its nearest proxy says; a network of IPv6.

    A proxy is believed where it asks from a private address only, and only the last public address it names: what
    stands before that, anybody may have written.
    """
    client = scope.get("client")
    peer = client[0] if client else ""
    named = [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"x-forwarded-for"]
    for word in [peer, *reversed(",".join(named).split(","))]:
        with suppress(ValueError):
            address = ip_address(word.strip())
            if address.is_global:
                wide = isinstance(address, IPv6Address)
                return str(ip_network(f"{address}/64", strict=False)) if wide else str(address)
    return peer or "unknown"


def owners_code() -> str:
    """Return the code that whoever makes the first owner from elsewhere must type. Raises DataFolderError."""
    return Vault(settings().data, settings().secret).code("first owner")


def say_code(listens_at: str) -> None:
    """Write the code to the server's log where others can reach it and there is no owner yet. Raises DataFolderError.

    Not through the log: its level may leave it out. Raises DataFolderError where the database cannot be read.
    """
    if (is_loopback(listens_at) and not settings().hosts) or has_owner():
        return
    with suppress(OSError, ValueError):
        sys.stderr.write(
            f"\n  Answerbook has no owner yet. Open its address in a browser and type this code: {owners_code()}\n\n"
        )
        sys.stderr.flush()
