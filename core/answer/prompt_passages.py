"""Hits in, what the model is given of them out: the best that fit, widened by their neighbours, fenced and numbered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.answer.frame import TAGS
from core.schema import Hit, StoredPassage
from core.text import without_invisible

PASSAGE_CHARACTERS = 12_000


@dataclass(frozen=True, slots=True)
class PromptPassage:
    """A passage as given to the model: the hit, its text widened by its neighbours, and the passages it is made of."""

    hit: Hit
    parts: tuple[StoredPassage, ...]


def passages_for_prompt(
    hits: Sequence[Hit], neighbours: Sequence[StoredPassage] = (), characters: int = PASSAGE_CHARACTERS
) -> list[PromptPassage]:
    """Choose what the model is given: the best hits that fit in ``characters``, then their neighbours while room is.

    The best hit always comes, cut at the end if it must be. ``neighbours`` are passages that stand beside them.
    """
    items: list[PromptPassage] = []
    room = characters
    for hit in hits:
        size = len(hit.passage.text) + len(hit.passage.context)
        if size > room and not items:
            beginning = hit.passage.text[: max(200, room - len(hit.passage.context))]
            passage = replace(hit.passage, text=beginning, end=hit.passage.start + len(beginning))
            return [PromptPassage(replace(hit, passage=passage), (passage,))]
        if size <= room:
            items.append(PromptPassage(hit, (hit.passage,)))
            room -= size
    beside_of = {(passage.version_id, passage.ordinal): passage for passage in neighbours}
    taken = {(item.hit.passage.version_id, item.hit.passage.ordinal) for item in items}
    for number, item in enumerate(items):
        if room < 200:
            break
        for step in (1, -1):
            key = (item.hit.passage.version_id, item.hit.passage.ordinal + step)
            widened = _widened(items[number], beside_of[key]) if key in beside_of and key not in taken else None
            if widened is None:
                continue
            more = len(widened.hit.passage.text) - len(items[number].hit.passage.text)
            if more <= room:
                items[number] = widened
                taken.add(key)
                room -= more
    return items


def _widened(item: PromptPassage, beside: StoredPassage) -> PromptPassage | None:
    """Join a neighbour to a passage where the two touch or overlap; None where other text lies between them."""
    passage = item.hit.passage
    first, second = (beside, passage) if beside.start < passage.start else (passage, beside)
    gap = second.start - first.end
    if gap > 4 or second.end <= first.end:
        return None
    # A gap this small is the blank line between two passages; newlines keep every offset in step with the document.
    text = first.text + "\n" * gap + second.text if gap >= 0 else first.text + second.text[-gap:]
    joined = replace(
        passage,
        text=text,
        start=first.start,
        end=second.end,
        page=first.page,
        table_header=first.table_header or second.table_header,
        rows=tuple(sorted({*first.rows, *second.rows})),
        page_breaks=_joined_breaks(first, second),
        heading_spans=tuple(sorted({*first.heading_spans, *second.heading_spans})),
    )
    parts = tuple(sorted((*item.parts, beside), key=lambda part: part.start))
    return PromptPassage(replace(item.hit, passage=joined), parts)


def _joined_breaks(first: StoredPassage, second: StoredPassage) -> tuple[int, ...]:
    """Return where pages begin in two passages joined; between them one may begin that lies in neither."""
    before = [offset for offset in first.page_breaks if offset <= second.start]
    between = (second.page or 0) - (first.page or 0) - len(before)
    return (*before, *[second.start] * between, *second.page_breaks)


def laid_out(passages: Sequence[PromptPassage], page_word: str = "page") -> str:
    """Write the passages for the model, numbered from [1], each in a fence that its own text cannot close."""
    return "\n\n".join(_fenced(number, item.hit, page_word) for number, item in enumerate(passages, 1))


def _fenced(number: int, hit: Hit, page_word: str) -> str:
    page = f' {page_word}="{hit.passage.page}"' if hit.passage.page else ""
    lines = [f"[{number}]", f'<source name="{_on_one_line(hit.source_name)}"{page}/>']
    if hit.passage.context:
        lines.append(f'<section name="{_on_one_line(hit.passage.context)}"/>')
    return "\n".join([*lines, f"<text>\n{harmless(hit.passage.text)}\n</text>"])


_FENCE = re.compile(rf"<(?=\s*/?\s*(?:{'|'.join(TAGS)})\b)", re.IGNORECASE)


def harmless(text: str) -> str:
    """Take out signs nobody can see, and keep the text from opening or closing a fence of ours."""
    return re.sub('"{3,}', '"', _FENCE.sub("‹", without_invisible(text)))


def _on_one_line(text: str) -> str:
    return " ".join(harmless(text).replace('"', "'").split())


def question_text(question: str) -> str:
    """Return the question as it goes into a fence."""
    return harmless(question.strip())
