"""The words of an OpenDocument paragraph as its reader sees them, and what stands beside it: notes, boxes, comments."""

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import Any

from core.load.office.elements import parsed

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT, OFFICE, TABLE = f"{{{_SPACE}text:1.0}}", f"{{{_SPACE}office:1.0}}", f"{{{_SPACE}table:1.0}}"
DRAW, SVG, STYLE = f"{{{_SPACE}drawing:1.0}}", f"{{{_SPACE}svg-compatible:1.0}}", f"{{{_SPACE}style:1.0}}"
SHOW = f"{{{_SPACE}presentation:1.0}}"
_DUBLIN, _LINK = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/xlink}href"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
# What stands in the text's XML and is not its words.
UNSEEN = frozenset(
    (f"{TEXT}tracked-changes", f"{TEXT}note-citation", f"{SVG}title", f"{SVG}desc", f"{OFFICE}forms", f"{TEXT}script",
     f"{OFFICE}event-listeners", f"{DRAW}glue-point", f"{TEXT}hidden-text", f"{OFFICE}binary-data", f"{SHOW}notes",
     f"{TEXT}bibliography-configuration", f"{TEXT}index-title-template")
)  # fmt: skip
_SIGNS = {f"{TEXT}s": " ", f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
_NUMBERS = (f"{TEXT}page-number", f"{TEXT}page-count")
_SHAPES = ("frame", "custom-shape", "rect", "ellipse", "circle", "line", "polyline", "polygon", "path", "connector",
           "caption", "regular-polygon", "measure", "g", "a")  # fmt: skip
SHAPES = frozenset(f"{DRAW}{name}" for name in _SHAPES)
_DEEPEST = 100
_DEEPEST_BESIDE = 5


@dataclass
class Words:
    """A document's archive and what is gathered from it beside the text: notes, what is hidden, what was embedded.

    ``page_number`` is what stands for the number of a page; None: the number that the file holds.
    """

    archive: zipfile.ZipFile
    hidden_styles: frozenset[str]
    notes: list[str] = field(default_factory=list)
    hidden: int = 0
    embedded: int = 0
    page_number: str | None = None
    depth: int = 0

    def of(self, element: Any, beside: list[Any]) -> str:
        """Return a paragraph's text. To ``beside`` is added what follows it: shapes (lxml), comments (str)."""
        pieces: list[str] = []
        self._add(element, pieces, beside, 0)
        return "".join(pieces)

    def _add(self, element: Any, pieces: list[str], beside: list[Any], depth: int) -> None:
        if self.is_hidden(element):
            self.hidden += sum(len(text.strip()) for text in element.itertext())
            return
        if depth > _DEEPEST:
            pieces.extend(element.itertext())
            return
        pieces.append(_one_blank(element.text))
        for child in element:
            tag = child.tag
            if not isinstance(tag, str) or tag in UNSEEN:
                pass
            elif tag in _SIGNS:
                pieces.append(_SIGNS[tag])
            elif tag in _NUMBERS and self.page_number is not None:
                pieces.append(self.page_number)
            elif tag == f"{TEXT}note":
                self._add_note(child)
            elif tag == f"{OFFICE}annotation":
                beside.append(self.comment(child))
            elif tag in SHAPES:
                formula = self.formula(child)
                pieces.append(formula)
                if not formula:
                    beside.append(child)
            elif tag == f"{TEXT}ruby-text":
                pieces.append(f"({''.join(child.itertext())})")
            else:
                self._add(child, pieces, beside, depth + 1)
            pieces.append(_one_blank(child.tail))

    def is_hidden(self, element: Any) -> bool:
        """Tell whether an element's text is hidden, by its style or its section's state."""
        style = element.get(f"{TEXT}style-name")
        return style in self.hidden_styles or element.get(f"{TEXT}display") == "none"

    def lines(self, element: Any) -> list[str]:
        """Return the paragraphs below an element, however deep, as lines."""
        if self.depth > _DEEPEST_BESIDE:
            return [" ".join(" ".join(element.itertext()).split())]
        self.depth += 1
        lines: list[str] = []
        steps = [element]
        while steps:
            step = steps.pop()
            if step.tag in (f"{TEXT}p", f"{TEXT}h"):
                waiting: list[Any] = []
                lines.append(self.of(step, waiting))
                for each in waiting:
                    lines += [each] if isinstance(each, str) else self.lines(each)
            elif step.tag not in UNSEEN:
                steps.extend(child for child in reversed(step) if isinstance(child.tag, str))
        self.depth -= 1
        return [line.strip() for line in lines if line.strip()]

    def comment(self, annotation: Any) -> str:
        """Return a comment with the name of who wrote it."""
        author = " ".join((annotation.findtext(f"{_DUBLIN}creator") or "").split())
        text = "\n".join(self.lines(annotation))
        return f"Comment by {author}: {text}" if author and text else f"Comment: {text}" if text else ""

    def _add_note(self, note: Any) -> None:
        body = note.find(f"{TEXT}note-body")
        if body is not None and (text := "\n".join(self.lines(body))):
            self.notes.append(text)

    def object_of(self, shape: Any) -> Any:
        """Return the content of a chart, formula or file within a shape (lxml); None where there is none to read."""
        from lxml import etree

        for held in shape.iterchildren(f"{DRAW}object"):
            if len(held):
                return held[0]
            name = posixpath.normpath(posixpath.join((held.get(_LINK) or "").lstrip("/"), "content.xml"))
            try:
                return parsed(self.archive.read(name))
            except (KeyError, etree.XMLSyntaxError):
                return None
        return None

    def formula(self, shape: Any) -> str:
        """Return the text of a formula that stands in a line; nothing for other shapes."""
        held = self.object_of(shape)
        math = next(held.iter(_MATH), None) if held is not None else None
        if math is None:
            return ""
        for note in list(math.iter("{*}annotation")):
            note.text = ""
        return "".join("".join(math.itertext()).split())


def _one_blank(text: str | None) -> str:
    """Return text as OpenDocument means it: any blanks are one."""
    if not text:
        return ""
    words = " ".join(text.split())
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if words and text[-1].isspace() else ''}"


def hidden_styles(*roots: Any) -> frozenset[str]:
    """Return the names of the styles whose text is not shown."""
    return frozenset(
        style.get(f"{STYLE}name") or ""
        for root in roots
        if root is not None
        for style in root.iter(f"{STYLE}style")
        if any(form.get(f"{TEXT}display") == "none" for form in style.iterchildren(f"{STYLE}text-properties"))
    )
