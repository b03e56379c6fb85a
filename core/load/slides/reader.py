"""PowerPoint presentations: a page a slide, its title a heading; then what is on it, its notes and comments.

Not through unstructured or python-pptx: these leave out charts, SmartArt and comments, and refuse slide shows,
templates and Strict Open XML.
"""

from collections.abc import Iterator
from typing import Any

from core.errors import LoadError
from core.load.builder import Builder
from core.load.limits import Reading
from core.load.office.charts import paragraphs_of
from core.load.office.elements import stated_title
from core.load.office.package import Package, open_package
from core.load.scans.inner import InnerPictures
from core.load.slides.shapes import (
    DRAWN,
    MATH_TEXT,
    REFERENCE,
    SLIDE,
    TITLES,
    Line,
    Piece,
    area_of,
    lines_of,
    pieces_of,
    places_of,
    role_of,
    shapes_of,
)
from core.schema import Document, Shortfall

_REPEATED = ("ftr", "dt", "hdr", "sldNum", "sldImg")
_NUMBERS = ("sldNum", "sldImg")
_OFF = ("0", "false")
_ADD_EMBEDDED = "Open what is embedded by a double click, save it as a file of its own and add that."
_UNHIDE = "If they are to be answered from: choose “Unhide Slide” in PowerPoint, save the file and add it again."


def read(data: bytes, reading: Reading) -> Document:
    """Read a presentation. ``page_names`` are the slides' titles. Raises LoadError (broken)."""
    package = open_package(data)
    main = package.main_part("ppt/presentation.xml")
    if package.tree(main) is None:
        raise LoadError(
            "This presentation is incomplete: the part that names its slides is missing or damaged.",
            "Open it in PowerPoint, save it again and upload the new copy.",
            code="broken",
        )
    builder = Builder()
    said: set[str] = set()
    authors = _authors(package, main)
    slides = _slides(package, main)
    hidden, embedded = [], 0
    pictures, paper = InnerPictures(reading), _paper(package.tree(main))
    for number, part in enumerate(slides[: reading.pages], 1):
        reading.tell("Reading slide", number, len(slides))
        builder.page()
        tree = package.tree(part)
        if tree.get("show") in _OFF:
            hidden.append(str(number))
        else:
            before = len(builder.blocks)
            _add_slide(builder, package, part, said, authors)
            if len(builder.blocks) == before:
                for text in _scanned(package, part, pictures, paper):
                    builder.paragraph(text)
            embedded += sum(1 for _ in tree.iter(f"{SLIDE}embed"))
    builder.warnings.extend(_shortfalls(hidden, embedded, len(slides) - reading.pages))
    builder.warnings.extend(pictures.shortfalls())
    return builder.document("pptx", title=stated_title(data), page_word="slide")


def _slides(package: Package, main: str) -> list[str]:
    """Return the parts of the slides, in the order they are shown."""
    relations = package.relations(main)
    listed = [
        relations.get(each.get(f"{REFERENCE}id") or "")
        for each in package.tree(main).iterfind(f"{SLIDE}sldIdLst/{SLIDE}sldId")
    ]
    return [each.part for each in listed if each is not None and package.tree(each.part) is not None]


def _add_slide(builder: Builder, package: Package, part: str, said: set[str], authors: dict[str, str]) -> None:
    relations = package.relations(part)
    masters = _masters(package, part)
    shapes = shapes_of(package.tree(part), places_of(masters))
    titles = [shape for shape in shapes if shape.role in TITLES]
    titled = False
    for shape in (*titles, *(shape for shape in shapes if shape.role not in TITLES)):
        for piece in pieces_of(shape.element, package, relations):
            if isinstance(piece, Line) and shape.role in TITLES and not piece.mark and not titled:
                titled = True
                builder.heading(piece.text, 1)
                builder.page_names[-1] = " ".join(piece.text.split())
            elif shape.role not in _REPEATED:
                _add_piece(builder, piece)
            elif isinstance(piece, Line) and piece.text not in said and shape.role not in _NUMBERS:
                said.add(piece.text)
                builder.paragraph(piece.text)
    if package.tree(part).get("showMasterSp") not in _OFF:
        for text in _master_lines(masters):
            if text not in said:
                said.add(text)
                builder.paragraph(text)
    if notes := "\n".join(_note_lines(package, part, said)):
        builder.paragraph(f"Notes: {notes}")
    for comment in _comments(package, part, authors):
        builder.paragraph(comment)


def _paper(main: Any) -> int:
    """Return a slide's area, in the format's units squared."""
    size = main.find(f"{SLIDE}sldSz")
    return area_of(size) if size is not None else 0


def _scanned(package: Package, part: str, pictures: InnerPictures, paper: int) -> Iterator[str]:
    """Yield what the pictures say that fill a slide without any words: a slide that was scanned."""
    relations = package.relations(part)
    for picture in package.tree(part).iter(f"{SLIDE}pic"):
        extent, blip = picture.find(f"{SLIDE}spPr/{DRAWN}xfrm/{DRAWN}ext"), picture.find(f".//{DRAWN}blip")
        relation = relations.get(blip.get(f"{REFERENCE}embed") or "") if blip is not None else None
        if extent is None or relation is None or not package.has(relation.part):
            continue
        if area_of(extent) * 2 >= paper:
            yield from pictures.paragraphs(package.archive.read(package.names[relation.part.lower()]))


def _add_piece(builder: Builder, piece: Piece) -> None:
    if isinstance(piece, Line):
        if piece.mark:
            builder.item(f"{piece.mark} {piece.text}", piece.depth)
        else:
            builder.paragraph(piece.text)
    elif max(map(len, piece), default=0) > 1:
        builder.table(piece)
    else:
        for row in piece:
            builder.paragraph("".join(row))


def _masters(package: Package, part: str) -> list[Any]:
    """Return a slide's layout and that layout's master, where they are there."""
    layout = next(package.related(part, "slideLayout"), "")
    master = next(package.related(layout, "slideMaster"), "") if layout else ""
    return [tree for tree in map(package.tree, filter(None, (layout, master))) if tree is not None]


def _master_lines(masters: list[Any]) -> Iterator[str]:
    """Yield what layout and master themselves write on a slide: a company's address, not the prompts in its places."""
    for tree in masters:
        for shape in tree.iter(f"{SLIDE}sp"):
            if not role_of(shape):
                for body in shape.iterchildren(f"{SLIDE}txBody"):
                    yield from (line.text for line in lines_of(body))
        if tree.get("showMasterSp") in _OFF:
            return


def _note_lines(package: Package, part: str, said: set[str]) -> Iterator[str]:
    """Yield a slide's notes; what stands at the edge of every page of notes only where it is not in ``said`` yet."""
    for notes in package.related(part, "notesSlide"):
        tree = package.tree(notes)
        for shape in tree.iter(f"{SLIDE}sp") if tree is not None else ():
            lines = [line.text for body in shape.iterchildren(f"{SLIDE}txBody") for line in lines_of(body)]
            if role_of(shape) in _REPEATED:
                lines = [line for line in lines if line not in said and role_of(shape) not in _NUMBERS]
                said.update(lines)
            yield from lines


def _authors(package: Package, main: str) -> dict[str, str]:
    """Return the names of those who comment, by their numbers in the file."""
    trees = (package.tree(part) for kind in ("commentAuthors", "authors") for part in package.related(main, kind))
    return {
        each.get("id") or "": " ".join((each.get("name") or "").split())
        for tree in trees
        if tree is not None
        for each in tree
        if isinstance(each.tag, str)
    }


def _comments(package: Package, part: str, authors: dict[str, str]) -> Iterator[str]:
    for comments in package.related(part, "comments"):
        tree = package.tree(comments)
        for comment in tree.iter("{*}cm", "{*}reply") if tree is not None else ():
            body = comment.find("{*}txBody")
            text = comment.findtext("{*}text") or "\n".join(paragraphs_of(body) if body is not None else ())
            author = authors.get(comment.get("authorId") or "", "")
            if text.strip():
                yield f"Comment by {author}: {text.strip()}" if author else f"Comment: {text.strip()}"


def _shortfalls(hidden: list[str], embedded: int, more: int) -> Iterator[Shortfall]:
    if hidden:
        named = f"{', '.join(hidden[:20])}{', …' if len(hidden) > 20 else ''}"
        what = (
            f"Slides {named} are hidden and were not read."
            if len(hidden) > 1
            else f"Slide {named} is hidden and was not read."
        )
        yield Shortfall(what, _UNHIDE)
    if embedded:
        what = "A file embedded in it was" if embedded == 1 else f"{embedded} files embedded in it were"
        yield Shortfall(f"{what} not read, only what is shown of it.", _ADD_EMBEDDED)
    if more > 0:
        yield Shortfall(f"Its last {more:,} slides were not read.", "Split it into smaller files.")


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of the slides that are shown, and of what belongs to them, from their XML's runs alone."""
    package = open_package(data)
    footers: set[str] = set()
    for slide in _slides(package, package.main_part("ppt/presentation.xml")):
        tree = package.tree(slide)
        if tree.get("show") in _OFF:
            continue
        yield from (("", text) for text in _texts(tree, footers))
        for relation in package.relations(slide).values():
            named = {"chart": "charts", "chartEx": "charts", "diagramData": "SmartArt", "notesSlide": "notes"}
            part = named.get(relation.kind, "")
            if part and (beside := package.tree(relation.part)) is not None:
                yield from ((part, text) for text in _texts(beside, footers))


def _texts(tree: Any, footers: set[str]) -> Iterator[str]:
    """Yield the text of each paragraph below ``tree``, that of footers once."""
    for paragraph in tree.iter(f"{DRAWN}p"):
        text = "".join(
            (run.text or "") if run.tag != f"{DRAWN}br" else " "
            for run in paragraph.iter(f"{DRAWN}t", f"{DRAWN}br", MATH_TEXT)
            if run.getparent().get("type") != "slidenum"
        )
        if not text.strip() or next(paragraph.iterancestors("{*}Fallback"), None) is not None:
            continue
        shape = next(paragraph.iterancestors(f"{SLIDE}sp"), None)
        if shape is not None and role_of(shape) in _REPEATED:
            if text in footers or role_of(shape) in _NUMBERS:
                continue
            footers.add(text)
        yield text
