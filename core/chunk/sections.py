"""A document's sections: what stands under one heading, tiny ones put together with their neighbours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.schema import Block, Document

# A section shorter than this share of a passage goes together with its neighbours under the same heading.
TINY = 0.35
# Headings that follow each other with nothing between are one title over several lines: so many are kept.
TITLE_LINES = 3


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, the heading among it, down to the next one."""

    path: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def length(self) -> int:
        """From its first character to its last."""
        return self.blocks[-1].end - self.blocks[0].start

    @property
    def bare(self) -> bool:
        """Whether the section is a heading with nothing under it."""
        return all(block.kind == "heading" for block in self.blocks)


def sections_of(document: Document) -> list[Section]:
    """Divide a document at its headings. A document without blocks is one paragraph."""
    blocks = [block for block in document.blocks if block.kind != "furniture" and block.end > block.start]
    if not document.blocks and document.text.strip():
        blocks = [Block("paragraph", 0, len(document.text))]
    sections: list[Section] = []
    open_headings: list[tuple[int, str]] = []
    held: list[Block] = []
    path: tuple[str, ...] = ()
    lines = 0  # of a title over several lines that is being read
    for block in blocks:
        if block.kind == "heading":
            level = max(block.level, 1)
            goes_on = 0 < lines < TITLE_LINES and open_headings[-1][0] == level
            if held and not goes_on:
                sections.append(Section(path, tuple(held)))
                held = []
            while not goes_on and open_headings and open_headings[-1][0] >= level:
                open_headings.pop()
            open_headings.append((level, " ".join(document.text[block.start : block.end].lstrip("#").split())))
            path = tuple(text for _, text in open_headings)
            lines = lines + 1 if goes_on else 1
        else:
            lines = 0
        held.append(block)
    if held:
        sections.append(Section(path, tuple(held)))
    return sections


def merged(sections: Sequence[Section], size: int) -> Iterator[Section]:
    """Put tiny sections together with their neighbours, and a bare heading with what follows it."""
    tiny = int(size * TINY)
    held: Section | None = None
    for section in sections:
        if held is None:
            held = section
            continue
        length = section.blocks[-1].end - held.blocks[0].start
        common = _common(held.path, section.path)
        related = bool(common) or len(section.path) <= 1 or not held.path
        if held.bare and len(held.path) < len(section.path):
            held = Section(section.path, held.blocks + section.blocks)
        elif length <= size and related and (held.length <= tiny or section.length <= tiny):
            held = Section(common, held.blocks + section.blocks)
        else:
            yield held
            held = section
    if held is not None:
        yield held


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    count = 0
    while count < min(len(left), len(right)) and left[count] == right[count]:
        count += 1
    return left[:count]
