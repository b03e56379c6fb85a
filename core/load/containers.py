"""What a file is that holds others: a zip archive (Open XML, OpenDocument, EPUB) or Microsoft's old container."""

import io
import re
import zipfile
import zlib

from core.errors import LoadError

_TYPES = "[Content_Types].xml"
_MAIN_PARTS = (
    ("word/document.xml", "docx"),
    ("ppt/presentation.xml", "pptx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsb"),
)
# What a package says its main part is, however that is named: programs may keep their parts wherever they like.
_MAIN_TYPES = (
    (re.compile(r"spreadsheetml\.(sheet|template)\.main|ms-excel\.(sheet|template|addin)\.macroEnabled"), "xlsx"),
    (re.compile(r"wordprocessingml\.(document|template)\.main|ms-word\.(document|template)\.macroEnabled"), "docx"),
    (re.compile(r"presentationml\.(presentation|slideshow|template)\.main|ms-powerpoint\.\w+\.macroEnabled"), "pptx"),
)
_OPEN_TYPES = (
    ("application/vnd.oasis.opendocument.text", "odt"),
    ("application/vnd.oasis.opendocument.presentation", "odp"),
    ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
)
_OLD_STREAMS = (("worddocument", "doc"), ("powerpoint document", "ppt"), ("workbook", "xls"), ("book", "xls"))


def unsupported(what: str, remedy: str) -> LoadError:
    """Return the error for a file of a kind that is not read."""
    return LoadError(what, remedy, code="unsupported")


def locked(what: str) -> LoadError:
    """Return the error for a file (``what``: "PDF", "file") that needs a password."""
    return LoadError(
        f"This {what} is locked with a password.",
        "Save a copy without the password and upload it again.",
        code="encrypted",
    )


def _damaged() -> LoadError:
    return LoadError(
        "This file is incomplete or damaged and could not be opened.",
        "Save it again in the program it was made with and upload the new copy.",
        code="broken",
    )


def zip_kind(data: bytes) -> str:
    """Return what a zip archive is. Raises LoadError (unsupported, broken)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.replace("\\", "/").lstrip("/") for name in archive.namelist()}
            mimetype = _beginning(archive, "mimetype", 200) if "mimetype" in names else ""
            types = _beginning(archive, _TYPES, 200_000) if _TYPES in names else ""
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError) as error:
        raise _damaged() from error
    told = (
        *(kind for part, kind in _MAIN_PARTS if part in names),
        *(kind for pattern, kind in _MAIN_TYPES if pattern.search(types)),
        *(kind for stated, kind in _OPEN_TYPES if mimetype.startswith(stated)),
    )
    if told:
        return told[0]
    if mimetype == "application/epub+zip" or ("META-INF/container.xml" in names and not mimetype):
        return "epub"
    if mimetype.startswith("application/vnd.oasis.opendocument"):
        raise unsupported("This kind of OpenDocument file is not read.", "Save it as PDF and upload that.")
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.endswith(".iwa") for name in names):
        raise unsupported("Apple Pages, Numbers and Keynote files are not read.", "Export it as PDF and upload that.")
    raise unsupported("This file is a packed archive.", "Unpack it and upload the files in it.")


def _beginning(archive: zipfile.ZipFile, name: str, count: int) -> str:
    """Return the first letters of a member, which may be a bomb when it is unpacked whole."""
    with archive.open(name) as stream:
        return stream.read(count).decode("latin-1").strip()


def compound_kind(data: bytes) -> str:
    """Return what a file in Microsoft's old container is, by its streams' names. Raises LoadError."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            names = {"/".join(parts).lower() for parts in container.listdir()}
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise _damaged() from error
    if "encryptedpackage" in names:
        raise locked("file")
    for stream, kind in _OLD_STREAMS:
        if stream in names:
            return kind
    if any(name.startswith(("__properties_version", "__substg1.0")) for name in names):
        return "msg"
    raise unsupported("This kind of old Office file is not read.", "Save it as .docx, .xlsx or PDF and upload that.")
