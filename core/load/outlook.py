"""Outlook e-mail (.msg), read with oxmsg, the reader beneath unstructured; its attachments are only named."""

import io
import re

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.mail import add_body, add_head, attachment_warning
from core.schema import Document


def read(data: bytes, reading: Reading) -> Document:
    """Read an Outlook e-mail. Raises LoadError (encrypted)."""
    from oxmsg import Message

    message = Message.load(io.BytesIO(data))
    headers = message.message_headers
    if "encrypted" in headers.get("Content-Type", "").lower() or "SMIME" in (message.message_class or "").upper():
        raise LoadError(
            "This e-mail is encrypted.", "Open it in Outlook, and save a copy of its text.", code="encrypted"
        )
    builder = Builder()
    subject = message.subject or ""
    to = headers.get("To") or ", ".join(person.email_address or person.name for person in message.recipients)
    sent = message.sent_date.strftime("%Y-%m-%d %H:%M") if message.sent_date else headers.get("Date", "")
    lines = [("From", message.sender or ""), ("To", to), ("Cc", headers.get("Cc", "")), ("Date", sent)]
    add_head(builder, subject, lines)
    if message.html_body:
        add_body(builder, message.html_body, is_html=True)
    elif message.body:
        add_body(builder, message.body, is_html=False)
    names = [" ".join(re.split(r"[\\/]", item.file_name or "unnamed")[-1].split()) for item in message.attachments]
    builder.warnings.extend(attachment_warning(names))
    return builder.document("msg", title=subject)
