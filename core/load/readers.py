"""Bytes to the reader that understands them. Each reader is imported only when a file needs it."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from core.errors import LoadError
from core.load.archive import check_archive
from core.load.completeness import missing_words
from core.load.detect import KINDS, detect, mislabelled
from core.load.limits import Reading
from core.load.scans.pages import READ_SCANS
from core.load.texts.pairs import as_pairs
from core.schema import Document, Shortfall

# Every module has a public function read(data, reading) -> Document that raises LoadError, and most have
# own_words(data): the texts that the file holds, found without the reader, each with the part it stands in.
MODULES = {
    "pdf": "pdf",
    "docx": "word.reader",
    "doc": "word.old_reader",
    "pptx": "slides.reader",
    "ppt": "slides.old_reader",
    "xlsx": "sheets.reader",
    "xls": "sheets.old_reader",
    "xlsb": "sheets.binary_reader",
    "odt": "open_document.reader",
    "odp": "open_document.reader",
    "ods": "open_document.sheets",
    "epub": "web.book",
    "rtf": "rich_text.reader",
    "html": "web.reader",
    "mht": "web.saved_page",
    "eml": "mail.reader",
    "msg": "mail.outlook",
    "mbox": "mail.folder",
    "md": "texts.markdown",
    "csv": "texts.delimited",
    "txt": "texts.plain",
    "json": "texts.structured",
    "pairs": "texts.pairs",
    "xml": "texts.markup",
    "srt": "texts.subtitles",
    "image": "scans.picture",
}
ZIPPED = ("docx", "pptx", "xlsx", "xlsb", "odt", "odp", "ods", "epub")


def find_reader(data: bytes, reading: Reading) -> Callable[[], Document]:
    """Tell what the bytes are, import what reads them, and return the reading itself as a function to call.

    Raises LoadError; so does the function returned, also when the document turns out to hold no text.
    """
    kind = detect(data, reading.name)
    module = import_module(f"core.load.{MODULES[kind]}")

    def work() -> Document:
        if kind in ZIPPED:
            check_archive(data, reading.megabytes)
        document = _finished(module.read(data, reading), reading.name)
        # Of kinds whose text is the file itself, character for character, nothing can be missing.
        missing = missing_words(document, module.own_words(data)) if hasattr(module, "own_words") else None
        document = replace(document, warnings=(*document.warnings, missing)) if missing else document
        return as_pairs(document)

    return work


def _finished(document: Document, name: str) -> Document:
    if not any(block.kind != "furniture" for block in document.blocks) or not document.text.strip():
        why = document.warnings[0] if document.warnings else Shortfall("")
        words = f"There is no text in this file; it is {KINDS[document.kind]} without words. {why.what}".strip()
        code = "scanned" if why.remedy == READ_SCANS else "no_text"
        raise LoadError(words, why.remedy or "Upload a file that has text in it.", code=code)
    warning = mislabelled(name, document.kind)
    return replace(document, warnings=(*((Shortfall(warning),) if warning else ()), *document.warnings))
