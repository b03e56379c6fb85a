"""What stands beside a Word document's text, in parts of their own: comments, notes, headers, charts, SmartArt."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.office.charts import chart_table, paragraphs_of
from core.load.office.elements import UNHIDE_TEXT, without_page_number
from core.load.office.package import Package, Relation
from core.load.rich_text.text import rich_text
from core.load.scans.inner import InnerPictures
from core.load.texts.plain import decode
from core.load.web.reader import add_page
from core.load.word.plain_copy import Beside, Story, plain_copy
from core.load.word.styles import WORD, hidden_styles, is_on
from core.load.word.tables import lines_of, settle_tables
from core.schema import Shortfall

_REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PAGE = "text/html"
_ADD_EMBEDDED = "Open what is embedded by a double click, save it as a file of its own and add that."
_HALF_A_PAGE = 310 * 360_000**2  # half of A4 in square centimetres, in the format's units


@dataclass
class Parts:
    """A Word document's package and what its other parts say; ``embedded`` counts the files in it."""

    package: Package
    main: str
    hidden_styles: frozenset[str]
    relations: dict[str, Relation]
    pictures: InnerPictures
    comments: dict[str, str] = field(default_factory=dict)
    embedded: int = 0
    hidden: int = 0

    def lines(self, root: Any, *, page_numbers: bool = True) -> list[str]:
        """Return what a reader sees below ``root``, line by line."""
        story = Story(self.hidden_styles, self.beside, page_numbers)
        body = plain_copy(root, story)
        settle_tables(body)
        self.hidden += story.hidden
        return [line.strip() for line in lines_of(body) if line.strip()]

    def body(self) -> Any:
        """Return the plain copy of the document's body. Raises XMLSyntaxError where it is damaged."""
        story = Story(self.hidden_styles, self.beside)
        body = plain_copy(self.package.tree(self.main), story)
        settle_tables(body)
        self.hidden += story.hidden
        return body

    def beside(self, element: Any) -> list[Beside]:
        """Return what belongs where ``element`` stands: a comment, a chart as a table, SmartArt's points."""
        tag = element.tag.rpartition("}")[2]
        if tag == "commentReference":
            comment = self.comments.pop(element.get(f"{WORD}id") or "", "")
            return [comment] if comment else []
        if tag == "chart" and (part := self._part(element, "id")):
            titles, rows = chart_table(part)
            return [*titles, rows]
        if tag == "relIds" and (part := self._part(element, "dm")) is not None:
            return [*paragraphs_of(part)]
        if tag == "blip" and _is_page(element):
            return [*self.pictures.paragraphs(self._content(element))]
        if tag == "altChunk":
            return self._inserted(self.relations.get(element.get(f"{_REFERENCE}id") or ""))
        if tag == "OLEObject" and element.get("Type") == "Embed":
            self.embedded += 1
        return []

    def _content(self, element: Any) -> bytes:
        relation = self.relations.get(element.get(f"{_REFERENCE}embed") or "")
        name = self.package.names.get(relation.part.lower()) if relation else None
        return self.package.archive.read(name) if name else b""

    def _part(self, element: Any, name: str) -> Any:
        relation = self.relations.get(element.get(f"{_REFERENCE}{name}") or "")
        return self.package.tree(relation.part) if relation else None

    def _inserted(self, relation: Relation | None) -> list[Beside]:
        """Return the paragraphs of a web page, RTF or text that Word shows within the document."""
        name = relation.part.lower() if relation and self.package.has(relation.part) else ""
        data = self.package.archive.read(self.package.names[name]) if name else b""
        if name.endswith(".rtf"):
            return [*rich_text(data).body.text().split("\n")]
        if name.endswith(".txt"):
            return [*decode(data)[0].splitlines()]
        if name.endswith((".mht", ".mhtml")):
            saved = message_from_bytes(data).walk()
            found = next((part.get_payload(decode=True) for part in saved if part.get_content_type() == _PAGE), b"")
            data = found if isinstance(found, bytes) else b""
        elif not name.endswith((".htm", ".html", ".xhtml")):
            self.embedded += bool(name)
            return []
        page = Builder()
        with suppress(LoadError):  # a page of nothing
            add_page(page, decode(data)[0])
        return [*"".join(page.pieces).split("\n\n")]

    def shortfalls(self) -> Iterator[Shortfall]:
        """Yield what was left out."""
        if self.hidden:
            yield Shortfall(f"Hidden text was not read ({self.hidden:,} characters).", UNHIDE_TEXT)
        if self.embedded:
            what = "A file embedded in it was" if self.embedded == 1 else f"{self.embedded} files embedded in it were"
            yield Shortfall(f"{what} not read, only what is shown of it.", _ADD_EMBEDDED)
        yield from self.pictures.shortfalls()


def _is_page(picture: Any) -> bool:
    """Tell a picture that is as large as half a page of paper: a scan, and no logo or photograph."""
    holder = next(picture.iterancestors("{*}inline", "{*}anchor"), None)
    extent = holder.find("{*}extent") if holder is not None else None
    sides = [extent.get(side) or "" for side in ("cx", "cy")] if extent is not None else []
    return len(sides) == 2 and all(map(str.isdecimal, sides)) and int(sides[0]) * int(sides[1]) >= _HALF_A_PAGE


def word_parts(package: Package, reading: Reading) -> Parts:
    """Return a Word document's parts, its comments read."""
    main = package.main_part("word/document.xml")
    styles = hidden_styles(related_tree(package, main, "styles"))
    parts = Parts(package, main, styles, package.relations(main), InnerPictures(reading))
    comments = related_tree(package, main, "comments")
    for comment in comments.iter(f"{WORD}comment") if comments is not None else ():
        if text := "\n".join(parts.lines(comment)):
            author = " ".join((comment.get(f"{WORD}author") or "").split())
            parts.comments[comment.get(f"{WORD}id") or ""] = (
                f"Comment by {author}: {text}" if author else f"Comment: {text}"
            )
    return parts


def related_tree(package: Package, main: str, kind: str) -> Any:
    """Return the part of a kind that the document names, or that has its usual name; None where there is none."""
    usual = f"{main.rpartition('/')[0]}/{kind}.xml"
    return package.tree(next(package.related(main, kind), usual))


def note_lines(parts: Parts) -> Iterator[str]:
    """Yield the footnotes, then the endnotes."""
    for kind in ("footnote", "endnote"):
        notes = related_tree(parts.package, parts.main, f"{kind}s")
        for note in notes.iter(f"{WORD}{kind}") if notes is not None else ():
            if lines := parts.lines(note):
                yield "\n".join(lines)


def header_trees(parts: Parts, kind: str) -> list[Any]:
    """Return the headers or footers (``kind``) that are shown, each once, in the order of the sections."""
    document = parts.package.tree(parts.main)
    settings = related_tree(parts.package, parts.main, "settings")
    even = settings is not None and is_on(settings.find(f"{WORD}evenAndOddHeaders"))
    trees = {}
    for section in document.iter(f"{WORD}sectPr"):
        shown = {"default": True, "first": is_on(section.find(f"{WORD}titlePg")), "even": even}
        for reference in section.iterchildren(f"{WORD}{kind}Reference"):
            relation = parts.relations.get(reference.get(f"{_REFERENCE}id") or "")
            if relation and shown.get(reference.get(f"{WORD}type") or "default", True):
                trees[relation.part] = parts.package.tree(relation.part)
    return [tree for tree in trees.values() if tree is not None]


def header_lines(parts: Parts, kind: str, said: set[str]) -> Iterator[str]:
    """Yield a header's or footer's lines without page numbers; each line once, none that is in ``said`` already."""
    for tree in header_trees(parts, kind):
        for line in parts.lines(tree, page_numbers=False):
            text = " ".join(filter(None, map(without_page_number, line.split("\t"))))
            if text and text not in said:
                said.add(text)
                yield text
