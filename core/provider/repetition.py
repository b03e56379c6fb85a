"""A model's text in, the same out until it goes round in circles: small models do, until something stops them."""

import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import cast

from core.errors import ModelError
from core.provider.sentences import sentence
from core.provider.thoughts import Piece, iter_closing
from core.schema import Thought

TIMES = 3  # a sentence or block that comes so many times in a row is a circle
_FEW_TOKENS, _LIGHT = 3, 12  # words and letters; what has fewer may come more often: "no, no, no"
_ENOUGH_TOKENS, _ENOUGH_HEAVY = 24, 8  # words in a row, of a few light ones and of a few heavy ones
_SIGNS_ALONE = 600  # characters without a letter or digit; the ruler below a wide table's header has fewer
_SAME = 4  # words in the order in which they came before: a circle may have begun
_CIRCLES = 8  # possible circles that are followed at the same time
_ROW = 1_500  # characters of a table's row; a longer line is read word by word
_WORD = 16  # characters of a word that is read at once

_NO_BLANKS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # scripts without blanks: each sign is read as a word
# Numbers of list items and of passages are passed over: they count on while the words go round.
_MARKER = r"[\[【][\s^]*\d{1,2}(?:[\s^]*[,;，；、][\s^]*\d{1,2})*\s*[\]】]"
_TOKEN = re.compile(
    rf"(?m)(?P<row>^[ \t]*\|)|(?P<skip>^[ \t]*\d{{1,3}}[.)]|{_MARKER})"
    rf"|(?P<sign>[{_NO_BLANKS}])|(?P<word>[^\W\d_{_NO_BLANKS}]{{1,{_WORD}}}|\d{{1,{_WORD}}})"
)
_OPEN_MARKER = re.compile(r"[\[【][^\]】\n]{0,30}\Z")
_SENTENCE_ENDS = re.compile(r"[.!?…。！？:\n][\"”’)\]*_]*")
_MARKERS_BEHIND = re.compile(r"[.!?…。！？][\"”’)*_]*\s?\Z")


def until_repeated(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Pass a model's text on until it repeats itself: the same sentence or block of words three times in a row.

    What repeats comes once; a possible repetition is held back until it is none. Numbers of list items and markers do
    not count, all other numbers do: rows of a table and lines of a list may be alike. Thoughts are watched as well.
    Takes time linear in the text. Raises ModelError with code "repeats", ``pieces`` closed before it; else as
    ``pieces`` does, after all that came.
    """
    answer, thought = _Watch(), _Watch()
    with closing(cast("Generator[Piece]", iter_closing(pieces))) as source:
        try:
            for piece in source:
                if isinstance(piece, Thought):
                    if piece.all_before:
                        yield from filter(None, [answer.let_go()])
                        answer = _Watch()
                    yield piece
                    thought.read(piece.text)
                elif text := answer.read(piece):
                    yield text
                elif not piece:  # the model is waited for
                    yield piece
                if answer.is_circle or thought.is_circle:
                    break
        except ModelError:
            yield from filter(None, [answer.let_go()])
            raise
        if not answer.is_circle and not thought.is_circle:
            yield from filter(None, [answer.let_go()])
    if answer.is_circle or thought.is_circle:
        raise sentence("repeats")


class _Watch:
    """A text as far as it was read, and what of it may be the beginning of a repetition."""

    def __init__(self) -> None:
        self.is_circle = False
        self.held = "\n"  # what was not passed on yet, behind the one character before it
        self.at = 1  # so far ``held`` is read
        self.tokens: list[str] = []
        self.weights = [0]  # letters up to each token
        self.seen: dict[tuple[str, ...], int] = {}  # where four words in this order came last
        self.circles: dict[int, int] = {}  # by length in tokens: since which token everything came before
        self.begins = 1  # where in ``held`` the sentence begins
        self.words = 0  # of the sentence, so far
        self.new_start = True  # no sentence before began with its first word
        self.first_words: set[str] = set()  # of sentences
        self.hold: int | None = None  # where in ``held`` the possible repetition begins

    def read(self, text: str) -> str:
        """Take more text; return what can be passed on."""
        self.held += text
        self._read(last=False)
        return self._pass_on()

    def let_go(self) -> str:
        """Return what was held back, at the end; empty where that completes a repetition."""
        self._read(last=True)
        rest = self._pass_on() if self.is_circle else self.held[1:]
        self.held = self.held[-1:]
        return rest

    def _read(self, *, last: bool) -> None:
        marker = None if last else _OPEN_MARKER.search(self.held, max(self.at, len(self.held) - 32))
        limit = marker.start() if marker else len(self.held)
        while not self.is_circle and (match := _TOKEN.search(self.held, self.at, limit)):
            token, end = match[0], match.end()
            if match["row"]:
                stop = self.held.find("\n", end)
                if stop < 0 and not last and len(self.held) - end <= _ROW:
                    break
                if 0 <= stop <= end + _ROW:
                    token, end = " ".join(self.held[match.start() : stop].split()), stop
                    if not re.search(r"\w", token):
                        self.at = end
                        continue
                else:
                    self.at = end
                    continue
            elif end == limit and not last and not match["sign"] and len(token) < _WORD:
                break
            self._note_sentence(match.start())
            if match["skip"] and _MARKERS_BEHIND.search(self.held, self.at, match.start()):
                self.begins = end  # "… is paid. [1]": the marker belongs to the sentence before it
            self.at = end
            if not match["skip"]:
                self._note(token.casefold(), 3 if match["sign"] else len(token), match.start())
        self.is_circle = self.is_circle or limit - self.at > _SIGNS_ALONE + (_ROW if "|" in self.held[self.at :] else 0)

    def _note_sentence(self, start: int) -> None:
        """Note where a sentence or line begins, between what was read and the next word."""
        for ended in _SENTENCE_ENDS.finditer(self.held, self.at, start):
            self.begins, self.words = ended.end(), 0

    def _note(self, token: str, weight: int, start: int) -> None:
        """Take one word, and follow the circles that it may belong to."""
        index = len(self.tokens)
        self.tokens.append(token)
        self.weights.append(self.weights[-1] + weight)
        self.words += 1
        self.circles = {lag: since for lag, since in self.circles.items() if self.tokens[index - lag] == token}
        if index >= _SAME - 1:
            key = tuple(self.tokens[index - _SAME + 1 :])
            lag = index - self.seen.get(key, index)
            if lag and len(self.circles) < _CIRCLES:
                self.circles.setdefault(lag, index - _SAME + 1)
            self.seen[key] = index
        self.is_circle = any(self._closes(lag, index - since + 1 + lag) for lag, since in self.circles.items())
        if not self.circles:
            self.hold = None
        elif self.hold is None:
            self.hold = self.begins if self.words <= _SAME else start
        if self.words == 1:
            self.new_start = token not in self.first_words
            self.first_words.add(token)

    def _closes(self, lag: int, covered: int) -> bool:
        """Tell whether so many words, of which each stands ``lag`` words behind its like, are too many."""
        unit = self.weights[-1] - self.weights[-1 - lag]
        if lag >= _FEW_TOKENS and unit >= _LIGHT:
            return covered >= TIMES * lag
        return covered >= (_ENOUGH_HEAVY if unit >= _LIGHT else _ENOUGH_TOKENS)

    def _pass_on(self) -> str:
        """Cut off what is no repetition, whatever comes."""
        end = self.at
        if self.hold is not None:
            end = self.hold
        elif not self.words or (self.words < _SAME and not self.new_start):
            end = self.begins  # a sentence that may begin like an earlier one: a few words more tell
        if end <= 1:
            return ""
        text, self.held = self.held[1:end], self.held[end - 1 :]
        moved = end - 1
        self.at, self.begins = self.at - moved, max(1, self.begins - moved)
        self.hold = None if self.hold is None else self.hold - moved
        return text
