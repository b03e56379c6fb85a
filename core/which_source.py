"""Question and sources in, how much each source is meant by it: "Apple's Q3 2023 report" is 2023_Q3_AAPL.pdf.

With many sources that look alike this matters more than the model does: the passage itself rarely says whose it is.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from core.schema import StoredPassage
from core.terms import content_terms, search_terms

# A word of a source's name or title says more than one that merely stands on its first page.
NAME_WEIGHT = 1.0
IDENTITY_WEIGHT = 0.5
# What being the newest counts for when the newest is asked for: as much as a word that only one source has.
NEWEST_WEIGHT = 1.0

_SPLIT_NAME = re.compile(r"(?:FY|[QHVqhv])\d{1,4}(?!\d)|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_QUARTER = re.compile(
    r"\b(?:(first|1st|erste[ns]?|premier|primer)|(second|2nd|zweite[ns]?|deuxième|segundo)|"
    r"(third|3rd|dritte[ns]?|troisième|tercer)|(fourth|4th|vierte[ns]?|quatrième|cuarto))[\s-]+"
    r"(?:fiscal\s+)?(?:quarter|quartal|trimestre)",
    re.IGNORECASE,
)
_NEWEST = re.compile(
    r"\b(?:latest|newest|most recent|current(?:ly)?|neueste[nrs]?|aktuelle?[nrs]?|letzte[nrs]?|"
    r"dernière?s?|plus récent\w*|últim[oa]s?|más recientes?)\b|最新|最近",
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
_NAMED_QUARTER = re.compile(r"(?<![a-z\d])q([1-4])(?!\d)|(?<!\d)([1-4])q(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A source as the retriever knows it: its current version, and the first 600 characters or so of its text."""

    id: str
    name: str
    version_id: str
    title: str = ""
    language: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """``scores``: how much each source is meant, by id (0 is left out; about 1 is one telling word of its name).

    ``best`` are the ids of those meant most, ``certain`` whether the question truly tells them from the others.
    """

    scores: dict[str, float] = field(default_factory=dict)
    best: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Index:
    weights: dict[str, dict[str, float]]
    periods: dict[str, tuple[int, int, int]]
    count: int


def which_sources(
    question: str, sources: Sequence[SourceInfo], languages: Sequence[str], found: Sequence[StoredPassage] = ()
) -> Meant:
    """Say which sources a question means. Costs well under a millisecond once the sources were seen before."""
    if len(sources) < 2:
        return Meant()
    index = _index(tuple(sources), tuple(languages))
    scores: dict[str, float] = {}
    asked = _with_quarters(question)
    texts = [(passage.source_id, f" {passage.terms} ") for passage in found]
    contrary = _contrary(asked, index)
    for word, terms in content_terms(asked, languages).items():
        holders: dict[str, float] = {}
        for term in terms:
            for source_id, weight in index.weights.get(term, {}).items():
                holders[source_id] = max(weight, holders.get(source_id, 0.0))
        if not holders or len(holders) == index.count:
            continue
        worth = math.log(index.count / len(holders)) / math.log(index.count)
        dates = bool(_DATE_WORD.fullmatch(word))
        if not dates:
            worth *= _purity(terms, holders, texts) ** POWER
        for source_id, weight in holders.items():
            if not (dates and source_id in contrary):
                scores[source_id] = scores.get(source_id, 0.0) + weight * worth
    if _NEWEST.search(question) and not _OTHER_TIMES.search(question):
        _favour_newest(scores, index)
    if not scores:
        return Meant()
    most = max(scores.values())
    return Meant(scores, tuple(source_id for source_id, score in scores.items() if score >= most * 0.85))


def _contrary(asked: str, index: _Index) -> set[str]:
    """Return the sources whose name gives another year or quarter than those asked for."""
    years = {int(year) for year in _YEAR.findall(asked)}
    quarters = {int(match[1] or match[2]) for match in _NAMED_QUARTER.finditer(asked)}
    return {
        source_id
        for source_id, (year, month, _) in index.periods.items()
        if (years and year not in years) or (quarters and month and (month + 2) // 3 not in quarters)
    }


POWER = 3
PRIOR = 1.0


def _purity(terms: Sequence[str], holders: Mapping[str, float], texts: Sequence[tuple[str, str]]) -> float:
    """Return the share of the passages with this word that lie in the sources it names: 1 where it is only a name."""
    padded = [f" {term} " for term in terms]
    within = [source_id in holders for source_id, text in texts if any(term in text for term in padded)]
    return (sum(within) + PRIOR) / (len(within) + PRIOR)


def _favour_newest(scores: dict[str, float], index: _Index) -> None:
    """Add what the newest counts for to the newest of the sources meant so far (of all, when none is)."""
    most = max(scores.values(), default=0.0)
    meant = [source_id for source_id, score in scores.items() if score >= most * 0.85] or list(index.periods)
    dated = {source_id: index.periods[source_id] for source_id in meant if source_id in index.periods}
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
        stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", source.name)
        period = _period(stem) or _period(source.title)
        if period:
            periods[source.id] = period
        named = set(search_terms(" ".join(_SPLIT_NAME.findall(stem)), languages))
        named.update(search_terms(_with_quarters(f"{stem.replace('_', ' ')} {source.title}"), languages))
        if period and period[1]:
            named.add(f"q{(period[1] + 2) // 3}")
        for term in search_terms(_with_quarters(source.identity), languages):
            # A year on the first page may be any year, where the name itself says which one it is.
            if not (period and term.isdigit()):
                weights.setdefault(term, {}).setdefault(source.id, IDENTITY_WEIGHT)
        for term in named:
            weights.setdefault(term, {})[source.id] = NAME_WEIGHT
    return _Index(weights, periods, len(sources))


def _with_quarters(text: str) -> str:
    """Write "the first quarter" as "q1" as well."""
    return _QUARTER.sub(lambda match: f"{match.group()} q{match.lastindex}", text)


def _period(name: str) -> tuple[int, int, int] | None:
    """Read year, month and day from a name: 2023_Q3 is (2023, 9, 0); None where there is no year."""
    if full := _YEAR_MONTH.search(name):
        return int(full[1]), int(full[2]), int(full[3] or 0)
    years = [int(year) for year in _YEAR.findall(name)]
    if not years:
        return None
    quarter = _NAMED_QUARTER.search(name)
    return max(years), 3 * int(quarter[1] or quarter[2]) if quarter else 0, 0
