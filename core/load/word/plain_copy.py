"""The words of a Word document as its reader sees them: a plain copy of its XML, made before any library reads it.

Libraries look for paragraphs, runs and cells in their usual places only. Here everything that may stand around them is
passed through (content controls, smart tags, links, fields, insertions), what a reader does not see is left out
(deletions, hidden text, the instructions of fields), and what stands beside the text follows its paragraph.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.load.office.elements import PAGE_NUMBER
from core.load.word.styles import VALUE, WORD, WORD_SPACE, chosen_entry, is_on, keep_properties, under
from core.load.word.symbols import symbol, with_symbols

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_UNSEEN = {
    f"{WORD}{name}" for name in
    ("del", "moveFrom", "delText", "delInstrText", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "pPr", "rPr", "tcPr",
     "trPr", "tblPrEx", "sectPr", "customXmlPr", "smartTagPr", "background", "ffData", "rubyPr", "fldData")
} | {
    f"{_MATH}{name}" for name in ("fPr", "dPr", "radPr", "sSupPr", "sSubPr", "rPr", "ctrlPr", "oMathParaPr")
}  # fmt: skip
_BETWEEN = {
    f"{WORD}tab": "tab", f"{WORD}ptab": "tab", f"{WORD}br": "br", f"{WORD}cr": "br",
    f"{WORD}lastRenderedPageBreak": "lastRenderedPageBreak",
}  # fmt: skip
_SIGNS = {
    f"{_MATH}den": "/", f"{_MATH}sup": "^", f"{_MATH}sub": "_", f"{_MATH}rad": "√", f"{WORD}noBreakHyphen": "-",
}  # fmt: skip
_TEXTS = (f"{WORD}t", f"{_MATH}t", f"{_DRAWN}t")
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION")
_LONG_ENOUGH = 1000
Leave = Callable[[], None] | None
Beside = str | list[list[str]]


@dataclass
class Story:
    """What is known while a part is copied, and what is counted.

    ``hidden_styles`` are the styles whose text is hidden; ``beside(element)`` returns the paragraphs and the tables
    (rows of cells) that belong where an element stands (a comment's mark, a chart's frame). ``hidden`` counts the
    letters that were left out because they are hidden.
    """

    hidden_styles: frozenset[str] = frozenset()
    beside: Callable[[Any], list[Beside]] = lambda element: []
    page_numbers: bool = True
    hidden: int = 0


@dataclass
class _Copy:
    """Where the copy has come: the open containers, the paragraph and run, and what waits for the block's end."""

    story: Story
    inside: list[Any]
    paragraph: Any = None
    run: Any = None
    form: tuple[bool, bool] = (False, False)
    hidden: bool = False
    font: str = ""
    fields: list[bool] = field(default_factory=list)
    instruction: str = ""
    last: tuple[Any, tuple[bool, bool]] = (None, (False, False))
    alternative: tuple[Any, bool] = (None, False)
    joined: Any = None
    waiting: list[Any] = field(default_factory=list)


def plain_copy(root: Any, story: Story) -> Any:
    """Return a w:body of plain paragraphs and tables with what a reader sees below ``root`` (lxml)."""
    from lxml import etree

    body = etree.Element(f"{WORD}body", nsmap={"w": WORD_SPACE})
    copy = _Copy(story, [body])
    marks = [mark.get(f"{WORD}fldCharType") for mark in root.iter(f"{WORD}fldChar")]
    closed = marks.count("begin") == marks.count("end")  # a field that is never closed would hide the rest
    # Without recursion: files may be nested thousands deep.
    steps: list[Any] = [root]
    while steps:
        step = steps.pop()
        if callable(step):
            step()
        elif isinstance(step.tag, str) and not _left_out(copy, step) and (closed or step.tag != f"{WORD}fldChar"):
            if leave := _enter(copy, step):
                steps.append(leave)
            steps.extend(_children(step))
    _put_waiting(copy)
    return body


def _left_out(copy: _Copy, element: Any) -> bool:
    tag = element.tag
    if tag in _UNSEEN:
        return True
    if tag == _FALLBACK:
        parent = element.getparent()
        if copy.alternative[0] is not parent:
            copy.alternative = parent, any(map(_says_something, parent.iterchildren(_CHOICE)))
        return copy.alternative[1]
    if tag == _CHOICE:
        return next(element.itersiblings(_CHOICE, preceding=True), None) is not None
    if tag == f"{WORD}tr":
        return element.find(f"{WORD}trPr/{WORD}del") is not None
    return tag == f"{WORD}tc" and element.find(f"{WORD}tcPr/{WORD}cellDel") is not None


def _says_something(choice: Any) -> bool:
    return next(choice.iter(*_TEXTS, "{*}relIds", "{*}chart"), None) is not None


def _children(element: Any) -> list[Any]:
    """Return an element's children, the last first; the reading beside a word (ruby) comes after the word."""
    children = list(element)[::-1]
    return (
        sorted(children, key=lambda child: child.tag == f"{WORD}rubyBase") if element.tag == f"{WORD}ruby" else children
    )


def _enter(copy: _Copy, element: Any) -> Leave:
    tag = element.tag
    if tag in _TEXTS:
        _say(copy, with_symbols(copy.font, element.text or ""))
    elif tag in _BETWEEN:
        if not (copy.hidden or any(copy.fields)):
            _add_to_run(copy, _BETWEEN[tag])
    elif tag in _SIGNS:
        if not len(element) or next(element.iter(*_TEXTS), None) is not None:
            _say(copy, _SIGNS[tag])
    elif enter := _ENTER.get(tag):
        return enter(copy, element)
    else:
        copy.waiting.extend(copy.story.beside(element))
    return None


def _enter_paragraph(copy: _Copy, element: Any) -> Leave:
    before = copy.paragraph, copy.form, copy.hidden, copy.font
    properties = element.find(f"{WORD}pPr")
    style = element.find(f"{WORD}pPr/{WORD}pStyle")
    copy.run, copy.hidden = None, style is not None and style.get(VALUE) in copy.story.hidden_styles
    if copy.joined is not None and copy.joined.getparent() is copy.inside[-1]:
        copy.paragraph = copy.joined  # the mark between the two was deleted
    else:
        copy.paragraph = _added(copy, "p")
        if properties is not None:
            keep_properties(copy.paragraph, properties)
    paragraph = copy.paragraph
    deleted = properties is not None and any(
        properties.find(f"{WORD}rPr/{WORD}{how}") is not None for how in ("del", "moveFrom")
    )

    def leave() -> None:
        copy.paragraph, copy.form, copy.hidden, copy.font = before
        copy.run = None
        copy.joined = paragraph if deleted else None
        if len(copy.inside) == 1 and copy.paragraph is None and not deleted:
            _put_waiting(copy)

    return leave


def _enter_run(copy: _Copy, element: Any) -> Leave:
    before = copy.form, copy.hidden, copy.font
    copy.run, copy.form, copy.font = None, (False, False), ""
    if (properties := element.find(f"{WORD}rPr")) is not None:
        copy.form = is_on(properties.find(f"{WORD}b")), is_on(properties.find(f"{WORD}i"))
        vanish, style = properties.find(f"{WORD}vanish"), properties.find(f"{WORD}rStyle")
        if vanish is not None:
            copy.hidden = is_on(vanish)
        elif style is not None and style.get(VALUE) in copy.story.hidden_styles:
            copy.hidden = True
        if (fonts := properties.find(f"{WORD}rFonts")) is not None:
            copy.font = fonts.get(f"{WORD}ascii") or fonts.get(f"{WORD}hAnsi") or ""

    def leave() -> None:
        copy.form, copy.hidden, copy.font = before
        copy.run = None  # what follows in the run around this one comes after it

    return leave


def _enter_container(copy: _Copy, element: Any) -> Leave:
    """Open a table, row or cell; one that stands in a place where there can be none is passed through."""
    name = element.tag.removeprefix(WORD)
    above = copy.inside[-1].tag.removeprefix(WORD)
    if (name == "tr" and above != "tbl") or (name == "tc" and above != "tr"):
        return None
    opened = _added(copy, name) if name == "tbl" else under(copy.inside[-1], name)
    for properties, number in (("trPr", "gridBefore"), ("tcPr", "gridSpan"), ("tcPr", "vMerge")):
        if (each := element.find(f"{WORD}{properties}/{WORD}{number}")) is not None:
            opened.set(number, each.get(VALUE) or "continue")
    before = copy.paragraph
    copy.paragraph = copy.run = None
    copy.inside.append(opened)

    def leave() -> None:
        copy.inside.pop()
        copy.paragraph, copy.run = before, None
        if len(copy.inside) == 1 and copy.paragraph is None:
            _put_waiting(copy)

    return leave


def _enter_box(copy: _Copy, element: Any) -> Leave:
    """Open a text box: its content follows the paragraph that it is tied to."""
    from lxml import etree

    before = copy.paragraph, copy.form, copy.hidden, copy.inside
    box = etree.Element(f"{WORD}body")
    copy.inside = [box, box]
    copy.paragraph = copy.run = None
    placed = next(element.iterancestors("{*}inline", "{*}anchor", f"{WORD}pict", f"{WORD}p"), None)
    in_line = placed is not None and placed.tag.endswith("}inline")

    def leave() -> None:
        copy.paragraph, copy.form, copy.hidden, copy.inside = before
        copy.run = None
        if in_line and copy.paragraph is not None and len(box) == 1 and box[0].tag == f"{WORD}p":
            copy.paragraph.extend(box[0].findall(f"{WORD}r"))  # a shape within a line is read within it
        else:
            copy.waiting.append(box)

    return leave


def _enter_drawn_paragraph(copy: _Copy, element: Any) -> Leave:
    return None if copy.paragraph is None else _enter_box(copy, element)


def _enter_field(copy: _Copy, element: Any) -> Leave:
    kind = element.get(f"{WORD}fldCharType")
    if kind == "begin":
        copy.fields.append(True)
        copy.instruction = ""
        chosen = element.find(f"{WORD}ffData/{WORD}checkBox")
        if chosen is not None:
            switch = chosen.find(f"{WORD}checked")
            on = is_on(chosen.find(f"{WORD}default") if switch is None else switch)
            _say(copy, "☒" if on else "☐", always=True)
        if (listed := element.find(f"{WORD}ffData/{WORD}ddList")) is not None:
            _say(copy, chosen_entry(listed), always=True)
    elif kind == "separate" and copy.fields:
        copy.fields[-1] = _numbers_page(copy, copy.instruction)
    elif kind == "end" and copy.fields:
        copy.fields.pop()
    return None


def _enter_instruction(copy: _Copy, element: Any) -> Leave:
    copy.instruction += element.text or ""
    return None


def _enter_simple_field(copy: _Copy, element: Any) -> Leave:
    copy.fields.append(_numbers_page(copy, element.get(f"{WORD}instr") or ""))

    def leave() -> None:
        if copy.fields:
            copy.fields.pop()

    return leave


def _numbers_page(copy: _Copy, instruction: str) -> bool:
    """Tell whether a field shows the number of a page that is to be left out, and mark its place."""
    if copy.story.page_numbers or (instruction.split() or [""])[0].upper() not in _PAGE_FIELDS:
        return False
    _say(copy, PAGE_NUMBER, always=True)
    return True


def _enter_symbol(copy: _Copy, element: Any) -> Leave:
    try:
        code = int(element.get(f"{WORD}char") or "", 16)
    except ValueError:
        return None
    _say(copy, symbol(element.get(f"{WORD}font") or "", code))
    return None


def _enter_bracketed(copy: _Copy, element: Any) -> Leave:
    _say(copy, "(")
    return lambda: _say(copy, ")")


def _enter_word_art(copy: _Copy, element: Any) -> Leave:
    copy.waiting.append(element.get("string") or "")
    return None


_ENTER: dict[str, Callable[[_Copy, Any], Leave]] = {
    f"{WORD}p": _enter_paragraph,
    f"{WORD}r": _enter_run,
    f"{_MATH}r": _enter_run,
    f"{WORD}tbl": _enter_container,
    f"{WORD}tr": _enter_container,
    f"{WORD}tc": _enter_container,
    f"{WORD}txbxContent": _enter_box,
    f"{_DRAWN}p": _enter_drawn_paragraph,
    f"{WORD}fldChar": _enter_field,
    f"{WORD}instrText": _enter_instruction,
    f"{WORD}fldSimple": _enter_simple_field,
    f"{WORD}sym": _enter_symbol,
    f"{WORD}rt": _enter_bracketed,
    f"{_MATH}d": _enter_bracketed,
    "{urn:schemas-microsoft-com:vml}textpath": _enter_word_art,
}


def _say(copy: _Copy, text: str, *, always: bool = False) -> None:
    if not text or (any(copy.fields) and not always):
        return
    if copy.hidden:
        copy.story.hidden += len(text.strip())
        return
    piece = _add_to_run(copy, "t")
    piece.text = (piece.text or "") + text
    piece.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _add_to_run(copy: _Copy, name: str) -> Any:
    if copy.paragraph is None:
        copy.paragraph = _added(copy, "p")
    last, form = copy.last
    if copy.run is None and form == copy.form and len(copy.paragraph) and copy.paragraph[-1] is last:
        copy.run = last  # thousands of runs that look alike are one
    if copy.run is None:
        copy.run = under(copy.paragraph, "r")
        copy.last = copy.run, copy.form
        if any(copy.form):
            properties = under(copy.run, "rPr")
            for switch, on in zip(("b", "i"), copy.form, strict=True):
                if on:
                    under(properties, switch)
    if name == "t" and len(copy.run) and copy.run[-1].tag == f"{WORD}t" and len(copy.run[-1].text) < _LONG_ENOUGH:
        return copy.run[-1]
    return under(copy.run, name)


def _put_waiting(copy: _Copy) -> None:
    waiting, copy.waiting = copy.waiting, []
    for each in waiting:
        if isinstance(each, str):
            _put_paragraph(copy.inside[0], each)
        elif isinstance(each, list):
            table = under(copy.inside[0], "tbl")
            for cells in each:
                row = under(table, "tr")
                for cell in cells:
                    _put_paragraph(under(row, "tc"), cell)
        else:
            copy.inside[0].extend(list(each))


def _put_paragraph(container: Any, text: str) -> None:
    paragraph = under(container, "p")
    under(under(paragraph, "r"), "t").text = text


def _added(copy: _Copy, name: str) -> Any:
    """Add a block to the innermost container that can hold one."""
    return under(next(each for each in reversed(copy.inside) if each.tag in (f"{WORD}tc", f"{WORD}body")), name)
