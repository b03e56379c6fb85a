"""E-mail (.eml): who wrote to whom about what, then the message.

The standard library reads the parts and our own HTML reader the body: HTML mails are laid out in nested tables, which
unstructured turns into one table, and its reader opens attachments. Attachments are only named, never opened.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage, Message
from typing import TypeGuard

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.plain import decode, decoded, paragraphs
from core.load.webpage import add_page
from core.schema import Document, Shortfall

_SHOWN = ("From", "To", "Cc", "Date")
_HTML = re.compile(r"<(html|body|div|p|br|table|span)\b", re.I)
_DEEPEST = 5
_LONGEST_HEADER = 4000


class _ShortHeaders(email.policy.EmailPolicy):
    """Cuts headers off: the library takes minutes for one of a few hundred kilobytes, whenever it is asked for."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Return a header's name and the beginning of its value."""
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_HEADER]


def read(data: bytes, reading: Reading) -> Document:
    """Read an e-mail. Raises LoadError (encrypted)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        data = decode(data)[0].encode("utf-8")
    message = email.message_from_bytes(data.lstrip(), policy=_ShortHeaders())
    builder = Builder()
    attached: list[str] = []
    _add_message(builder, message, attached, 1)
    builder.warnings.extend(attachment_warning(attached))
    return builder.document("eml", title=_header(message, "Subject"))


def attachment_warning(names: list[str]) -> list[Shortfall]:
    """Return a sentence that names attachments that were not read, or nothing."""
    if not names:
        return []
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return [Shortfall(f"Attachments were not read: {shown}.", "Save them and add them on their own.")]


def add_head(builder: Builder, subject: str, lines: list[tuple[str, str]], level: int = 1) -> None:
    """Add a mail's subject as a heading and the filled ones of ``lines`` ("From", "a@b.c") as a paragraph."""
    if subject.strip():
        builder.heading(subject, level)
    builder.paragraph("\n".join(f"{name}: {' '.join(value.split())}" for name, value in lines if value.strip()))


def add_body(builder: Builder, text: str, *, is_html: bool) -> None:
    """Add a mail's message, HTML or plain."""
    if is_html:
        add_page(builder, text)
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for block in paragraphs(text, headings=False):
        builder.paragraph(text[block.start : block.end], block.kind)


def _add_message(builder: Builder, message: Message, attached: list[str], depth: int) -> None:
    if message.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"):
        raise LoadError(
            "This e-mail is encrypted.", "Open it in your mail program, and save a copy of its text.", code="encrypted"
        )
    add_head(builder, _header(message, "Subject"), [(name, _header(message, name)) for name in _SHOWN], min(depth, 6))
    body = _body(message)
    if body is not None:
        text = _text(body)
        is_html = body.get_content_type() == "text/html"
        if text.strip():
            add_body(builder, text, is_html=is_html and _HTML.search(text) is not None)
    for part in _others(message, body):
        if part.get_content_type() == "message/rfc822" and part.is_multipart() and depth < _DEEPEST:
            for inner in filter(_is_message, part.get_payload()):
                _add_message(builder, inner, attached, depth + 1)
        elif name := _file_name(part):
            attached.append(name)


def _body(message: Message) -> Message | None:
    """Return the part to read: HTML before plain text, for it keeps headings, lists and tables."""
    if isinstance(message, EmailMessage):
        try:
            body = message.get_body(preferencelist=("html", "plain"))
        except (KeyError, ValueError, AttributeError):
            body = None  # headers that the library cannot parse
        if body is not None:
            return body
    texts = [part for part in _parts(message) if part.get_content_maintype() == "text" and not part.get_filename()]
    return texts[0] if texts else None


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts that are not containers, without going into messages attached to this one."""
    # Only then is the payload asked for: of a text the library decodes it, by whatever charset the mail names.
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in filter(_is_message, message.get_payload()):
            yield from _parts(part)
    else:
        yield message


def _is_message(part: object) -> TypeGuard[Message]:
    return isinstance(part, Message)


def _others(message: Message, body: Message | None) -> Iterator[Message]:
    for part in _parts(message):
        if part is not body and part is not message:
            yield part


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload())
    stated = part.get_content_charset() or ""
    text = decoded(payload, stated)
    return decode(payload, stated)[0] if text is None else text


def _header(message: Message, name: str) -> str:
    try:
        return " ".join(str(message.get(name) or "").split())
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return ""  # the library stumbles over a few malformed dates and addresses


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        name = ""
    if name:
        return " ".join(re.split(r"[\\/]", name)[-1].split())[:100]
    return "" if part.get_content_maintype() in ("text", "multipart") else f"a part of type {part.get_content_type()}"
