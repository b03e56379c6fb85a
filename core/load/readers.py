"""Bytes to the reader that understands them. Each reader is imported only when a file needs it."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from core.errors import LoadError
from core.load.archive import check_archive
from core.load.completeness import missing_words
from core.load.detect import KINDS, detect, mislabelled
from core.load.limits import Reading
from core.schema import Document, Shortfall

# Every module has a public function read(data, reading) -> Document that raises LoadError, and most have
# own_words(data): the texts that the file holds, found without the reader, each with the part it stands in.
_MODULES = {
    "pdf": "pdf", "docx": "office", "doc": "old_word", "pptx": "slides", "ppt": "old_slides", "xlsx": "sheets",
    "xls": "old_sheets", "xlsb": "binary_sheets", "odt": "opendocument", "odp": "opendocument",
    "ods": "opendocument_sheets", "epub": "book", "rtf": "richtext", "html": "webpage", "mht": "saved_page",
    "eml": "mail", "msg": "outlook", "mbox": "mail_folder", "md": "markdown", "csv": "delimited", "txt": "plain",
    "json": "structured", "xml": "markup", "srt": "subtitles", "image": "picture",
}  # fmt: skip
_ZIPPED = ("docx", "pptx", "xlsx", "xlsb", "odt", "odp", "ods", "epub")


def find_reader(data: bytes, reading: Reading) -> Callable[[], Document]:
    """Tell what the bytes are, import what reads them, and return the reading itself as a function to call.

    Raises LoadError; so does the function returned, also when the document turns out to hold no text.
    """
    kind = detect(data, reading.name)
    module = import_module(f"core.load.{_MODULES[kind]}")

    def work() -> Document:
        if kind in _ZIPPED:
            check_archive(data, reading.megabytes)
        document = _finished(module.read(data, reading), reading.name)
        # Of kinds whose text is the file itself, character for character, nothing can be missing.
        missing = missing_words(document, module.own_words(data)) if hasattr(module, "own_words") else None
        return replace(document, warnings=(*document.warnings, missing)) if missing else document

    return work


def _finished(document: Document, name: str) -> Document:
    if not any(block.kind != "furniture" for block in document.blocks) or not document.text.strip():
        why = document.warnings[0] if document.warnings else Shortfall("", "Upload a file that has text in it.")
        words = f"There is no text in this file; it is {KINDS[document.kind]} without words. {why.what}".strip()
        raise LoadError(words, why.remedy, code="no_text")
    warning = mislabelled(name, document.kind)
    return replace(document, warnings=(*((Shortfall(warning),) if warning else ()), *document.warnings))
