"""Questions and answers: a file that Answerbook itself writes, and tables of two columns that are named so."""

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.pairs import KIND, Pair, pairs_from_json, pairs_in_table
from core.schema import Document


def read(data: bytes, reading: Reading) -> Document:
    """Read a file of questions and answers. Raises LoadError."""
    try:
        pairs = pairs_from_json(data)
    except ValueError as error:
        raise LoadError(
            "This file of questions and answers is damaged.", "Export the pairs once more and add that.", code="broken"
        ) from error
    return _document(pairs)


def as_pairs(document: Document) -> Document:
    """Return a table of questions and answers as a document of them; every other document as it is."""
    if document.kind not in ("csv", "xlsx", "xls", "xlsb", "ods"):
        return document
    pairs = pairs_in_table(document)
    return _document(pairs, document) if pairs else document


def _document(pairs: list[Pair], table: Document | None = None) -> Document:
    built = Builder(warnings=list(table.warnings) if table else [])
    for question, answer in pairs:
        built.heading(question, 1)
        built.paragraph(answer)
    return built.document(KIND)
