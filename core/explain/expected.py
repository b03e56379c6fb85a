"""Words that should have been found: where they stand, at which place their passage came, and what kept them back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core import edits
from core.assistants import documents, index_builds
from core.assistants.kept_texts import Kept, KeptText, kept_texts
from core.chunk import Places
from core.explain.search import Placed, SearchTest
from core.explain.unread import files_holding
from core.schema import Document, EditKind, StoredPassage
from core.store import store_named
from core.text import Stands, find_words, search_terms
from core.viewer import cut_source

SHORTEST = 3  # letters: less stands everywhere
MOST_CHARACTERS = 60_000_000  # looked through of older texts, and of other assistants'; some seconds
MOST_SHOWN = 5
FOUND_BY_STORE = 60


class Cause(StrEnum):
    """What kept words back, in the order in which the first that holds is told."""

    NOTHING = "nothing"  # they are quoted, or given to the model: nothing kept them back
    NOT_ANSWERING = "not_answering"  # their passage is among the hits, and something else was taken for the answer
    OUTRANKED = "outranked"  # other passages came before theirs
    SWITCHED_OFF = "switched_off"  # the owner switched them off by hand
    CUT_APART = "cut_apart"  # no passage holds all of them
    LOST = "lost"  # their passage is not in the search, though it should be
    LEFT_OUT = "left_out"  # they were read, and are in no passage: taken for the head or foot of pages
    READING = "reading"  # their file is being read, or waits for it
    NEVER_READ = "never_read"  # they are in a file of this assistant, and reading it left them out, or failed
    OLD_VERSION = "old_version"  # only an older version of a source has them
    IN_BIN = "in_bin"  # they are in a source that was deleted
    OTHER_ASSISTANT = "other_assistant"  # another assistant's source has them
    NO_SOURCE = "no_source"  # they are nowhere


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: ``text`` of a source's version at ``start:end`` of its text, as they are written there.

    ``place`` is that of their passage among all that were looked at, from 1; None where it is not among them. ``page``
    and ``page_word`` are empty where there are no pages; a file that was not read has no ``version_id``. ``edit_id`` is
    the hand edit that switched the words off.
    """

    assistant_id: str
    assistant_name: str
    source_id: str
    source_name: str
    version_id: str
    start: int
    end: int
    text: str
    page: int | None = None
    page_word: str = ""
    passages: tuple[int, ...] = ()
    place: int | None = None
    added_at: datetime | None = None
    edit_id: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What became of words that should have been found. ``places`` are where they stand, the one that counts first.

    ``before`` are the passages that came before theirs; ``own`` is their passage as the search test has it, where it
    was looked at. ``quoted`` is what was taken for the answer instead. ``why`` says why a file was not read.
    ``not_looked_into`` are names of files whose words cannot be told.
    """

    words: str
    cause: Cause
    places: tuple[Place, ...] = ()
    before: tuple[Placed, ...] = ()
    own: Placed | None = None
    quoted: str = ""
    why: str = ""
    not_looked_into: tuple[str, ...] = ()


def expected(assistant_id: str, test: SearchTest, words: str) -> Expected | None:
    """Say what kept these words from being found by the question of a search test; None for too few letters.

    Raises NotFound, StoreError.
    """
    if len("".join(filter(str.isalnum, words))) < SHORTEST:
        return None
    texts = kept_texts(assistant_id)
    places = _likely_first(assistant_id, words, texts[Kept.ANSWERS])
    told = [_told(assistant_id, test, words, place) for place in places]
    if told:
        order = list(Cause)
        best = min(told, key=lambda one: (order.index(one.cause), one.places[0].place or len(test.order) + 1))
        others = [one.places[0] for one in told if one is not best]
        return replace(best, places=(*best.places, *others[: MOST_SHOWN - 1]))
    unread = files_holding(assistant_id, words)
    if unread.found:
        file = unread.found[0]
        place = Place(assistant_id, "", file.source_id, file.name, "", 0, 0, file.text)
        cause = Cause.READING if file.reading else Cause.NEVER_READ
        return Expected(words, cause, (place,), why=file.why, not_looked_into=unread.unknown)
    kept = ((Kept.OLDER, Cause.OLD_VERSION), (Kept.BIN, Cause.IN_BIN), (Kept.ELSEWHERE, Cause.OTHER_ASSISTANT))
    for group, cause in kept:
        if found := list(_first(_places_in(words, _as_far_as_allowed(texts[group])))):
            return Expected(words, cause, tuple(found), not_looked_into=unread.unknown)
    return Expected(words, Cause.NO_SOURCE, not_looked_into=unread.unknown)


def _first(places: Iterator[Place]) -> Iterator[Place]:
    for _, place in zip(range(MOST_SHOWN), places, strict=False):
        yield place


def _likely_first(assistant_id: str, words: str, texts: Sequence[KeptText]) -> list[Place]:
    """Find words in the texts that answer: first in those that the store names, in all where they are not there."""
    build = index_builds.live_build(assistant_id)
    hits = store_named(build.store).search(
        index_builds.scope_of(build), vector=None, terms=search_terms(words), limit=FOUND_BY_STORE
    )
    named = {hit.passage.version_id for hit in hits}
    for chosen in ([text for text in texts if text.version_id in named], texts):
        if found := list(_places_in(words, chosen)):
            return found
    return []


def _as_far_as_allowed(texts: Iterable[KeptText]) -> Iterator[KeptText]:
    left = MOST_CHARACTERS
    for text in texts:
        left -= text.characters
        if left < 0:
            return
        yield text


def _places_in(words: str, texts: Iterable[KeptText]) -> Iterator[Place]:
    """Yield where words stand in kept texts."""
    for text in texts:
        document = documents.document(text.version_id)
        if document is not None:
            for stands in find_words(words, document.text):
                yield _place(text, document, stands)


def _place(text: KeptText, document: Document, stands: Stands) -> Place:
    page = document.page_at(stands.start) if document.page_starts else None
    return Place(
        assistant_id=text.assistant_id,
        assistant_name=text.assistant_name,
        source_id=text.source_id,
        source_name=text.source_name,
        version_id=text.version_id,
        start=stands.start,
        end=stands.end,
        text=document.text[stands.start : stands.end],
        page=page,
        page_word=document.page_word or "page" if page else "",
        added_at=text.added_at,
    )


def _told(assistant_id: str, test: SearchTest, words: str, place: Place) -> Expected:
    """Say what kept words at one place of a text that answers."""
    if off := _switched_off(place):
        return Expected(words, Cause.SWITCHED_OFF, (replace(place, edit_id=off),))
    number = _looked_at(test.order, place)
    if number is not None:
        here = replace(place, place=number, passages=(test.order[number - 1].ordinal,))
        own = next((one for one in (*test.hits, *test.cut_off) if one.place == number), None)
        if number > len(test.hits):
            return Expected(words, Cause.OUTRANKED, (here,), before=test.hits, own=own)
        return _among_hits(test, words, here, own)
    cut = cut_source(assistant_id, place.source_id)
    whole = [p.ordinal for p in cut.passages if p.start <= place.start and place.end <= p.end]
    if not whole:
        parts = tuple(p.ordinal for p in cut.passages if p.start < place.end and place.start < p.end)
        cause = Cause.CUT_APART if len(parts) > 1 else Cause.LEFT_OUT
        return Expected(words, cause, (replace(place, passages=parts),))
    build = index_builds.live_build(assistant_id)
    held = store_named(build.store).neighbours(index_builds.scope_of(build), place.version_id, whole)
    cause = Cause.OUTRANKED if held else Cause.LOST
    return Expected(words, cause, (replace(place, passages=tuple(whole)),), before=test.hits if held else ())


def _switched_off(place: Place) -> str:
    """Return the hand edit that switched off words at a place; "" where none did."""
    off = [edit for edit in edits.edits_of(place.source_id) if edit.kind is EditKind.OFF]
    document = documents.document(place.version_id) if off else None
    finder = Places(document.text) if document else None
    for edit in off:
        span = finder.find(edit.anchor) if finder else None
        if span and span[0] < place.end and place.start < span[1]:
            return edit.id
    return ""


def _looked_at(order: Sequence[StoredPassage], place: Place) -> int | None:
    """Return the place, from 1, of the first passage looked at that holds the words."""
    for number, passage in enumerate(order, 1):
        same = passage.version_id == place.version_id
        if same and passage.start <= place.start and place.end <= passage.end:
            return number
    return None


def _among_hits(test: SearchTest, words: str, place: Place, own: Placed | None) -> Expected:
    """Tell whether words in a hit are answered with, or what was taken for the answer instead."""
    citations = test.answer.citations
    quoted = any(
        citation.version_id == place.version_id and citation.start < place.end and place.start < citation.end
        for citation in citations
    )
    if quoted or test.by_model:
        return Expected(words, Cause.NOTHING, (place,), own=own)
    instead = " ".join(citations[0].quote.split()) if citations else ""
    return Expected(words, Cause.NOT_ANSWERING, (place,), own=own, quoted=instead)
