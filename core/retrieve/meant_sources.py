"""Question and sources in, how much each source is meant by it: "Apple's Q3 2023 report" is 2023_Q3_AAPL.pdf.

With many sources that look alike this matters more than the model does: the passage itself rarely says whose it is.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from core.schema import Question, StoredPassage
from core.text import content_terms, search_terms

# A word of a source's name or title says more than one that merely stands on its first page.
NAME_WEIGHT = 1.0
IDENTITY_WEIGHT = 0.5
# What being the newest counts for when the newest is asked for: as much as a word that only one source has.
NEWEST_WEIGHT = 1.0
# A word that passages of other sources use too is part of what is asked, not a name: "war" is in the question about
# Tesla and in the name of another source. 48 articles (XQuAD), share of answers found in the first passage:
# .887 without this, .909 with the third power (and .914 without any score for sources).
PURITY_POWER = 3
# Sources with at least this share of the highest score are meant alike.
BEST_SHARE = 0.85

_SPLIT_NAME = re.compile(r"(?:FY|[QHVqhv])\d{1,4}(?!\d)|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_QUARTER = re.compile(
    r"\b(?:(first|1st|erste[ns]?|premier|primer)|(second|2nd|zweite[ns]?|deuxième|segundo)|"
    r"(third|3rd|dritte[ns]?|troisième|tercer)|(fourth|4th|vierte[ns]?|quatrième|cuarto))[\s-]+"
    r"(?:fiscal\s+)?(?:quarter|quartal|trimestre)",
    re.IGNORECASE,
)
_NEWEST = re.compile(
    r"\b(?:latest|newest|most recent|neueste[nrs]?|aktuelle?[nrs]?|letzte[nrs]?|"
    r"dernière?s?|plus récent\w*|últim[oa]s?|más recientes?)\b|最新|最近|"
    # "Current assets" and the like ask for no time.
    r"(?<!non-)\bcurrent(?:ly)?\b(?!\s+(?:assets?|liabilit|ratio|portion|maturit|account))",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"\b(?:compar\w+|versus|vs|differ\w*|between|across|both|these|all|which|chang\w+|evol\w+|fluctuat\w+|"
    r"vergl\w+|zwischen|unterschied\w*|beide[nrs]?|alle[nrs]?|welche[nrs]?|(?:ver)?änder\w+|"
    r"compara\w*|entre|ambos|todos|todas|cuál(?:es)?|diferencia\w*|cambi\w+|différen\w*|tous|toutes|quels?|quelles?)\b"
    r"|比较|相比|之间|变化|哪",
    re.IGNORECASE,
)
_OTHER_TIMES = re.compile(
    r"\b(?:previous|prior|past|earlier|historical\w*|over time|over the|throughout|each|every|trends?|"
    r"quarters|periods|years|months|reports|frühere[nrs]?|vorherige[nrs]?|vorjahr\w*|vorquartal\w*|jede[nrs]?|"
    r"entwickl\w+|anterior\w*|cada|précédent\w*|chaque)\b|以前|之前|每",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_YEAR_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_. ]?(0[1-9]|1[0-2])(?:[-_. ]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
_DATE_WORD = re.compile(r"(?:19|20)\d\d|q[1-4]|[1-4]q")
# FY2018, FY 18, CY2018; 2023Q1, FY2023-Q1; Q22023, Q2'23, Q2 FY23; 2Q23, 2Q2023.
_FISCAL_YEAR = re.compile(r"\b[FC]Y[ '’-]?((?:19|20)?\d\d)(?!\d)", re.IGNORECASE)
_YEAR_QUARTER = re.compile(r"(?<!\d)((?:19|20)\d\d)[ -]?Q([1-4])(?!\d)", re.IGNORECASE)
_QUARTER_YEAR = re.compile(r"\b(?:Q([1-4])|([1-4])Q)[ '’-]*((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
# Two digits only where nothing else can be meant: "Q1 15 parcels" and the part Q345 are no years.
_QUARTER_SHORT_YEAR = re.compile(r"\b(?:Q([1-4])['’]|([1-4])Q['’]?)(\d\d)(?!\d)", re.IGNORECASE)
_NAMED_QUARTER = re.compile(r"(?<![a-z\d])q([1-4])(?!\d)|(?<!\d)([1-4])q(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source as the retriever knows it: its current version, and the first 600 characters or so of its text.

    ``preferred``: its owner wants it quoted before others that say something else.
    """

    id: str
    name: str
    version_id: str
    title: str = ""
    language: str = ""
    identity: str = ""
    preferred: bool = False


@dataclass(frozen=True, slots=True)
class MeantSources:
    """Which sources a question means.

    ``scores`` by source id: about 1 is one word that only this source is named by; sources not meant at all are left
    out. ``best`` are the ids of those meant most. ``several`` says that the question asks about more than one.
    ``named``: for each word of the question, the ids of the sources whose name or first page it stands for.
    """

    scores: dict[str, float] = field(default_factory=dict)
    best: tuple[str, ...] = ()
    several: bool = False
    named: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Index:
    weights: dict[str, dict[str, float]]
    periods: dict[str, tuple[int, int, int]]
    count: int


def which_sources(
    question: Question, sources: Sequence[SourceInfo], passages: Sequence[StoredPassage] = ()
) -> MeantSources:
    """Say which sources a question means; ``passages`` are those that were found for it.

    Costs well under a millisecond once the sources were seen before.
    """
    if len(sources) < 2:
        return MeantSources()
    index = _index(tuple(sources), question.languages)
    dated = _with_dates(question.understood or question.alone)
    texts = [(passage.source_id, f" {passage.terms} ") for passage in passages]
    contrary = _contrary(dated, index)
    scores: dict[str, float] = {}
    named: dict[str, frozenset[str]] = {}
    for words, terms in _words_with_dates(dated, question.languages):
        holders = _holders(terms, index)
        if not holders or len(holders) == index.count:
            continue
        worth = math.log(index.count / len(holders)) / math.log(index.count)
        if _DATE_WORD.fullmatch(words[0]):
            holders = {source_id: weight for source_id, weight in holders.items() if source_id not in contrary}
        else:
            worth *= _purity(terms, holders, texts) ** PURITY_POWER
        by_name = frozenset(source_id for source_id, weight in holders.items() if weight == NAME_WEIGHT)
        named.update(dict.fromkeys(words, by_name))
        for source_id, weight in holders.items():
            scores[source_id] = scores.get(source_id, 0.0) + weight * worth
    if _NEWEST.search(question.alone) and not _OTHER_TIMES.search(question.alone) and not _YEAR.search(dated):
        _favour_newest(scores, index)
    if not scores:
        return MeantSources(named=named)
    most = max(scores.values())
    best = tuple(source_id for source_id, score in scores.items() if score >= most * BEST_SHARE)
    return MeantSources(
        scores, best, bool(_SEVERAL.search(question.alone) or _OTHER_TIMES.search(question.alone)), named
    )


def _words_with_dates(dated: str, languages: Sequence[str]) -> list[tuple[list[str], list[str]]]:
    """Return the question's words with their terms; "Q1 and Q3" counts as one word, as does "2022 or 2023"."""
    dates: dict[int, tuple[list[str], list[str]]] = {}
    others: list[tuple[list[str], list[str]]] = []
    for word, terms in content_terms(dated, languages).items():
        if not _DATE_WORD.fullmatch(word):
            others.append(([word], list(terms)))
            continue
        words, all_terms = dates.setdefault(len(word), ([], []))
        words.append(word)
        all_terms.extend(terms)
    return [*others, *dates.values()]


def _contrary(dated: str, index: _Index) -> set[str]:
    """Return the sources whose name gives another year or quarter than those asked for."""
    years = {int(year) for year in _YEAR.findall(dated)}
    quarters = {int(match[1] or match[2]) for match in _NAMED_QUARTER.finditer(dated)}
    return {
        source_id
        for source_id, (year, month, _) in index.periods.items()
        if (years and year not in years) or (quarters and month and (month + 2) // 3 not in quarters)
    }


def _holders(terms: Sequence[str], index: _Index) -> dict[str, float]:
    """Return the sources that a word names, with its weight in each."""
    holders: dict[str, float] = {}
    for term in terms:
        for source_id, weight in index.weights.get(term, {}).items():
            holders[source_id] = max(weight, holders.get(source_id, 0.0))
    return holders


def _purity(terms: Sequence[str], holders: Mapping[str, float], texts: Sequence[tuple[str, str]]) -> float:
    """Return the share of the passages with this word that lie in the sources it names: 1 where it is only a name."""
    padded = [f" {term} " for term in terms]
    within = [source_id in holders for source_id, text in texts if any(term in text for term in padded)]
    return (sum(within) + 1) / (len(within) + 1)


def _favour_newest(scores: dict[str, float], index: _Index) -> None:
    """Add what the newest counts for to the newest of the sources meant so far (of all, when none is)."""
    most = max(scores.values(), default=0.0)
    source_ids = [source_id for source_id, score in scores.items() if score >= most * BEST_SHARE] or list(index.periods)
    dated = {source_id: index.periods[source_id] for source_id in source_ids if source_id in index.periods}
    if dated:
        newest = max(dated.values())
        for source_id, period in dated.items():
            if period == newest:
                scores[source_id] = scores.get(source_id, 0.0) + NEWEST_WEIGHT


@lru_cache(maxsize=16)
def _index(sources: tuple[SourceInfo, ...], languages: tuple[str, ...]) -> _Index:
    weights: dict[str, dict[str, float]] = {}
    periods: dict[str, tuple[int, int, int]] = {}
    for source in sources:
        period, named, first_page = _signs(source.name, source.title, source.identity, languages)
        if period:
            periods[source.id] = period
        for term in first_page:
            weights.setdefault(term, {}).setdefault(source.id, IDENTITY_WEIGHT)
        for term in named:
            weights.setdefault(term, {})[source.id] = NAME_WEIGHT
    return _Index(weights, periods, len(sources))


@lru_cache(maxsize=20_000)
def _signs(
    name: str, title: str, identity: str, languages: tuple[str, ...]
) -> tuple[tuple[int, int, int] | None, tuple[str, ...], tuple[str, ...]]:
    """Return the period a source is of, the terms it is named by and those of its first page.

    Kept for each source, so that one that came or changed does not have all the others read again.
    """
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)
    period = _period(stem) or _period(title)
    named = set(search_terms(" ".join(_SPLIT_NAME.findall(stem)), languages))
    named.update(search_terms(_with_dates(f"{stem.replace('_', ' ')} {title}"), languages))
    if period and period[1]:
        named.add(f"q{(period[1] + 2) // 3}")
    # A year on the first page may be any year, where the name itself says which one it is.
    terms = dict.fromkeys(search_terms(_with_dates(identity), languages))
    return period, tuple(named), tuple(term for term in terms if not (period and term.isdigit()))


def _with_dates(text: str) -> str:
    """Write "the first quarter" as "q1" as well, and years and quarters that stand together apart: "FY18" as 2018."""
    text = _QUARTER.sub(lambda match: f"{match.group()} q{match.lastindex}", text)
    text = _FISCAL_YEAR.sub(lambda match: _whole_year(match[1]), text)
    text = _YEAR_QUARTER.sub(lambda match: f"{match[1]} q{match[2]}", text)
    for pattern in (_QUARTER_YEAR, _QUARTER_SHORT_YEAR):
        text = pattern.sub(lambda match: f"q{match[1] or match[2]} {_whole_year(match[3])}", text)
    return text


def _whole_year(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"


def _period(name: str) -> tuple[int, int, int] | None:
    """Read year, month and day from a name: 2023_Q3 is (2023, 9, 0); None where there is no year."""
    if full := _YEAR_MONTH.search(name):
        return int(full[1]), int(full[2]), int(full[3] or 0)
    years = [int(year) for year in _YEAR.findall(name)]
    if not years:
        return None
    quarter = _NAMED_QUARTER.search(name)
    return max(years), 3 * int(quarter[1] or quarter[2]) if quarter else 0, 0
