"""A follow-up ("and to Canada?") and the question before it in, that question with one thing exchanged out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.text import MEASURES, Amount, amounts, asked_in, countries_in

_LONGEST = 300  # characters of a question that may have something exchanged
_FRAGMENT_WORDS = 6
_COUNTRY_WORDS = 3
_LEAD = re.compile(
    r"[\s¿¡]{0,5}(?:(?:and|or|but|so|then|what about|how about|what if|what of|und|oder|aber|dann|was ist mit|"
    r"wie ist es mit|wie sieht es mit|wie wäre es mit|y|o|pero|qué hay de|que hay de|qué pasa con|que pasa con|"
    r"qué tal|et|ou|mais|et pour|e|ed|ma|en|of|maar|hoe zit het met|wat met|mas)\b[\s,]{0,5}){1,3}+",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_]+(?:['’.,/-][^\W_]+)*|[€$£%]")
_NUMBER = r"\d{1,9}(?:[.,]\d{1,6})?"
_MONEY = frozenset({"eur", "usd", "gbp", "chf"})
_BARE_NUMBER = re.compile(rf"(?<![\w.,-]){_NUMBER}(?![\w.,-]?\w)")
_GLUED_NUMBER = re.compile(rf"(?<![\w.,-]){_NUMBER}(?=[^\W\d_]{{1,3}}\b)")  # 3kg
_CODE = re.compile(r"(?<![\w-])(?=[\w-]{0,30}\d)(?=[\w-]{0,30}[A-Za-z])[A-Za-z\d]+(?:-[A-Za-z\d]+){0,5}(?![\w-])")
# Words that open a phrase; those of one group stand for each other ("nach Japan", "in die Schweiz").
_GROUPS = (
    "to into towards", "by via per with without", "from", "in inside within", "for on", "at", "under below",
    "over above", "after", "before", "until till",
    "nach in ins zu zum zur", "mit ohne per via", "für", "aus von vom", "ab", "bis", "am an", "bei beim", "im in",
    "a al hacia para", "con sin", "de del desde", "por", "en", "hasta",
    "à au aux vers en pour", "avec sans par", "des du de", "naar", "met zonder", "voor", "van",
    "ao à aos para", "com sem",
)  # fmt: skip
_PREPOSITIONS = frozenset(word for group in _GROUPS for word in group.split())
_PLACE_WORDS = "to into from in nach aus von a al para en desde de à au aux vers pour naar uit"
_PLACES = frozenset(_PLACE_WORDS.split())
_ARTICLE_WORDS = """
a an the my our der die das den dem des ein eine einen einem einer mein meine meinen el la los las un una unos mi le les
une het een o os as um uma
"""
_ARTICLES = frozenset(_ARTICLE_WORDS.split())
_SMALL_WORDS = "one ones only just also eins eines auch nur uno unos"
_SMALL = _PREPOSITIONS | _ARTICLES | frozenset(_SMALL_WORDS.split())
# Where a phrase in small letters ends: words that go on with the sentence.
_END_WORDS = """
and or if when that which who is are was were be do does did can could will would should must may cost costs take takes
need needs have has get i you we they it
und oder wenn ist sind war kann muss darf kosten kostet dauert dauern brauche braucht geht ich du sie wir man
y o si es son cuesta cuestan tarda tardan puedo puede et ou est sont coûte dure kost duurt is zijn custa demora
"""
_ENDS = _PREPOSITIONS | frozenset(_END_WORDS.split())
_VERB_WORDS = """
send pay get return ship do be have know bring use open claim collect fill give make take track change arrive declare
receive buy order go come wait ask see find
"""
_VERBS_AFTER_TO = frozenset(_VERB_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int

    @property
    def small(self) -> str:
        return self.text.casefold()

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper() and self.text != "I"


def goes_on(question: str) -> bool:
    """Tell whether a question begins as one that goes on from the one before: "and …", "what about …"."""
    return _LEAD.match(question) is not None


def exchanged(question: str, before: str) -> str:
    """Return the question before with what the follow-up names in place of what stood there; "" where that is unclear.

    A number with its unit takes the place of another one of its kind, a code that of a code, a phrase that of the one
    with the same preposition, a name that of the only other name.
    """
    if len(before) > _LONGEST or len(question) > _LONGEST:
        return ""
    lead = _LEAD.match(question)
    fragment = question[lead.end() if lead else 0 :].strip().strip("?!.…¿¡ ")
    words = _words(fragment)
    if not 0 < len(words) <= _FRAGMENT_WORDS:
        return ""
    return (
        _measure_exchanged(fragment, words, before)
        or _code_exchanged(fragment, words, before)
        or _phrase_exchanged(fragment, words, before)
        or _country_exchanged(fragment, words, before)
        or _name_exchanged(fragment, words, before)
    )


def _words(text: str) -> list[_Word]:
    return [_Word(match[0], *match.span()) for match in _TOKEN.finditer(text)]


def _put(before: str, start: int, end: int, words: str) -> str:
    return f"{before[:start]}{words}{before[end:]}"


def _adds_nothing(words: Sequence[_Word], before: str) -> bool:
    """Tell whether words only repeat what was said: small ones, and words of the question before."""
    said = {word.small for word in _words(before)}
    return all(word.small in _SMALL or word.small in said for word in words)


def _measure_exchanged(fragment: str, words: Sequence[_Word], before: str) -> str:
    own, said = _measures(fragment), _measures(before)
    if len(own) == 1:
        others = [other for other in said if _compared(other.kind) == _compared(own[0].kind)]
        rest = [word for word in words if word.end <= own[0].start or word.start >= own[0].end]
        if len(others) != 1 or not _adds_nothing(rest, before):
            return ""
        return _put(before, others[0].start, others[0].end, fragment[own[0].start : own[0].end])
    return _number_exchanged(fragment, words, before)


def _number_exchanged(fragment: str, words: Sequence[_Word], before: str) -> str:
    numbers = list(_BARE_NUMBER.finditer(fragment))
    others = [*_BARE_NUMBER.finditer(before), *_GLUED_NUMBER.finditer(before)]
    if len(numbers) != 1 or len(others) != 1:
        return ""
    rest = [word for word in words if word.end <= numbers[0].start() or word.start >= numbers[0].end()]
    same_size = (len(numbers[0][0]) == 4) == (others[0].end() - others[0].start() == 4)  # a year is no number of pieces
    return _put(before, *others[0].span(), numbers[0][0]) if same_size and _adds_nothing(rest, before) else ""


def _measures(text: str) -> list[Amount]:
    """Return the numbers with a unit, written in figures."""
    return [amount for amount in amounts(text) if amount.kind in MEASURES and text[amount.start].isdigit()]


def _compared(kind: str) -> str:
    """Return what amounts that take each other's place have in common: money of any currency, any time."""
    return "money" if kind in _MONEY else "time" if kind == "months" else kind


def _code_exchanged(fragment: str, words: Sequence[_Word], before: str) -> str:
    own, others = list(_CODE.finditer(fragment)), list(_CODE.finditer(before))
    if len(own) != 1 or len(others) != 1:
        return ""
    rest = [word for word in words if word.end <= own[0].start() or word.start >= own[0].end()]
    return _put(before, *others[0].span(), own[0][0]) if _adds_nothing(rest, before) else ""


def _country_exchanged(fragment: str, words: Sequence[_Word], before: str) -> str:
    own, said = _countries(words, fragment), _countries(_words(before), before)
    if len(own) != 1 or len(said) != 1:
        return ""
    (start, end), (first, last) = own[0], said[0]
    rest = [word for word in words if word.end <= start or word.start >= end]
    return _put(before, first, last, fragment[start:end]) if _adds_nothing(rest, before) else ""


def _countries(words: Sequence[_Word], text: str) -> list[tuple[int, int]]:
    """Return where a text names countries, in small letters or large: "spain", "United Kingdom"."""
    found: list[tuple[int, int]] = []
    for first in range(len(words)):
        for last in range(first, min(first + _COUNTRY_WORDS, len(words))):
            start, end = words[first].start, words[last].end
            shorter = (text[start : words[last - 1].end], text[words[first + 1].start : end]) if last > first else ()
            if countries_in(text[start:end]) and not any(map(countries_in, shorter)):
                found.append((start, end))
    return found


def _phrase_exchanged(fragment: str, words: Sequence[_Word], before: str) -> str:
    first = words[0].small
    if first not in _PREPOSITIONS or len(words) < 2:
        return ""
    alike = frozenset(word for group in _GROUPS if first in group.split() for word in group.split())
    said = _words(before)
    has_figure = any(character.isdigit() for character in fragment)
    for index in range(len(said) - 2, -1, -1):
        if said[index].small not in alike:
            continue
        end = _phrase_end(said, index, before)
        phrase = before[said[index].start : said[end].end]
        named = next((word.capital for word in words[1:] if word.small not in _ARTICLES), False)
        other_named = any(word.capital for word in said[index + 1 : end + 1])
        # A name is exchanged for a name; somebody who types all in small letters has none.
        types_small = not any(word.capital for word in said[1:])
        is_verb = said[index].small == "to" and said[index + 1].small in _VERBS_AFTER_TO
        same_kind = has_figure == any(character.isdigit() for character in phrase)
        if end > index and same_kind and not is_verb and (named == other_named or types_small):
            return _put(before, said[index].start, said[end].end, fragment)
    only_a_name = all(word.capital for word in words[1:]) and first not in ("für", "by", "via", "per", "with", "mit")
    return _name_exchanged(fragment[words[1].start :], words[1:], before) if only_a_name else ""


def _phrase_end(said: Sequence[_Word], index: int, text: str) -> int:
    """Return the index of the last word of the phrase that a preposition opens; ``index`` where it has none."""
    last = index
    while last + 1 < len(said) and said[last + 1].small in _ARTICLES and last - index < 2:
        last += 1
    begin, capital = last, last + 1 < len(said) and said[last + 1].capital
    while last + 1 < len(said) and last - begin < (5 if capital else 3):
        following = said[last + 1]
        if set(text[said[last].end : following.start]) - {" ", "\u00a0"}:
            break
        if capital and not following.capital:
            joins = following.small in ("of", "and", "und", "the", "y", "et") and last > begin
            if not (joins and last + 2 < len(said) and said[last + 2].capital):
                break
        elif not capital and following.small in _ENDS:
            break
        last += 1
    return last if last > begin else index


def _name_exchanged(fragment: str, words: Sequence[_Word], before: str) -> str:
    """Put a name in place of the only other one; in German, where every noun is written large, of that of a place."""
    bare = [word for word in words if word.small not in _ARTICLES]
    if not bare or len(bare) > 4 or not all(word.capital for word in bare):
        return ""
    said = _words(before)
    only_places = asked_in(before) == "de"
    names: list[tuple[int, int]] = []
    index = 1
    while index < len(said):
        if said[index].capital and (not only_places or said[index - 1].small in _PLACES):
            end = _phrase_end(said, index - 1, before)
            names.append((said[index].start, said[end].end))
            index = end
        index += 1
    return _put(before, *names[0], fragment) if len(names) == 1 else ""
