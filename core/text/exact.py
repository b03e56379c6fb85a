"""Exact things in a text: codes, numbers of invoices and telephones, e-mail addresses, paragraphs, dates.

Each is one term, however it is written: AX-4410-B and AX4410B are ``ax4410b``, 03.03.2026 and 3 March 2026 are
``2026-03-03``, +49 30 1234567 and 030/1234567 are ``301234567``, "Section 12.3" is ``§12.3``.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from core.schema import ExactThing
from core.text.names import month_names, month_of
from core.text.numbers import CURRENCY_SIGNS, is_year

MOST_THINGS = 8
_DIGIT = re.compile(r"\d")
_BLANK = "[ \u00a0\u202f\n]"
_DAY_MONTH = re.compile(
    rf"(?<![\w.,/-])(\d{{1,2}})(?:\.|st|nd|rd|th|er|o|e)?{_BLANK}{{0,2}}(?:(?:of|de){_BLANK})?"
    rf"([^\W\d_]{{3,10}})\b\.?(?:,?{_BLANK}{{1,2}}(?:del?{_BLANK})?(\d{{4}})(?!\d))?",
    re.IGNORECASE,
)
_WORD_NUMBER = re.compile(
    rf"(?<![^\W_])([^\W\d_]{{2,14}})(?:\.|\b){_BLANK}{{0,2}}(?=\d)|(§){{1,2}}{_BLANK}{{0,2}}(?=\d)"
)
_MONTHS_DAY = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.,:]\d)(?:,?{_BLANK}{{1,2}}(\d{{4}})(?!\d))?", re.IGNORECASE
)
_NUMERIC_DATE = re.compile(
    r"(?<![\w.,/-])(?:(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{1,2})([-/.])(\d{1,2})\6(\d{4}|\d{2}(?!\d))?)(?!\d|[-/]\w|[.,]\d)"
    r"|(?<!\d)(\d{4})年(\d{1,2})月(\d{1,2})日"
)
_PLACE = re.compile(
    rf"(\d{{1,4}}[a-z]?(?:\.\d{{1,3}}){{0,4}})(?!\w|[.,]\d)"
    rf"(?:{_BLANK}?\((\d{{1,2}})\)|,?{_BLANK}?(?:Abs\.?|Absatz|par\.?|lid){_BLANK}?(\d{{1,2}})(?!\w))?",
    re.IGNORECASE,
)
_HEADING = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t])?(\d{1,3}(?:\.\d{1,3}){0,4})[.)]?[ \t]{1,3}[^\W\d_]", re.MULTILINE)
_SECTION_WORDS = frozenset(
    re.findall(r"\S+", "§ section sections sec sect sección secc paragraph paragraf paragraaf abschnitt")
)
_ARTICLE_WORDS = frozenset(re.findall(r"\S+", "art article articles artikel articolo artículo artigo"))
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(r"(?<![\w.,/-])(?:\+\d|00[1-9]|\(?0[1-9])[\d ()/.\u2011\u2013-]{5,22}\d(?!\w)")
_AMERICAN = re.compile(r"(?<![\w.,-])(?:\+?1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])\d{3}[-. ]\d{4}(?!\w|[-.]\d)")
# The countries' calling codes of two digits; 1 and 7 have one, all others three.
_CALLED = re.compile(r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}")
_JOINED = re.compile(
    r"(?<![\w.@-])(?=[\d.,]{0,24}[^\W\d_]|[\d.,]{1,24}[-/_])[^\W_]{1,24}(?:[-/_.\u2010\u2011][^\W_]{1,24}){1,6}(?![\w@])"
)
_APART = re.compile(r"(?<![\w-])[A-Z]{2,5} \d{3,}(?: ?[A-Z](?![\w-]))?(?!\w|[.,-]?\d)")
_ONE_WORD = re.compile(r"(?<![\w.,/@-])(?=[^\W_]{0,24}\d)[^\W_]{4,24}(?!\w|[-/.,@]\w)")
# "1.234.567" is a number and no version.
_VERSION = re.compile(
    r"(?<![\w.,])(?:v(?=\d{1,4}\.\d)|(?=\d{1,4}\.\d{1,4}\.\d)(?!\d{1,3}(?:\.\d{3}){1,5}(?![\w.])))"
    r"(\d{1,4}(?:\.\d{1,4}){1,4})(?!\w|[.,]\d)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:\b(?:invoice|order|article|item|part|ticket|customer|account|contract|serial|case|reference|ref|number|no|nr|"
    r"num|nummer|rechnung|rechnungsnummer|bestellung|bestellnummer|artikel|artikelnummer|kundennummer|auftrag|"
    r"factura|pedido|número|núm|facture|commande|numéro|factuur|bestelling|version|release|versión|"
    r"error|fehler|fehlercode|code|erreur|errore|código|codice|foutcode)\b\.?"
    r"|#|n[°o]\.?)[ :#]{0,3}(?:(?:number|no|nr|nummer|número|num)\b\.?[ :#]{0,3})?(\d[\d.]{1,24})(?![\w,%]|-\d)",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(r"(?<![\w.,/+-])\d{5,14}(?![\w%]|[.,/-]\d)")
_AFTER_AMOUNT = re.compile(
    rf" ?(?:[{CURRENCY_SIGNS}%°]|(?:eur|usd|gbp|chf|euros?|dollars?|pounds?|kg|km|g|m|mm|cm|mb|gb|people|personen|"
    r"units?|stück|words?|steps?|years?|miles?|meters?|kilometers?|feet|a)\b)",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"(?:[fc]y|[qh][1-4]?|mid|post|pre|early|late|ad|bc|ce|bce)?(?:19|20)\d\d(?:s|[qh][1-4])?")
_QUANTITY = re.compile(r"\d+[^\W\d_]{1,5}")
_MONEY_OR_TIME = re.compile(r"eur|usd|gbp|chf|cad|aud|jpy|cny|inr|sek|nok|dkk|pln|czk|fy|cy|ad|bc|ce|am|pm")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_SEPARATED = re.compile(r"[\W_]+")
_IS_NUMBER = re.compile(r"v?[\d.]+")
_MOST_SIGNS = 3
_GOES_ON_BEFORE = {"mail": re.compile(r"[\w+-]\Z|\w\.\Z"), "code": re.compile(r"\w\Z|\d[.,-]\Z")}
_GOES_ON_AFTER = re.compile(r"\w|[.,-]\w")
_CODE_BEFORE = re.compile(r"[^\W_]\Z|\d[-/.]\Z")
_CODE_AFTER = re.compile(r"[^\W_]|[-/.]\d|[-/][^\W_]{1,2}(?![^\W_])")
_DIGIT_RUN = re.compile(r"(?<!\d)\d[\d ()/.\u2011\u2013-]{4,26}\d")


def exact_things(text: str) -> tuple[ExactThing, ...]:
    """Return the exact things that a question names, in order, each once, as written and as terms.

    Quantities with their unit, years and small numbers are none.
    """
    text = unicodedata.normalize("NFKC", text)
    if not (_DIGIT.search(text) or "@" in text):
        return ()
    found: list[tuple[int, int, ExactThing]] = []
    for start, end, thing in _candidates(text):
        if not any(start < other_end and other_start < end for other_start, other_end, _ in found):
            found.append((start, end, thing))
        if len(found) == MOST_THINGS:
            break
    return tuple({thing.terms: thing for _, _, thing in sorted(found, key=lambda item: item[:2])}.values())


def whole_terms(text: str) -> list[str]:
    """Return the terms of exact things in a text, as often as they occur: what its words alone do not give."""
    if not _DIGIT.search(text):
        return [match.group().casefold().rstrip(".") for match in _mails(text)]
    terms = [match.group().casefold() for match in _mails(text)]
    pairs = _named_numbers(text)
    for _, _, readings in _dates(text, pairs):
        terms += [*readings, *dict.fromkeys(f"-{date[4:]}" for date in readings if date[0] != "-")]
    for _, _, place in _places(text, pairs):
        terms += place
    terms += [f"§{match[1]}" for match in _HEADING.finditer(text)]
    terms += [number for _, _, number in _phones(text)]
    for match in _JOINED.finditer(text):
        if _DIGIT.search(match.group()) and (whole := _joined(match.group())):
            terms.append(whole)
    terms += _VERSION.findall(text)
    terms += [match.group().replace(" ", "").lower() for match in _APART.finditer(text)]
    return terms


def holds(thing: ExactThing, text: str) -> bool:
    """Tell whether a text holds an exact thing whole, however it is written there."""
    text = unicodedata.normalize("NFKC", text)
    if thing.kind == "phone":
        return any(
            digits.endswith(thing.terms[0]) and len(digits) <= len(thing.terms[0]) + 5
            for digits in (_SEPARATED.sub("", match.group()) for match in _DIGIT_RUN.finditer(text))
        )
    if thing.kind in ("date", "section"):
        return not frozenset(thing.terms).isdisjoint(whole_terms(text))
    written, text = unicodedata.normalize("NFKC", thing.written).casefold(), text.casefold()
    if thing.kind == "mail" or _IS_NUMBER.fullmatch(written):
        return _stands_in(written if thing.kind == "mail" else written.removeprefix("v"), text, thing.kind)
    return _parts_stand_in(_PARTS.findall(written), text)


def _stands_in(written: str, text: str, kind: str) -> bool:
    """Tell whether an address or a number with points stands in a casefolded text, and is no part of a longer one."""
    begin = text.find(written)
    while begin >= 0:
        before, after = text[max(0, begin - 2) : begin], text[begin + len(written) : begin + len(written) + 2]
        if not _GOES_ON_BEFORE[kind].search(before.removesuffix("v")) and not _GOES_ON_AFTER.match(after):
            return True
        begin = text.find(written, begin + 1)
    return False


def _parts_stand_in(parts: list[str], text: str) -> bool:
    """Tell whether letters and digits stand in a casefolded text one after the other, whatever signs are between."""
    if any(part not in text for part in parts):
        return False
    found = list(_PARTS.finditer(text))
    for index in [index for index, match in enumerate(found) if match.group() == parts[0]]:
        run = found[index : index + len(parts)]
        if [match.group() for match in run] != parts:
            continue
        near = all(second.start() - first.end() <= _MOST_SIGNS for first, second in pairwise(run))
        before, after = text[max(0, run[0].start() - 2) : run[0].start()], text[run[-1].end() : run[-1].end() + 4]
        if near and not _CODE_BEFORE.search(before) and not _CODE_AFTER.match(after):
            return True
    return False


def _candidates(text: str) -> Iterator[tuple[int, int, ExactThing]]:
    """Everything in a question that may be an exact thing, the surer reading first."""
    for match in _mails(text):
        yield *match.span(), ExactThing(match.group(), (match.group().casefold(),), "mail")
    pairs = _named_numbers(text)
    for start, end, terms in _dates(text, pairs):
        yield start, end, ExactThing(text[start:end].strip(), tuple(terms), "date")
    for start, end, terms in _places(text, pairs):
        yield start, end, ExactThing(text[start:end].strip(), tuple(terms), "section")
    for start, end, number in _phones(text):
        yield start, end, ExactThing(text[start:end], (number,), "phone")
    yield from _codes(text)


def _codes(text: str) -> Iterator[tuple[int, int, ExactThing]]:
    for match in _VERSION.finditer(text):
        yield *match.span(), ExactThing(match.group(), (match[1],), "code")
    shouted = text.isupper()
    for pattern in (_JOINED, _APART, _ONE_WORD):
        if pattern is _APART and shouted:
            continue
        for match in pattern.finditer(text):
            if _is_code(match.group(), joined=pattern is not _ONE_WORD):
                whole = "".join(_PARTS.findall(match.group().casefold()))
                yield *match.span(), ExactThing(match.group(), (whole,), "code")
    for match in _NUMBERED.finditer(text):
        number = match[1].rstrip(".")
        if (len(number) >= 3 and not is_year(number)) or number.count(".") > 1:
            yield match.start(1), match.start(1) + len(number), ExactThing(number, (number,), "code")
    for match in _LONG_NUMBER.finditer(text):
        amount = match.group().endswith("00") or _AFTER_AMOUNT.match(text, match.end())
        if not amount and not text[: match.start()].rstrip().endswith(tuple(CURRENCY_SIGNS)):
            yield *match.span(), ExactThing(match.group(), (match.group(),), "code")


def _is_code(token: str, *, joined: bool) -> bool:
    """Tell whether letters and digits written together are a code: "AX-4410-B", and neither "10-day" nor "5000mAh"."""
    whole = "".join(_PARTS.findall(token))
    letters = [part for part in _PARTS.findall(token) if part.isalpha()]
    digits = sum(map(str.isdigit, whole))
    if not letters:
        parts = _SEPARATED.split(token)
        return joined and len(parts) >= 3 and "-" in token and digits >= 6
    if (
        digits < 3
        or _PERIOD.fullmatch(whole.casefold())
        or any(map(_MONEY_OR_TIME.fullmatch, map(str.casefold, letters)))
    ):
        return False
    if all(part.isupper() for part in letters):
        return not (_QUANTITY.fullmatch(whole) and len(letters[0]) == 1 and digits < 4)
    short = all(part.islower() and len(part) <= 4 for part in letters)
    return short and not token[0].isdigit() and not is_year(token[-4:])


def _joined(token: str) -> str:
    """Return the whole term of letters and digits with signs between; empty where the words themselves give it."""
    parts = _SEPARATED.split(token)
    if _VERSION.fullmatch(token):
        return ""
    if len(parts) == 2 and "-" in token and not all(map(str.isdigit, parts)):
        return ""
    if all(map(str.isdigit, parts)):
        return "".join(parts) if len(parts) >= 3 and "-" in token else ""
    return "".join(parts).casefold()


def _mails(text: str) -> Iterator[re.Match[str]]:
    return _MAIL.finditer(text) if "@" in text else iter(())


def _named_numbers(text: str) -> list[re.Match[str]]:
    """Return where a month, "section" or "article" stands before a number."""
    names = _names_before_numbers()
    return [match for match in _WORD_NUMBER.finditer(text) if match[2] or match[1] in names]


@lru_cache(maxsize=1)
def _names_before_numbers() -> frozenset[str]:
    names = [*month_names(), *_SECTION_WORDS, *_ARTICLE_WORDS]
    return frozenset(spelled for name in names for spelled in (name, name.capitalize(), name.upper()))


def _dates(text: str, pairs: Iterable[re.Match[str]]) -> Iterator[tuple[int, int, list[str]]]:
    """Spans of dates, each with its readings: one, or two where day and month may be either way round."""
    for match in _NUMERIC_DATE.finditer(text):
        if readings := list(_numeric_readings(match)):
            yield *match.span(), readings
    for match in _DAY_MONTH.finditer(text):
        if (month := month_of(match[2])) and (date := _date(match[3] or "", month, int(match[1]))):
            yield *match.span(), [date]
    for match in pairs:
        month = month_of(match[1] or "")
        day = _MONTHS_DAY.match(text, match.end()) if month else None
        if day and (date := _date(day[2] or "", month, int(day[1]))):
            yield match.start(), day.end(), [date]


def _numeric_readings(match: re.Match[str]) -> Iterator[str]:
    if match[1] or match[9]:
        year, month, day = (match[1], match[3], match[4]) if match[1] else (match[9], match[10], match[11])
        if date := _date(year, int(month), int(day)):
            yield date
        return
    first, mark, second, year = match[5], match[6], match[7], match[8] or ""
    # "1.2." and "1.2.26" are numbers of sections and versions far more often than days; "24.12." is a day.
    in_full = mark == "." and len(first) == len(second) == 2 and (year or match.string.startswith(".", match.end(7)))
    if not (len(year) == 4 or (year and mark == "/") or in_full):
        return
    year = year and (year if len(year) == 4 else f"20{year}" if int(year) < 70 else f"19{year}")
    ways = [(first, second)] if mark == "." else [(first, second), (second, first)]
    yield from dict.fromkeys(date for day, month in ways if (date := _date(year, int(month), int(day))))


def _date(year: str, month: int, day: int) -> str:
    return f"{year or '-'}-{month:02}-{day:02}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _places(text: str, pairs: Iterable[re.Match[str]]) -> Iterator[tuple[int, int, list[str]]]:
    """Spans of paragraphs and articles with their terms, the whole first: "§ 12 Abs. 3" is §12.3 and §12."""
    for match in pairs:
        word = match[2] or match[1].casefold()
        sign = "§" if word in _SECTION_WORDS else "art." if word in _ARTICLE_WORDS else ""
        if sign and (place := _PLACE.match(text, match.end())):
            part = place[2] or place[3]
            terms = [f"{sign}{place[1].casefold()}"]
            yield match.start(), place.end(), [f"{terms[0]}.{part}", *terms] if part else terms


def _phones(text: str) -> Iterator[tuple[int, int, str]]:
    for pattern in (_AMERICAN, _PHONE):
        for match in pattern.finditer(text):
            written = match.group()
            digits = "".join(filter(str.isdigit, written))
            if 7 <= len(digits) <= 15 and not _NUMERIC_DATE.search(written):
                yield *match.span(), _national(written, digits)


def _national(written: str, digits: str) -> str:
    """Return a telephone number without the country's and without the nought before it."""
    if written.startswith(("+", "00")):
        digits = digits.removeprefix("00")
        called = _CALLED.match(digits)
        digits = digits[called.end() :] if called else digits
    elif len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    return digits.lstrip("0")
