"""What looks wrong with a source's passages as they are cut now, by themselves and beside all else that is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.assistants.known_passages import cited_quotes, prints_elsewhere
from core.chunk import FLAW_KINDS, Flaw, flaws_of, same_as, uncited, without_furniture
from core.schema import CutSettings, Passage
from core.viewer.passages import CutSource

REMEMBERED = 8
# A text up to this long is judged in about .02 s; a book of 1,225 pages, 3.2 million characters, takes .25 s.
AT_ONCE = 250_000
OLDER_QUOTES = 200  # words cited from earlier versions that are looked for in the text of now
_judged: dict[tuple[str, CutSettings], "_Judged"] = {}


class _Judged(NamedTuple):
    """The passages that were judged, as they are found, without page headers, and by ordinal what looks wrong with
    them by themselves."""

    of: Sequence[Passage]
    found: Sequence[Passage]
    flaws: Mapping[int, tuple[Flaw, ...]]


@dataclass(frozen=True, slots=True)
class LooksWrong:
    """By ordinal what looks wrong with passages. ``answers`` is how many answers there were to be cited in;
    ``unknown`` of how many other sources it is not known whether they say the same."""

    flaws: Mapping[int, tuple[Flaw, ...]]
    answers: int
    unknown: int


def is_judged(cut: CutSource) -> bool:
    """Tell whether a source is judged at once: it is short, or was judged before, if not with the last edit by hand."""
    return len(cut.document.text) <= AT_ONCE or (cut.version_id, cut.cut) in _judged


def looks_wrong(assistant_id: str, source_id: str, cut: CutSource) -> LooksWrong:
    """Judge the passages of a source. What no answer cited so far is told only once there were answers."""
    _, passages, by_themselves = _by_themselves(cut)
    elsewhere, unknown = prints_elsewhere(assistant_id, source_id)
    found = {ordinal: list(flaws) for ordinal, flaws in by_themselves.items()}
    beside = [same_as(passages, elsewhere)]
    cited, answers = cited_quotes(assistant_id, source_id)
    if answers:
        beside.append(uncited(passages, _spans(cut, cited)))
    for more in beside:
        for ordinal, flaw in more.items():
            found.setdefault(ordinal, []).append(flaw)
    ordered = {n: tuple(sorted(found[n], key=lambda flaw: FLAW_KINDS.index(flaw.kind))) for n in sorted(found)}
    return LooksWrong(ordered, answers, unknown)


def _by_themselves(cut: CutSource) -> _Judged:
    known = _judged.get((cut.version_id, cut.cut))
    if known is None or known.of is not cut.passages:  # others of the same cut: they were edited by hand
        if len(_judged) >= REMEMBERED:
            _judged.clear()
        found = [without_furniture(cut.document, passage) for passage in cut.passages]
        known = _judged[cut.version_id, cut.cut] = _Judged(cut.passages, found, flaws_of(cut.document, found))
    return known


def _spans(cut: CutSource, cited: set[tuple[str, int, int, str]]) -> list[tuple[int, int]]:
    """Where the cited words stand in the text of now: those of earlier versions where they still stand in it."""
    spans = [(start, end) for version_id, start, end, _ in cited if version_id == cut.version_id]
    older = sorted({quote for version_id, _, _, quote in cited if version_id != cut.version_id and quote.strip()})
    for quote in older[:OLDER_QUOTES]:
        start = cut.document.text.find(quote)
        if start >= 0:
            spans.append((start, start + len(quote)))
    return spans
