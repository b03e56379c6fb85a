"""An Answer in, what a program gets of it out: its text with markers, and the places they stand for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from core.publish.api.keys import ApiKey
from core.publish.publications import Publication
from core.schema import Answer, Citation
from core.text import foreign_note

MARKER = re.compile(r"[ \t]?\[(\d{1,3})\](?!\()")
BROKE_OFF = "This answer broke off before its end."
CORRECTED = "What stands above was not borne out by the documents. The answer is:"
_OPENS_TAG = re.compile(r"<(?=\S)")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is shown an answer: the key, what the owner published, and the address that visitors' pages have there."""

    key: ApiKey
    publication: Publication
    base: str

    def may_open(self, citation: Citation) -> bool:
        """Whether visitors may open the source: what is meant for all, no key needs a scope for."""
        return citation.source_id in self.publication.public_sources

    def reads(self, citation: Citation) -> bool:
        """Whether the words of a source and their page are shown, and not only its name."""
        return "read" in self.key.scopes or self.may_open(citation)

    def names(self, citation: Citation) -> bool:
        """Whether a source is cited at all."""
        return self.publication.names_others or self.reads(citation)


def base_of(request: Request) -> str:
    """Return the address under which this Answerbook was asked; the front door has looked at its name."""
    told = request.headers.get("x-forwarded-proto", "")
    return f"{told if told in ('http', 'https') else request.url.scheme}://{request.url.netloc}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A text and the citations that its markers stand for."""

    text: str
    citations: tuple[Citation, ...]


def shown_answer(answer: Answer, viewer: Viewer) -> Shown:
    """Return an answer's text, harmless as Markdown too, with the markers of the sources that may be named."""
    named = tuple(citation for citation in answer.citations if viewer.names(citation))
    text = answer.text if answer.kind == "written" else harmless(answer.text)
    return Shown(without_markers(text, {citation.number for citation in named}), named)


def harmless(text: str) -> str:
    """Return words of a document in which nothing loads or leads anywhere where a program shows them as Markdown."""
    return _OPENS_TAG.sub("‹", text.replace("![", "! [").replace("](", "] (").replace("]:", "] :"))


def without_markers(text: str, kept: set[int]) -> str:
    """Return a text without the markers that are not among these numbers."""
    return MARKER.sub(lambda match: match[0] if int(match[1]) in kept else "", text)


def citations_as_json(citations: Sequence[Citation], viewer: Viewer) -> list[dict[str, Any]]:
    """Return citations as a program gets them; see the description of ``Citation`` in openapi.py."""
    return [_citation(citation, viewer) for citation in citations]


def _citation(citation: Citation, viewer: Viewer) -> dict[str, Any]:
    reads = viewer.reads(citation)
    return {
        "number": citation.number,
        "source": citation.source_name,
        "source_id": citation.source_id if reads else None,
        "page": citation.page if reads else None,
        "quote": " ".join(citation.quote.split()) if reads else None,
        "url": _url(citation, viewer),
        "supported": citation.supported,
        "edited": bool(citation.edited),
    }


def _url(citation: Citation, viewer: Viewer) -> str | None:
    """Return where anyone may open the place; None where visitors may not, or there is no page for them."""
    if viewer.publication.state != "link" or not viewer.may_open(citation):
        return None
    place: dict[str, str | int] = {"source": citation.source_id, "version": citation.version_id}
    place |= {"start": citation.start, "end": citation.end}
    if citation.page:
        place["page"] = citation.page
    return f"{viewer.base}/a/{viewer.publication.name}/source?{urlencode(place)}"


def beside(answer: Answer) -> dict[str, Any]:
    """Return what is to be known of an answer besides its text."""
    asked_in = next((citation.asked_in for citation in answer.citations if citation.asked_in), "")
    foreign = foreign_note(asked_in, [citation.language for citation in answer.citations])
    notes = (answer.note, foreign, BROKE_OFF if answer.stopped_early else "")
    return {
        "kind": answer.kind,
        "note": " ".join(filter(None, notes)),
        "understood": list(answer.understood),
        "looked_for": list(answer.looked_for),
        "near": list(answer.near),
    }


# --- An answer that was sent while it was written ---------------------------------------------------------------------


def rest_of(sent: str, shown: Shown, note: str = "") -> tuple[str, tuple[Citation, ...], bool]:
    """Return what to send after ``sent``, the citations of the whole by the numbers it has there, and "corrected".

    What was sent cannot be taken back, and its markers were given before anyone knew which span each stands for: so a
    number may stand for more than one place. Markers that came only with the check are put at the end. Where the
    checked answer says something else, it follows whole: ``corrected`` is True then.
    """
    tail = f"\n\n{note}" if note else ""
    if shown.text.startswith(sent):
        return shown.text[len(sent) :] + tail, shown.citations, False
    before, whole = _spelled(sent), _spelled(shown.text)
    if whole.letters.startswith(before.letters):
        rest, citations = _aligned(before, whole, shown, sent[len(sent.rstrip()) :])
        return rest + tail, citations, False
    above = max((number for _, number in before.markers), default=0)
    text = MARKER.sub(lambda match: f" [{int(match[1]) + above}]", shown.text)
    citations = tuple(replace(citation, number=citation.number + above) for citation in shown.citations)
    return f"\n\n{note or CORRECTED}\n\n{text}", citations, True


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A text's letters without blanks and markers; the markers by their place among them; where each letter stands."""

    letters: str
    markers: list[tuple[int, int]]
    places: list[int]


def _spelled(text: str) -> _Spelled:
    letters: list[str] = []
    places: list[int] = []
    markers: list[tuple[int, int]] = []
    position = 0
    for match in [*MARKER.finditer(text), None]:
        until = match.start() if match else len(text)
        for place in range(position, until):
            if not text[place].isspace():
                letters.append(text[place])
                places.append(place)
        if match:
            markers.append((len(letters), int(match[1])))
            position = match.end()
    return _Spelled("".join(letters), markers, places)


def _aligned(before: _Spelled, whole: _Spelled, shown: Shown, blanks: str) -> tuple[str, tuple[Citation, ...]]:
    """Give the rest of a text whose beginning was sent with other markers, or none, and its citations' new numbers.

    ``blanks`` are those at the end of what was sent.
    """
    length = len(before.letters)
    sent_at: dict[int, list[int]] = {}
    for place, number in before.markers:
        sent_at.setdefault(place, []).append(number)
    numbers: dict[int, list[int]] = {}  # of a citation: its numbers in what was sent
    behind: list[int] = []
    seen: dict[int, int] = {}
    for place, number in whole.markers:
        if place > length or (place == length and length not in sent_at):
            continue
        there = sent_at.get(place, [])
        if not there:
            behind.append(number)
            continue
        index = seen[place] = seen.get(place, -1) + 1
        given = there[min(index, len(there) - 1)]
        if given not in numbers.setdefault(number, []):
            numbers[number].append(given)
    highest = max((number for _, number in before.markers), default=0)
    for citation in shown.citations:
        if citation.number not in numbers:
            highest += 1
            numbers[citation.number] = [highest]
    start = whole.places[length - 1] + 1 if length else 0
    if length in sent_at:
        while match := MARKER.match(shown.text, start):
            start = match.end()
    rest = MARKER.sub(lambda match: _renumbered(match, numbers), shown.text[start:]).removeprefix(blanks)
    missing = dict.fromkeys(numbers[number][0] for number in behind if number in numbers)
    shown_by_now = {number for _, number in before.markers} | {int(match[1]) for match in MARKER.finditer(rest)}
    rest += "".join(f" [{number}]" for number in missing if number not in shown_by_now)
    renumbered = [replace(each, number=number) for each in shown.citations for number in numbers[each.number]]
    return rest, tuple(sorted(renumbered, key=lambda each: each.number))


def _renumbered(match: re.Match[str], numbers: dict[int, list[int]]) -> str:
    known = numbers.get(int(match[1]))
    return match[0].replace(f"[{match[1]}]", f"[{known[0]}]") if known else match[0]
