"""What stands on a sheet besides its cells: text boxes, diagrams, charts' names, and the notes at cells."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from core.load.office.charts import own_label
from core.load.sheets.cells import place_of
from core.load.sheets.grid import Grid
from core.load.sheets.workbook import Part, Workbook, rich_text

_LETTER = re.compile(r"[^\W\d_]")
_MOST_SERIES = 50
_LONGEST_LABEL = 80
INSTEAD = "[Threaded comment]"


def drawings(book: Workbook, parts: Iterable[Part]) -> Iterator[str]:
    """Yield the texts of a sheet's shapes and diagrams, and for each chart a line with its title and series."""
    for part in parts:
        if part.kind != "drawing":
            continue
        tree = book.tree_once(part.path)
        yield from shape_texts(tree) if tree is not None else ()
        for linked in book.related(part.path).values():
            inner = book.tree_once(linked.path) if linked.kind in ("chart", "chartEx", "diagramData") else None
            if inner is None:
                continue
            if linked.kind == "diagramData":
                text = "\n".join(paragraphs_of(inner))
            else:
                text = "\n".join(filter(None, (chart_words(inner), *_drawn_on(book, linked))))
            if text:
                yield text


def _drawn_on(book: Workbook, chart: Part) -> Iterator[str]:
    """Yield the texts of the shapes that are drawn on a chart."""
    for drawn in book.related(chart.path).values():
        if drawn.kind == "chartUserShapes" and (tree := book.tree_once(drawn.path)) is not None:
            yield from paragraphs_of(tree)


def shape_texts(tree: Any) -> Iterator[str]:
    """Yield the text of each shape of a drawing, hidden ones left out."""
    for body in tree.iter("{*}txBody"):
        shape = body.getparent()
        if any(True for _ in body.iterancestors("{*}Fallback")):
            continue  # says the same in an older way
        name = shape.find(".//{*}cNvPr") if shape is not None else None
        if name is not None and name.get("hidden") in ("1", "true"):
            continue
        if text := "\n".join(paragraphs_of(body)):
            yield text


def paragraphs_of(element: Any) -> list[str]:
    """Return the paragraphs of text in a piece of DrawingML, empty ones left out."""
    lines = []
    for paragraph in element.iter("{*}p"):
        words = [
            child.text or "" if child.tag.endswith("}t") else " " if child.tag.endswith("}br") else ""
            for child in paragraph.iter("{*}t", "{*}br")
        ]
        lines.append(" ".join("".join(words).split()))
    return [line for line in lines if line]


def chart_words(tree: Any) -> str:
    """Return a chart's title, axis titles and names of series as one line; "" where it has none in words."""
    titles = [" ".join(paragraphs_of(title)) for title in tree.iter("{*}title", "{*}dispUnitsLbl", "{*}trendlineLbl")]
    series: list[str] = []
    for element in tree.iter("{*}ser", "{*}series"):
        name = element.find("{*}tx")
        words = "".join(value.text or "" for value in name.iter("{*}v")).strip() if name is not None else ""
        if _LETTER.search(words) and words not in series and len(series) < _MOST_SERIES:
            series.append(words)
    titles = list(dict.fromkeys(filter(None, titles)))
    labels = list(dict.fromkeys(filter(None, map(own_label, tree.iter("{*}dLbl")))))
    if not titles and not series and not labels:
        return ""
    named = (f"{word}: {', '.join(words)}" for word, words in (("series", series), ("labels", labels)) if words)
    return "; ".join((f"Chart: {', '.join(titles)}" if titles else "Chart", *named))


def notes(book: Workbook, parts: Iterable[Part], grid: Grid) -> Iterator[str]:
    """Yield "Note at B3 (what its row is about): …" for the notes and threads at cells that are shown."""
    parts = list(parts)
    threads = _threads(book, [part for part in parts if part.kind == "threadedComment"])
    for reference, text in threads:
        yield from note_line(grid, reference, text)
    answered = {reference for reference, _ in threads}
    for part in parts:
        tree = book.tree_once(part.path) if part.kind == "comments" else None
        for comment in tree.iter("{*}comment") if tree is not None else ():
            reference = comment.get("ref", "")
            body = comment.find("{*}text")
            text = rich_text(body) if body is not None else ""
            if reference not in answered or INSTEAD not in text:
                yield from note_line(grid, reference, text)


def note_line(grid: Grid, reference: str, text: str) -> Iterator[str]:
    """Yield a note as one paragraph, with the first words of its row; nothing for one at a hidden cell."""
    place = place_of(reference)
    if not text.strip() or (place and grid.is_hidden(*place)):
        return
    row = grid.row(place[0]) if place else []
    label = ", ".join([cell for cell in row if _LETTER.search(cell)][:2])[:_LONGEST_LABEL]
    yield f"Note at {reference}{f' ({label})' if label else ''}: {text.strip()}"


def _threads(book: Workbook, parts: list[Part]) -> list[tuple[str, str]]:
    found = []
    for part in parts:
        tree = book.tree_once(part.path)
        for comment in tree.iter("{*}threadedComment") if tree is not None else ():
            found.append((comment.get("ref", ""), comment.findtext("{*}text") or ""))
    return found
