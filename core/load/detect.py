"""What a file is, told from its bytes; its name only decides between kinds of plain text."""

import io
import re
import zipfile
import zlib
from pathlib import PurePath

from core.errors import LoadError

# What an owner calls each kind we read.
KINDS = {
    "pdf": "a PDF",
    "docx": "a Word document",
    "pptx": "a PowerPoint presentation",
    "xlsx": "an Excel workbook",
    "xls": "an old Excel workbook",
    "odt": "an OpenDocument text",
    "epub": "an e-book (EPUB)",
    "rtf": "a rich-text document (RTF)",
    "html": "a web page (HTML)",
    "eml": "an e-mail",
    "msg": "an Outlook e-mail",
    "md": "a Markdown text",
    "csv": "a table (CSV)",
    "txt": "a plain text",
}
_SUFFIXES = {
    "htm": "html", "xhtml": "html", "markdown": "md", "mdown": "md", "tsv": "csv", "tab": "csv", "xlsm": "xlsx",
    "pptm": "pptx", "ppsx": "pptx", "docm": "docx", "dotx": "docx", "xltx": "xlsx", "text": "txt", "log": "txt",
}  # fmt: skip
_PLAIN = ("txt", "md", "csv", "eml", "html")
_OTHERS = (
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|BM.{4}\x00{4}|\x00\x00\x01\x00|RIFF.{4}WEBP|8BPS",
     "a picture", "Text in pictures is not read; add the text itself, for example as a Word document or PDF."),
    (rb".{4}ftyp(heic|heix|mif1|avif)", "a picture", "Text in pictures is not read; add the text itself."),
    (rb"ID3|\xff[\xfb\xf3\xf2]|OggS|fLaC|RIFF.{4}WAVE|FORM.{4}AIFF|.{4}ftypM4A", "a sound recording",
     "Recordings are not read; add a transcript."),
    (rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI |FLV\x01|\x00\x00\x01\xba", "a video",
     "Videos are not read; add a transcript."),
    (rb"\x1f\x8b|BZh|7z\xbc\xaf\x27\x1c|Rar!|\xfd7zXZ|.{257}ustar|\x28\xb5\x2f\xfd", "a packed archive",
     "Unpack it and upload the files in it."),
    (rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", "a program", "Upload documents, not programs."),
    (rb"SQLite format 3\x00|PAR1", "a database file", "Export it as CSV or Excel and upload that."),
    (rb"wOF[F2]|\x00\x01\x00\x00\x00|OTTO", "a font", "Upload documents, not fonts."),
)  # fmt: skip
_KNOWN_OTHERS = [(re.compile(pattern, re.DOTALL), what, remedy) for pattern, what, remedy in _OTHERS]
_MAIL_STRONG = re.compile(rb"^(MIME-Version|Received|Message-ID|Return-Path|Delivered-To|X-Mailer):", re.I | re.M)
_MAIL_WEAK = re.compile(rb"^(From|To|Cc|Bcc|Subject|Date|Sender|Reply-To|Content-Type):", re.I | re.M)
_HEADER_LINE = re.compile(rb"(From \S.*|[!-9;-~]+:.*)\r?\n")
_CONTINUED_LINE = re.compile(rb"[ \t].*\r?\n")
_PDF_OBJECT = re.compile(rb"(?:^|[\r\n])\d{1,7} \d{1,5} obj\b")
_HTML_START = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.I)
_HTML_TAG = re.compile(rb"<(html|head|body|div|p|table|h[1-6]|ul|ol|span|a|br)\b[^<>]*>", re.I)


def suffix_kind(name: str) -> str:
    """Return the kind a file's name claims ("docx"), or what stands after its last dot in lower case."""
    suffix = PurePath(name).suffix.lower().lstrip(".")
    return _SUFFIXES.get(suffix, suffix)


def detect(data: bytes, name: str) -> str:
    """Return what the bytes are, one of KINDS. Raises LoadError (unsupported, encrypted, empty)."""
    start = data[:1024]
    if b"%PDF-" in start or _lost_its_mark(data, name):
        return "pdf"
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(data)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound_kind(data)
    if start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"{\\rtf"):
        return "rtf"
    if not data.strip(b"\x00\r\n\t\x0b\x0c \xef\xbb\xbf\xff\xfe"):
        raise LoadError("This file is empty.", "Upload a file that has text in it.", code="empty")
    for pattern, what, remedy in _KNOWN_OTHERS:
        if pattern.match(start) and not _reads_as_text(data[:4096]):
            raise LoadError(f"This file is {what}, which holds no text to read.", remedy, code="unsupported")
    return _text_kind(data, suffix_kind(name))


def mislabelled(name: str, kind: str) -> str:
    """Return a sentence when a file's name claims another kind than ``kind``, else an empty string."""
    claimed = suffix_kind(name)
    if claimed == kind or claimed not in (*KINDS, "doc", "ppt") or (claimed in ("txt", "md") and kind in _PLAIN):
        return ""
    suffix = PurePath(name).suffix.lower()
    return f"The name ends in {suffix}, but this is {KINDS[kind]}; it was read as that."


def _unsupported(what: str, remedy: str) -> LoadError:
    return LoadError(what, remedy, code="unsupported")


def _lost_its_mark(data: bytes, name: str) -> bool:
    """Tell a PDF that does not begin like one: its first line is missing, or something stands before it.

    A text about PDFs shows such lines too, but begins with others, has no binary parts and another name.
    """
    first = _PDF_OBJECT.search(data, 0, 1 << 20)
    if first is None or data.find(b"endobj", first.end()) < 0:
        return False
    begins = not data[: first.start()].strip() or suffix_kind(name) == "pdf"
    return begins or (b"startxref" in data[-2048:] and not _reads_as_text(data[first.start() : first.start() + 65536]))


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            mimetype = _beginning(archive, "mimetype") if "mimetype" in names else ""
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, KeyError) as error:
        raise LoadError(
            "This file is incomplete or damaged and could not be opened.",
            "Save it again in the program it was made with and upload the new copy.",
            code="broken",
        ) from error
    for part, kind in (("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx"), ("xl/workbook.xml", "xlsx")):
        if part in names:
            return kind
    if mimetype.startswith("application/vnd.oasis.opendocument.text"):
        return "odt"
    if mimetype == "application/epub+zip" or ("META-INF/container.xml" in names and not mimetype):
        return "epub"
    if mimetype.startswith("application/vnd.oasis.opendocument.spreadsheet"):
        raise _unsupported("OpenDocument spreadsheets are not read.", "Save it as .xlsx and upload that.")
    if mimetype.startswith("application/vnd.oasis.opendocument"):
        raise _unsupported("This kind of OpenDocument file is not read.", "Save it as PDF and upload that.")
    if "xl/workbook.bin" in names:
        raise _unsupported("Binary Excel workbooks (.xlsb) are not read.", "Save it as .xlsx and upload that.")
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.endswith(".iwa") for name in names):
        raise _unsupported("Apple Pages, Numbers and Keynote files are not read.", "Export it as PDF and upload that.")
    raise _unsupported("This file is a packed archive.", "Unpack it and upload the files in it.")


def _beginning(archive: zipfile.ZipFile, name: str) -> str:
    """Return the first letters of a member, which may be a bomb when it is unpacked whole."""
    with archive.open(name) as stream:
        return stream.read(200).decode("latin-1").strip()


def _compound_kind(data: bytes) -> str:
    """Tell apart the kinds of Microsoft's old container by the names of the streams in it."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            names = {"/".join(parts) for parts in container.listdir()}
    except (OSError, ValueError, IndexError, TypeError) as error:
        raise LoadError(
            "This file is incomplete or damaged and could not be opened.",
            "Save it again in the program it was made with and upload the new copy.",
            code="broken",
        ) from error
    if "EncryptedPackage" in names:
        raise locked("file")
    if "WordDocument" in names:
        raise _unsupported("Old Word files (.doc) are not read.", "Open it in Word, save it as .docx and upload that.")
    if "PowerPoint Document" in names:
        raise _unsupported(
            "Old PowerPoint files (.ppt) are not read.", "Open it in PowerPoint, save it as .pptx and upload that."
        )
    if "Workbook" in names or "Book" in names:
        return "xls"
    if any(name.startswith(("__properties_version", "__substg1.0")) for name in names):
        return "msg"
    raise _unsupported("This kind of old Office file is not read.", "Save it as .docx, .xlsx or PDF and upload that.")


def locked(what: str) -> LoadError:
    """Return the error for a file (``what``: "PDF", "file") that needs a password."""
    return LoadError(
        f"This {what} is locked with a password.",
        "Save a copy without the password and upload it again.",
        code="encrypted",
    )


def _text_kind(data: bytes, claimed: str) -> str:
    if not _reads_as_text(data[:65536]):
        raise _unsupported(
            "This file is not a document that can be read.", "Upload a PDF, Word, PowerPoint, Excel or text file."
        )
    # UTF-16 and UTF-32 have a NUL in most characters; without them the signatures read like ASCII.
    start = data[:8192].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"")
    if _is_mail(start, claimed):
        return "eml"
    if _HTML_START.match(_after_comments(start)) or (claimed == "html" and _HTML_TAG.search(start)):
        return "html"
    return claimed if claimed in ("md", "csv") else "txt"


def _after_comments(start: bytes) -> bytes:
    """Return what follows the XML declaration and the comments at the beginning of a page."""
    start = start.lstrip()
    if start[:5].lower() == b"<?xml":
        start = start.partition(b">")[2].lstrip()
    position = 0
    while start.startswith(b"<!--", position) and (end := start.find(b"-->", position + 4)) >= 0:
        position = end + 3
        while start[position : position + 1].isspace():
            position += 1
    return start[position:]


def _is_mail(start: bytes, claimed: str) -> bool:
    headers, position = b"", 0
    while header_line := _HEADER_LINE.match(start, position):
        headers += header_line.group()
        position = header_line.end()
        while continued := _CONTINUED_LINE.match(start, position):
            position = continued.end()
    strong, weak = len(_MAIL_STRONG.findall(headers)), len(_MAIL_WEAK.findall(headers))
    if claimed == "eml":
        return strong + weak > 0
    return strong > 0 and weak >= 2


def _reads_as_text(sample: bytes) -> bool:
    """Tell text from binary: hardly any control characters, once the NULs of UTF-16 and UTF-32 are set aside."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")):
        return True
    nulls = sample.count(0)
    if nulls and not _wide(sample):
        return nulls <= max(1, len(sample) // 200) and _reads_as_text(sample.replace(b"\x00", b""))
    rest = sample.replace(b"\x00", b"")
    controls = sum(rest.count(code) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return controls <= max(1, len(rest) // 100)


def _wide(sample: bytes) -> bool:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    return max(even, odd) > half * 0.4 and (min(even, odd) < half * 0.1 or even + odd > len(sample) * 0.7)
