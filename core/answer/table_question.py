"""A question as tables are asked it: its words in order, what it names, its amounts, and what kind of cell it wants."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from core.schema import Question
from core.text import CURRENCIES, MEASURES, STOP_WORDS, Amount, amounts, countries_in, search_terms

LONGEST_NAME = 12  # words: a cell with more is no name of its row
_COUNTRY_WORDS = 4
_TOKEN = re.compile(r"[^\W_]++(?:[-‐‑.,'’][^\W_]++)*+")
_JOINED = re.compile(r"[-‐‑.,'’]")
_PARENTHESES = re.compile(r"\(([^()]*+)\)")
_LIST = re.compile(r"[,;/&]|\b(?:and|und|y|e|et)\b")
_NUMBERS = re.compile(
    r"(?<![^\W\d_])([^\W\d_]++) (\d{1,3})(?: ?(?:,|and|und|y|et) ?(\d{1,3})| ?(?:-|–|to|bis|a) ?(\d{1,3}))"
)

# What a question asks for by other words than the names of columns use, in the languages that owners write in.
_MEANS = {
    "wide broad breit broad ancho large": "width breite ancho anchura largeur",
    "high tall hoch alto haut": "height höhe altura alto hauteur",
    "deep tief profundo": "depth tiefe profundidad fondo profondeur",
    "heavy weigh weighs schwer wiegt pesa pesan": "weight gewicht peso poids",
    "long lang largo larga": "length länge longitud largo longueur",
    "far weit lejos": "distance entfernung distancia",
    "often oft": "frequency häufigkeit frecuencia often",
    "mean means bedeutet heißt significa": "meaning bedeutung significado",
    "open opens offen geöffnet auf abierto": "opening öffnungszeiten hours horario",
}
_OTHER_WORDS = {word: tuple(names.split()) for words, names in _MEANS.items() for word in words.split()}

# (what is wanted, how it is asked, how the name of a column says it)
_WANTED: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (kind, re.compile(asked, re.IGNORECASE), re.compile(named, re.IGNORECASE))
    for kind, asked, named in (
        (
            "percent",
            r"\b(?:what percent(?:age)?|how many percent|wie ?viel prozent|qué porcentaje)\b",
            r"%|\b(?:percent|percentage|prozent|porcentaje|rate|satz)\b",
        ),
        (
            "time",
            r"\b(?:how (?:long|soon|fast|quickly|many (?:\w+ )?(?:days|hours|weeks|months|years|minutes))|"
            r"when (?:is|was|are|were|do|does|did|can|will|must|should|may)|wann|"
            r"wie (?:lange?|schnell|viele (?:tage|werktage|stunden|wochen|monate|jahre|minuten))|"
            r"cuánto (?:tiempo|tarda|demora)|cuántos días|cuántas horas|cuándo|combien de (?:temps|jours)|quand)\b",
            r"\b(?:time|days?|hours?|weeks?|date|until|within|duration|deadline|laufzeit|lieferzeit|dauer|"
            r"stunden|datum|frist|bis|días?|horas?|plazo|tiempo|fecha|duración|délai|jours)\b|tagen?\b",
        ),
        (
            "load",
            r"\b(?:carry|carries|hold|holds|bear|bears|how much weight|trägt|tragen|aguantan?|carga)\b",
            r"(?:\b|_)(?:kg|load|holds?|limit|traglast|last|carga|capacity)(?:\b|_)",
        ),
        (
            "weight",
            r"\b(?:how heavy|weighs?|weight|wie schwer|wiegt|gewicht|pesan?|peso)\b",
            r"(?:\b|_)(?:kg|weight|gewicht|peso)(?:\b|_)",
        ),
        (
            "money",
            r"\b(?:how (?:much|expensive)|prices?|costs?|fees?|charges?|tariffs?|expensive|cheap|cheapest|pay|"
            r"wie ?viel|wie teuer|preise?|kostet|kosten|gebühr(?:en)?|porto|was macht|zahlen?|zahlt|bezahlen|cuánto|"
            r"precios?|cuestan?|coste|costo|tarifas?|vale|pagar|pago|combien|prix|coûten?t?|tarifs?|payer)\b",
            r"(?:\b|_)(?:prices?|costs?|fees?|charges?|amount|eur|usd|gbp|chf|kosten|betrag|"
            r"porto|precios?|coste|costo|tarifa|importe|prix|tarif)(?:\b|_)|(?:preise?|gebühr|zuschlag)\b|[€$£]",
        ),
    )
)
_NUMERIC = re.compile(
    r"\bhow (?:much|many|high|long|far|often|heavy|big|large|wide|deep|tall|broad|old)\b|\bwie ?(?:viele?|hoch|lange?|"
    r"weit|oft|schwer|groß|breit|tief)\b|\bcuánt[oa]s?\b|\bcombien\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(r"\b(?:how many|wie ?viele|cuánt[oa]s|combien d[e'’])\s?([^\W\d_]+)", re.IGNORECASE)
_DECIMALS = re.compile(r"\d[.,]\d\d\b")
_TIME_OF_DAY = re.compile(r"\b\d{1,2}:\d\d\b|\b(?:19|20)\d\d\b|\b(?:next|nächste[nr]?|siguiente)\b", re.IGNORECASE)
_NO_CHARGE = re.compile(r"\b(?:free|none|included|kostenlos|gratis|frei|inklusive|incluido|gratuit)\b", re.IGNORECASE)
_OLD = re.compile(r"(?:[- ]?years?[- ]old|(?<=\d) ?y/?o)s?\b", re.IGNORECASE)
# "the normal price, not express": what is not meant names no row.
_NOT = re.compile(
    r"\b(?:not|no|kein(?:e[nrms]?)?|nicht|pas|niet|geen) (?:the |an? |der |die |das |un |une |het )?[^\W\d_]+$", re.I
)
_NO_NAME = re.compile(r"(?:yes|no|none|not|ja|nein|keine?|nicht|sí|oui|non)\b", re.IGNORECASE)
_RATE = re.compile(r"\b(?:per|je|pro|por|par) [^\W\d_]+", re.IGNORECASE)
_LOAD = re.compile(r"load|max|limit|last\b|carga", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's words in order, and where in it each of them and each of the terms they may stand as occurs.

    The first ``typed`` words are its own, the rest is known besides.
    """

    text: str
    words: tuple[str, ...]
    languages: tuple[str, ...]
    places: dict[str, frozenset[int]] = field(repr=False)
    amounts: tuple[tuple[Amount, frozenset[int]], ...] = ()  # each with where its words stand
    asking: frozenset[int] = frozenset()
    wanted: str = ""
    numeric: bool = False
    counted: frozenset[int] = frozenset()
    typed: int = 0
    remembered: dict[str, frozenset[int]] = field(default_factory=dict, repr=False)

    def named(self, name: Sequence[str]) -> frozenset[int]:
        """Return where the question says a name; empty where it does not say all of it.

        A number in it has to stand there beside a word of the name: "zone 3, 5 kg" does not say "zone 5".
        """
        found: list[frozenset[int]] = []
        for word in name:
            at = self.at(word)
            if not at:
                return self._as_country(name)
            found.append(at)
        for index, word in enumerate(name):
            beside = [(found[near], step) for near, step in ((index - 1, -1), (index + 1, 1)) if 0 <= near < len(name)]
            if word.isdigit() and beside and not any(at + step in near for at in found[index] for near, step in beside):
                return frozenset()
        return frozenset().union(*found)

    def _as_country(self, name: Sequence[str]) -> frozenset[int]:
        """Return where the question says a country by its initials: "UK" for "United Kingdom"."""
        countries = countries_in(" ".join(name)) if 1 < len(name) <= _COUNTRY_WORDS else frozenset()
        return self.at_country(next(iter(countries))) if len(countries) == 1 else frozenset()

    def at_country(self, key: str) -> frozenset[int]:
        """Return where the question says a country of names.py by another name than its own words."""
        return self.places.get(f"~~{key.removeprefix('country:').casefold()}", frozenset())

    def at(self, word: str) -> frozenset[int]:
        """Return where a word stands in the question, in any of its forms."""
        at = self.remembered.get(word)
        if at is None:
            at = self.places.get(word, frozenset())
            if word.isalpha():
                at = at.union(*(self.places.get(f"~{term}", ()) for term in _terms(word, self.languages)))
            self.remembered[word] = at
        return at

    def heading(self, name: Sequence[str]) -> frozenset[int]:
        """Return where the question says some of the name of a column; a number in it only as a part of the whole."""
        numbered = any(word.isdigit() for word in name)
        return (numbered and self.named(name)) or self.shared(word for word in name if not word.isdigit())

    def shared(self, words: Iterable[str]) -> frozenset[int]:
        """Return where any of these words stand in the question."""
        return frozenset[int]().union(*map(self.at, words))


def asked_of(question: Question, more: str = "") -> Asked:
    """Read a question; ``more`` is what is known besides, as though it had been said too: "Zone 5"."""
    text = _NOT.sub(" ", _OLD.sub(" years", question.understood or question.alone))
    placed = list(_placed_words(text))
    starts = [start for _, start in placed]
    words = [word for word, _ in placed] + words_of(more)
    places: dict[str, set[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(word, set()).add(place)
        if word.isalpha():
            terms = question.words.get(word) or _terms(word, question.languages)
            others = [term for other in _OTHER_WORDS.get(word, ()) for term in _terms(other, question.languages)]
            for term in [*terms, *others]:
                places.setdefault(f"~{term}", set()).add(place)
        elif plain := _JOINED.sub("", word):
            places.setdefault(plain, set()).add(place)
    wanted = [(kind, match) for kind, asks, _ in _WANTED for match in asks.finditer(text)]
    asking = {place for _, match in wanted for word in words_of(match[0]) for place in places.get(word, ())}
    counted = frozenset(places.get(counted_noun(text), ()))
    frozen = {word: frozenset(at) for word, at in places.items()}
    return Asked(
        text,
        tuple(words),
        tuple(question.languages),
        frozen,
        tuple((each, _places_of(each, starts)) for each in amounts(text)),
        frozenset(asking | counted),
        wanted[0][0] if wanted else "",
        bool(_NUMERIC.search(text)),
        counted,
        len(placed),
    )


def _places_of(amount: Amount, starts: Sequence[int]) -> frozenset[int]:
    """Return where the words of an amount stand; what follows a number and is no unit may be anything."""
    first, last = bisect_left(starts, amount.start), bisect_left(starts, amount.end)
    return frozenset(range(first, last if amount.kind in MEASURES else min(first + 1, last)))


def counted_noun(text: str) -> str:
    """Return what a question asks the number of: "how many zones are there" -> "zones"; "" where it does not."""
    match = _HOW_MANY.search(text)
    return match[1].casefold() if match else ""


def words_of(text: str) -> list[str]:
    """Return the words that mean something, in order; a code stays one word, its hyphens left out."""
    return [word for word, _ in _placed_words(text)]


def _placed_words(text: str) -> Iterator[tuple[str, int]]:
    """Yield the words that mean something, and where in the text the token begins in which each of them stands."""
    for match in _TOKEN.finditer(text):
        token = match[0].casefold()
        if any(sign.isdigit() for sign in token):
            yield (_JOINED.sub("", token) if any(sign.isalpha() for sign in token) else token), match.start()
        else:
            inside = match.start() or not text[1:].strip()  # the L of "size L", not the A of "A parcel"
            size = len(token) == 1 and match[0].isupper() and token != "i" and inside
            parts = _JOINED.split(token)
            yield from ((part, match.start()) for part in parts if size or part not in STOP_WORDS)


def names_of(cell: str) -> list[tuple[str, ...]]:
    """Return what the thing in a cell may be called: all of it, the items of a list, without its code, its code."""
    return list(_names_of(cell)) if len(cell) <= 400 and not _NO_NAME.match(cell) else []


@lru_cache(maxsize=4096)
def _names_of(cell: str) -> tuple[tuple[str, ...], ...]:
    names: dict[tuple[str, ...], None] = {}
    for words in _ways(cell):
        if 0 < len(words) <= LONGEST_NAME:
            names.setdefault(tuple(words))
    return tuple(names)


def _ways(cell: str) -> Iterator[list[str]]:
    whole = words_of(cell)
    yield whole
    if "(" in cell:
        yield words_of(_PARENTHESES.sub(" ", cell))
        yield from (words_of(inside) for inside in _PARENTHESES.findall(cell) if len(inside) > 2)
    bare = _PARENTHESES.sub(" ", cell)
    items = [item.strip() for item in _LIST.split(bare)]
    if len(items) > 1 and all(item[:1].isupper() for item in items if item):
        yield from map(words_of, items)
    for match in _NUMBERS.finditer(bare):
        one, first, second, last = match.groups()
        numbers = range(int(first), int(last) + 1) if last else (int(first), int(second))
        yield from (words_of(f"{bare[: match.start()]}{one} {number}{bare[match.end() :]}") for number in numbers[:20])
    codes = [word for word in whole if _is_code(word)]
    letters = [word for word in whole if word.isalpha()]
    if codes and len(letters) > 1 and len(codes) + len(letters) == len(whole):
        yield letters
    if whole and _is_code(whole[0]):
        yield whole[:1]


def _is_code(word: str) -> bool:
    return any(sign.isdigit() for sign in word) and any(sign.isalpha() for sign in word)


def is_named_for(wanted: str, words: str) -> bool:
    """Tell whether the name of a column, or a heading, says that there is what is wanted: "Working days" for a time."""
    words = _RATE.sub("", words)
    return any(kind == wanted and (named.search(words) or asks.search(words)) for kind, asks, named in _WANTED)


def suits(wanted: str, cell: str, name: str) -> bool:
    """Tell whether a cell under a column of this name may be what is wanted: a sum of money, a time, …"""
    named = is_named_for(wanted, name)
    kinds = {amount.kind for amount in amounts(cell)}
    if wanted == "money":
        bare = not kinds & (MEASURES - CURRENCIES) and (named or bool(_DECIMALS.search(cell)))
        return bool(kinds & CURRENCIES) or (bool(kinds) and bare) or (named and bool(_NO_CHARGE.search(cell)))
    if wanted == "time":
        shown = kinds & {"time", "months"} or _TIME_OF_DAY.search(cell)
        return bool(shown) or (named and any(sign.isdigit() for sign in cell))
    if wanted == "weight" and _LOAD.search(name):
        return False
    return ("mass" if wanted in ("weight", "load") else "percent") in kinds or (named and bool(kinds))


def answers(asked: Asked, cell: str, name: str, *, meant: bool) -> bool:
    """Tell whether a cell is of the kind that the question wants, as far as it wants a kind at all.

    ``meant``: the question names its column. Then "how much" need not be money: "how much can it bear"; but never how
    long something takes.
    """
    if asked.wanted and not suits(asked.wanted, cell, name):
        much = meant and asked.wanted == "money" and _only_how_much(asked)
        kinds = {amount.kind for amount in amounts(cell)} if much else set[str]()
        return bool(kinds) and kinds.isdisjoint(("time", "months"))
    return not asked.numeric or any(sign.isdigit() for sign in cell) or bool(_NO_CHARGE.search(cell))


def _only_how_much(asked: Asked) -> bool:
    """Tell whether nothing but "how much" speaks of money: "how much can it bear"."""
    return not asked.asking


@lru_cache(maxsize=20_000)
def _terms(word: str, languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(search_terms(word, languages))
