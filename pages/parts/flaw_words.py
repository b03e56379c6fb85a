"""What looks wrong with passages, in the owner's words."""

from collections.abc import Iterable, Mapping

from core.chunk import Flaw, FlawKind

LABELS: Mapping[FlawKind, str] = {
    "short": "Very short",
    "sentence": "Cut inside a sentence",
    "table": "Cut inside a row of a table",
    "repeated": "Repeated on many pages",
    "letterless": "Without letters",
    "same": "The same as in another source",
    "uncited": "Never cited so far",
}
QUIET: tuple[FlawKind, ...] = ("uncited",)  # no fault of a passage: told only where it is asked for


def remark(flaws: Iterable[Flaw], quiet: bool = False) -> str:
    """Return what looks wrong with one passage as a sentence, empty where nothing does."""
    said = [_words(flaw) for flaw in flaws if quiet or flaw.kind not in QUIET]
    return f"Looks wrong: {' · '.join(said)}" if said else ""


def remarks(flaws: Mapping[int, Iterable[Flaw]]) -> dict[int, str]:
    """Return by ordinal what looks wrong with passages, those left out with which nothing does."""
    said = {ordinal: remark(each) for ordinal, each in flaws.items()}
    return {ordinal: sentence for ordinal, sentence in said.items() if sentence}


def _words(flaw: Flaw) -> str:
    if flaw.kind == "same":
        return f"the same as a passage of “{flaw.of}”"
    return LABELS[flaw.kind][0].lower() + LABELS[flaw.kind][1:]
