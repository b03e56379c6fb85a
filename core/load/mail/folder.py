"""A folder of e-mails in one file (mbox): each mail is a page.

The standard library's mailbox takes only files on disk; the line that parts two mails is the same.
"""

import re
from collections.abc import Iterator

from core.load.attachments import attachments_for
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.mail import words as mail_words
from core.load.mail.parts import header, parsed_mail
from core.load.mail.reader import MailReading, add_mail
from core.schema import Document, Shortfall

# "From who when", an empty line or nothing before it, a header behind it: a sentence may begin with "From" as well.
_PARTING = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\r\n\r\n))From (?=\S)[^\r\n]*\r?\n(?=>?[!-9;-~]+:|From )", re.I)
_ESCAPED = re.compile(rb"^>(?=>*From )", re.M)


def read(data: bytes, reading: Reading) -> Document:
    """Read a mail folder. Raises LoadError (too_large)."""
    mails = MailReading(Builder(), attachments_for(reading))
    found = list(mails_in(data))
    for number, mail in enumerate(found[: reading.pages], 1):
        reading.tell("Reading mail", number, len(found))
        message = parsed_mail(mail)
        mails.builder.page(header(message, "Subject")[:100])
        mails.html.clear()
        add_mail(mails, message)
    if len(found) > reading.pages:
        what = f"Only the first {reading.pages:,} of {len(found):,} mails were read."
        mails.builder.warnings.append(Shortfall(what, "Split it into smaller folders and add those."))
    return mails.document("mbox", page_word="mail")


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of all mails."""
    for mail in mails_in(data):
        yield from mail_words.own_words(mail)


def mails_in(data: bytes) -> Iterator[bytes]:
    """Yield each mail without the line that parts it from the one before."""
    data = data.lstrip(b"\xef\xbb\xbf\r\n\t ")
    starts = list(_PARTING.finditer(data))
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(data)
        yield _ESCAPED.sub(b"", data[start.end() : end])
