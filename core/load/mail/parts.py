"""The parts of an e-mail as the standard library gives them, made safe: headers, file names, bytes and texts."""

import binascii
import email
import email.policy
import quopri
import re
from collections.abc import Iterator
from email.message import Message
from typing import TypeGuard

from core.load.texts.plain import decode

_LONGEST_HEADER = 4000
_LONGEST_ADDRESSES = 200_000
_ADDRESSES = re.compile(r"(from|to|cc)$", re.I)
_TYPE = re.compile(r"content-type$", re.I)
_BOUNDARY = re.compile(r'\b(boundary\s*+=\s*+)([^";\s][^";\r\n]*+)', re.I)
_FIRST_BOUNDARY = re.compile(rb"^--(?=\S)([^\r\n]{1,200}?)[ \t]*\r?\n", re.M)
_ENCODED = re.compile(r"=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bqBQ])\?([^?]{0,2000})\?=")
_NEEDLESS = re.compile(r'"([^"\\<>@,;:]{1,200})"\s*(?=<)')
_STUMBLES = (ValueError, LookupError, AttributeError, TypeError, RecursionError)  # the library, over odd headers


class _MendedHeaders(email.policy.Compat32):
    """Mends headers before the library reads them, and leaves them as they are written: it would take minutes for long
    ones.

    A boundary with signs that ask for quotation marks gets them. Letters that were not encoded are read as they most
    probably were written.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return a header's name and the beginning of its value."""
        name, value = super().header_source_parse(sourcelines)
        value = value[: _LONGEST_ADDRESSES if _ADDRESSES.match(name) else _LONGEST_HEADER]
        if not value.isascii():
            value = decode(value.encode("utf-8", "surrogateescape"))[0]
        return name, _BOUNDARY.sub(lambda stated: f'{stated[1]}"{stated[2].rstrip()}"', value) if _TYPE.match(
            name
        ) else value


_POLICY = _MendedHeaders()


def parsed_mail(data: bytes) -> Message:
    """Return a mail; nothing of what is wrong with it is an error."""
    return email.message_from_bytes(data, policy=_POLICY)


def parts_of(message: Message) -> list[Message]:
    """Return the parts of a container, also of one that states another boundary than it uses."""
    if message.is_multipart():
        return list(filter(_is_message, message.get_payload()))
    data = part_bytes(message)
    boundary = _FIRST_BOUNDARY.search(data)
    if boundary is None or data.count(b"--" + boundary[1]) < 2:
        return []
    head = b'Content-Type: multipart/mixed; boundary="' + boundary[1].replace(b'"', b"") + b'"\n\n'
    again = parsed_mail(head + data)
    return list(filter(_is_message, again.get_payload())) if again.is_multipart() else []


def inner_mail(part: Message) -> Message | None:
    """Return the mail within a part of kind message/…, also one that was encoded, which no standard allows."""
    inner = next(filter(_is_message, part.get_payload()), None) if part.is_multipart() else None
    if inner is None or inner.keys():
        return inner
    try:
        return parsed_mail(binascii.a2b_base64(str(inner.get_payload()).encode("ascii", "replace")))
    except ValueError:
        return inner


def part_bytes(part: Message) -> bytes:
    """Return what a part holds, decoded."""
    try:
        payload = part.get_payload(decode=True)
    except _STUMBLES:
        payload = None
    return payload if isinstance(payload, bytes) else b""


def part_text(part: Message) -> str:
    """Return a part's text, by its character set or by what the bytes say."""
    try:
        stated = part.get_content_charset() or ""
    except _STUMBLES:
        stated = ""
    return decode(part_bytes(part), stated)[0]


def header(message: Message, name: str) -> str:
    """Return a header on one line, "" where there is none; encoded words are read, needless quotation marks gone."""
    text = encoded_words(str(message.get(name) or ""))
    return " ".join((_NEEDLESS.sub(r"\1 ", text) if _ADDRESSES.match(name) else text).split())


def encoded_words(text: str) -> str:
    """Return a header's text with its encoded words ("=?utf-8?q?f=C3=BCr?=") read.

    The library's own function takes minutes for long headers. Words next to each other are decoded together, for some
    programs cut within a letter.
    """
    pieces: list[str] = []
    waiting, charset, position = b"", "", 0
    for match in _ENCODED.finditer(text):
        between = text[position : match.start()]
        if waiting and (between.strip() or match[1].lower() != charset):
            pieces.append(decode(waiting, charset)[0])
            waiting = b""
        if between.strip() or not position:
            pieces.append(between)
        charset, position = match[1].lower(), match.end()
        waiting += _word_bytes(match[2], match[3])
    return "".join([*pieces, decode(waiting, charset)[0] if waiting else "", text[position:]])


def _word_bytes(coding: str, word: str) -> bytes:
    data = word.encode("utf-8", "replace")
    if coding in "qQ":
        return quopri.decodestring(data, header=True)
    try:
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except ValueError:
        return data


def content_type(part: Message) -> str:
    """Return what a part says it is ("text/plain" where it says nothing), in lower case."""
    stated = str(part.get("Content-Type") or "").partition(";")[0].strip().lower()
    # The library takes what it cannot read for text: some programs wrote their own names here.
    return part.get_content_type() if "/" in stated or stated in ("", "text") else f"application/{stated[:40]}"


def stated_name(part: Message) -> str:
    """Return the file name that a part states."""
    try:
        return encoded_words(part.get_filename() or "")
    except _STUMBLES:
        return ""


def is_attached(part: Message) -> bool:
    """Tell whether a part says that it is a file of its own."""
    try:
        return part.get_content_disposition() == "attachment"
    except _STUMBLES:
        return False


def status_lines(part: Message) -> Iterator[str]:
    """Yield the lines of a report's part: what became of a mail, header by header."""
    for block in filter(_is_message, part.get_payload()) if part.is_multipart() else ():
        yield from (f"{name}: {header(block, name)}" for name in dict.fromkeys(block.keys()))
        if not block.is_multipart() and (text := part_text(block).strip()):
            yield text


def _is_message(part: object) -> TypeGuard[Message]:
    return isinstance(part, Message)
