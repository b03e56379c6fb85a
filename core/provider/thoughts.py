"""What a model writes in, its answer out: what it only thinks is told apart while it streams."""

import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import Any, cast

from core.errors import ModelError
from core.provider.sentences import sentence
from core.schema import Thought

Piece = str | Thought
"""A piece of a model's answer, or of what it thinks."""

_NAMES = r"(?:think|thinking|thoughts?|reasoning)"
# The special signs of chat templates, which some servers send as text; "▁" and "｜" are DeepSeek's.
_SIGN = re.compile(
    rf"(?P<open><{_NAMES}>|\[THINK\])|(?P<close></{_NAMES}>|\[/THINK\])|(?P<channel><\|channel\|>)"
    r"|(?P<role><\|(?:im_)?start\|>)|(?P<stray><[|｜][a-z_▁]{2,30}[|｜]>)",
    re.IGNORECASE,
)
# The end of a text that may become one of these signs.
_BEGINS_SIGN = re.compile(r"(?:<[/|｜]?|\[/?)[a-z_▁]{0,30}[|｜]?\Z", re.IGNORECASE)
_LONGEST_SIGN = 40
_ROLES = ("assistant", "system", "user")
_MESSAGE = "<|message|>"
_HEADER = 120  # characters between a channel's sign and that of its message, at most
_CHANNEL = re.compile(r"\s*(analysis|commentary|final)")
# A channel's name where the server dropped the signs around it.
_BARE_OPEN = re.compile(r"(?:assistant)?analysis(?:<\|message\|>|(?=[A-Z]))")
_BARE_CLOSE = re.compile(r"assistantfinal(?:<\|message\|>)?")
_QUOTING = "`\"'“”‘’„‚«»"


def pieces_of(message: Any) -> list[Piece]:
    """Return what a LangChain message, or chunk of one, says: first what it thinks, then its text; empty ones left out.

    Thoughts come in fields of their own (``reasoning_content``, ``reasoning``) or as parts of a list of content.
    """
    extra = message.additional_kwargs
    thoughts = [_thought_in(extra.get("reasoning_content") or extra.get("reasoning"))]
    if isinstance(message.content, list):
        thoughts += [_thought_in(part) for part in message.content if _is_thought(part)]
    pieces: list[Piece] = [Thought(thought) for thought in thoughts if thought]
    return [*pieces, text] if (text := str(message.text)) else pieces


def _is_thought(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") in ("thinking", "reasoning", "reasoning_content")


def _thought_in(part: Any) -> str:
    """Find the words of a thought, however deep its maker wraps them."""
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return "".join(map(_thought_in, part))
    if not isinstance(part, dict):
        return ""
    for name in ("thinking", "reasoning", "reasoning_content", "text", "summary"):
        if found := _thought_in(part.get(name)):
            return found
    return ""


def without_thoughts(pieces: Iterable[Piece], *, unopened: bool = False) -> Iterator[Piece]:
    """Tell the thoughts in a model's text from its answer, while it streams; all other text comes out as it went in.

    Known are <think>, <thinking>, <thought> and [THINK], and the channels of gpt-oss, also with some of their signs
    dropped. A text that closes a thought which it never opened was thought up to there: what came already is called
    back by ``Thought.all_before``; with ``unopened``, for a model known to think, nothing is given before it is sure.
    A tag in a code span or in quotation marks is talked about. A thought that is never closed is no answer.

    Raises ModelError as ``pieces`` does, after all that came; with code "only_thoughts" where there was nothing else.
    Closing the generator closes ``pieces``.
    """
    sorter = _Sorter(unopened)
    thought = answered = False

    def noted(found: Iterable[Piece]) -> Iterator[Piece]:
        nonlocal thought, answered
        for piece in found:
            if isinstance(piece, Thought):
                thought = True
                answered = answered and not piece.all_before
            else:
                answered = answered or bool(piece.strip())
            yield piece

    with closing(cast("Generator[Piece]", iter_closing(pieces))) as source:
        try:
            for piece in source:
                yield from noted(sorter.feed(piece)) if piece else ("",)  # an empty one: the model is waited for
        except ModelError as error:
            yield from noted(sorter.ended(whole=False))
            if thought and not answered and error.code in ("length", "empty"):
                raise sentence("only_thoughts") from None
            raise
        yield from noted(sorter.ended(whole=True))
        if thought and not answered:
            raise sentence("only_thoughts")


def iter_closing(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Give what any iterable gives, as a generator; closing it closes a generator below it."""
    try:
        yield from pieces
    finally:
        if isinstance(pieces, Generator):
            pieces.close()


class _Signs:
    """Text in, cut into text and signs out; what may become a sign waits."""

    def __init__(self) -> None:
        self.rest = ""
        self.after = ""  # the sign that was just read, where words belong to it: "channel" or "role"
        self.at_head = True
        self.in_channel = False

    def cut(self, text: str, *, last: bool = False) -> Iterator[tuple[str, str]]:
        """Give (kind, text): "text", "open", "close", "stray", and "channel" with its name."""
        self.rest += text
        while self.rest and (self.after or not (self.at_head and self._may_be_bare() and not last)):
            if self.after:
                if not (self._read_role(last) if self.after == "role" else (name := self._channel_name(last))):
                    return
                if self.after == "channel":
                    yield self._opened(name)
                self.after = ""
                continue
            if self.at_head and (bare := _BARE_OPEN.match(self.rest.lstrip())):
                self.rest = self.rest.lstrip()[bare.end() :]
                yield self._opened("analysis")
                continue
            found = self._first_sign()
            end = found.start() if found else self._decided_end(last)
            if end:
                self.at_head = self.at_head and self.rest[:end].isspace()
                yield "text", self.rest[:end]
                self.rest = self.rest[end:]
            if found is None or (
                found.re is _BARE_CLOSE and _MESSAGE.startswith(self.rest[len(found[0]) :]) and not last
            ):
                return
            self.rest = self.rest[len(found[0]) :]
            if found.re is _BARE_CLOSE:
                yield self._opened("final")
            elif found.lastgroup in ("channel", "role"):
                self.after = found.lastgroup
            else:
                yield found.lastgroup or "", found[0]

    def _opened(self, channel: str) -> tuple[str, str]:
        self.at_head, self.in_channel = False, channel != "final"
        return "channel", channel

    def _first_sign(self) -> re.Match[str] | None:
        found = _SIGN.search(self.rest)
        bare = _BARE_CLOSE.search(self.rest) if self.in_channel else None
        return bare if bare and (found is None or bare.start() < found.start()) else found

    def _decided_end(self, last: bool) -> int:
        """Return how far there is text, whatever comes."""
        if last:
            return len(self.rest)
        begun = _BEGINS_SIGN.search(self.rest, max(0, len(self.rest) - _LONGEST_SIGN))
        end = begun.start() if begun else len(self.rest)
        return min(end, _start_of(self.rest, "assistantfinal")) if self.in_channel else end

    def _may_be_bare(self) -> bool:
        head = self.rest.lstrip()
        return any(word.startswith(head) for word in (f"assistantanalysis{_MESSAGE}", f"analysis{_MESSAGE}"))

    def _read_role(self, last: bool) -> bool:
        """Leave out who speaks, behind its sign; False where that is not decided."""
        role = next((role for role in _ROLES if self.rest.startswith(role)), "")
        if not role and not last and any(role.startswith(self.rest) for role in _ROLES):
            return False
        self.rest = self.rest[len(role) :]
        return True

    def _channel_name(self, last: bool) -> str:
        """Leave out a channel's header and return its name; empty where that is not decided."""
        header, message, text = self.rest.partition(_MESSAGE)
        if not message or len(header) > _HEADER:
            if not last and len(self.rest) <= _HEADER and "\n" not in self.rest.strip():
                return ""
            name = _CHANNEL.match(self.rest)
            self.rest = self.rest[name.end() :] if name else self.rest
            return name[1] if name else "final"
        self.rest = text
        name = _CHANNEL.match(header)
        return name[1] if name else "commentary"


class _Sorter:
    """Text and signs in, answer and thoughts out."""

    def __init__(self, unopened: bool) -> None:
        self.where = "undecided" if unopened else "answer"  # or "thought", "maybe": opened within a sentence
        self.held: list[str] = []  # while it is not decided whether it was thought
        self.blanks = ""  # before the first word of the answer
        self.has_thought = self.has_answer = False
        self.signs, self.prose = _Signs(), _Prose()

    def feed(self, piece: Piece) -> Iterator[Piece]:
        """Take a piece, give what is decided with it."""
        if isinstance(piece, Thought):
            yield from self._was_answer()
            self.has_thought = True
            yield piece
            return
        for kind, text in self.signs.cut(piece):
            yield from self._sorted(kind, text)
        if self.held:
            yield Thought()

    def ended(self, *, whole: bool) -> Iterator[Piece]:
        """Give what was held back; ``whole``: the model came to its own end."""
        for kind, text in self.signs.cut("", last=True):
            yield from self._sorted(kind, text)
        yield from self._was_answer() if whole else self._was_thought()
        if self.blanks and not self.has_thought:
            yield self.blanks

    def _sorted(self, kind: str, text: str) -> Iterator[Piece]:
        if kind == "channel":
            yield from self._was_thought()
            self.where = "answer" if text == "final" else "thought"
        elif kind == "stray":
            if self.where == "answer" and self.prose.talks():
                yield from self._say(text)
        elif self.where == "answer":
            yield from self._in_answer(kind, text)
        elif kind == "close":
            yield from self._was_thought()
            self.where, self.has_thought = "answer", True
        elif self.where == "thought":
            yield from self._thought(text)
        elif kind == "open" and not "".join(self.held).strip():
            self.where, self.held = "thought", []
        else:
            self.held.append(text)

    def _in_answer(self, kind: str, text: str) -> Iterator[Piece]:
        if kind == "text" or self.prose.talks():
            yield from self._say(text)
        elif kind == "close":
            if self.has_answer and not self.has_thought:
                self.has_answer = False
                yield Thought(all_before=True)
            self.has_thought = True
        elif self.prose.line_is_blank:
            self.where = "thought"
        else:
            self.where, self.held = "maybe", [text]

    def _was_answer(self) -> Iterator[Piece]:
        """Nothing closed what was perhaps a thought, so it was none."""
        held, self.held = self.held, []
        self.where = "answer" if self.where in ("undecided", "maybe") else self.where
        for text in held:
            yield from self._say(text)

    def _was_thought(self) -> Iterator[Piece]:
        held, self.held = self.held, []
        yield from self._thought("".join(held).removeprefix(held[0] if self.where == "maybe" else ""))

    def _thought(self, text: str) -> Iterator[Piece]:
        if text:
            self.has_thought = True
            yield Thought(text)

    def _say(self, text: str) -> Iterator[Piece]:
        self.prose.note(text)
        if not self.has_answer:
            self.blanks += text
            if self.blanks.isspace():
                return
            text, self.blanks = self.blanks.lstrip() if self.has_thought else self.blanks, ""
        self.has_answer = True
        yield text


class _Prose:
    """Whether an answer, so far, stands in code or behind a quotation mark, and whether its line has words."""

    def __init__(self) -> None:
        self.run = self.code = 0  # backticks in a row just now; those that opened the code we are in
        self.block = False
        self.line_is_blank = self.run_begins_line = True
        self.last = ""

    def note(self, text: str) -> None:
        """Read on."""
        for sign in text:
            if sign == "`":
                if not self.run:
                    self.run_begins_line = self.line_is_blank
                self.run += 1
            elif self.run:
                self._close_run()
            if sign == "\n":
                self.line_is_blank = True
                self.code = self.code if self.block else 0
            elif not sign.isspace():
                self.line_is_blank = False
        self.last = text[-1]

    def _close_run(self) -> None:
        if not self.code:
            self.code, self.block = self.run, self.run >= 3 and self.run_begins_line
        elif (self.block and self.run >= self.code and self.run_begins_line) or (
            not self.block and self.run == self.code
        ):
            self.code, self.block = 0, False
        self.run = 0

    def talks(self) -> bool:
        """Tell whether a tag that follows now is only talked about."""
        if self.run:
            self._close_run()
        return bool(self.code) or (bool(self.last) and self.last in _QUOTING)


def _start_of(text: str, word: str) -> int:
    """Return where the end of a text begins that may become ``word``; its length where none may."""
    sizes = range(min(len(word) - 1, len(text)), 0, -1)
    return len(text) - next((size for size in sizes if text.endswith(word[:size])), 0)
