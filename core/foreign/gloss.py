"""A question in another language in, English words for it out: "wer zahlt den zoll" becomes "who pays customs".

No translation: each word for itself becomes an English one, by a list of what people ask with and about, else the one
nearest in meaning, of nearly equal ones that which stands in the passages. It is enough for the search by words, the
tables, and the model that reads English, which is used to keywords.
"""

import re
from collections import OrderedDict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from core.embed import across_vectors, weights_in
from core.errors import ModelError
from core.log import log_failure
from core.text import COMPOUNDING, compound_cuts, english_names, search_terms

WORDS = Path(__file__).parent / "words"  # the lists by language; english.npz by training/reader/english_words.py
LANGUAGES = frozenset(("de", "es", "fr", "it", "nl", "pt"))
NEARLY = 0.08  # a word of the passages goes before one that is nearer by so much
LEAST = 0.6  # a word that is nearer to none stays as it is: a name
NEAREST = 8
MOST_WORDS = 40
REMEMBERED = 5_000
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# "cuánto tarda", "combien de temps": much of the time.
_HOW_LONG = re.compile(r"\bhow (?:much|many) (?:of )?(?:time(?: of)?\b|(?=take long\b|last\b))")
_SHORTEST_STEM_OF = 5  # letters of a word in a list that stands for its other forms, too

_known: OrderedDict[str, list[tuple[str, float]]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class _List:
    """English words by word and, of those that mean something, by stem; several that it may mean with a bar between."""

    words: Mapping[str, str]
    stems: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _English:
    """``words`` by row of ``vectors``, float32 of shape (words, width) and length 1; ``turn`` is (width, 512)."""

    words: np.ndarray
    vectors: np.ndarray
    turn: np.ndarray


def gloss(question: str, language: str, said: Container[str] = frozenset()) -> str:
    """Return English words for a question; "" in a language that has no list.

    ``said`` holds the words of the passages, in lower case. Where words cannot be compared, what no list has stays.
    """
    if language not in LANGUAGES:
        return ""
    listed = _words_of(question, language, said)
    _compare([word for word, english in listed if english is None])
    english = " ".join(filter(None, (_nearest(word, said) if each is None else each for word, each in listed)))
    return _HOW_LONG.sub("how long", english)


def prepare_glosses(texts: Iterable[str], language: str) -> None:
    """Compare the words of several texts that no list has in one go: much quicker than one text after the other."""
    if language in LANGUAGES:
        listed = (pair for text in texts for pair in _words_of(text, language, frozenset()))
        _compare([word for word, english in listed if english is None])


def _words_of(text: str, language: str, said: Container[str]) -> list[tuple[str, str | None]]:
    """Return the words of a text, names in English, and what a list has for each: None where it has nothing."""
    words = [part for word in _WORD.findall(text.casefold())[:MOST_WORDS] for part in _parts(word, language)]
    listed = {word: _listed(word, language, said) for word in dict.fromkeys(words)}
    return [(word, listed.get(word, word)) for word in english_names(words, language)]


def _parts(word: str, language: str) -> list[str]:
    """Return a word, or its parts where only its hyphens make one of it: "envoie-t-on", but not "rendez-vous"."""
    whole = word in _list(language).words or any(map(str.isdigit, word))
    return [word] if whole else word.split("-")


def _listed(word: str, language: str, said: Container[str]) -> str | None:
    """Return what a list has for a word, or for both parts of a compound; itself where the passages have it."""
    if (english := _of(word, language, said)) is not None:
        return english
    if word in said or any(map(str.isdigit, word)):
        return word
    for parts in compound_cuts(word) if language in COMPOUNDING else ():
        first, last = (_of(part, language, said) for part in parts)
        if first and last:
            return f"{first} {last}"
    return None


def _of(word: str, language: str, said: Container[str]) -> str | None:
    """Return what a list has for a word; of several meanings the first that stands in the passages."""
    meanings = _meanings(word, language)
    if meanings is None or len(meanings) == 1:
        return meanings and meanings[0]
    return next((each for each in meanings if all(part in said for part in each.split())), meanings[0])


@lru_cache(maxsize=REMEMBERED * 4)
def _meanings(word: str, language: str) -> tuple[str, ...] | None:
    """Return what a word may mean by its language's list, in one of its forms at least."""
    own = _list(language)
    stems = () if word in own.words else search_terms(word, (language,))
    listed = own.words.get(word, next((own.stems[stem] for stem in stems if stem in own.stems), None))
    return None if listed is None else tuple(listed.split("|"))


def _nearest(word: str, said: Container[str]) -> str:
    """Return the nearest word for one, or one of the passages that is nearly as near; else itself."""
    near = _known.get(word, [])
    if not near or near[0][1] < LEAST:
        return word
    return next((each for each, how in near if each in said and how > near[0][1] - NEARLY), near[0][0])


def _compare(words: list[str]) -> None:
    """Remember the nearest words of each."""
    unknown = [word for word in dict.fromkeys(words) if word not in _known]
    english = _english() if unknown else None
    if english is None:
        return
    try:
        turned = across_vectors(unknown) @ english.turn.T
    except ModelError as error:
        log_failure("languages.no_gloss", error)
        return
    turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-9)
    for word, how in zip(unknown, turned @ english.vectors.T, strict=True):
        _known[word] = [(str(english.words[row]), float(how[row])) for row in np.argsort(-how)[:NEAREST]]
    while len(_known) > REMEMBERED:
        _known.popitem(last=False)


@cache
def _list(language: str) -> _List:
    lines = (WORDS / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    words = {word.casefold(): english for word, _, english in (line.partition("=") for line in lines)}
    stems: dict[str, str] = {}
    for word, english in words.items():
        if len(word) >= _SHORTEST_STEM_OF and english:
            for stem in search_terms(word, (language,)):
                stems.setdefault(stem, english)
    return _List(words, stems)


@cache
def _english() -> _English | None:
    arrays = weights_in(WORDS / "english.npz", "reader.not_compared")
    if arrays is None:
        return None
    words = np.array((WORDS / "english.txt").read_text(encoding="utf-8").split())
    vectors = arrays["vectors"] / np.linalg.norm(arrays["vectors"], axis=1, keepdims=True)
    return _English(words, vectors, arrays["turn"])
