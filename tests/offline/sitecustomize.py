"""No test reaches another machine. Python runs this at the start of every child process that tests start."""

import ipaddress
import os
import socket
import sys
from typing import Any

OWN_NAMES = {"", "localhost", "0.0.0.0", socket.gethostname().lower()}
LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname"}
SENDING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
attempts: list[str] = []


class NetworkRefused(OSError):
    """A test, or the code under test, tried to reach another machine."""


def is_this_machine(host: object) -> bool:
    """Tell whether a host as given to ``socket`` is this machine: a loopback address or one of its own names."""
    name = os.fsdecode(host).lower() if isinstance(host, str | bytes) else ""
    if name in OWN_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse_network(event: str, details: tuple[Any, ...]) -> None:
    """Audit hook: raise NetworkRefused before a packet leaves, and remember where it wanted to go.

    Names under ``.invalid`` exist nowhere by agreement: they are answered as the network would, for tests of that.
    """
    if event in LOOK_UPS:
        host = details[0]
    elif event in SENDING and isinstance(details[1], tuple):  # anything else is a Unix socket: a file
        host = details[1][0]
    else:
        return
    if host is None or is_this_machine(host):
        return
    if os.fsdecode(host).rstrip(".").endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    attempts.append(f"{event} {host}")
    raise NetworkRefused(f"Tests stay on this machine, but something wanted to reach {host} ({event}).")


sys.addaudithook(refuse_network)
