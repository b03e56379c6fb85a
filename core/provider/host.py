"""What a host in an address stands for: this machine or its network, however it is spelled, or a cloud's secrets."""

import ipaddress
import re
import socket
import unicodedata
from urllib.parse import unquote

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Where a cloud's machines fetch their own passwords: no model service is there, and the answers are not for a page.
_METADATA_NETWORKS = tuple(
    map(
        ipaddress.ip_network,
        (
            *("169.254.0.0/16", "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32"),
            *("fd00:ec2::/32", "fd20:ce::254/128"),
        ),
    )
)
_METADATA_NAMES = (
    "metadata",
    "metadata.goog",
    "metadata.google.internal",
    "instance-data",
    "instance-data.ec2.internal",
)
# IPv6 networks whose last 32 bits are an IPv4 address that is meant: written as IPv6, and translated on the way.
_HOLDS_IPV4 = tuple(map(ipaddress.ip_network, ("::/96", "64:ff9b::/96")))
_NUMBERS = re.compile(r"(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]+)){0,3}")


def is_metadata(host: str) -> bool:
    """Say whether this host is where a cloud keeps the secrets of its machines. Asks nobody."""
    plain = _plain(host)
    address = address_of(plain)
    if address is None:
        return plain in _METADATA_NAMES
    return any(address in network for network in _METADATA_NETWORKS)


def is_local_host(host: str) -> bool:
    """Say whether this host is this machine or in its own network. Asks nobody: a name is judged by its ending."""
    plain = _plain(host)
    address = address_of(plain)
    if address is not None:
        return address.is_private
    return "." not in plain or plain.endswith((".localhost", ".local", ".internal", ".lan"))


def address_of(host: str) -> IPAddress | None:
    """Read an IP address in any spelling that a resolver takes: 127.1, 0x7f000001, 2130706433, ::ffff:127.0.0.1.

    An IPv6 address that only stands for an IPv4 one is that one. None for a name.
    """
    if _NUMBERS.fullmatch(host):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    try:
        address = ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return None
    inside = address.ipv4_mapped or address.sixtofour
    if inside is None and int(address) > 1 and any(address in network for network in _HOLDS_IPV4):
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inside or address


def _plain(host: str) -> str:
    """Return a host as it is resolved in the end: escapes, wide digits and a last dot mean nothing."""
    return unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").lower().strip("[]").rstrip(".")
