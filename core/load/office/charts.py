"""What charts and SmartArt in Word and PowerPoint say: kept in parts of their own, as XML."""

from datetime import datetime, timedelta
from typing import Any

from core.load.office.package import Package

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_FIELD = "{http://schemas.openxmlformats.org/drawingml/2006/main}fld"
_FIRST_DAY = datetime(1899, 12, 30)


def chart_table(tree: Any) -> tuple[list[str], list[list[str]]]:
    """Return a chart's titles (its own, then its axes'), and its data as rows: a column a series, a row a category."""
    titles: list[str] = []
    for element in tree.iter("{*}title", "{*}dispUnitsLbl", "{*}trendlineLbl"):
        cached = [point.text or "" for point in element.iter(f"{_CHART}v")]
        titles += paragraphs_of(element) or cached
    series = list(tree.iter(f"{_CHART}ser"))
    if not series:
        return list(dict.fromkeys(titles)), _newer_rows(tree)
    names, columns = [], []
    labels: dict[int, str] = {}
    for each in series:
        names.append(" ".join((point.text or "").strip() for point in _below(each, "tx")))
        for place, label in _points(each, "cat", "xVal").items():
            labels.setdefault(place, label)
        columns.append(_points(each, "val", "yVal"))
        if sizes := _points(each, "bubbleSize"):
            names.append("")
            columns.append(sizes)
        if said := point_labels(each):
            names.append("")
            columns.append(said)
    places = sorted(labels.keys() | {place for column in columns for place in column})
    rows = [[labels.get(place, ""), *(column.get(place, "") for column in columns)] for place in places]
    return list(dict.fromkeys(titles)), [["", *names], *rows] if any(names) else rows


def drawn_on(package: Package, part: str) -> list[str]:
    """Return the text of the shapes that are drawn on the chart in a package's ``part``."""
    trees = map(package.tree, package.related(part, "chartUserShapes"))
    return [line for tree in trees if tree is not None for line in paragraphs_of(tree)]


def point_labels(series: Any) -> dict[int, str]:
    """Return what is written at a series' points in words of its own or taken from cells, by their place."""
    found: dict[int, str] = {}
    for cells in series.iter("{*}dlblRangeCache"):
        for point in cells.iter(f"{_CHART}pt"):
            found[_place(point.get("idx"), len(found))] = " ".join((point.findtext(f"{_CHART}v") or "").split())
    for label in series.iter(f"{_CHART}dLbl"):
        number = label.find(f"{_CHART}idx")
        place = _place(number.get("val") if number is not None else None, len(found))
        own = own_label(label)
        found[place] = " ".join(filter(None, dict.fromkeys((found.get(place, ""), own))))
    return {place: text for place, text in found.items() if text}


def own_label(label: Any) -> str:
    """Return what a point's label says in words of its own; what it takes from the chart's data is left out."""
    lines = [
        "".join(text.text or "" for text in line.iter(_TEXT) if not is_field(text)) for line in label.iter(_PARAGRAPH)
    ]
    linked = label.iterfind(f"{_CHART}tx/{_CHART}strRef//{_CHART}v")
    cached = (point for cache in label.iter("{*}dlblFieldTableCache") for point in cache.iter(f"{_CHART}v"))
    return " ".join(" ".join((*lines, *(point.text or "" for point in (*linked, *cached)))).split())


def is_field(text: Any) -> bool:
    """Tell text that only stands for a point's value or name in a chart's label: "[VALUE]"."""
    return text.getparent().tag == _FIELD and (text.text or "").startswith("[")


def _place(stated: str | None, otherwise: int) -> int:
    return int(stated) if stated and stated.isdecimal() and len(stated) < 9 else otherwise


def _below(series: Any, *tags: str) -> list[Any]:
    return [point for tag in tags for part in series.findall(f"{_CHART}{tag}") for point in part.iter(f"{_CHART}v")]


def _points(series: Any, *tags: str) -> dict[int, str]:
    """Return the values that a series states, by their place; labels of several levels joined, outermost first."""
    found: dict[int, str] = {}
    for tag in tags:
        for part in series.findall(f"{_CHART}{tag}"):
            style = part.findtext(f".//{_CHART}formatCode") or ""
            for point in part.iter(f"{_CHART}pt"):
                place = _place(point.get("idx"), len(found))
                text = _as_shown(point.findtext(f"{_CHART}v") or "", point.get("formatCode") or style)
                found[place] = f"{text} {found[place]}" if place in found else text
    return found


def _as_shown(text: str, style: str) -> str:
    """Return a number as a reader sees it: without the noise of its last digits, shares and days as such."""
    try:
        number = float(text)
    except ValueError:
        return text
    letters = style.lower().replace("general", "").replace("red", "")
    if "yy" in letters or ("d" in letters and "m" in letters):
        return (_FIRST_DAY + timedelta(days=number)).date().isoformat() if 0 < number < 2_900_000 else text
    if style.rstrip().endswith("%"):
        return f"{number * 100:.6g}%"
    return f"{number:.15g}"


def _newer_rows(tree: Any) -> list[list[str]]:
    """Return the data of the newer kinds of charts (waterfall, treemap, …), a row a dimension."""
    rows = []
    for data in tree.iter("{*}data"):
        columns = [[point.text or "" for point in level.iter("{*}pt")] for level in data.iter("{*}lvl")]
        longest = max(map(len, columns), default=0)
        rows += [[column[place] if place < len(column) else "" for column in columns] for place in range(longest)]
    return rows


def paragraphs_of(tree: Any) -> list[str]:
    """Return the text of each DrawingML paragraph below ``tree``, as in SmartArt: a line a point."""
    lines = []
    for paragraph in tree.iter(_PARAGRAPH):
        if line := " ".join("".join(text.text or "" for text in paragraph.iter(_TEXT)).split()):
            lines.append(line)
    return lines
