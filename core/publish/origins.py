"""Which sites may show the widget: what an owner typed, as browsers and policies name it."""

import re
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from core.errors import AnswerbookError

USUAL_PORTS = {"https": 443, "http": 80}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
# A browser's own computer, as RFC 6761 has it for names; http is safe there alone, as nobody stands between.
_LOOPBACK = re.compile(r"(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}")
# They mean another name to browsers (IDNA 2008) than to Python (IDNA 2003): the name would be a stranger's.
_AMBIGUOUS = re.compile("[ßς\u200c\u200d]")


def read_origin(text: str) -> str:
    """Return a site as browsers name it, "https://shop.example": of a pasted address, its scheme, name and port.

    "https://*.shop.example" stands for all names below that one. Names are in ASCII then (punycode). Raises
    AnswerbookError for anything else, and for http outside this computer.
    """
    typed = text.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"//{typed}")
        port = parts.port
        star, host = _named(parts.netloc)
        scheme = parts.scheme or ("http" if _LOOPBACK.fullmatch(host) else "https")
    except ValueError:  # a port that is none, a name that cannot be one
        raise _no_site(typed) from None
    if scheme not in USUAL_PORTS or not host or port == 0 or (star and "." not in host) or re.search(r"\s", typed):
        raise _no_site(typed)
    if scheme == "http" and not _LOOPBACK.fullmatch(host):
        raise AnswerbookError(
            f"“http://{host}” is not safe: whoever stands between could change what visitors read.",
            f"Type it as https://{host}. If the site has no https yet, its host can switch it on.",
            code="bad_origin",
        )
    return f"{scheme}://{star}{host}" + (f":{port}" if port and port != USUAL_PORTS[scheme] else "")


def _named(authority: str) -> tuple[str, str]:
    """Return "*." or nothing, and the name in ASCII, empty where it cannot be one. Raises ValueError."""
    name = re.sub(r":\d+$", "", authority).lower().removesuffix(".")
    star = "*." if name.startswith("*.") else ""
    name = name.removeprefix(star)
    if _AMBIGUOUS.search(name) or re.search(r"[@\\]", name):
        return star, ""
    host = name.encode("idna").decode()
    if len(host) > 253 or not _HOST.fullmatch(host):
        return star, ""
    if re.fullmatch(r"[\d.]+|.*\.(?:\d+|0x[\da-f]*)", host):  # what browsers read as a number is an address, or nothing
        IPv4Address("" if star else host)  # nothing is below an address
    return star, host


def _no_site(typed: str) -> AnswerbookError:
    return AnswerbookError(
        f"“{typed[:80]}” is not the address of a site.", "Type it as https://www.example.com.", code="bad_origin"
    )
