"""A web page saved with all its files in one (.mht, .mhtml): the page is read, its pictures and styles are not."""

import itertools
from collections.abc import Iterator
from email.message import Message

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.mail import words as mail_words
from core.load.mail.parts import content_type, header, parsed_mail, part_bytes, parts_of
from core.load.web.reader import add_page, decoded_page
from core.schema import Document, Shortfall

_PAGES = ("text/html", "application/xhtml+xml")
_DEEPEST = 10


def read(data: bytes, reading: Reading) -> Document:
    """Read a saved page. Raises LoadError (no_text)."""
    message = parsed_mail(data.lstrip())
    builder = Builder()
    pages = [part for part in _parts(message, 0) if content_type(part) in _PAGES]
    titles = [_add(builder, part) for part in pages[:1]]
    if len(pages) > 1 and any(block.kind != "furniture" for block in builder.blocks):
        what = "A frame of the page was not read." if len(pages) == 2 else f"{len(pages) - 1} frames were not read."
        builder.warnings.append(Shortfall(what, "Open what is in a frame on its own in a browser, and save that page."))
    else:
        titles += [_add(builder, part) for part in pages[1:]]  # the page itself only says where its frames stand
    return builder.document("mht", title=next(filter(None, titles), "") or header(message, "Subject"))


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the text of the page, the first in the file."""
    return itertools.islice(mail_words.own_words(data), 1)


def _add(builder: Builder, part: Message) -> str:
    try:
        return add_page(builder, decoded_page(part_bytes(part), str(part.get_param("charset", ""))))
    except LoadError:
        return ""  # a frame of nothing


def _parts(message: Message, depth: int) -> Iterator[Message]:
    if content_type(message).startswith("multipart/") and depth < _DEEPEST:
        for part in parts_of(message):
            yield from _parts(part, depth + 1)
    else:
        yield message
