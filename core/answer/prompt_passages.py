"""Hits in, what the model is given of them out: the best that fit, widened by their neighbours, framed and numbered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.answer.tokens import beginning, tokens
from core.schema import Hit, StoredPassage, asked_besides
from core.text import without_invisible

PASSAGE_CHARACTERS = 12_000
_LEAST_CHARACTERS = 200  # of a best passage that is cut, and of room that is worth a look at neighbours
_LEAST_TOKENS = 60
# What the frame is made of: it is no answer, should a model repeat it.
PASSAGE_TAG = "passage"
QUESTION_TAG = "question"
CONVERSATION_TAG = "conversation"
FRAME_TAGS = (PASSAGE_TAG, QUESTION_TAG, CONVERSATION_TAG)
NO_PASSAGES = "(No passages were found.)"
PREFERRED = "Where passages disagree, those marked as preferred hold: give what they say, and not the others."


@dataclass(frozen=True, slots=True)
class PromptPassage:
    """A passage as given to the model: the hit, its text widened by its neighbours, and the passages it is made of."""

    hit: Hit
    parts: tuple[StoredPassage, ...]


def passages_for_prompt(
    hits: Sequence[Hit],
    neighbours: Sequence[StoredPassage] = (),
    characters: int = PASSAGE_CHARACTERS,
    most: int | None = None,
) -> list[PromptPassage]:
    """Choose what the model is given: the best hits that fit in ``characters``, then their neighbours while room is.

    The best hit always comes, cut at the end if it must be. ``neighbours`` are passages that stand beside them;
    ``most`` is how many tokens all of them may have with their frames, None where nobody knows.
    """
    left = _Left(characters, most)
    items: list[PromptPassage] = []
    for hit in hits:
        if left.take(*left.sizes(hit)):
            items.append(PromptPassage(hit, (hit.passage,)))
        elif not items:
            return [_cut(hit, left)]
    beside_of = {(passage.version_id, passage.ordinal): passage for passage in neighbours}
    taken = {(item.hit.passage.version_id, item.hit.passage.ordinal) for item in items}
    for number, item in enumerate(items):
        if left.is_used_up():
            break
        for step in (1, -1):
            key = (item.hit.passage.version_id, item.hit.passage.ordinal + step)
            widened = _widened(items[number], beside_of[key]) if key in beside_of and key not in taken else None
            if widened is None:
                continue
            more = len(widened.hit.passage.text) - len(items[number].hit.passage.text)
            if left.take(more, 0 if left.tokens is None else tokens(harmless(beside_of[key].text)) + 1):
                items[number] = widened
                taken.add(key)
    return items


@dataclass(slots=True)
class _Left:
    """The room that is left: characters, and tokens where their number is known."""

    characters: int
    tokens: int | None

    def sizes(self, hit: Hit) -> tuple[int, int]:
        """Return what a hit takes of it."""
        counted = 0 if self.tokens is None else tokens(_framed(1, hit)) + (tokens(PREFERRED) if hit.preferred else 0)
        return len(hit.passage.text) + len(hit.passage.context), counted

    def take(self, characters: int, tokens: int) -> bool:
        """Take so much of it, where it is there."""
        if characters > self.characters or (self.tokens is not None and tokens > self.tokens):
            return False
        self.characters -= characters
        self.tokens = None if self.tokens is None else self.tokens - tokens
        return True

    def is_used_up(self) -> bool:
        return self.characters < _LEAST_CHARACTERS or (self.tokens is not None and self.tokens < _LEAST_TOKENS)


def _cut(hit: Hit, left: _Left) -> PromptPassage:
    """Cut a best passage that alone is too long."""
    text = hit.passage.text[: max(_LEAST_CHARACTERS, left.characters - len(hit.passage.context))]
    if left.tokens is not None:
        bare = replace(hit, passage=replace(hit.passage, text=""))
        text = beginning(text, max(0, left.tokens - tokens(_framed(1, bare))))
    passage = replace(hit.passage, text=text, end=hit.passage.start + len(text))
    return PromptPassage(replace(hit, passage=passage), (passage,))


def _widened(item: PromptPassage, beside: StoredPassage) -> PromptPassage | None:
    """Join a neighbour to a passage where the two touch or overlap; None where other text lies between them."""
    passage = item.hit.passage
    if any(each.patches or each.origin for each in (passage, beside)):
        return None  # their words are not all the document's, so they touch nothing in it
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
    """Write the passages for the model, numbered from 1, each in a frame that its own text cannot close."""
    framed = [_framed(number, item.hit, page_word) for number, item in enumerate(passages, 1)]
    liked = [item.hit.preferred for item in passages]
    framed += [PREFERRED] if any(liked) and not all(liked) else []
    return "\n\n".join(framed) or NO_PASSAGES


def _framed(number: int, hit: Hit, page_word: str = "page") -> str:
    told = {"source": hit.source_name, page_word: str(hit.passage.page or ""), "section": hit.passage.context}
    told["answers"] = " ".join(asked_besides(hit.passage))
    told |= {"preferred": "yes"} if hit.preferred else {}
    said = "".join(f' {name}="{_in_quotes(value)}"' for name, value in told.items() if value)
    return f'<{PASSAGE_TAG} number="{number}"{said}>\n{harmless(hit.passage.text)}\n</{PASSAGE_TAG}>'


_OPENS = re.compile(
    # Of our own frames, and of those in which servers put the messages: a text that holds one would begin a new one.
    rf"<(?=\s*/?\s*(?:{'|'.join(FRAME_TAGS)})\b|[|｜]|<SYS>>|</SYS>>|/?s>|/?(?:start|end)_of_turn\b)|\[(?=/?INST\])",
    re.IGNORECASE,
)


def harmless(text: str) -> str:
    """Take out signs nobody can see, and keep the text from opening or closing a frame of ours or of the server's."""
    return _OPENS.sub(lambda match: "‹" if match[0] == "<" else "(", without_invisible(text))


def _in_quotes(text: str) -> str:
    plain = harmless(text).replace('"', "'").replace("<", "‹").replace(">", "›")
    return " ".join(plain.split())


def question_text(question: str) -> str:
    """Return the question as it goes into a frame."""
    return harmless(question.strip())
