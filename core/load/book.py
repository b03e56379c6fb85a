"""E-books (.epub): a zip of web pages, read in the order the book states. Each is a chapter."""

import io
import posixpath
import zipfile
from typing import Any
from urllib.parse import unquote

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.plain import decode
from core.load.webpage import add_page
from core.schema import Document, Shortfall


def read(data: bytes, reading: Reading) -> Document:
    """Read an e-book. Raises LoadError (encrypted, broken)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if any(name.startswith("META-INF/rights") for name in names):
            raise LoadError(
                "This e-book is protected against copying.", "Ask its publisher for a copy without.", code="encrypted"
            )
        package_name = _package_name(archive, names)
        package = _tree(archive.read(package_name))
        listed = [name for name in _spine(package, posixpath.dirname(package_name)) if name in names]
        chapters = list(dict.fromkeys(listed))
        builder = Builder()
        for number, name in enumerate(chapters[: reading.pages], 1):
            reading.tell("Reading chapter", number, len(chapters))
            builder.page()
            before = len(builder.blocks), len(builder.pieces), builder.length
            try:
                title = add_page(builder, decode(archive.read(name))[0])
            except LoadError:
                continue  # a chapter of nothing, or of a picture
            builder.page_names[-1] = _chapter_name(builder, *before) or title[:100]
    if len(chapters) < len(listed):
        builder.warnings.append(Shortfall("It lists some chapters more than once; each was read once."))
    if len(chapters) > reading.pages:
        what = f"Only the first {reading.pages:,} of {len(chapters):,} chapters were read."
        builder.warnings.append(Shortfall(what, "Split it into smaller files."))
    return builder.document("epub", title=package.findtext(".//{*}metadata/{*}title") or "", page_word="chapter")


def _package_name(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "META-INF/container.xml" in names:
        for root in _tree(archive.read("META-INF/container.xml")).iter("{*}rootfile"):
            if root.get("full-path") in names:
                return str(root.get("full-path"))
    for name in sorted(names):
        if name.endswith(".opf"):
            return name
    raise LoadError(
        "This e-book is incomplete: it does not say which chapters it has.", "Download it again.", code="broken"
    )


def _spine(package: Any, folder: str) -> list[str]:
    pages = {
        item.get("id"): posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))
        for item in package.iter("{*}item")
        if "html" in (item.get("media-type") or "") and "nav" not in (item.get("properties") or "").split()
    }
    return [pages[item.get("idref")] for item in package.iter("{*}itemref") if item.get("idref") in pages]


def _chapter_name(builder: Builder, blocks: int, pieces: int, length: int) -> str:
    """Return the first heading of what was added after so many blocks, pieces and characters."""
    text = "".join(builder.pieces[pieces:])
    headings = (block for block in builder.blocks[blocks:] if block.kind == "heading")
    names = (text[block.start - length : block.end - length] for block in headings)
    return next(names, "")[:100]


def _tree(data: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, recover=True))
