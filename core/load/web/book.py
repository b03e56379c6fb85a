"""E-books (.epub): a zip of web pages, read in the order the book states. Each is a chapter."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from core.errors import LoadError
from core.load.builder import Builder
from core.load.containers import locked
from core.load.limits import Reading
from core.load.texts.plain import decode
from core.load.web.reader import add_page
from core.schema import Document, Shortfall

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)""")
_PAGE_TYPES = ("html", "svg", "dtbook", "oeb1-document")
_PAGE_NAMES = (".html", ".htm", ".xhtml", ".xml", ".svg")
# Programs hide fonts so; everything else that is said to be encrypted cannot be read.
_HIDDEN_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_UNSEEN = ("script", "style", "head", "nav", "template", "noscript")


def read(data: bytes, reading: Reading) -> Document:
    """Read an e-book. Raises LoadError (encrypted, broken)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        if any(name.startswith("meta-inf/rights") for name in names):
            raise LoadError(
                "This e-book is protected against copying.", "Ask its publisher for a copy without.", code="encrypted"
            )
        package, listed = _listed(archive, names)
        chapters = list(dict.fromkeys(listed))
        _check_encryption(archive, names, chapters)
        builder = Builder()
        warnings: dict[Shortfall, None] = {}
        for number, name in enumerate(chapters[: reading.pages], 1):
            reading.tell("Reading chapter", number, len(chapters))
            builder.page()
            before = len(builder.blocks), len(builder.pieces), builder.length
            title = _add_chapter(builder, archive.read(name), warnings)
            builder.page_names[-1] = _chapter_name(builder, *before) or title[:100]
    builder.warnings.extend(warnings)
    if len(chapters) < len(listed):
        builder.warnings.append(Shortfall("It lists some chapters more than once; each was read once."))
    if len(chapters) > reading.pages:
        what = f"Only the first {reading.pages:,} of {len(chapters):,} chapters were read."
        builder.warnings.append(Shortfall(what, "Split it into smaller files."))
    return builder.document("epub", title=package.findtext(".//{*}metadata/{*}title") or "", page_word="chapter")


def _add_chapter(builder: Builder, data: bytes, warnings: dict[Shortfall, None]) -> str:
    """Add a chapter's blocks, and the words drawn in it; return its title."""
    declared = _DECLARED.match(data)
    text, unsure = decode(data, declared.group(1).decode("ascii") if declared else "")
    warnings |= dict.fromkeys(unsure)
    title = ""
    with suppress(LoadError):  # a chapter of nothing, or of a picture
        title = add_page(builder, text)
    return title


def _listed(archive: zipfile.ZipFile, names: dict[str, str]) -> tuple[Any, list[str]]:
    """Return the book's package and the files of its chapters, in order; some may be named more than once."""
    package_name = _package_name(archive, names)
    package = _tree(archive.read(package_name))
    if package is None:
        raise LoadError(
            "This e-book is incomplete: the list of its chapters is damaged.", "Download it again.", code="broken"
        )
    listed = [names[name] for name in _spine(package, posixpath.dirname(package_name)) if name in names]
    return package, listed


def _package_name(archive: zipfile.ZipFile, names: dict[str, str]) -> str:
    container = _tree(archive.read(names["meta-inf/container.xml"])) if "meta-inf/container.xml" in names else None
    for root in container.iter("{*}rootfile") if container is not None else ():
        if (root.get("full-path") or "").lower() in names:
            return names[root.get("full-path").lower()]
    for name in sorted(names):
        if name.endswith(".opf"):
            return names[name]
    raise LoadError(
        "This e-book is incomplete: it does not say which chapters it has.", "Download it again.", code="broken"
    )


def _spine(package: Any, folder: str) -> list[str]:
    """Return the names of the chapters' files in small letters, in the order of the book; else all pages there are."""
    items = {item.get("id"): item for item in package.iter("{*}item")}
    pages = {name: page for name, item in items.items() if (page := _page(item, items, folder))}
    listed = [pages[item.get("idref")] for item in package.iter("{*}itemref") if item.get("idref") in pages]
    return listed or list(pages.values())


def _page(item: Any, items: dict[str | None, Any], folder: str) -> str:
    """Return the name of an item's file, or of what stands in for it; nothing for pictures and the like."""
    for _ in range(5):  # what stands in for a thing may have another in its place
        kind = (item.get("media-type") or "").lower()
        place = unquote(item.get("href") or "").partition("#")[0]
        named = place.lower().endswith(_PAGE_NAMES) and not kind.startswith(("image/", "application/x-dtbncx"))
        if any(page in kind for page in _PAGE_TYPES) or (named and "smil" not in kind):
            contents = "nav" in (item.get("properties") or "").split()
            return "" if contents else posixpath.normpath(posixpath.join(folder, place)).lower()
        if item.get("fallback") not in items:
            break
        item = items[item.get("fallback")]
    return ""


def _check_encryption(archive: zipfile.ZipFile, names: dict[str, str], chapters: list[str]) -> None:
    stated = _tree(archive.read(names["meta-inf/encryption.xml"])) if "meta-inf/encryption.xml" in names else None
    for each in stated.iter("{*}EncryptedData") if stated is not None else ():
        methods = [method.get("Algorithm") for method in each.iter("{*}EncryptionMethod")]
        places = [unquote(place.get("URI") or "") for place in each.iter("{*}CipherReference")]
        if not set(methods) & set(_HIDDEN_FONTS) and set(places) & set(chapters):
            raise locked("e-book")


def _chapter_name(builder: Builder, blocks: int, pieces: int, length: int) -> str:
    """Return the first heading of what was added after so many blocks, pieces and characters."""
    text = "".join(builder.pieces[pieces:])
    headings = (block for block in builder.blocks[blocks:] if block.kind == "heading")
    names = (text[block.start - length : block.end - length] for block in headings)
    return next(names, "")[:100]


def _tree(data: bytes) -> Any:
    """Return XML parsed with lxml, as far as it is whole; None where nothing of it is."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the text of each chapter, whatever its elements, but what no reader of a page sees."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = {name.lower(): name for name in archive.namelist()}
        for chapter in dict.fromkeys(_listed(archive, names)[1]):
            root = _tree(archive.read(chapter))
            if root is None:
                continue
            for element in list(root.iter(*(f"{{*}}{name}" for name in _UNSEEN), "{*}desc", "{*}title")):
                element.text = ""
                for below in element:
                    below.clear(keep_tail=False)
            yield "", " ".join(root.itertext())
