"""A cited place opened for a visitor: only of sources that the owner marked public, as they are now."""

from typing import Any
from urllib.parse import urlencode

from core import pipeline
from core.errors import NotFound
from core.publish.publications import Publication
from core.viewer import PagePicture, open_place

MOST_CHARACTERS = 20_000  # of one place: a citation is a sentence, a row, or a table


def place_as_json(publication: Publication, asked: dict[str, str]) -> dict[str, Any]:
    """Return what the page shows of a place: the text around the words, or where its picture is. Raises NotFound."""
    place = _opened(publication, asked)
    if isinstance(place, PagePicture):
        return {"picture": f"picture?{urlencode(asked)}"}
    return {"heading": place.heading, "before": place.before, "words": place.words, "after": place.after}


def place_as_png(publication: Publication, asked: dict[str, str]) -> bytes:
    """Return the page of a place as PNG, its words highlighted. Raises NotFound."""
    place = _opened(publication, asked)
    if not isinstance(place, PagePicture):
        raise _closed()
    return place.lower or place.png


def _opened(publication: Publication, asked: dict[str, str]) -> Any:
    source_id, version_id = asked.get("source", ""), asked.get("version", "")
    start, end, page = (_number(asked.get(name, "0")) for name in ("start", "end", "page"))
    if source_id not in publication.public_sources or not 0 <= start < end <= start + MOST_CHARACTERS:
        raise _closed()
    # A version that was replaced, perhaps for good reasons, is not what was marked public; nor what rests by now.
    if not version_id or pipeline.answering_version(publication.assistant_id, source_id) != version_id:
        raise _closed()
    try:
        return open_place(publication.assistant_id, source_id, version_id, start, end, page or None)
    except (IndexError, ValueError):  # a page or place that the source does not have
        raise _closed() from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


def _closed() -> NotFound:
    return NotFound("This source cannot be opened.", "Ask again.", code="no_source")
