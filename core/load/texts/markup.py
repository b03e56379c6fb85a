"""XML: the entries of feeds, records as tables, and of anything else the texts of its elements in their order."""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from typing import Any, cast

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.office.elements import parsed
from core.load.texts import plain
from core.load.texts.plain import decode
from core.load.texts.structured import HeadedBuilder, add_lines, add_records, shown
from core.load.web.reader import add_page
from core.schema import Document

_DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
_PARAGRAPHS = frozenset(("p", "para", "paragraph", "simpara", "text", "tspan", "l", "line", "seg", "desc"))
_TITLES = frozenset(("title", "head", "heading", "name", "headline"))
_DRAWN = ("title", "desc", "text")
_TEXTS = ("encoded", "content", "description", "summary")
_ROWS = frozenset(("row", "tr"))
_DEEPEST_HEADING = 5
_LONGEST_PARAGRAPH = 5000
_LONGEST_HEADING = 200


def read(data: bytes, reading: Reading) -> Document:
    """Read XML; what is none after all is read as the text that it is."""
    from lxml import etree

    try:
        root = parsed(data)
    except (etree.XMLSyntaxError, ValueError):
        try:
            root = parsed(_DECLARED.sub("", decode(data)[0]).encode("utf-8", "replace"))
        except (etree.XMLSyntaxError, ValueError):
            return plain.read(data, reading)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    builder = HeadedBuilder()
    title = _child_text(root, "title") or _child_text(next(root.iter("{*}channel"), root), "title")
    if _name(root) in ("rss", "feed", "RDF", "rdf"):
        _add_feed(builder, root, title)
    elif _name(root) == "svg":
        for part in root.iter(*(f"{{*}}{name}" for name in _DRAWN)):
            if part is root or _name(part.getparent()) not in _DRAWN:
                builder.paragraph(_words(part))
    else:
        _walk(builder, root)
        if not builder.blocks:
            return plain.read(data, reading)  # names of elements alone
    return builder.document("xml", title=title)


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of all elements."""
    from lxml import etree

    try:
        root = parsed(data)
    except (etree.XMLSyntaxError, ValueError):
        return
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    words = (shown(text) for text in root.itertext("*") if text.strip())
    yield "", "\n".join(words)


def _add_feed(builder: Builder, root: Any, title: str) -> None:
    """Add a feed (RSS, Atom): its name, then title, date and text of each entry."""
    builder.heading(title, 1)
    head = next(root.iter("{*}channel"), root)
    add_lines(builder, _fields(child for child in head if not len(child)))
    for entry in root.iter("{*}item", "{*}entry"):
        builder.heading(shown(_child_text(entry, "title")), 2)
        add_lines(builder, _fields(child for child in entry if _name(child).lower() not in _TEXTS))
        said: list[str] = []
        for name in _TEXTS:
            text = _child_text(entry, name)
            if text and not any(text in other for other in said):
                said.append(text)
                _add_text(builder, text)


def _fields(children: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield what is said of a feed or an entry besides its title: who wrote it, when, and where it is."""
    for child in children:
        words = " ".join(shown("".join(child.itertext())).split()) or child.get("href") or child.get("term") or ""
        if isinstance(child.tag, str) and words and _name(child).lower() != "title":
            yield _name(child), words


def _add_text(builder: Builder, text: str) -> None:
    if "<" not in text:
        builder.paragraph(text)
        return
    try:
        add_page(builder, text)
    except LoadError:
        return  # markup of nothing


def _walk(builder: HeadedBuilder, root: Any) -> None:
    """Go through the elements once, without recursion: they may be nested thousands deep."""
    stack: list[tuple[Any, int]] = [(root, 0)]
    while stack:
        element, level = stack.pop()
        if isinstance(element, str):
            builder.paragraph(element)
        elif isinstance(element, list):
            _add_run(builder, element, level)
        elif _is_paragraph(element):
            builder.paragraph(_words(element))
        else:
            if level and level <= _DEEPEST_HEADING:
                builder.heading(_title(element) or _name(element), level)
            add_lines(builder, ((key, value) for key, value in _attributes(element)))
            parts = [element.text or "", *_runs(element)]
            stack.extend((part, level + 1) for part in reversed(parts) if not isinstance(part, str) or part.strip())


def _runs(element: Any) -> Iterator[Any]:
    """Yield an element's children: alone, or as a list those next to each other that make lines or a table."""
    children = [child for child in element if isinstance(child.tag, str)]
    for kind, run in groupby(children, key=_kind):
        if kind:
            yield list(run)
        else:
            for child in run:
                yield child
                yield child.tail or ""


def _kind(element: Any) -> str:
    """Return "" for an element that stands alone, "leaf", or of records and rows their own name."""
    if (element.tail or "").strip():
        return ""
    children = [child for child in element if isinstance(child.tag, str)]
    if _name(element).lower() in _ROWS and children:
        return "row " + element.tag
    if not children:
        return "leaf" if not _attributes(element) else "record " + element.tag
    if (element.text or "").strip() or any(len(child) or (child.tail or "").strip() for child in children):
        return ""
    return "" if _name(element).lower() in _PARAGRAPHS else "record " + element.tag


def _add_run(builder: HeadedBuilder, run: list[Any], level: int) -> None:
    kind = _kind(run[0])
    if kind.startswith("row"):
        rows = [[_words(cell) for cell in row if isinstance(cell.tag, str)] for row in run]
        if len(rows) > 1:
            builder.table(rows)
        else:
            builder.paragraph(" | ".join(filter(None, rows[0])))
        return
    if kind == "leaf":
        _add_leaves(builder, run)
        return
    records = [_record(element) for element in run]
    if len(run) > 1 and add_records(builder, records):
        return
    for element, record in zip(run, records, strict=True):
        title = _title(element) or (_name(element) if len(run) == 1 and len(element) else "")
        if title and level <= _DEEPEST_HEADING:
            builder.heading(title, max(level, 1))
        add_lines(builder, iter(record.items()))


def _add_leaves(builder: HeadedBuilder, leaves: list[Any]) -> None:
    lines: list[tuple[str, str]] = []
    for leaf in leaves:
        words, name = shown(leaf.text or ""), _name(leaf)
        if not words or (name.lower() in _TITLES and builder.waiting and builder.waiting[-1][1] == words):
            continue  # the heading says it
        if name.lower() in _PARAGRAPHS:
            add_lines(builder, iter(lines))
            lines = []
            builder.paragraph(words)
        else:
            lines.append((name, words))
    add_lines(builder, iter(lines))


def _record(element: Any) -> dict[str, str]:
    """Return an element's attributes and the texts of its children by their names, several of one name joined."""
    record = dict(_attributes(element))
    if words := shown(element.text or ""):
        record[_name(element)] = words
    for child in element:
        if isinstance(child.tag, str):
            name = _name(child)
            fields = [(name, shown(child.text or ""))]
            fields += [(f"{name} {key}", value) for key, value in _attributes(child)]
            for field, words in fields:
                if words:
                    record[field] = f"{record[field]}, {words}" if field in record else words
    return record


def _is_paragraph(element: Any) -> bool:
    """Tell an element whose text and parts belong to one another: what flows around its children is text, too."""
    if _name(element).lower() in _PARAGRAPHS:
        return True
    flows = (element.text or "").strip() or any((child.tail or "").strip() for child in element)
    lengths = accumulate(len(text) for text in element.itertext("*")) if len(element) and flows else iter(())
    return bool(len(element) and flows) and all(length <= _LONGEST_PARAGRAPH for length in lengths)


def _title(element: Any) -> str:
    """Return the title that stands in an element, "" where there is none."""
    for child in element:
        if isinstance(child.tag, str) and _name(child).lower() in _TITLES and not len(child):
            return " ".join((child.text or "").split())[:_LONGEST_HEADING]
    return ""


def _attributes(element: Any) -> list[tuple[str, str]]:
    """Return an element's attributes but those of other vocabularies, which speak of looks and links."""
    return [(key, value) for key, value in element.items() if value.strip() and not key.startswith("{")]


def _child_text(element: Any, name: str) -> str:
    child = next((child for child in element if isinstance(child.tag, str) and _name(child).lower() == name), None)
    if child is None:
        return ""
    if not len(child):
        return (child.text or "").strip()
    from lxml import etree

    return cast(str, etree.tostring(child, encoding="unicode", with_tail=False))


def _words(element: Any) -> str:
    return " ".join("".join(element.itertext("*")).split())


def _name(element: Any) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
