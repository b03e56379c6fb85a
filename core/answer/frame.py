"""The frame around what a model is given: an answer that repeats it is freed from it."""

import re
from bisect import bisect_left
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import cast

from core.answer.prompt import LAST_MESSAGE_LEAD, REMINDER
from core.answer.prompt_passages import FRAME_TAGS, NO_PASSAGES, PASSAGE_TAG, PREFERRED, QUESTION_TAG
from core.errors import ModelError
from core.provider import Piece, iter_closing
from core.schema import Thought

_LONGEST_VALUE = 400  # characters: a file's name or a heading
_VALUES = 4  # source, page, section and preferred
_LONGEST_TAG = _VALUES * (_LONGEST_VALUE + 12)
_GAP = r"[ \t]{0,4}"
_VALUE = rf'[ \t]{{1,4}}\w{{1,9}}="[^"\n]{{0,{_LONGEST_VALUE}}}"'
_NAMED = rf'{PASSAGE_TAG}[ \t]{{1,4}}number="\d{{1,3}}"(?:{_VALUE}){{0,{_VALUES}}}{_GAP}(?:/?>|(?=\n))'
_ANY_TAG = rf"<{_GAP}/?{_GAP}(?:{'|'.join(FRAME_TAGS)}){_GAP}/?"
_MARK = re.compile(rf"{_ANY_TAG}{_GAP}>|<?{_NAMED}", re.IGNORECASE)
_BEGUN = rf"<{_GAP}{PASSAGE_TAG}[ \t][^<\n]{{0,{_LONGEST_TAG}}}"
_BEGINS_MARK = re.compile(rf"(?:<[ \t/]{{0,9}}[a-z]{{0,12}}[ \t/]{{0,9}}|{_BEGUN})\Z", re.IGNORECASE)
_CUT_MARK = re.compile(rf"(?:{_ANY_TAG}|{_BEGUN})\Z", re.IGNORECASE)
_NAMED_BEGINNINGS = (f'{PASSAGE_TAG} number="',)
_SEGMENT = re.compile(r"[^\n]*?(?:\n|[.!?][\"”’)]*[ \t]+)")
_SENTENCE = re.compile(r"[^\n]*?(?:\n|[.!?][\"”’)]*[ \t]+|\Z)")
_NUMBER_ALONE = re.compile(r"\s*\[\d{1,2}\]\s*\Z")
_FEWEST_WORDS = 3  # a sentence of the instructions with fewer may be anybody's


def instructions_of(system: str, own: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the sentences and headings of a system prompt that no answer needs; ``own``: texts that one may."""
    kept = {_bare(sentence) for text in own for sentence in _sentences(text)}
    sentences = [sentence for sentence in _sentences(system) if _bare(sentence) not in kept]
    return tuple(sentence for sentence in sentences if len(sentence.split()) >= _FEWEST_WORDS)


def _sentences(text: str) -> list[str]:
    return [found[0].strip() for found in _SENTENCE.finditer(text) if found[0].strip()]


def _bare(text: str) -> str:
    """A text as it is compared: small letters, blanks made one, no marks of emphasis."""
    return " ".join(re.sub(r"[*_#>]+", "", text).casefold().split())


def without_frame(pieces: Iterable[Piece], instructions: Iterable[str] = (), question: str = "") -> Iterator[Piece]:
    """Take the prompt's frame out of an answer while it streams: tags, leads, and sentences of the instructions.

    What may be the beginning of one is held back until it is decided, so that nothing flickers; tags in code stay.
    ``question`` is what was asked: it goes where it is repeated behind its lead or alone in its quotation marks. All
    else passes. Raises ModelError as ``pieces`` does, after all that came; closing closes them.
    """
    frame = _Frame(instructions, question)
    with closing(cast("Generator[Piece]", iter_closing(pieces))) as source:
        try:
            for piece in source:
                if not isinstance(piece, Thought):
                    yield from filter(None, [frame.read(piece)]) if piece else ("",)  # the model is waited for
                    continue
                if piece.all_before:
                    yield from filter(None, [frame.read("", last=True)])
                    frame = _Frame(instructions, question)
                yield piece
        except ModelError:
            yield from filter(None, [frame.read("", last=True)])
            raise
        yield from filter(None, [frame.read("", last=True)])


class _Frame:
    """An answer so far, and what of it may belong to the frame."""

    def __init__(self, instructions: Iterable[str], question: str) -> None:
        leads = (*_sentences(REMINDER), LAST_MESSAGE_LEAD, NO_PASSAGES, PREFERRED)
        self.question = _bare(question)
        asked = [f"{LAST_MESSAGE_LEAD} {question}"] if question else []
        self.phrases = sorted({_bare(phrase) for phrase in (*instructions, *leads, *asked)})
        self.held = ""
        self.begins = True  # ``held`` begins with a line or sentence
        self.line = ""  # the beginning of the line that ``held`` goes on
        self.took_out = False  # of this line
        self.behind_lead = False  # what follows may be the question
        self.number = ""  # a passage's, alone on its line: it goes where a tag follows
        self.ticks = 0  # backticks of this line
        self.in_code = False  # between lines of three backticks

    def read(self, text: str, *, last: bool = False) -> str:
        """Take more text, return what is none of the frame."""
        self.held += text
        given: list[str] = []
        while self.held:
            decided = self._without_marks(last)
            segment = _SEGMENT.match(self.held, 0, decided)
            end = segment.end() if segment else decided
            part = self.held[:end]
            if not segment and not last and (not part or (self.begins and self._may_be_frame(part))):
                break
            self.held = self.held[end:]
            given.append(self._given(part) if self.begins else self._noted(part))
            self.begins = segment is not None
            if segment is None and not last:
                break
        return "".join([*given, self.number if last else ""])

    def _without_marks(self, last: bool) -> int:
        """Take tags and quotation marks of the frame out of the first line; return how far that line is decided."""
        stop = self.held.find("\n") + 1 or len(self.held)
        at = 0
        while mark := _MARK.search(self.held, at):
            if mark.start() >= stop:
                break
            before = self.held[: mark.start()].strip()
            is_bare = mark[0][0] != "<"
            if self._talks(mark.start()) or (is_bare and (before or not self.line_is_blank)):
                at = mark.end()
                continue
            self._take_out(mark, before)
            stop, at = stop - len(mark[0]), mark.start()
        if stop < len(self.held) or self.held.endswith("\n"):
            return stop
        if last:
            if (cut := _CUT_MARK.search(self.held, at)) and not self._talks(cut.start()):
                self.held = self.held[: cut.start()]
            return len(self.held)
        begun = _BEGINS_MARK.search(self.held, at)
        head = " ".join(self.held.lower().split())
        if self.line_is_blank and any(name.startswith(head) or head.startswith(name) for name in _NAMED_BEGINNINGS):
            return 0
        return begun.start() if begun else stop

    def _take_out(self, mark: re.Match[str], before: str) -> None:
        if self.begins and not before:
            self.number = ""
        self.held = self.held[: mark.start()] + self.held[mark.end() :]
        self.took_out = True
        self.behind_lead = self.behind_lead or QUESTION_TAG in mark[0].lower()

    def _talks(self, at: int) -> bool:
        """Tell whether a place in ``held`` is in code, where tags are talked about."""
        return self.in_code or (self.ticks + self.held.count("`", 0, at)) % 2 == 1

    def _may_be_frame(self, part: str) -> bool:
        bare = _bare(part)
        at = bisect_left(self.phrases, bare)
        return (
            (at < len(self.phrases) and self.phrases[at].startswith(bare))
            or (self.behind_lead and self.question.startswith(bare))
            or bool(re.fullmatch(r"\s*+\[?\d{0,2}\]?\s*+", part))
        )

    def _given(self, part: str) -> str:
        """Return a whole sentence or line, or the decided beginning of one; nothing where it is of the frame."""
        bare = _bare(part)
        if not bare:
            if self.took_out and self.line_is_blank:
                return self._ended(part)
            if self.number:
                self.number += self._noted(part)
                return ""
            return self._noted(part)
        at = bisect_left(self.phrases, bare)
        is_phrase = at < len(self.phrases) and self.phrases[at] == bare
        if not self.in_code and (is_phrase or (self.behind_lead and bare == self.question)):
            self.behind_lead, self.took_out = True, True
            return self._ended(part)
        if _NUMBER_ALONE.match(part) and "\n" in part and self.line_is_blank:
            number, self.number = self.number, self._noted(part)
            return number
        number, self.number, self.behind_lead = self.number, "", False
        return number + self._noted(part)

    def _ended(self, part: str) -> str:
        """Leave a part out; a line of which nothing is left goes with its end."""
        keeps_end = part.endswith("\n") and not self.line_is_blank
        self._line_ends(part)
        return "\n" if keeps_end else ""

    def _noted(self, part: str) -> str:
        self.ticks += part.count("`")
        if len(self.line) < len("   ```"):
            self.line += part
        self._line_ends(part)
        return part

    def _line_ends(self, part: str) -> None:
        if part.endswith("\n"):
            self.in_code ^= self.line.lstrip().startswith("```")
            self.line, self.took_out, self.ticks = "", False, 0

    @property
    def line_is_blank(self) -> bool:
        return not self.line.strip()
