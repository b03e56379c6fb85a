"""The words that a mail's file holds, found in its bytes without the library that reads it."""

import binascii
import quopri
import re
from collections.abc import Iterator

from core.load.texts.plain import decode
from core.load.web.reader import visible_text

_BOUNDARY = re.compile(rb'oundary\s*=\s*"?([^"\s;]{1,200})')
_MOST_BOUNDARIES = 200
_END = re.compile(rb"\r?\n\r?\n")
_TYPE = re.compile(rb"^content-type:[ \t\r\n]*([\w./+-]+)", re.I | re.M)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_CODING = re.compile(rb"^content-transfer-encoding:\s*([\w-]+)", re.I | re.M)
_OWN_FILE = re.compile(rb"\bname\*?\d*\*?\s*=|^content-disposition:\s*attachment|\bfilename", re.I | re.M)
ARMOUR = re.compile(r"-----BEGIN PGP MESSAGE-----.*?(-----END PGP MESSAGE-----|\Z)", re.S)
LINKS = re.compile(r"<?\b(?:https?://|mailto:|www\.)\S+|\[(?:cid|image|inline)\b[^\[\]\n]*+\]", re.I)


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of the parts that are no files of their own, hidden ones of a page left out."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        data = decode(data)[0].encode("utf-8")
    data = data.lstrip()
    for section in _sections(data):
        head, body = _split(section)
        kind = _TYPE.search(head)
        while kind and kind[1].lower() == b"message/rfc822":
            head, body = _split(body)
            kind = _TYPE.search(head)
        name = kind[1].lower() if kind else b"text/plain"
        if name in (b"text/plain", b"text/html") and not _OWN_FILE.search(head):
            yield "", _text(head, body, is_page=name == b"text/html")


def _sections(data: bytes) -> Iterator[bytes]:
    """Yield what stands between the boundaries that the mail itself states."""
    stated = {match[1] for match, _ in zip(_BOUNDARY.finditer(data), range(_MOST_BOUNDARIES), strict=False)}
    places = {0, len(data)}
    for boundary in stated:
        line = b"\n--" + boundary
        place = data.find(line)
        while place >= 0:
            places.add(place + 1)
            place = data.find(line, place + len(line))
    ordered = sorted(places)
    for number, start in enumerate(ordered[:-1]):
        section = data[start : ordered[number + 1]]
        if not start:
            yield section
        elif not section.partition(b"\n")[0].rstrip().endswith(b"--"):
            yield section.partition(b"\n")[2]


def _split(section: bytes) -> tuple[bytes, bytes]:
    if section.startswith((b"\n", b"\r\n")):
        return b"", section
    end = _END.search(section)
    return (section[: end.start()], section[end.end() :]) if end else (section, b"")


def _text(head: bytes, body: bytes, *, is_page: bool) -> str:
    coding = _CODING.search(head)
    name = coding[1].lower() if coding else b""
    if name == b"base64":
        try:
            body = binascii.a2b_base64(body)
        except ValueError:
            return ""
    elif name == b"quoted-printable":
        body = quopri.decodestring(body)
    charset = _CHARSET.search(head)
    text = decode(body, charset[1].decode("ascii") if charset else "")[0]
    return visible_text(text) if is_page else LINKS.sub(" ", ARMOUR.sub(" ", text))
