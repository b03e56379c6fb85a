"""What a file is, told from its bytes; its name only decides between kinds of plain text."""

import re
from pathlib import PurePath

from core.errors import LoadError
from core.load.containers import compound_kind, unsupported, zip_kind
from core.pairs import BEGINS

# What an owner calls each kind we read.
KINDS = {
    "pdf": "a PDF",
    "docx": "a Word document",
    "pptx": "a PowerPoint presentation",
    "xlsx": "an Excel workbook",
    "xls": "an old Excel workbook",
    "xlsb": "a binary Excel workbook",
    "doc": "an old Word document",
    "ppt": "an old PowerPoint presentation",
    "ods": "an OpenDocument spreadsheet",
    "odt": "an OpenDocument text",
    "odp": "an OpenDocument presentation",
    "epub": "an e-book (EPUB)",
    "rtf": "a rich-text document (RTF)",
    "html": "a web page (HTML)",
    "mht": "a saved web page (MHTML)",
    "eml": "an e-mail",
    "msg": "an Outlook e-mail",
    "mbox": "a mail folder (mbox)",
    "md": "a Markdown text",
    "csv": "a table (CSV)",
    "json": "a JSON file",
    "pairs": "a list of questions and answers",
    "xml": "an XML file",
    "srt": "subtitles",
    "txt": "a plain text",
    "image": "a picture",
}
_SUFFIXES = {
    "htm": "html", "xhtml": "html", "markdown": "md", "mdown": "md", "tsv": "csv", "tab": "csv", "xlsm": "xlsx",
    "pptm": "pptx", "ppsx": "pptx", "ppsm": "pptx", "potx": "pptx", "potm": "pptx", "pps": "ppt", "pot": "ppt",
    "docm": "docx", "dotx": "docx", "dotm": "docx", "dot": "doc", "ott": "odt", "otp": "odp", "ots": "ods",
    "xltx": "xlsx", "xltm": "xlsx", "xlt": "xls", "text": "txt", "log": "txt", "mbx": "mbox", "mhtml": "mht",
    "vtt": "srt", "jsonl": "json", "ndjson": "json", "geojson": "json", "rss": "xml", "atom": "xml", "svg": "xml",
    "kml": "xml", "gpx": "xml",
}  # fmt: skip
_SHEETS = ("xls", "xlsx", "xlsb", "ods")
_PLAIN = ("txt", "md", "csv", "eml", "html", "mht", "mbox", "json", "xml", "srt")
_OTHERS = (
    (rb"ID3|\xff[\xfb\xf3\xf2]|OggS|fLaC|RIFF.{4}WAVE|FORM.{4}AIFF|.{4}ftypM4A", "a sound recording",
     "Add what is said in it as a text."),
    (rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI |FLV\x01|\x00\x00\x01\xba", "a video",
     "Add what is said in it as a text."),
    (rb"\x1f\x8b|BZh|7z\xbc\xaf\x27\x1c|Rar!|\xfd7zXZ|.{257}ustar|\x28\xb5\x2f\xfd", "a packed archive",
     "Unpack it and upload the files in it."),
    (rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", "a program", "Upload documents instead."),
    (rb"SQLite format 3\x00|PAR1", "a database file", "Export it as CSV or Excel and upload that."),
    (rb"wOF[F2]|\x00\x01\x00\x00\x00|OTTO", "a font", "Upload documents instead."),
)  # fmt: skip
_PICTURES = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|BM.{4}\x00{4}|RIFF.{4}WEBP"
    rb"|.{4}ftyp(avif|hei[cxms]|hevc|mif1|msf1)",
    re.DOTALL,
)
_OTHER_PICTURES = re.compile(rb"\x00\x00\x01\x00|8BPS", re.DOTALL)
# A workbook older than its container.
_OLD_SHEET = re.compile(rb"\x09[\x00\x02\x04\x08].\x00..[\x05\x10]\x00", re.DOTALL)
_SHEET_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_KNOWN_OTHERS = [(re.compile(pattern, re.DOTALL), what, remedy) for pattern, what, remedy in _OTHERS]
_MAIL_STRONG = re.compile(rb"^(MIME-Version|Received|Message-ID|Return-Path|Delivered-To|X-Mailer):", re.I | re.M)
_MAIL_WEAK = re.compile(rb"^(From|To|Cc|Bcc|Subject|Date|Sender|Reply-To|Content-Type):", re.I | re.M)
_SUBTITLES = re.compile(rb"\s*(WEBVTT\b|\d+[ \t]*\r?\n[ \t]*\d{1,3}:\d\d:\d\d[,.]\d{1,3}[ \t]*-->)")
_XML_START = re.compile(rb"\s*<[?!\w]")
_JSON_START = re.compile(rb'\s*[\[{"]')
_JSON_OBJECTS = re.compile(rb'\s*(\[\s*)?\{\s*("|\})')
_PAIRS = re.compile(rb'\s*\{\s*"%b"\s*:' % BEGINS.encode())
_SAVED_PAGE = re.compile(rb"^Content-Type:\s*multipart/(related|mixed|alternative)", re.I | re.M)
_SENT = re.compile(rb"^(To|Cc|Received|Delivered-To|Return-Path):|^Content-Type:\s*multipart/(mixed|alt)", re.I | re.M)
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
        return zip_kind(data)
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return compound_kind(data)
    if start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"{\\rtf"):
        return "rtf"
    if _OLD_SHEET.match(start):
        return "xls"
    if not data.strip(b"\x00\r\n\t\x0b\x0c \xef\xbb\xbf\xff\xfe"):
        raise LoadError("This file is empty.", "Upload a file that has text in it.", code="empty")
    if _PICTURES.match(start) and not _reads_as_text(data[:4096]):
        return "image"
    if _OTHER_PICTURES.match(start) and not _reads_as_text(data[:4096]):
        raise unsupported("Pictures of this kind are not read.", "Save it as PNG or JPEG and upload that.")
    for pattern, what, remedy in _KNOWN_OTHERS:
        if pattern.match(start) and not _reads_as_text(data[:4096]):
            raise LoadError(f"This file is {what}; such files are not read.", remedy, code="unsupported")
    return _text_kind(data, suffix_kind(name))


def mislabelled(name: str, kind: str) -> str:
    """Return a sentence when a file's name claims another kind than ``kind``, else an empty string."""
    claimed = suffix_kind(name)
    if claimed == kind or kind == "pairs" or claimed not in KINDS or (claimed in ("txt", "md") and kind in _PLAIN):
        return ""
    suffix = PurePath(name).suffix.lower()
    return f"The name ends in {suffix}, but this is {KINDS[kind]}; it was read as that."


def _lost_its_mark(data: bytes, name: str) -> bool:
    """Tell a PDF that does not begin like one: its first line is missing, or something stands before it.

    A text about PDFs shows such lines too, but begins with others, has no binary parts and another name.
    """
    if data.find(b" obj", 0, 1 << 20) < 0:  # far quicker than the pattern, and every file is asked
        return False
    first = _PDF_OBJECT.search(data, 0, 1 << 20)
    if first is None or data.find(b"endobj", first.end()) < 0:
        return False
    begins = not data[: first.start()].strip() or suffix_kind(name) == "pdf"
    return begins or (b"startxref" in data[-2048:] and not _reads_as_text(data[first.start() : first.start() + 65536]))


def _text_kind(data: bytes, claimed: str) -> str:
    if not _reads_as_text(data[:65536]):
        raise unsupported(
            "This file is not a document that can be read.", "Upload a PDF, Word, PowerPoint, Excel or text file."
        )
    # UTF-16 and UTF-32 have a NUL in most characters; without them the signatures read like ASCII.
    start = data[:8192].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\x00", b"")
    if _is_mail_folder(data, claimed):
        return "mbox"
    if _PAIRS.match(start):
        return "pairs"
    headers = _headers(start)
    if _SAVED_PAGE.search(headers) and (claimed == "mht" or not _SENT.search(headers)):
        return "mht"
    if _is_mail(headers, claimed):
        return "eml"
    if _SHEET_XML in start and b"<Workbook" in start.replace(b"ss:", b""):
        return "xls"
    if _HTML_START.match(_after_comments(start)) or (claimed in ("html", *_SHEETS) and _HTML_TAG.search(start)):
        return "html"
    if claimed in ("md", "csv"):
        return claimed
    if claimed in _SHEETS:
        return "csv"
    if _SUBTITLES.match(start):
        return "srt"
    if _XML_START.match(start) and (claimed == "xml" or start.lstrip().startswith(b"<?xml")):
        return "xml"
    return "json" if _is_json(start, data, claimed) else "txt"


def _is_json(start: bytes, data: bytes, claimed: str) -> bool:
    """Tell JSON by its name or by how it begins and ends; the reader knows for sure."""
    if not _JSON_START.match(start):
        return False
    end = data[-200:].replace(b"\x00", b"").rstrip()
    return claimed == "json" or (_JSON_OBJECTS.match(start) is not None and end.endswith((b"}", b"]")))


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


def _is_mail_folder(data: bytes, claimed: str) -> bool:
    """Tell a folder by its name and beginning, or by a second mail behind the first."""
    if not data[:64].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"From "):
        return False
    from core.load.mail.folder import mails_in

    mails = mails_in(data)
    return next(mails, None) is not None and (claimed == "mbox" or next(mails, None) is not None)


def _headers(start: bytes) -> bytes:
    """Return the headers that a file begins with."""
    headers, position = b"", 0
    while header_line := _HEADER_LINE.match(start, position):
        headers += header_line.group()
        position = header_line.end()
        while continued := _CONTINUED_LINE.match(start, position):
            headers += continued.group()
            position = continued.end()
    return headers


def _is_mail(headers: bytes, claimed: str) -> bool:
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
