"""The properties of an Outlook mail: texts, bytes and numbers of a storage, by their numbers in [MS-OXPROPS]."""

import datetime
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.load.texts.plain import decode

MESSAGE_CLASS, SUBJECT, HEADERS, SENT, DELIVERED = 0x001A, 0x0037, 0x007D, 0x0039, 0x0E06
BODY, HTML, RICH_TEXT = 0x1000, 0x1013, 0x1009
SENDER_NAME, SENDER_ADDRESS, SENDER_MAIL, ON_BEHALF_OF = 0x0C1A, 0x0C1F, 0x5D01, 0x0042
SHOWN_TO, SHOWN_CC, RECIPIENT_KIND, SHOWN_NAME, MAIL_ADDRESS, ADDRESS = 0x0E04, 0x0E03, 0x0C15, 0x3001, 0x39FE, 0x3003
FILE, LONG_NAME, SHORT_NAME, MIME_TYPE, CONTENT_ID = 0x3701, 0x3707, 0x3704, 0x370E, 0x3712
_CODE_PAGE, _INTERNET_CODE_PAGE = 0x3FFD, 0x3FDE
_FOLDER, _STREAM = 1, 2
_PROPERTIES = "__properties_version1.0"
_UNICODE, _BYTES, _BINARY = "001F", "001E", "0102"
_ENTRY = struct.Struct("<HHIq")
_EPOCH = datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)
_PAGES = {
    20127: "ascii", 20866: "koi8-r", 21866: "koi8-u", 20932: "euc-jp", 51932: "euc-jp", 51936: "gb2312",
    51949: "euc-kr", 54936: "gb18030", 65000: "utf-7", 65001: "utf-8", 10000: "mac-roman", 10007: "mac-cyrillic",
    50220: "iso-2022-jp", 50221: "iso-2022-jp", 50222: "iso-2022-jp", 50225: "iso-2022-kr", 52936: "hz",
    38598: "iso-8859-8", **{28590 + number: f"iso-8859-{number}" for number in range(1, 17)},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder within the file: the mail itself, one of its recipients or attached files, a mail attached to it."""

    container: Any
    entry: Any
    code_page: str = ""  # of the mail it belongs to

    @property
    def name(self) -> str:
        """The folder's name, that says what it is."""
        return str(self.entry.name)

    def stream(self, name: str) -> bytes | None:
        """Return what a stream in this folder holds, None where there is none."""
        found = self.entry.kids_dict.get(name.lower())
        if found is None or found.entry_type != _STREAM:
            return None
        # By its place: openstream looks every name up among all others.
        return bytes(self.container._open(found.isectStart, found.size).read())

    def within(self, beginning: str) -> "Iterator[Storage]":
        """Yield the folders in this one whose names begin so."""
        for entry in self.entry.kids:
            if entry.entry_type == _FOLDER and entry.name.startswith(beginning):
                yield Storage(self.container, entry, _code_page(self))


def storage_of(data: bytes) -> Storage:
    """Return what the file holds. Raises OSError and others where it is damaged."""
    from olefile import OleFileIO

    container = OleFileIO(data)
    return Storage(container, container.root)


def attached_to(mail: Storage) -> Iterator[Storage]:
    """Yield the attached files and mails."""
    return mail.within("__attach_version1.0_#")


def text_of(storage: Storage, number: int) -> str:
    """Return a text, "" where there is none. One that is not Unicode is in the mail's code page."""
    if (data := storage.stream(_name(number, _UNICODE))) is not None:
        return data.decode("utf-16-le", errors="replace").rstrip("\x00")
    if (data := storage.stream(_name(number, _BYTES))) is not None:
        return decode(data.rstrip(b"\x00"), _code_page(storage))[0]
    return ""


def page_of(storage: Storage) -> str:
    """Return the mail's body as HTML, "" where there is none."""
    data = bytes_of(storage, HTML)
    if not data:
        return text_of(storage, HTML)
    from core.load.web.reader import decoded_page

    return decoded_page(data, _page(storage, _INTERNET_CODE_PAGE) or _page(storage, _CODE_PAGE))


def bytes_of(storage: Storage, number: int) -> bytes:
    """Return the bytes of a property, none where there is none."""
    return storage.stream(_name(number, _BINARY)) or b""


def number_of(storage: Storage, number: int) -> int:
    """Return a whole number, 0 where it is not stated."""
    data = storage.stream(_PROPERTIES) or b""
    # The head is 8 bytes long for a recipient and an attached file, 24 for a mail within, 32 for the mail itself.
    for start in range(len(data) % _ENTRY.size, len(data) - _ENTRY.size + 1, _ENTRY.size):
        kind, found, _, value = _ENTRY.unpack_from(data, start)
        if found == number and kind in (3, 11, 0x40):
            return value if kind == 0x40 else value & 0xFFFFFFFF
    return 0


def time_of(storage: Storage, number: int) -> str:
    """Return a point in time as "2026-03-31 12:00", in UTC; "" where it is not stated."""
    ticks = number_of(storage, number)
    try:
        return f"{_EPOCH + datetime.timedelta(microseconds=ticks // 10):%Y-%m-%d %H:%M}" if ticks else ""
    except (OverflowError, ValueError):
        return ""


def mail_within(storage: Storage) -> Storage | None:
    """Return the mail that is attached in this storage, None where it is another kind of file."""
    inner = next(storage.within(_name(FILE, "000D")), None)
    return inner if inner is not None and inner.stream(_PROPERTIES) is not None else None


def recipients(storage: Storage, kind: int) -> Iterator[str]:
    """Yield the people that a mail went to: ``kind`` 1, or in copy: 2."""
    for person in storage.within("__recip_version1.0_#"):
        if number_of(person, RECIPIENT_KIND) == kind:
            yield named(text_of(person, SHOWN_NAME), text_of(person, MAIL_ADDRESS) or text_of(person, ADDRESS))


def named(name: str, address: str) -> str:
    """Return a name with its mail address, as in a mail's head; addresses within Exchange are no use to anybody."""
    name, address = name.strip().strip("'\""), address.strip() if "@" in address else ""
    return f"{name} <{address}>" if name and address and name != address else address or name


def _name(number: int, kind: str) -> str:
    return f"__substg1.0_{number:04X}{kind}"


def _code_page(storage: Storage) -> str:
    return _page(storage, _CODE_PAGE) or _page(storage, _INTERNET_CODE_PAGE) or storage.code_page


def _page(storage: Storage, number: int) -> str:
    page = number_of(storage, number)
    return _PAGES.get(page, f"cp{page}" if page else "")
