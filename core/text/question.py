"""A question read once: what it was taken for, its search terms, the words that carry its meaning, what it names.

The only place where a question becomes what is searched, so that search, quotes and checks all see the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import repeat

from rapidfuzz.distance import OSA

from core.schema import ExactThing, Question
from core.text.asked_in import asked_in
from core.text.exact import exact_things
from core.text.names import capital_names, is_name, long_names, names_of, other_names, term_of
from core.text.own_words import said_in, with_meant
from core.text.places import is_city, with_countries_named
from core.text.terms import STOP_WORDS, content_terms, search_terms
from core.text.vocabulary import Vocabulary, unaccented

SHORTEST_CORRECTED = 4
MOST_CORRECTED = 6
MOST_OTHERS = 40
MOST_JOINED = 12
REMEMBERED = 128
COMPOUNDING = frozenset(("de", "nl", "da", "sv", "nb", "nn", "no"))
_TOKEN = re.compile(r"(?<![\w@.-])[^\W\d_]{4,32}(?![\w@-]|\.\w)")
_ABBREVIATION = re.compile(r"(?<![\w@.-])[^\W\d_]{2,3}(?![\w@-]|\.\w)")  # and words as short: "fob"
_WITHOUT_APOSTROPHE = re.compile(
    r"(?:ca|do|does|did|wo|would|is|are|was|were|could|should|have|has|had)nt|(?:what|where|who|how|that|there)s|youre"
)
_SPLIT = re.compile(r"[^\W_]+")
_ENDS = (
    "smallest", "largest", "biggest", "cheapest", "heaviest", "lightest", "longest", "shortest", "fastest", "quickest",
    "highest", "lowest", "latest", "newest", "oldest", "earliest",
)  # fmt: skip
# Of which nothing is doubled before "ing" and "ed".
_REGULAR = re.compile(r"(?P<stem>[a-z]*(?:[^aeiou]{2}|[aeiou]{2}[^aeiou]))(?:ing|ed)|(?P<one>[a-z]{3,})s")
_HIGHEST = re.compile(r"([^\W\d_]{3,})est")

Words = dict[str, tuple[str, ...]]


def read_question(
    text: str, languages: Sequence[str] = (), *, alone: str = "", vocabulary: Vocabulary | None = None
) -> Question:
    """Return a question as it is searched and answered; ``alone`` is its stand-alone form (else it is ``text``).

    ``languages`` are the two-letter codes of the sources it is asked of, ``vocabulary`` their words: against them what
    is mistyped is put right. The same question is read only once.
    """
    key = text, alone or text, tuple(sorted(set(languages)))
    if vocabulary is None:
        return _read_plainly(*key)
    if (question := vocabulary.questions.get(key)) is None:
        if len(vocabulary.questions) >= REMEMBERED:
            vocabulary.questions.clear()
        question = vocabulary.questions[key] = _read(*key, vocabulary)
    return question


def as_typed(question: Question, said: str = "") -> Question:
    """Return a follow-up as it was typed, without the conversation before it, read in the same way.

    ``said`` is what of it asks something, without its courtesies.
    """
    return read_question(question.text, question.languages, alone=said, vocabulary=question.read_as)


@lru_cache(maxsize=REMEMBERED)
def _read_plainly(text: str, alone: str, languages: tuple[str, ...]) -> Question:
    return _read(text, alone, languages, None)


def _read(text: str, alone: str, languages: tuple[str, ...], vocabulary: Vocabulary | None) -> Question:
    told = asked_in(alone)  # words of another language than the sources' are no slips for theirs; "" is not told
    same = not told or told in languages or not languages or "" in languages
    said = said_in(alone, vocabulary.own, languages) if vocabulary is not None else []
    asked = with_meant(alone, said)
    meant = frozenset(word for each in said for word in _SPLIT.findall(each.meant.casefold()))
    slips = _slips(asked, languages, vocabulary, meant) if vocabulary and same else {}
    corrected = {typed: near[0] for typed, near in slips.items()}
    understood = _with(asked, corrected)
    if vocabulary:
        understood = with_countries_named(understood, vocabulary.__contains__)
    terms = tuple(dict.fromkeys(search_terms(understood, languages)))
    words: Words = content_terms(understood, languages)
    for typed, near in slips.items():
        if near[0] in words:
            _add(words, near[0], _terms_of((typed, *near[1:]), languages))
    for each in said:  # both are searched: what was said may stand there, too
        typed_terms = [term for those in content_terms(each.text, languages).values() for term in those]
        for word in content_terms(each.meant, languages):
            _add(words, word, typed_terms)
    exact = exact_things(asked)
    words = _with_exact(words, exact)
    if vocabulary and COMPOUNDING.intersection(languages):
        words = _with_compounds(words, vocabulary, languages)
    words = _with_names(words, understood, languages)
    others = dict.fromkeys(term for those in words.values() for term in those if term not in terms)
    others |= dict.fromkeys(term for thing in exact for term in thing.terms if term not in terms)
    own = {each.text: each.meant for each in said}
    return Question(
        text, alone, languages, terms, words, tuple(others)[:MOST_OTHERS], exact, corrected, understood, own, vocabulary
    )


def unknown_words(text: str, languages: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Return the words of a question, as typed, that its sources have in no form and its owner does not know yet.

    Common words of a language are among them: a "laptop" that all documents call "notebook". Names, codes and what
    every sentence has are not.
    """
    said = " ".join(each.text.casefold() for each in said_in(text, vocabulary.own, languages))
    exact = " ".join(thing.written for thing in exact_things(text))
    unknown: dict[str, str] = {}
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", text)) + _ABBREVIATION.findall(text):
        word = token.casefold()
        if word in STOP_WORDS or _WITHOUT_APOSTROPHE.fullmatch(word) or is_name(word) or is_city(word):
            continue
        if len(word) < SHORTEST_CORRECTED and word in vocabulary.common:
            continue
        if token not in exact and word not in said and not _stands(word, languages, vocabulary):
            unknown.setdefault(word, token)
    return list(unknown.values())


def _slips(
    text: str, languages: Sequence[str], vocabulary: Vocabulary, sure: frozenset[str] = frozenset()
) -> dict[str, list[str]]:
    """Return a question's mistyped words, casefolded, each with what they may be meant for; none is ``sure``."""
    slips: dict[str, list[str]] = {}
    exact = " ".join(thing.written for thing in exact_things(text))
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", text)):
        word = token.casefold()
        if (
            word in slips
            or word in sure
            or word in STOP_WORDS
            or sum(map(str.isupper, token)) > 1
            or is_name(word)
            or is_city(word)
            or token in exact
        ):
            continue
        if (
            not _WITHOUT_APOSTROPHE.fullmatch(word)
            and not _is_known(word, languages, vocabulary)
            and (near := vocabulary.near(word) or _ends_near(word) or _two_words(word, vocabulary))
        ):
            slips[word] = near
            if len(slips) == MOST_CORRECTED:
                break
    return slips


def _ends_near(word: str) -> list[str]:
    """Return the end of a scale that a word is a slip of, "smalest": it is asked for in words that no source has."""
    return [end for end in _ENDS if end[0] == word[0] and OSA.distance(word, end) == 1]


def _two_words(word: str, vocabulary: Vocabulary) -> list[str]:
    """Return the two words of the sources that a word is where a blank is missing: "nailpolish"."""
    parts = vocabulary.parts(word)
    return [" ".join(parts)] if parts and "".join(parts) == unaccented(word) else []


def _is_known(word: str, languages: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Tell whether a word is common, or stands in the sources."""
    if word in vocabulary.common:
        return True
    highest = _HIGHEST.fullmatch(word)  # "cheapest" is no slip for "cheaper"
    if highest and any(form in vocabulary or form in vocabulary.common for form in (highest[1], f"{highest[1]}e")):
        return True
    form = _REGULAR.fullmatch(word)  # "picking" is no slip for "packing"
    if form and (form["stem"] or form["one"]) in vocabulary.common:
        return True
    return _stands(word, languages, vocabulary)


def _stands(word: str, languages: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Tell whether a word stands in the sources: so, in another form, or as a compound of two."""
    if word in vocabulary:
        return True
    stems = frozenset(search_terms(word, languages))
    shortest = min(stems, key=len)
    start = unaccented(word)[: max(3, len(shortest) - 1)]
    if any(not stems.isdisjoint(search_terms(other, languages)) for other in vocabulary.beginning(start)):
        return True
    return bool(COMPOUNDING.intersection(languages)) and vocabulary.parts(word) is not None


def _with(text: str, corrected: Mapping[str, str]) -> str:
    """Put what was meant in the place of what was typed."""
    if not corrected:
        return text
    text = unicodedata.normalize("NFKC", text)
    return _TOKEN.sub(lambda match: corrected.get(match.group().casefold(), match.group()), text)


def _with_exact(words: Words, exact: Iterable[ExactThing]) -> Words:
    """Put each exact thing as one word in the place of its pieces; a date stays in pieces besides."""
    for thing in exact:
        pieces = content_terms(thing.written)
        if thing.kind == "date":
            for piece in pieces if len(pieces) == 1 else ():
                _add(words, piece, thing.terms)
            continue
        places = [*words]
        at = min((places.index(piece) for piece in pieces if piece in words), default=len(places))
        left = [word for word in places if word not in pieces]
        at = sum(word in left for word in places[:at])
        named = thing.written.casefold()
        words = {word: words[word] for word in left[:at]} | {named: thing.terms} | {w: words[w] for w in left[at:]}
    return words


def _with_compounds(words: Words, vocabulary: Vocabulary, languages: Sequence[str]) -> Words:
    """Let a compound stand for its two parts as well, and two neighbouring words for their compound."""
    made: Words = {}
    for word, terms in words.items():
        parts = vocabulary.parts(word) if word.isalpha() else None
        if parts is None:
            made[word] = terms
            continue
        for part in parts:
            _add(made, part, (*_terms_of((part,), languages), *terms))
    alone = [word for word in made if word.isalpha()][:MOST_JOINED]
    for first, last in (pair for at in range(len(alone)) for pair in zip(repeat(alone[at]), alone[at + 1 : at + 4])):
        whole = _terms_of(vocabulary.compounds(first, last), languages)
        for word in (first, last) if whole else ():
            _add(made, word, whole)
    return made


def _with_names(words: Words, text: str, languages: Sequence[str]) -> Words:
    """Let each name stand for the others of the same thing: "USA" for "United States", "kg" for "Kilogramm"."""
    for word in list(words):
        names, terms = other_names(word, languages)
        if names or terms:
            _add(words, word, (*terms, *_terms_of(names, languages)))
    for word, key in capital_names(text).items():
        _add(words, word, (term_of(key), *_terms_of(names_of(key), languages)))
    typed = _SPLIT.findall(unicodedata.normalize("NFKC", text).casefold())
    for start, end, key in long_names(typed):
        for word in typed[start:end]:
            words.pop(word, None)
        words[" ".join(typed[start:end])] = (term_of(key), *_terms_of(names_of(key), languages))
    return words


def _terms_of(words: Iterable[str], languages: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for word in words for term in search_terms(word, languages)))


def _add(words: Words, word: str, terms: Iterable[str]) -> None:
    words[word] = tuple(dict.fromkeys((*words.get(word, ()), *terms)))
