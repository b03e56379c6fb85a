"""A document's sections: what stands under one heading, tiny ones put together with their neighbours."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from core.schema import Block, Document

# A section shorter than this share of a passage goes together with its neighbours under the same heading.
TINY = 0.35
# Headings that follow each other with nothing between are one title over several lines: so many are kept.
TITLE_LINES = 3
# What stands between a page's title and its table, such as the years over its columns: so many characters, no sentence.
LABEL = 80
LABELS = 200


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, the heading among it, down to the next one."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]
    titled: bool = False  # it begins with the title of a page that is a table

    @property
    def length(self) -> int:
        """From its first character to its last."""
        return self.blocks[-1].end - self.blocks[0].start

    @property
    def bare(self) -> bool:
        """Whether the section is a heading with nothing under it."""
        return all(block.kind == "heading" for block in self.blocks)


def sections_of(document: Document, edges: Collection[int] = ()) -> list[Section]:
    """Divide a document at its headings, and at ``edges``: blocks that begin something without a heading of its own.

    A document without blocks is one paragraph.
    """
    blocks = [block for block in document.blocks if block.kind != "furniture" and block.end > block.start]
    if not document.blocks and document.text.strip():
        blocks = [Block("paragraph", 0, len(document.text))]
    sections: list[Section] = []
    open_headings: list[tuple[int, str]] = []
    held: list[Block] = []
    path: tuple[str, ...] = ()
    lines = 0  # of a title over several lines that is being read
    titles, under_titles = _page_titles(document, blocks)
    titled = False
    for number, block in enumerate(blocks):
        if block.kind == "heading":
            level = 2 * max(block.level, 1) + (number in under_titles)
            goes_on = 0 < lines < TITLE_LINES and open_headings[-1][0] == level
            if held and not goes_on:
                sections.append(Section(path, tuple(held), titled))
                held, titled = [], False
            titled = titled or number in titles
            while not goes_on and open_headings and open_headings[-1][0] >= level:
                open_headings.pop()
            open_headings.append((level, " ".join(document.text[block.start : block.end].lstrip("#").split())))
            path = tuple(text for _, text in open_headings)
            lines = lines + 1 if goes_on else 1
        else:
            if block.start in edges and held and not lines:
                sections.append(Section(path, tuple(held), titled))
                held, titled = [], False
            lines = 0
        held.append(block)
    if held:
        sections.append(Section(path, tuple(held), titled))
    return sections


def _page_titles(document: Document, blocks: Sequence[Block]) -> tuple[set[int], set[int]]:
    """Return the headings that are the title of their page, and those that stand under such a one and look alike.

    A page's title is what it begins with where nothing but labels stand between that and a table: "Balance sheet", and
    "Assets" under it.
    """
    titles: set[int] = set()
    under: set[int] = set()
    first = 0
    while first < len(blocks):
        page = blocks[first].page
        last = next((n for n in range(first, len(blocks)) if blocks[n].page != page), len(blocks))
        table = next((n for n in range(first, last) if blocks[n].kind == "table"), last)
        headings = [n for n in range(first, table) if blocks[n].kind == "heading"]
        between = [n for n in range(first, table) if n not in headings]
        length = sum(blocks[n].end - blocks[n].start for n in between)
        if page and headings and table < last and length <= LABELS and _all_labels(document, blocks, between):
            titles.add(headings[0])
            under.update(_under_title(blocks, headings, last))
        first = last
    return titles, under


def _under_title(blocks: Sequence[Block], headings: Sequence[int], last: int) -> Iterator[int]:
    """Yield the headings under the title of a page, down to its ``last`` block.

    The title may run over several lines; what parts it from the next heading is a label.
    """
    level = blocks[headings[0]].level
    second = next((n for n in headings[1:] if blocks[n - 1].kind != "heading"), None)
    if second is None or blocks[second].level != level:
        return
    for n in range(second, last):
        if blocks[n].kind == "heading":
            if blocks[n].level < level:
                return
            yield n


def _all_labels(document: Document, blocks: Sequence[Block], among: Sequence[int]) -> bool:
    texts = [document.text[blocks[n].start : blocks[n].end].strip() for n in among]
    short = all(len(text) <= LABEL and not text.endswith((".", ":", "!", "?", "。")) for text in texts)
    return short and all(blocks[n].kind == "paragraph" for n in among)


def merged(sections: Sequence[Section], size: int, share: float = TINY) -> Iterator[Section]:
    """Put sections smaller than a ``share`` of a passage together with their neighbours.

    A bare heading goes with what follows it.
    """
    tiny = int(size * share)
    held: Section | None = None
    for section, following in zip_longest(sections, sections[1:]):
        if held is None:
            held = section
            continue
        length = section.blocks[-1].end - held.blocks[0].start
        common = _common(held.path, section.path)
        related = bool(common) or len(section.path) <= 1 or not held.path
        if held.bare and len(held.path) < len(section.path):
            held = Section(section.path, held.blocks + section.blocks)
        elif held.titled and _opens(held, section):
            held = Section(common, held.blocks + section.blocks, held.titled)
        elif section.titled and (held.length > tiny or _opens(section, following)):
            yield held
            held = section
        elif length <= size and related and (held.length <= tiny or section.length <= tiny):
            held = Section(common, held.blocks + section.blocks)
        else:
            yield held
            held = section
    if held is not None:
        yield held


def _opens(section: Section, following: Section | None) -> bool:
    """Tell whether a section is no more than the title, and a few words under it, of the one that follows."""
    if following is None or section.length > LABELS + LABEL:
        return False
    return len(section.path) < len(following.path) and following.path[: len(section.path)] == section.path


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count]:
        count += 1
    return left[:count]
