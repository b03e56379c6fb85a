"""What an Excel workbook's parts are and where they lie: sheets, texts, formats, found by their relationships."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from core.load.office.elements import parsed
from core.load.sheets.number_format import BUILT_IN

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAIN_TYPES = ("spreadsheetml.sheet.main", "spreadsheetml.template.main", "ms-excel.sheet", "ms-excel.template")
_OFFICE_ID = re.compile(r"\{http://(schemas\.openxmlformats|purl\.oclc)\.org/.*relationships\}id")
_SHEET_KINDS = ("worksheet", "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
_MOST_STRINGS = 10_000_000


@dataclass(slots=True)
class Part:
    """A part that another one names: its kind ("comments", "drawing"), its path in the archive."""

    kind: str
    path: str


@dataclass(slots=True)
class SheetPart:
    """A sheet: its name, its path, whether it is shown."""

    name: str
    path: str
    shown: bool


@dataclass(slots=True)
class Workbook:
    """An opened workbook. ``formats`` is the format code of each cell style; ``strings`` the shared texts."""

    archive: zipfile.ZipFile
    members: dict[str, str]
    main: str = "xl/workbook.xml"
    sheets: list[SheetPart] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    from_1904: bool = False
    read_once: set[str] = field(default_factory=set)

    def holds(self, path: str) -> bool:
        """Tell whether there is such a part."""
        return path.lower() in self.members

    def open(self, path: str) -> Any:
        """Open a part to read its bytes. Raises KeyError where there is none."""
        return self.archive.open(self.members[path.lower()])

    def tree(self, path: str) -> Any:
        """Return a part as an lxml tree, None where it is missing or damaged."""
        if not self.holds(path):
            return None
        with self.open(path) as stream:
            try:
                return parsed(stream.read())
            except etree.XMLSyntaxError:
                return None

    def tree_once(self, path: str) -> Any:
        """Return a part like ``tree``, but only once: many sheets may name one part, and it is read at the first."""
        if path.lower() in self.read_once:
            return None
        self.read_once.add(path.lower())
        return self.tree(path)

    def related(self, path: str) -> dict[str, Part]:
        """Return the parts that ``path`` names, by their id; what lies outside of the file is left out."""
        folder, name = posixpath.split(path)
        tree = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, Part] = {}
        for link in tree.iter("{*}Relationship") if tree is not None else ():
            if link.get("TargetMode") == "External":
                continue
            target = unquote(link.get("Target", "").replace("\\", "/"))
            place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[link.get("Id", "")] = Part(link.get("Type", "").rpartition("/")[2], place)
        return found


def open_archive(data: bytes) -> Workbook:
    """Open an archive with its members by their names: some programs write backslashes, or other capitals."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    members = {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()}
    book = Workbook(archive, members)
    book.main = _main_part(book)
    return book


def open_workbook(data: bytes) -> Workbook:
    """Open an .xlsx, .xlsm or .xltx, strict or not. Raises BadZipFile, or KeyError where it has no workbook in it."""
    book = open_archive(data)
    add_sheets(book)
    parts = book.related(book.main)
    paths = {part.kind: part.path for part in parts.values()}
    book.strings = list(_strings(book, paths.get("sharedStrings", "")))
    book.formats = _formats(book.tree(paths.get("styles", "")))
    return book


def add_sheets(book: Workbook) -> None:
    """Find a workbook's sheets, and from which day it counts. Raises KeyError where it has no workbook in it."""
    tree = book.tree(book.main)
    if tree is None:
        raise KeyError(book.main)
    properties = tree.find("{*}workbookPr")
    book.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    parts = book.related(book.main)
    for sheet in tree.iterfind("{*}sheets/{*}sheet"):
        number = next((value for key, value in sheet.items() if _OFFICE_ID.fullmatch(key)), "")
        part = parts.pop(number, None)
        if part is not None and part.kind in _SHEET_KINDS:
            shown = sheet.get("state", "visible") == "visible"
            book.sheets.append(SheetPart(sheet.get("name", ""), part.path, shown))


def stated_title(book: Workbook, path: str = "docProps/core.xml") -> str:
    """Return the title in the workbook's properties."""
    properties = book.tree(path)
    return (properties.findtext(".//{*}title") or "").strip() if properties is not None else ""


def rows_of(stream: Any, *tags: str) -> Iterator[Any]:
    """Yield elements by their local names as they end; what was yielded before is dropped from memory."""
    names = [f"{{*}}{tag}" for tag in tags]
    for _, element in etree.iterparse(stream, tag=names, resolve_entities=False, no_network=True, huge_tree=True):
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and (earlier := element.getprevious()) is not None:
            parent.remove(earlier)


def rich_text(element: Any) -> str:
    """Return the text of a string item or inline string, its readings in small letters (furigana) left out."""
    text = []
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag.endswith("}t"):
            text.append(child.text or "")
        elif tag.endswith("}r"):
            text.extend(run.text or "" for run in child if isinstance(run.tag, str) and run.tag.endswith("}t"))
    return unescaped("".join(text))


def unescaped(text: str) -> str:
    """Replace what stands for a character that XML cannot hold (_x000D_); control characters are dropped."""
    if "_x" not in text:
        return text.strip()
    return _ESCAPED.sub(lambda match: _character(int(match[1], 16)), text).strip()


def _character(code: int) -> str:
    return chr(code) if code >= 32 or code in (9, 10) else ""


def _main_part(book: Workbook) -> str:
    """Return the path of the workbook itself: by the package's relationships, its list of types, or its usual place."""
    for part in book.related("").values():
        if part.kind == "officeDocument" and book.holds(part.path):
            return part.path
    types = book.tree("[Content_Types].xml")
    for entry in types.iter("{*}Override") if types is not None else ():
        if any(kind in entry.get("ContentType", "") for kind in _MAIN_TYPES):
            path = entry.get("PartName", "").replace("\\", "/").lstrip("/")
            if book.holds(path):
                return path
    return "xl/workbook.xml"


def _strings(book: Workbook, path: str) -> Iterator[str]:
    if not book.holds(path):
        path = "xl/sharedStrings.xml"
    if book.holds(path):
        with book.open(path) as stream:
            for count, item in enumerate(rows_of(stream, "si")):
                if count < _MOST_STRINGS:
                    yield rich_text(item)


def _formats(styles: Any) -> list[str]:
    """Return the format code of each cell style; faults elsewhere in the styles do no harm."""
    if styles is None:
        return []
    own: dict[str, str] = {}
    for entry in styles.iterfind("{*}numFmts/{*}numFmt"):
        own[entry.get("numFmtId", "")] = entry.get("formatCode", "")
    codes = []
    for style in styles.iterfind("{*}cellXfs/{*}xf"):
        number = style.get("numFmtId", "0")
        built_in = BUILT_IN.get(int(number), "General") if number.isascii() and number.isdigit() else "General"
        codes.append(own.get(number, built_in))
    return codes
