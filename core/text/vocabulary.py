"""The words of an assistant's sources with how often they stand there: against them a mistyped word is put right."""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from copy import copy
from heapq import nlargest
from typing import Any

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from core.text.invisible import without_invisible
from core.text.own_words import OwnWords

SHORTEST = 3
MOST_WORDS = 150_000
_WORD = re.compile(r"(?<![\w@])[^\W\d_]{3,32}(?![\w@])")
_ACCENTS = re.compile("[\u0300-\u036f]")
_LINKS = ("", "s", "n", "en", "es", "er", "e")
_SHORTEST_PART = 4
_LONGEST_COMPOUND = 60
_LONG = 8
_SAME_BEGINNING = 60
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def words_in(text: str) -> Counter[str]:
    """Count the words of a text, without capitals; numbers and codes are none."""
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", without_invisible(text)).casefold()))


def unaccented(word: str) -> str:
    """Return a casefolded word as it is compared: without accents."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", word)))


def compound_cuts(word: str) -> Iterator[tuple[str, str]]:
    """Return the ways to cut a word in two that may make a compound of it, without what links them: "s", "en".

    None for what is longer than any word: its work would grow with the square of its length.
    """
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1) if len(word) <= _LONGEST_COMPOUND else ():
        for link in _LINKS:
            if word[:cut].endswith(link) and cut - len(link) >= _SHORTEST_PART:
                yield word[:cut].removesuffix(link), word[cut:]


class Vocabulary:
    """Words, compared without accents, with how often they stand in the sources; 100,000 of them take 8 MB."""

    def __init__(self, counts: Mapping[str, int], common: frozenset[str] = frozenset()) -> None:
        """Keep the most frequent words of ``counts``; ``common`` are words of the languages, which are no slips."""
        self.common = common
        kept = nlargest(MOST_WORDS, counts.items(), key=lambda item: item[1]) if len(counts) > MOST_WORDS else counts
        totals: Counter[str] = Counter()
        self._spelled: dict[str, str] = {}
        for word, count in dict(kept).items():
            plain = unaccented(word)
            if plain != word and (plain not in self._spelled or count > counts[self._spelled[plain]]):
                self._spelled[plain] = word
            totals[plain] += count
        for plain in [plain for plain, word in self._spelled.items() if 2 * counts[word] < totals[plain]]:
            del self._spelled[plain]  # most write it without
        self.own: OwnWords = ()
        self.questions: dict[Hashable, Any] = {}  # what was read against it: gone with it
        self._words = sorted(totals)
        self._counts = array("L", (totals[word] for word in self._words))

    def with_own_words(self, own: OwnWords) -> "Vocabulary":
        """Return the same words, of which a question is read with these of the owner's besides."""
        other = copy(self)
        other.own, other.questions = own, {}
        return other

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self._words)

    def __contains__(self, word: object) -> bool:
        """Tell whether a casefolded word stands in the sources."""
        return isinstance(word, str) and self.count(word) > 0

    def counts(self) -> Counter[str]:
        """Return all words with how often they stand in the sources."""
        words = zip(self._words, self._counts, strict=True)
        return Counter({self._spelled.get(word, word): count for word, count in words})

    def count(self, word: str) -> int:
        """Return how often a casefolded word stands in the sources."""
        plain = unaccented(word)
        place = bisect_left(self._words, plain)
        return self._counts[place] if place < len(self._words) and self._words[place] == plain else 0

    def beginning(self, start: str) -> list[str]:
        """Return the first words that begin so, without accents."""
        place = bisect_left(self._words, start)
        return [word for word in self._words[place : place + _SAME_BEGINNING] if word.startswith(start)]

    def near(self, word: str, most: int = 3) -> list[str]:
        """Return the words that a casefolded one may be a slip of, the nearest and then most frequent first.

        One slip (a letter more, less, another, two swapped) away, or two of a long word that begins with the same
        letter. "ue" typed for "ü" is no slip at all.
        """
        plain = unaccented(word)
        for written, meant in (("ae", "a"), ("oe", "o"), ("ue", "u")):
            if (spelled := plain.replace(written, meant)) != plain and spelled in self:
                return [self._spelled.get(spelled, spelled)]
        slips = 2 if len(plain) >= _LONG else 1
        begin, end = bisect_left(self._words, plain[0]), bisect_left(self._words, chr(ord(plain[0]) + 1))
        same_letter = self._words[begin:end]
        found = {near: distance for near, distance, _ in extract(
            plain, same_letter, scorer=OSA.distance, processor=None, score_cutoff=slips, limit=None
        )}  # fmt: skip
        found |= {near: 1 for near in _other_first_letters(plain) if near not in found and near in self}
        if found and min(found.values()) == 1:
            found = {near: distance for near, distance in found.items() if distance == 1}
        best = sorted(found, key=lambda near: (found[near], -self.count(near), near))[:most]
        return [self._spelled.get(near, near) for near in best]

    def parts(self, word: str) -> tuple[str, str] | None:
        """Return the two words that a compound of at least eight letters is made of; None where it is none."""
        plain = unaccented(word)
        best: tuple[int, tuple[str, str]] | None = None
        for first, last in compound_cuts(plain):
            rarer = min(self.count(last), self.count(first))
            if rarer and (best is None or rarer > best[0]):
                best = (rarer, (first, last))
        return best[1] if best else None

    def compounds(self, first: str, last: str) -> Iterator[str]:
        """Return the compounds of two words that stand in the sources: "frist", "rückgabe" -> "rückgabefrist"."""
        first, last = unaccented(first), unaccented(last)
        for left, right in ((first, last), (last, first)):
            stems = {left, left.removesuffix("e")}
            yield from {whole for stem in stems for link in _LINKS if (whole := f"{stem}{link}{right}") in self}


def _other_first_letters(word: str) -> Iterable[str]:
    """What a word is where the slip was made with its first letter: swapped, too much, missing or another."""
    yield word[1] + word[0] + word[2:]
    yield word[1:]
    for letter in _LETTERS:
        yield letter + word
        yield letter + word[1:]
