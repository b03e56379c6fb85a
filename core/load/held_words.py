"""All words that a file holds in any way, read or not: hidden, deleted, beyond the last page that is read.

Only to tell where words are that no question finds; never answered from. In the child, as every look into a file.
"""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module

from core.load.archive import check_archive
from core.load.detect import detect
from core.load.limits import MOST_CHARACTERS
from core.load.readers import MODULES, ZIPPED

_TAGS = re.compile(r"<[^<>]*>")
_WRITTEN = (".xml", ".xhtml", ".html", ".htm")


def held_words(data: bytes, name: str, megabytes: int) -> str:
    """Return all words of a file, in no particular order, at most ``MOST_CHARACTERS``. Raises LoadError."""
    kind = detect(data, name)
    if kind in ZIPPED:
        check_archive(data, megabytes)
        texts = _of_archive(data)
    elif kind == "pdf":
        texts = _of_pages(data)
    elif kind == "image":
        texts = iter(())
    else:
        texts = _of_text(data, kind)
    kept, length = [], 0
    for text in texts:
        kept.append(text[: MOST_CHARACTERS - length])
        length += len(kept[-1])
        if length >= MOST_CHARACTERS:
            break
    return "\n".join(kept)


def _of_archive(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.namelist():
            if member.lower().endswith(_WRITTEN):
                yield html.unescape(_TAGS.sub(" ", archive.read(member).decode("utf-8", errors="replace")))


def _of_pages(data: bytes) -> Iterator[str]:
    from core.load.pdf.letters import raw_text
    from core.load.pdf.reader import opened

    with closing(opened(data)) as document:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            yield raw_text(text)
            text.close()
            page.close()


def _of_text(data: bytes, kind: str) -> Iterator[str]:
    from core.load.texts.plain import decode

    module = import_module(f"core.load.{MODULES[kind]}")
    if not hasattr(module, "own_words"):
        yield decode(data)[0]
        return
    for _, text in module.own_words(data):
        yield text
    if data.lstrip()[:1] == b"<":
        yield html.unescape(_TAGS.sub(" ", decode(data)[0]))
