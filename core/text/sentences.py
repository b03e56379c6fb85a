"""A passage's text in, its sentences, list items, headings, questions and table rows out, as exact spans."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from core.schema import Passage, StoredPassage
from core.text.names import month_of

SegmentKind = Literal["sentence", "question", "heading", "row"]


@dataclass(frozen=True, slots=True)
class Segment:
    """``text[start:end]`` of what was split; ``block`` numbers the paragraph or table row it stands in."""

    start: int
    end: int
    kind: SegmentKind
    block: int


_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        """
        mr mrs ms dr prof sr jr st no nos vs etc inc ltd co corp dept est fig figs vol pp ed eds al approx ca cf e.g
        i.e eg ie u.s u.k u.n a.m p.m art sec para min max tel ext gen col lt capt sgt rev hon jan feb mar apr jun jul
        aug sep sept oct nov dec abs bzw z.b d.h u.a ggf nr str usw vgl sog evtl inkl zzgl mind sra ud uds núm pág av
        """,
    )
)
_LONGEST_ABBREVIATION = max(map(len, _ABBREVIATIONS))
# Only the first mark of a run is tried, and nothing is tried again: a page of dots takes no longer than any other.
# It begins with a set of signs, so that all between them is passed over at once: four times as fast.
_END = re.compile(
    r"""[.!?…。！？｡](?:(?<=[.!?…])(?<![.!?…]{2})[.!?…]*+["'”’»)\]*]*+(?=\s)|(?<=[。！？｡])[。！？｡]*+["”’」』）]*+)"""
)
_NO_BLANK = re.compile(r"\S")
_BREAKS = re.compile(r"[\s(\[\"'“‘„]")
_NEXT_LETTER = re.compile(r"[^\s\"'“‘„«(\[*_]")
_WORD = re.compile(r"[^\W\d_]{3,10}\b")
_BULLET = re.compile(r"\s*(?:[-*+•–—‣◦▪·]\s+|\(?\d{1,3}[.)]\s+|\(?[a-zA-Z][.)]\s+)\S")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s")
_SECTION = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?\s[^\W\d_]")
_ENDS = tuple(".!?…")
_HEADING = re.compile(r"\s*#{1,6}\s+\S")
_MARKS_BEFORE = re.compile(r"(?<![^\n\r])[ \t]*#{1,6}[ \t]+$")
_ALL_BOLD = re.compile(r"(\*\*|__)[^\s*_][^*_\n]{0,78}\1[.:]?")
_RULE = re.compile(r"[\s|:+=_*-]*$")
_CLOSERS = tuple('.!?…:;。！？：；｡"”’」』）),，、-–')


def segments_of(passage: Passage | StoredPassage) -> list[Segment]:
    """Split a passage's text, of which rows and headings are known."""
    rows, headings = (
        [
            (start - passage.start, end - passage.start)
            for start, end in spans
            if start >= passage.start and end - passage.start <= len(passage.text)  # it may be cut
        ]
        for spans in (passage.rows, passage.heading_spans)
    )
    split = segments(passage.text, rows, headings)
    if passage.origin:  # its owner wrote it as an answer: no line of it is but a heading
        split = [replace(each, kind="sentence") if each.kind in ("heading", "question") else each for each in split]
    return split


def segments(
    text: str, rows: Sequence[tuple[int, int]] = (), headings: Sequence[tuple[int, int]] = ()
) -> list[Segment]:
    """Split ``text`` in order; blanks between segments belong to none of them.

    A line break inside a sentence does not end it; a blank line, a bullet, a heading, a table row or a clearly short
    line does. ``rows`` and ``headings`` are the spans of ``text`` known to be some, apart. Elsewhere lines with bars or
    tabs are taken for rows, and short lines alone for headings: what was stored before they were known, and what a
    model writes.
    """
    parts: list[Segment] = []
    for block, (start, end, kind) in enumerate(_blocks(text, rows, headings)):
        if kind == "row":
            parts.append(Segment(start, end, "row", block))
            continue
        spans = list(sentence_spans(text, start, end))
        for left, right in spans:
            words = text[left:right].rstrip("*_\"'”’»)")
            if words.endswith(("?", "？")):
                parts.append(Segment(left, right, "question", block))
            elif kind == "heading" or _announces(text, left, right, alone=len(spans) == 1):
                parts.append(Segment(left, right, "heading", block))
            else:
                parts.append(Segment(left, right, "sentence", block))
    return _with_bare_rows(text, parts)


def _with_bare_rows(text: str, parts: list[Segment]) -> list[Segment]:
    """Take three and more short lines under each other for what they are: rows of a table whose bars are lost."""
    run: list[int] = []
    for index, segment in enumerate([*parts, None]):
        line = text[segment.start : segment.end] if segment and segment.kind == "heading" else "#"
        if not line.endswith((":", "：")) and not line.startswith("#"):
            run.append(index)
            continue
        if len(run) >= 3:
            for row in run:
                parts[row] = replace(parts[row], kind="row")
        run = []
    return parts


def _blocks(
    text: str, rows: Sequence[tuple[int, int]], headings: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, str]]:
    """Group lines into paragraphs, headings and rows: ``(start, end, "text" | "heading" | "row")``."""
    position = 0
    known = [(*span, "row") for span in rows] + [(*span, "heading") for span in headings]
    for start, end, kind in sorted(known):
        if start < position:
            continue
        if kind == "heading" and (marks := _MARKS_BEFORE.search(text, position, start)):
            start = marks.start()
        yield from _blocks_between(text, position, start)
        yield start, end, kind
        position = end
    yield from _blocks_between(text, position, len(text))


def _blocks_between(text: str, left: int, right: int) -> Iterator[tuple[int, int, str]]:
    """Group the lines of ``text[left:right]``, where no rows are known."""
    matches = re.compile(r"[^\n\r]+").finditer(text, left, right)
    lines = [(match.start(), match.end()) for match in matches if match.group().strip()]
    widest = max((end - start for start, end in lines), default=0)
    opened, previous = -1, -1
    for start, end in lines:
        kind = _line_kind(text[start:end])
        if opened >= 0 and (kind != "text" or _parted(text, previous, start, end, widest)):
            yield *_trim(text, opened, previous), "text"
            opened = -1
        if kind in ("row", "heading"):
            yield *_trim(text, start, end), kind
        elif kind in ("text", "item") and opened < 0:
            opened = start
        previous = end
    if opened >= 0:
        yield *_trim(text, opened, previous), "text"


def _line_kind(line: str) -> str:
    if _RULE.match(line):
        return "rule"
    if _HEADING.match(line):
        return "heading"
    if line.count("|") >= 2 or " | " in line or "\t" in line.strip():
        return "row"
    return "item" if _BULLET.match(line) else "text"


def _parted(text: str, previous: int, start: int, end: int, widest: int) -> bool:
    """Tell whether a paragraph ends between two lines: a blank one, a section, a short line and a new start."""
    if text[previous:start].replace("\r\n", "\n").count("\n") > 1:
        return True
    before = text[text.rfind("\n", 0, previous) + 1 : previous].strip()
    following = text[start:end].strip()
    if before.endswith(_ENDS) and _SECTION.match(following):
        return True
    return (
        len(before) < 0.6 * widest and not following[0].islower() and not before.endswith((",", "-", "–", "、", "，"))
    )


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut the paragraph ``text[start:end]`` at its sentence ends: spans without the blanks around them, in order.

    Abbreviations, initials, decimals and "1." do not end a sentence; nor does a mark before a small letter. The time
    taken grows with the length alone, whatever the text.
    """
    left, end = _trim(text, start, end)
    for match in _END.finditer(text, left, end):
        if match.end() == end or _ends_sentence(text, left, match, end):
            yield left, match.end()
            left = _blanks_end(text, match.end())
    if left < end:
        yield left, end


def _ends_sentence(text: str, left: int, match: re.Match[str], end: int) -> bool:
    """Tell whether the mark that ``match`` found ends the sentence that began at ``left``."""
    mark, begin = match.group(), match.start()
    if mark[0] in "。！？｡":
        return True
    following = _NEXT_LETTER.search(text, match.end(), end)
    if following is None or following.group().islower():
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    before = _BREAKS.split(text[max(left, begin - _LONGEST_ABBREVIATION - 1) : begin])[-1]
    if before.isdigit() and len(before) <= 2:
        # "3." of "am 3. März" is a day; "It costs 5. May I …" is not.
        word = _WORD.match(text, following.start(), end)
        if word and month_of(word.group()) and word.group() != "May":
            return False
    if before.casefold() in _ABBREVIATIONS or (len(before) == 1 and before.isupper()):
        return False
    opens_list = left + len(before) == begin and (before.isdigit() or len(before) == 1)
    return not opens_list


def _announces(text: str, start: int, end: int, *, alone: bool) -> bool:
    """Tell whether a segment only announces what follows: it ends with a colon, or is a short line of its own."""
    line = text[start:end]
    if _blanks_end(text, end) == len(text) or (
        _BULLET.match(line) and (not _NUMBERED.match(line) or _BULLET.match(text, end))
    ):
        return False
    if line.endswith((":", "：")) or (alone and _ALL_BOLD.fullmatch(line)):
        return True
    short = len(line) <= 80 and len(line.split()) <= 12 and "\n" not in line
    return alone and short and not line.endswith(_CLOSERS) and not line[0].islower()


def _blanks_end(text: str, start: int) -> int:
    """Return where the blanks that begin at ``start`` end."""
    following = _NO_BLANK.search(text, start)
    return following.start() if following else len(text)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
