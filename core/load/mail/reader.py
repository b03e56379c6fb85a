"""E-mail (.eml): who wrote to whom about what, then the message.

The standard library reads the parts and our own HTML reader the body: HTML mails are laid out in nested tables, which
unstructured turns into one table, and its reader opens attachments. Attachments are handed over, never opened.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message

from core.errors import LoadError
from core.load.attachments import Attachments, attachments_for
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.mail.parts import (
    content_type,
    header,
    inner_mail,
    is_attached,
    parsed_mail,
    part_bytes,
    part_text,
    parts_of,
    stated_name,
    status_lines,
)
from core.load.mail.signed import signed_content
from core.load.mail.winmail import unpacked
from core.load.mail.words import ARMOUR, LINKS, own_words
from core.load.texts.plain import decode, paragraphs
from core.load.web.reader import add_page
from core.schema import Document, PageWord, Shortfall

__all__ = ["LINKS", "MailReading", "add_body", "add_head", "add_mail", "add_sealed", "own_words", "read"]
_SHOWN = ("From", "To", "Cc", "Date")
_HTML = re.compile(r"<(html|body|div|p|br|table|span)\b", re.I)
_MOST_LOOKED_FOR = 2000
_DEEPEST_MAIL = 5
_DEEPEST_PART = 40
_SEALED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_SIGNED_MAIL = re.compile(rb"^content-type:\s*multipart/signed", re.I | re.M)
_MAILS = ("message/rfc822", "message/global", "message/news")
_REPORTS = tuple(
    f"message/{kind}"
    for kind in ("delivery-status", "disposition-notification", "feedback-report", "rfc822-headers", "tracking-status")
)
_PACKED = ("application/ms-tnef", "application/vnd.ms-tnef")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")
_WORD = re.compile(r"\w+")
_ASKS_FOR_HTML = re.compile(r"\bhtml\b", re.I)


@dataclass
class MailReading:
    """One mail or many being read: where their words go, their files, and how many messages are encrypted."""

    builder: Builder
    attachments: Attachments
    encrypted: int = 0
    lost: int = 0
    html: list[str] = field(default_factory=list)

    def document(self, kind: str, title: str = "", page_word: PageWord = "") -> Document:
        """Return what was read, with the files and with what was not read."""
        if self.encrypted:
            what = "An encrypted message in it was not read." if self.encrypted == 1 else (
                f"{self.encrypted} encrypted messages in it were not read.")  # fmt: skip
            self.builder.warnings.append(Shortfall(what, "Open it in your mail program, and save a copy of its text."))
        if self.lost:
            what = "Parts of it that are nested too deep were not read."
            self.builder.warnings.append(Shortfall(what, "Save the mails attached to it and add them on their own."))
        self.builder.warnings.extend(self.attachments.warnings())
        document = self.builder.document(kind, title=title, page_word=page_word)
        return replace(document, attachments=tuple(self.attachments.taken))


def read(data: bytes, reading: Reading) -> Document:
    """Read an e-mail. Raises LoadError (encrypted)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:200]:
        data = decode(data)[0].encode("utf-8")
    message = parsed_mail(data.lstrip())
    mails = MailReading(Builder(), attachments_for(reading))
    add_mail(mails, message)
    if mails.encrypted and len(mails.builder.blocks) <= 2 and not mails.attachments.taken:
        raise LoadError(
            "This e-mail is encrypted.", "Open it in your mail program, and save a copy of its text.", code="encrypted"
        )
    return mails.document("eml", title=header(message, "Subject"))


def add_head(builder: Builder, subject: str, lines: list[tuple[str, str]], level: int = 1) -> None:
    """Add a mail's subject as a heading and the filled ones of ``lines`` ("From", "a@b.c") as a paragraph."""
    if subject.strip():
        builder.heading(subject, level)
    builder.paragraph("\n".join(f"{name}: {' '.join(value.split())}" for name, value in lines if value.strip()))


def add_body(builder: Builder, text: str, *, is_html: bool) -> None:
    """Add a mail's message, HTML or plain."""
    if is_html:
        try:
            add_page(builder, text)
        except LoadError:
            return  # a body of nothing
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for block in paragraphs(text, headings=False):
        builder.paragraph(text[block.start : block.end], block.kind)


def add_mail(mails: MailReading, message: Message, depth: int = 1) -> None:
    """Add a mail's head and all that it holds, the mails attached to it among that."""
    lines = [(name, header(message, name)) for name in _SHOWN]
    add_head(mails.builder, header(message, "Subject"), lines, min(depth, 6))
    _add_part(mails, message, depth, 0)


def _add_part(mails: MailReading, part: Message, depth: int, nested: int) -> None:
    kind = content_type(part)
    if nested > _DEEPEST_PART:
        mails.lost += 1
    elif kind in _SEALED:
        add_sealed(mails, part_bytes(part), depth, nested)
    elif kind == "multipart/alternative":
        _add_alternatives(mails, parts_of(part), depth, nested)
    elif kind.startswith("multipart/"):
        parts = parts_of(part)
        if not parts:
            add_body(mails.builder, part_text(part), is_html=False)
        for inner in parts:
            _add_part(mails, inner, depth, nested + 1)
    elif kind in _MAILS:
        _add_attached_mail(mails, part, depth)
    elif kind in _REPORTS:
        add_body(mails.builder, "\n".join(status_lines(part)), is_html=False)
    elif kind.startswith("text/") and _is_body(part, nested):
        _add_text(mails, part)
    elif kind not in _SIGNATURES:
        _add_file(mails, part)


def _is_body(part: Message, nested: int) -> bool:
    """Tell a text of the mail itself from a file; the one text of a mail may bear a name all the same."""
    return not is_attached(part) and (nested == 0 or not stated_name(part))


def add_sealed(mails: MailReading, data: bytes, depth: int, nested: int = 0) -> None:
    """Add what an envelope holds that is signed only; one that is encrypted is counted."""
    content = data if _SIGNED_MAIL.search(data[:2000]) else signed_content(data)
    if content is None:
        mails.encrypted += 1
    else:
        _add_part(mails, parsed_mail(content), depth, nested + 1)


def _add_attached_mail(mails: MailReading, part: Message, depth: int) -> None:
    inner = inner_mail(part)
    if inner is None:
        return
    if depth < _DEEPEST_MAIL:
        add_mail(mails, inner, depth + 1)
        return
    try:
        mails.attachments.add(f"{header(inner, 'Subject') or 'Attached mail'}.eml", inner.as_bytes())
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        mails.lost += 1  # the library cannot write every mail that it reads


def _add_alternatives(mails: MailReading, parts: list[Message], depth: int, nested: int) -> None:
    """Add the alternative that is laid out, and what only the plain text says. The last one is the richest."""
    plain = [part for part in parts if content_type(part) == "text/plain" and not is_attached(part)]
    rich = [part for part in parts if part not in plain]
    laid_out = [
        part for part in rich if content_type(part) == "text/html" or content_type(part).startswith("multipart/")
    ]
    first = len(mails.builder.pieces)
    for part in laid_out[-1:] or plain[-1:] or parts[-1:]:
        _add_part(mails, part, depth, nested + 1)
    if laid_out and plain:
        _add_missing(mails.builder, part_text(plain[-1]), "".join(mails.builder.pieces[first:]))
    for part in rich:
        if part not in laid_out and (stated_name(part) or is_attached(part)):
            _add_file(mails, part)


def _add_missing(builder: Builder, plain: str, read: str) -> None:
    """Add the paragraphs of a plain text that say what the HTML beside it does not."""
    if len(plain) < 300 and _ASKS_FOR_HTML.search(plain) and read:
        return  # "Your program does not show HTML."
    known, squeezed = set(_words(read)), "".join(_words(read))
    text = plain.replace("\r\n", "\n").replace("\r", "\n")
    looked_for = 0
    for block in paragraphs(text, headings=False):
        words = text[block.start : block.end]
        unknown = [word for word in _words(words) if word not in known and len(word) > 1]
        # A word that bold letters part in one of the two is known all the same; to look for very many takes long.
        looked_for += len(unknown)
        if any(looked_for > _MOST_LOOKED_FOR or word not in squeezed for word in unknown):
            builder.paragraph(words, block.kind)


def _words(text: str) -> Iterator[str]:
    return (match.group() for match in _WORD.finditer(LINKS.sub(" ", text).casefold()))


def _add_text(mails: MailReading, part: Message) -> None:
    text = part_text(part)
    subtype = content_type(part).partition("/")[2]
    if "-----BEGIN PGP MESSAGE-----" in text:
        text, count = ARMOUR.subn("", text)
        mails.encrypted += count
    if subtype in ("enriched", "richtext"):
        text = text.replace("<<", "&lt;").replace("\n\n", "<br><br>").replace("<nl>", "<br>")
    is_html = subtype != "plain" and (subtype in ("enriched", "richtext") or _HTML.search(text) is not None)
    if is_html:
        mails.html.append(text)
    if text.strip():
        add_body(mails.builder, text, is_html=is_html)


def _add_file(mails: MailReading, part: Message) -> None:
    name = stated_name(part)
    if content_type(part).startswith("text/") and not name:
        _add_text(mails, part)
    elif _is_in_page(mails, part):
        return
    elif name.lower() == "winmail.dat" or content_type(part) in _PACKED:
        _add_packed(mails, name, part_bytes(part))
    elif name:
        mails.attachments.add(name, part_bytes(part))
    else:
        mails.attachments.leave(f"a part of type {content_type(part)}")


def _add_packed(mails: MailReading, name: str, data: bytes) -> None:
    """Add what Outlook packs for other Outlooks: files, and a text that the mail mostly has besides."""
    packed = unpacked(data)
    if packed is None:
        mails.attachments.leave(name or "winmail.dat")
        return
    _add_missing(mails.builder, packed.text, "".join(mails.builder.pieces))
    for inner, content in packed.files:
        if content is None:
            mails.attachments.leave(inner or "a mail in winmail.dat")
        else:
            mails.attachments.add(inner, content)


def _is_in_page(mails: MailReading, part: Message) -> bool:
    """Tell a picture that stands within the text. Some programs give files of their own a Content-ID, too."""
    identity = header(part, "Content-ID").strip("<> ")
    if not content_type(part).startswith("image/") or not identity:
        return False
    return not is_attached(part) or any(f"cid:{identity}" in text for text in mails.html)
