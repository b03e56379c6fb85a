"""Where words stand in a text, however they were typed: other blanks, case, quotes, order, a slip of the pen."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.text.terms import STOP_WORDS

# What of the words must stand together; small words weigh a quarter, and every number must be there as it is.
ENOUGH = 0.9
SMALL_WEIGHT = 0.25
# Words between which further ones may stand: a third as many, and two at least.
SLACK_SHARE, LEAST_SLACK = 3, 2
SHORTEST_SLIP, SHORTEST_TWO_SLIPS = 4, 8  # letters of a word in which one sign, or two, may be wrong
ANCHORS = 3  # of the rarest words; near one of them all are looked for
MOST_PLACES = 50
MOST_WORDS = 400  # of what is looked for: a page of text

_TOKEN = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Stands:
    """Words stand at ``start:end`` of a text; ``exact``: letter for letter and in order, but for blanks and signs."""

    start: int
    end: int
    exact: bool


@dataclass(frozen=True, slots=True)
class _Tokens:
    keys: list[str]
    starts: list[int]
    ends: list[int]


def find_words(words: str, text: str) -> list[Stands]:
    """Return where words stand in a text, in its order, at most ``MOST_PLACES``; exact places alone where there are."""
    wanted = _tokens(words).keys[:MOST_WORDS]
    if not wanted:
        return []
    tokens = _tokens(text)
    return _exact(wanted, tokens, text) or _near(wanted, tokens)


def _tokens(text: str) -> _Tokens:
    keys, starts, ends = [], [], []
    for match in _TOKEN.finditer(text):
        word = match[0]
        key = word.lower() if word.isascii() else _plain(word)
        if key:
            keys.append(key)
            starts.append(match.start())
            ends.append(match.end())
    return _Tokens(keys, starts, ends)


def _plain(word: str) -> str:
    """Return a word casefolded and without accents."""
    letters = unicodedata.normalize("NFKD", word).casefold()
    return "".join(sign for sign in letters if not unicodedata.combining(sign))


def _exact(wanted: Sequence[str], tokens: _Tokens, text: str) -> list[Stands]:
    """Find the same letters in the same order; where words are parted by blanks, at the bounds of words."""
    whole, sought = "".join(tokens.keys), "".join(wanted)
    begins = [0, *accumulate(map(len, tokens.keys))]
    unspaced = bool(_UNSPACED.search(sought))
    found: list[Stands] = []
    at = whole.find(sought)
    while at >= 0 and len(found) < MOST_PLACES:
        first, last = bisect_right(begins, at) - 1, bisect_left(begins, at + len(sought)) - 1
        bounded = begins[first] == at and begins[last + 1] == at + len(sought)
        if bounded or unspaced:
            start, end = tokens.starts[first], tokens.ends[last]
            if unspaced and not bounded and first == last and end - start == len(tokens.keys[first]):
                start += at - begins[first]
                end = start + len(sought)
            found.append(Stands(start, end, exact=True))
        at = whole.find(sought, at + 1)
    return found


def _near(wanted: Sequence[str], tokens: _Tokens) -> list[Stands]:
    """Find most of the words close together, in any order, a slip of the pen in each at most."""
    need = Counter(wanted)
    meant = _meant(need, set(tokens.keys))
    places: dict[str, list[int]] = {word: [] for word in need}
    for place, key in enumerate(tokens.keys):
        if key in meant:
            places[meant[key]].append(place)
    weight = {word: SMALL_WEIGHT if word in STOP_WORDS and not _is_number(word) else 1.0 for word in need}
    if any(_is_number(word) and not places[word] for word in need):
        return []
    total = sum(weight[word] * count for word, count in need.items())
    if sum(weight[word] * min(count, len(places[word])) for word, count in need.items()) < ENOUGH * total:
        return []
    width = len(wanted) + max(LEAST_SLACK, len(wanted) // SLACK_SHARE)
    there = sorted((word for word in need if places[word]), key=lambda word: (-weight[word], len(places[word])))
    anchors = sorted(place for word in there[:ANCHORS] for place in places[word])
    events = sorted((place, word) for word in there for place in places[word] if _is_close(place, anchors, width))
    windows = _windows(events, need, weight, width, ENOUGH * total)
    return [Stands(tokens.starts[first], tokens.ends[last], exact=False) for first, last in windows[:MOST_PLACES]]


def _is_number(word: str) -> bool:
    return any(sign.isdigit() for sign in word)


def _meant(need: Mapping[str, int], keys: set[str]) -> dict[str, str]:
    """Return for each word of the text which of the wanted ones it is taken for."""
    meant = {word: word for word in need if word in keys}
    others = sorted(keys - meant.keys())
    for word in need:
        if len(word) < SHORTEST_SLIP or _is_number(word):
            continue
        most = 2 if len(word) >= SHORTEST_TWO_SLIPS else 1
        for other, _, _ in process.extract(word, others, scorer=OSA.distance, score_cutoff=most, limit=MOST_PLACES):
            if not _is_number(other):
                meant.setdefault(other, word)
    return meant


def _is_close(place: int, anchors: Sequence[int], width: int) -> bool:
    at = bisect_left(anchors, place - width)
    return at < len(anchors) and anchors[at] <= place + width


def _windows(
    events: Sequence[tuple[int, str]], need: Mapping[str, int], weight: Mapping[str, float], width: int, enough: float
) -> list[tuple[int, int]]:
    """Return the tightest runs of ``width`` words at most that hold enough of what is needed, all numbers among it."""
    numbers = [word for word in need if _is_number(word)]
    held: Counter[str] = Counter()
    found: list[tuple[float, int, int]] = []
    first, sum_held = 0, 0.0
    for place, word in events:
        held[word] += 1
        sum_held += weight[word] if held[word] <= need[word] else 0.0
        while events[first][0] <= place - width or held[events[first][1]] > need[events[first][1]]:
            dropped = events[first][1]
            sum_held -= weight[dropped] if held[dropped] <= need[dropped] else 0.0
            held[dropped] -= 1
            first += 1
        if sum_held >= enough and all(held[number] >= need[number] for number in numbers):
            begin = events[first][0]
            if found and begin <= found[-1][2]:
                if sum_held > found[-1][0]:
                    found[-1] = (sum_held, begin, place)
            else:
                found.append((sum_held, begin, place))
    return [(begin, end) for _, begin, end in found]
