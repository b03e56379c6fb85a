"""What stands on a slide: its shapes in the order they are read, their paragraphs, tables, charts and SmartArt."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from core.load.office.charts import chart_table, drawn_on, paragraphs_of
from core.load.office.package import Package, Relation

SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
REFERENCE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_GROUP = f"{SLIDE}grpSp"
_DEEPEST_GROUP = 50
_LONGEST_REPEATED = 300
TITLES = ("title", "ctrTitle")


class Line(NamedTuple):
    """A paragraph on a slide: its text, what marks it as a list's item ("•", "2."), and how deep it is indented."""

    text: str
    mark: str = ""
    depth: int = 0


Piece = Line | list[list[str]]
Places = dict[str, tuple[int, int]]


class Shape(NamedTuple):
    """A shape and what kind of placeholder it is ("title", "ftr", "body"; "" for none)."""

    element: Any
    role: str


def shapes_of(tree: Any, places: Places) -> list[Shape]:
    """Return a slide's shapes from top to bottom, a group's together. ``places`` are those of its layout's places."""
    root = tree.find(f"{SLIDE}cSld/{SLIDE}spTree")
    return [] if root is None else list(_sorted(root, places, 0))


def _sorted(group: Any, places: Places, depth: int) -> Iterator[Shape]:
    found = []
    for child in group:
        if isinstance(child.tag, str):
            for shape in _chosen(child):
                found.append((_place(shape, places), shape))
    for _, shape in sorted(found, key=lambda pair: pair[0]):
        if shape.tag != _GROUP:
            yield Shape(shape, role_of(shape))
        elif depth < _DEEPEST_GROUP:
            yield from _sorted(shape, places, depth + 1)
        else:
            yield from (Shape(each, role_of(each)) for each in shape.iter(f"{SLIDE}sp", f"{SLIDE}graphicFrame"))


def _chosen(element: Any) -> list[Any]:
    """Return an element itself, or what it stands for where a file gives several forms of one thing."""
    if element.tag != _ALTERNATIVES:
        return [element]
    forms = [form for form in element if isinstance(form.tag, str)]
    telling = [
        form for form in forms if next(form.iter(f"{DRAWN}t", MATH_TEXT, "{*}relIds", "{*}chart"), None) is not None
    ]
    return list((telling or forms or [element])[0])


def role_of(shape: Any) -> str:
    """Return what kind of placeholder a shape is."""
    place = _placeholder(shape)
    return "" if place is None else place.get("type") or "body"


def _placeholder(shape: Any) -> Any:
    return shape.find(f"./*/{SLIDE}nvPr/{SLIDE}ph")


def _place(shape: Any, places: Places) -> tuple[int, int]:
    offset = next((each for path in ("*", ".") for each in shape.iterfind(f"{path}/{{*}}xfrm/{DRAWN}off")), None)
    if offset is not None:
        return _number(offset.get("y")), _number(offset.get("x"))
    place = _placeholder(shape)
    if place is None:
        return 0, 0
    by_number = places.get(f"#{place.get('idx') or '0'}")
    return by_number or places.get(place.get("type") or "body") or (0, 0)


def places_of(trees: list[Any]) -> Places:
    """Return where the placeholders of a layout and its master stand, by number ("#1") and by kind; the first wins."""
    places: Places = {}
    for level, tree in enumerate(trees):
        for shape in tree.iter(f"{SLIDE}sp"):
            place, offset = _placeholder(shape), shape.find(f"{SLIDE}spPr/{DRAWN}xfrm/{DRAWN}off")
            if place is not None and offset is not None:
                where = _number(offset.get("y")), _number(offset.get("x"))
                if not level:
                    places.setdefault(f"#{place.get('idx') or '0'}", where)
                places.setdefault(place.get("type") or "body", where)
    return places


def area_of(extent: Any) -> int:
    """Return width times height of an extent or a slide's size, in the format's units; 0 where it states none."""
    return _number(extent.get("cx")) * _number(extent.get("cy"))


def _number(text: str | None) -> int:
    digits = (text or "").removeprefix("-")
    return int(text or "0") if digits.isascii() and digits.isdecimal() and len(digits) < 16 else 0


def pieces_of(shape: Any, package: Package, relations: dict[str, Relation]) -> Iterator[Piece]:
    """Yield what a shape says: lines of text, tables."""
    for frame in shape.iter(f"{DRAWN}graphicData"):
        for table in frame.iterchildren(f"{DRAWN}tbl"):
            yield _table(table)
        for holder in frame.iter("{*}chart", "{*}relIds"):
            yield from _drawing(holder, package, relations)
    if shape.tag != f"{SLIDE}graphicFrame":
        for body in shape.iter(f"{SLIDE}txBody", "{*}txBody"):
            yield from lines_of(body)


def _drawing(holder: Any, package: Package, relations: dict[str, Relation]) -> Iterator[Piece]:
    is_chart = holder.tag.endswith("}chart")
    relation = relations.get(holder.get(f"{REFERENCE}{'id' if is_chart else 'dm'}") or "")
    tree = package.tree(relation.part) if relation else None
    if is_chart and relation and tree is not None:
        titles, rows = chart_table(tree)
        yield from map(Line, titles)
        yield rows
        yield from map(Line, drawn_on(package, relation.part))
    elif not is_chart:
        points = paragraphs_of(tree) if tree is not None else []
        if not points:
            drawn = (package.tree(each.part) for each in relations.values() if each.kind == "diagramDrawing")
            points = [point for each in drawn if each is not None for point in paragraphs_of(each)]
        yield from (Line(point, "•") for point in points)


def lines_of(body: Any) -> Iterator[Line]:
    """Yield the paragraphs of a text body, those that are numbered with their numbers."""
    counts: dict[int, int] = {}
    for paragraph in body.iterchildren(f"{DRAWN}p"):
        text = paragraph_text(paragraph).strip()
        properties = paragraph.find(f"{DRAWN}pPr")
        depth = min(_number(properties.get("lvl")), 8) if properties is not None else 0
        counts = {level: count for level, count in counts.items() if level <= depth}
        numbered = properties.find(f"{DRAWN}buAutoNum") if properties is not None else None
        mark = "•" if properties is not None and properties.find(f"{DRAWN}buChar") is not None else ""
        if numbered is None:
            counts.pop(depth, None)
        elif text:
            counts[depth] = counts.get(depth, _number(numbered.get("startAt") or "1") - 1) + 1
            mark = f"{counts[depth]}."
        if text:
            yield Line(text, mark, depth)


def paragraph_text(paragraph: Any) -> str:
    """Return a DrawingML paragraph's text; a slide's own number is left out."""
    pieces = []
    for element in paragraph.iter(f"{DRAWN}t", f"{DRAWN}br", MATH_TEXT):
        if element.tag == f"{DRAWN}br":
            pieces.append("\n")
        elif (element.getparent().get("type") or "") != "slidenum":
            pieces.append(element.text or "")
    return "".join(pieces).replace("\x0b", "\n").replace("_x000B_", "\n").replace("\xa0", " ").replace("\t", " ")


def _table(table: Any) -> list[list[str]]:
    """Return a table's rows. What is merged over rows stands in each; what is merged over columns leaves its place."""
    rows: list[list[str]] = []
    for row in table.iterchildren(f"{DRAWN}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{DRAWN}tc"):
            text = " ".join(" ".join(map(paragraph_text, cell.iter(f"{DRAWN}p"))).split())
            above = rows[-1][len(cells)] if rows and len(cells) < len(rows[-1]) else ""
            if not text and cell.get("vMerge") in ("1", "true") and len(above) <= _LONGEST_REPEATED:
                text = above
            cells.append(text)
        rows.append(cells)
    return rows
