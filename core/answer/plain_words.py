"""A text in, the same in the one way of writing that statements are compared in."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.text import exact_things, measured

_MARKS = re.compile(r"\[\^?\d{1,2}\]|[*_`#]{1,3}|\\")
_ENUMERATION = re.compile(r"^\s*(?:[-*+•–]\s+|\(?\d{1,2}[.)]\s+(?=\S))")
_TIME = re.compile(
    r"(?<![\d.,:])(\d{1,2})(?:[:.](\d\d))?\s?(a\.?m\.?|p\.?m\.?|uhr|h)(?!\w)|(?<![\d.,:])(\d{1,2}):(\d\d)(?![\d:])",
    re.IGNORECASE,
)
CLOCK = "clocktime"
"""What a time of day is counted in: minutes."""
_NOON = re.compile(r"\b(?:noon|midday|mittags|(midnight|mitternacht))\b", re.IGNORECASE)
_ONES = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8,
    "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16,
    "siebzehn": 17, "achtzehn": 18, "neunzehn": 19, "dozen": 12, "dutzend": 12,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "zwanzig": 20, "dreißig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60, "siebzig": 70, "achtzig": 80,
    "neunzig": 90,
}  # fmt: skip
_GERMAN_ONES = {"ein": 1, **{word: number for word, number in _ONES.items() if number < 10}}
_NUMBERS = {
    **_ONES,
    **_TENS,
    **{f"{ten}-{one}": tens + ones for ten, tens in _TENS.items() for one, ones in _ONES.items() if ones < 10},
    **{f"{one}und{ten}": tens + ones for ten, tens in _TENS.items() for one, ones in _GERMAN_ONES.items()},
}  # fmt: skip
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b", re.IGNORECASE)
_UNITS = (
    r"night|nacht|day|week|month|year|hour|minute|tag|tages|tage|woche|monat|monats|jahr|stunde|minute|kilo|litre|liter|"
    r"meter|metre|euro|dollar|"
    r"percent|prozent|person|business|working|calendar|werktag"
)
_A_UNIT = re.compile(rf"\b(?:(one|once)|an?|ein(?:e[nmrs]?)?)\s+(?=(?:{_UNITS})\b)", re.IGNORECASE)
_RATE = re.compile(
    r"(?:/ ?|\b(?:per|pro|every|each|jede[nrsm]?|am|im|je|in der|in the|par|por|al)\s+)([^\W\d_]+)(?:\s([^\W\d_]+))?",
    re.IGNORECASE,
)
_OFTEN = {
    "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year", "annual": "year",
    "hourly": "hour", "täglich": "day", "wöchentlich": "week", "monatlich": "month", "jährlich": "year",
    "monatliche": "month", "jährliche": "year", "stündlich": "hour", "nightly": "night",
}  # fmt: skip
_NIGHTS = frozenset(["night", "nacht", "noche", "nuit", "notte"])
_HUNDREDS = re.compile(
    rf"\b(?:(?P<how>{'|'.join(_GERMAN_ONES)}))?(?P<many>hundert|tausend|hundred|thousand)\b", re.IGNORECASE
)
_HAS_DIGIT = re.compile(r"\d")
_HALF = re.compile(r"\b(?:half an? hour|(?:einer? )?halben? stunde)\b", re.IGNORECASE)
_HALF_OF = re.compile(r"\bhalf an? ", re.IGNORECASE)
_SCALED = re.compile(
    r"(?<![\d.,])(\d{1,9}(?:[.,]\d{1,9})?)\s?(million|mio\.?|millionen|thousand|tausend|hundred|hundert)\b",
    re.IGNORECASE,
)
_SCALES = {"m": 1_000_000, "t": 1_000, "h": 100}
_CODES = {"eur": "EUR", "euro": "EUR", "usd": "USD", "us$": "USD", "gbp": "GBP", "chf": "CHF"}
_CODE_FIRST = re.compile(
    r"(?<![\w$])(EUR|Euro|USD|US\$|GBP|CHF|NOK|SEK|DKK|PLN|CZK|HUF|JPY|CAD|AUD|€|\$|£)\s?(\d[\d.,'’]*\d|\d)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_JOINED_UNIT = re.compile(r"(?<![^\W_])(?<![-\u2010\u2011])(\d{1,6})[-\u2010\u2011](?=[^\W\d_])")
# What is said in several words, said in one way. The order counts.
_SAYINGS: tuple[tuple[re.Pattern[str], str, re.Pattern[str]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), said, re.compile(hint))
    for hint, pattern, said in (
        ("only|nicht nur|sólo|seulement|solo|alleen",
            r"\b(?:not only|nicht nur|no sólo|non seulement|non solo|niet alleen)\b", " "),
        ("t",
            r"\b(?:don|doesn|didn|isn|aren|wasn|weren|won|wouldn|can|couldn|shouldn|mustn|needn|haven|hasn|"
            r"hadn)['’]?t\b", "not"),
        ("can ?not", r"\b(?:cannot|can not)\b", "not"),
        ("free|cost|charge|fee|compl|kost|gebühr|umsonst|gratis|gratuit|aufpreis",
            r"\bfree of (?:charge|cost)\b|\b(?:at|for) no (?:extra |additional |further )?(?:charge|cost)\b|"
            r"\bfor free\b|"
         r"\bwithout (?:extra |additional |any )?(?:charge|cost|fee)s?\b|\bcosts? nothing\b|"
         r"\bno (?:extra |additional |further )?(?:charge|cost|fee)s?\b|\bcomplimentary\b|"
         r"\b(?:kostenlos|kostenfrei|gebührenfrei|umsonst|gratis)(?:e[nmrs]?)?\b|\bkostet nichts\b|"
         r"\bohne (?:kosten|gebühr(?:en)?|aufpreis)\b|\b(?:gratuit|gratuitement|gratuito|gratuita)\b", "gratis"),
        ("free", r"\b(\w{2,20})-free\b(?! of)|\b(duty|tax|vat|interest|fee|rent) free\b", r"free of \1\2"),
        ("free|frei|exempt", r"\b(?:free of|free from|frei von|exempt from|befreit von)\b", "without"),
        ("frei", r"\b(\w{4,})frei\b", r"without \1"),
        ("free", r"\bfree\b(?! (?:until|time|of|zones?))", "gratis"),
        ("non-", r"\bnon-(?=\w)", "not "),
        ("un",
            r"\bun(?=(?:opened|used|paid|changed|available|declared|damaged|insured|covered|restricted|"
            r"limited|signed|"
         r"authori[sz]ed|lawful|able|sealed|taxed|registered|supervised|furnished|announced)\b)", "not "),
        ("un",
            r"\bun(?=(?:zulässig|gültig|vollständig|begrenzt|beschränkt|bezahlt|geöffnet|benutzt|möglich|"
            r"verbindlich)\w{0,2}\b)", "nicht "),
        ("in|im", r"\b(?:in(?=(?:valid|complete|eligible|admissible)\b)|im(?=possible\b))", "not "),
        ("than|als",
            r"\b(?:do|must|may|can|should|shall)? ?not (\w+) (?:more|longer|later|older|heavier) than\b", r"\1 atmost"),
        ("than|exceed|überschr|most|up to|max|höchst|bis zu|como|jusqu|under|below|als|unter",
            r"\b(?:no|not) (?:more|later|longer|older|heavier|greater|higher) than\b|\b(?:may|must|can|should|"
            r"do|does)? ?not exceed(?:ing)?\b|"
         r"\bnicht (?:mehr|länger|später|schwerer|höher) als\b|\b(?:darf|dürfen) \w+ nicht überschreiten\b|"
         r"\bat (?:the )?most\b|\bup to\b|\bmax(?:imum|imal|\.)?(?: of)?(?= ?[\d€$£])|\bhöchstens\b|\bbis zu\b|"
         r"\bcomo máximo\b|\bau maximum\b|\bjusqu['’]à\b|\bal massimo\b|\bunder(?= ?[\d€$£])|\bbelow(?= ?[\d€$£])|"
         r"\b(?:less|fewer|lighter|shorter|younger|lower) than\b|\bweniger als\b|\bunter(?= ?[\d€$£])", "atmost"),
        ("less|few|weniger|least|min|menos|moins|meno|than|over|above|exceed|als|über|ab",
            r"\b(?:no|not) (?:less|fewer) than\b|\bnicht weniger als\b|\bat least\b|\bmin(?:imum|destens|"
            r"\.)?(?: of)?(?= ?[\d€$£])|"
         r"\bmindestens\b|\bal menos\b|\bau moins\b|\balmeno\b|\b(?:more|longer|heavier|older|higher|greater) than\b|"
         r"\bover(?= ?[\d€$£])|\babove(?= ?[\d€$£])|\bexceed(?:s|ing)?(?= ?[\d€$£])|\bmehr als\b|"
         r"\büber(?= ?[\d€$£])|\bab(?= ?[\d€$£])", "atleast"),
        ("no|not", r"\bno longer\b|\bnicht mehr\b|\bnot yet\b|\bnoch nicht\b", "not"),
        ("fail", r"\b(?:fails?|failed) to\b", "not"),
        ("%", r"%", " percent "),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plain:
    """The text; the terms of its dates, which it holds no more; and by what time it counts, "per day", as what is
    measured and how many of the smallest unit."""

    text: str
    dates: frozenset[str]
    rates: frozenset[tuple[str, float]]


def plain_words(text: str) -> Plain:
    """Write numbers as digits with their unit behind, "free of charge", "no more than" and their like in one way."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    text = _ENUMERATION.sub("", text)
    dates: set[str] = set()
    has_digit = _HAS_DIGIT.search(text) is not None
    for thing in exact_things(text) if has_digit else ():
        if thing.kind == "date":
            dates.update(thing.terms)
            text = text.replace(thing.written, " ")

    def timed(match: re.Match[str]) -> str:
        hour, minute = int(match[1] or match[4]), int(match[2] or match[5] or 0)
        half = (match[3] or "").casefold().replace(".", "")
        if hour > 24 or minute > 59 or (half == "h" and not match[2]):
            return match[0]
        hour = hour % 12 + 12 * (half == "pm") if half in ("am", "pm") else hour
        return f" {60 * hour + minute} {CLOCK} "

    text = _TIME.sub(timed, text) if has_digit else text
    text = _NOON.sub(lambda match: f" {0 if match[1] else 720} {CLOCK} ", text)
    text = _NUMBER_WORD.sub(lambda match: str(_NUMBERS[match[0].casefold()]), text)
    small = text.casefold()
    for pattern, said, hint in _SAYINGS:
        if hint.search(small):
            text = pattern.sub(said, text)
    text = _JOINED_UNIT.sub(r"\1 ", text)
    text = _HALF.sub("30 minutes", text)
    text = _HALF_OF.sub("half ", text)
    text = _A_UNIT.sub(_one_or_per, text)
    text = _HUNDREDS.sub(_hundreds, text)
    text = _SCALED.sub(
        lambda match: f"{float(match[1].replace(',', '.')) * _SCALES[match[2][0].casefold()]:.10g}", text
    )
    text = _CODE_FIRST.sub(lambda match: f"{match[2]} {_CODES.get(match[1].casefold(), match[1])}", text)
    return Plain(text, frozenset(dates), frozenset(_rates(text)))


def _one_or_per(match: re.Match[str]) -> str:
    """Read "a week" as one, and in "4 euros a week" as "per week"."""
    after_number = not match[1] and _HAS_DIGIT.search(match.string, max(0, match.start() - 16), match.start())
    return "per " if after_number else "1 "


def _hundreds(match: re.Match[str]) -> str:
    before = match.string[: match.start()].rstrip()
    if not match["how"] and before[-1:].isdigit():
        return match[0]  # "2 hundred" is read as one number
    many = 100 if match["many"][0] in "hH" else 1000
    return str(_GERMAN_ONES[match["how"].casefold()] * many if match["how"] else many)


def _rates(text: str) -> Iterator[tuple[str, float]]:
    for match in _RATE.finditer(text):
        for word in (match[1].casefold(), (match[2] or "").casefold()):
            if (rate := measured(word))[0] in ("time", "months"):
                yield rate
            elif word in _NIGHTS:
                yield "night", 1.0
    for match in _LETTERS.finditer(text):
        if often := _OFTEN.get(match[0].casefold()):
            yield ("night", 1.0) if often == "night" else measured(often)
