"""The owner's words in a question: a word or abbreviation that people say, and what the documents call it."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from core.text.exact import exact_things
from core.text.terms import STOP_WORDS, is_unspaced, search_terms, without_accents

OwnWords = tuple[tuple[str, str], ...]
"""What people say, each with what the documents call it."""

MOST_FOUND = 12  # in one question
_PIECE = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[^\S\n]?[^\w\s.!?;:]?[^\S\n]?|\.")  # "R & D", "24/7", "e.V.": what may part two pieces
_RUN = re.compile(r"[\w.@+/-]*")
_LONGEST_RUN = 80
_OF_A_CODE = re.compile(r"[\d@_]")
_SHORTEST_STEMMED = 3
_LONGEST_ENDING = 2  # letters that a plural has more: "fobbing" is no "fob"


class Said(NamedTuple):
    """Words of a question, ``text[start:end]`` in NFKC, that stand for what the documents call ``meant``."""

    start: int
    end: int
    text: str
    meant: str


class _Entry(NamedTuple):
    pieces: tuple[tuple[str, frozenset[str]], ...]  # each piece, and the forms it may have
    capitals: bool
    said: str
    meant: str


def said_in(text: str, own: OwnWords, languages: Sequence[str] = ()) -> list[Said]:
    """Return where a question holds words of the owner's, in order and apart; of two that begin together the longer.

    Capitals and plurals do not matter. A word that every sentence has ("it") is one only as its owner wrote it ("IT").
    What is a part of a code or an address is none, nor is what stands in its own meaning already.
    """
    if not own:
        return []
    text = unicodedata.normalize("NFKC", text)
    codes = languages if isinstance(languages, tuple) else tuple(languages)
    by_piece, unspaced = _entries(own, codes)
    exact = [thing.written for thing in exact_things(text)]
    folded = " ".join(text.casefold().split())
    pieces = [(match.start(), match.end(), match[0]) for match in _PIECE.finditer(text)]
    forms = [(piece, _forms(piece, codes)) for _, _, piece in pieces]
    found = [Said(at, at + len(said), said, meant) for said, meant in unspaced for at in _places(said, text)]
    for first in range(len(pieces)):
        entries = {entry for form in forms[first][1] for entry in by_piece.get(form, ())}
        for entry in sorted(entries, key=lambda each: (-len(each.pieces), each.said)):
            last = first + len(entry.pieces)
            if last > len(pieces) or not all(map(_is_same, entry.pieces, forms[first:last])):
                continue
            start, end = pieces[first][0], pieces[last - 1][1]
            if _is_said(text, start, end, entry, exact, pieces[first:last]):
                found.append(Said(start, end, text[start:end], entry.meant))
                break
    chosen: list[Said] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        meant = " ".join(each.meant.casefold().split())
        stands_there = each.text.casefold() in meant and meant in folded
        if not stands_there and (not chosen or each.start >= chosen[-1].end):
            chosen.append(each)
    return chosen[:MOST_FOUND]


def with_meant(text: str, said: Sequence[Said]) -> str:
    """Put what the documents call it in the place of each of the owner's words."""
    if not said:
        return text
    text = unicodedata.normalize("NFKC", text)
    for each in reversed(said):
        text = text[: each.start] + each.meant + text[each.end :]
    return text


def is_sayable(said: str) -> bool:
    """Tell whether a word can stand for another: two letters at least, and not one that every sentence has."""
    pieces = _PIECE.findall(unicodedata.normalize("NFKC", said))
    if is_unspaced(said):
        return said.casefold() not in STOP_WORDS
    common = all(piece.casefold() in STOP_WORDS for piece in pieces)
    return sum(map(len, pieces)) > 1 and (not common or said.isupper())


def _is_said(
    text: str, start: int, end: int, entry: _Entry, exact: Sequence[str], pieces: Sequence[tuple[int, int, str]]
) -> bool:
    written = text[start:end]
    if entry.capitals and (written != unicodedata.normalize("NFKC", entry.said) or text.isupper()):
        return False
    before, after = _RUN.match(text[max(0, start - _LONGEST_RUN) : start][::-1]), _RUN.match(text, end)
    if any(around and _OF_A_CODE.search(around[0]) for around in (before, after)):
        return False
    if any(written in thing and written != thing for thing in exact):
        return False
    gaps = [text[one[1] : other[0]] for one, other in pairwise(pieces)]
    return all(map(_BETWEEN.fullmatch, gaps))


@lru_cache(maxsize=16)
def _entries(own: OwnWords, languages: tuple[str, ...]) -> tuple[dict[str, list[_Entry]], list[tuple[str, str]]]:
    """Return the owner's words by each form of their first piece, and those in scripts without blanks."""
    by_piece: dict[str, list[_Entry]] = {}
    unspaced: list[tuple[str, str]] = []
    for said, meant in own:
        if not is_sayable(said):  # a file may have brought it
            continue
        plain = unicodedata.normalize("NFKC", said)
        pieces = _PIECE.findall(plain)
        if is_unspaced(plain):
            unspaced.append((plain, meant))
        elif pieces:
            capitals = all(piece.casefold() in STOP_WORDS for piece in pieces)
            entry = _Entry(tuple((piece, _forms(piece, languages)) for piece in pieces), capitals, said, meant)
            for form in entry.pieces[0][1]:
                by_piece.setdefault(form, []).append(entry)
    return by_piece, unspaced


def _is_same(one: tuple[str, frozenset[str]], other: tuple[str, frozenset[str]]) -> bool:
    return not one[1].isdisjoint(other[1]) and abs(len(one[0]) - len(other[0])) <= _LONGEST_ENDING


def _forms(piece: str, languages: tuple[str, ...]) -> frozenset[str]:
    """Return what a piece is known by: itself without capitals and accents, and its stems."""
    folded = without_accents(piece.casefold())
    if len(folded) < _SHORTEST_STEMMED or not folded.isalpha() or folded in STOP_WORDS:
        return frozenset((folded,))
    return frozenset((folded, *search_terms(folded, languages)))


def _places(said: str, text: str) -> list[int]:
    places, at = [], text.find(said)
    while at >= 0:
        places.append(at)
        at = text.find(said, at + len(said))
    return places
