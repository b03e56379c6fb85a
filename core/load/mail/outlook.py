"""Outlook e-mail (.msg), read by the numbers of its properties; attached files are handed over, attached mails read."""

import re
from collections.abc import Iterator

from core.errors import LoadError
from core.load.attachments import attachments_for
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.mail.outlook_parts import (
    BODY,
    CONTENT_ID,
    DELIVERED,
    FILE,
    HEADERS,
    LONG_NAME,
    MESSAGE_CLASS,
    MIME_TYPE,
    ON_BEHALF_OF,
    RICH_TEXT,
    SENDER_ADDRESS,
    SENDER_MAIL,
    SENDER_NAME,
    SENT,
    SHORT_NAME,
    SHOWN_CC,
    SHOWN_NAME,
    SHOWN_TO,
    SUBJECT,
    Storage,
    attached_to,
    bytes_of,
    mail_within,
    named,
    page_of,
    recipients,
    storage_of,
    text_of,
    time_of,
)
from core.load.mail.outlook_rtf import rich_text
from core.load.mail.parts import header, parsed_mail
from core.load.mail.reader import LINKS, MailReading, add_body, add_head, add_sealed
from core.load.web.reader import visible_text
from core.schema import Document

_DEEPEST = 5
_ENCRYPTED = re.compile(r"^content-type:\s*multipart/encrypted", re.I | re.M)


def read(data: bytes, reading: Reading) -> Document:
    """Read an Outlook e-mail. Raises LoadError (encrypted)."""
    storage = storage_of(data)
    mails = MailReading(Builder(), attachments_for(reading))
    _add(mails, storage, 1)
    if mails.encrypted and len(mails.builder.blocks) <= 2 and not mails.attachments.taken:
        raise LoadError(
            "This e-mail is encrypted.", "Open it in Outlook, and save a copy of its text.", code="encrypted"
        )
    return mails.document("msg", title=text_of(storage, SUBJECT))


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the body as text and as page, as the file holds them."""
    storage = storage_of(data)
    yield "", LINKS.sub(" ", text_of(storage, BODY))
    if page := page_of(storage):
        yield "", visible_text(page)


def _add(mails: MailReading, storage: Storage, depth: int) -> None:
    add_head(mails.builder, text_of(storage, SUBJECT), list(_lines(storage)), depth)
    page, text = page_of(storage), text_of(storage, BODY)
    sealed = "SMIME" in text_of(storage, MESSAGE_CLASS).upper()
    if sealed or _ENCRYPTED.search(text_of(storage, HEADERS)):
        for attached in attached_to(storage) if sealed else ():
            add_sealed(mails, bytes_of(attached, FILE), depth)
        mails.encrypted += not sealed
        return
    before = len(mails.builder.blocks)
    if page.strip():
        mails.html.append(page)
        add_body(mails.builder, page, is_html=True)
    if len(mails.builder.blocks) == before:
        add_body(mails.builder, text if text.strip() else rich_text(bytes_of(storage, RICH_TEXT)), is_html=False)
    for attached in attached_to(storage):
        _add_attached(mails, attached, depth)


def _lines(storage: Storage) -> Iterator[tuple[str, str]]:
    headers = parsed_mail(text_of(storage, HEADERS).encode("utf-8", "replace").lstrip())
    sender = named(text_of(storage, SENDER_NAME), text_of(storage, SENDER_MAIL) or text_of(storage, SENDER_ADDRESS))
    yield "From", header(headers, "From") or sender or text_of(storage, ON_BEHALF_OF)
    yield "To", header(headers, "To") or ", ".join(recipients(storage, 1)) or text_of(storage, SHOWN_TO)
    yield "Cc", header(headers, "Cc") or ", ".join(recipients(storage, 2)) or text_of(storage, SHOWN_CC)
    yield "Date", time_of(storage, SENT) or header(headers, "Date") or time_of(storage, DELIVERED)


def _add_attached(mails: MailReading, attached: Storage, depth: int) -> None:
    name = text_of(attached, LONG_NAME) or text_of(attached, SHORT_NAME) or text_of(attached, SHOWN_NAME)
    inner, identity = mail_within(attached), text_of(attached, CONTENT_ID).strip("<> ")
    if inner is not None and depth < _DEEPEST:
        _add(mails, inner, depth + 1)
    elif inner is not None:
        mails.attachments.leave(name or "a mail")
    elif identity and any(f"cid:{identity}" in page for page in mails.html):
        return  # a picture that stands within the text
    elif name:
        mails.attachments.add(name, bytes_of(attached, FILE))
    else:
        mails.attachments.leave(f"a part of type {text_of(attached, MIME_TYPE) or 'unknown'}")
