"""Open XML packages (Word, PowerPoint): their parts, and which part belongs to which, however they are named."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote

from core.load.office.elements import parsed

# Strict Open XML differs from what most programs write in the names of its namespaces.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_USUAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Relation(NamedTuple):
    """A part that another names: its kind ("styles", "chart", "officeDocument") and the part's name."""

    kind: str
    part: str


@dataclass
class Package:
    """An office file's parts. Names are looked up as the package rules say: whatever the case of their letters."""

    archive: zipfile.ZipFile
    names: dict[str, str]
    trees: dict[str, Any] = field(default_factory=dict)

    def has(self, part: str) -> bool:
        """Tell whether there is such a part."""
        return part.lower() in self.names

    def content(self, part: str) -> bytes:
        """Return a part's XML in UTF-8, with the usual names of namespaces. Raises KeyError where there is none."""
        data = self.archive.read(self.names[part.lower()])
        if data[:2] in _WIDE_MARKS:
            data = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data.decode("utf-16", "replace").encode("utf-8"))
        return _STRICT.sub(_USUAL, data)

    def tree(self, part: str) -> Any:
        """Return a part parsed with lxml, None where it is missing or is no XML."""
        from lxml import etree

        if part not in self.trees:
            try:
                self.trees[part] = parsed(self.content(part))
            except (KeyError, etree.XMLSyntaxError):
                self.trees[part] = None
        return self.trees[part]

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the parts that ``part`` ("" for the package) names, by their identifiers; none outside the package."""
        folder, name = posixpath.split(part)
        tree = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for each in tree.iter("{*}Relationship") if tree is not None else ():
            if each.get("TargetMode") != "External":
                target = posixpath.join("/", folder, unquote(each.get("Target") or ""))
                kind = (each.get("Type") or "").rpartition("/")[2]
                found[each.get("Id") or ""] = Relation(kind, posixpath.normpath(target).lstrip("/"))
        return found

    def related(self, part: str, kind: str) -> Iterator[str]:
        """Yield the parts of one kind that ``part`` names and that are there."""
        for relation in self.relations(part).values():
            if relation.kind == kind and self.has(relation.part):
                yield relation.part

    def main_part(self, usual: str) -> str:
        """Return the name of the document itself, ``usual`` where the package does not say it."""
        return next(self.related("", "officeDocument"), usual)


def open_package(data: bytes) -> Package:
    """Open an office file's bytes; nothing is unpacked yet."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    return Package(archive, {name.replace("\\", "/").lstrip("/").lower(): name for name in archive.namelist()})
