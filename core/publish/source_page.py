"""A cited place as a page of its own: what a link in another program's answer opens."""

from html import escape
from string import Template
from urllib.parse import urlencode

from core.assistants import sources
from core.publish.page_html import file_text, mark_of, stylesheet
from core.publish.publications import Publication
from core.publish.sources import place_as_json
from core.publish.words import Words, named_place


def source_page(publication: Publication, asked: dict[str, str], words: Words, language: str) -> str:
    """Return the page of a place that visitors may open: its text with the words lit, or its picture. Raises NotFound.

    ``asked`` is the place as a citation has it: source, version, start, end, and page where there are pages.
    """
    place = place_as_json(publication, asked)
    source = sources.source(publication.assistant_id, asked["source"])
    page = asked.get("page", "")
    name = named_place(words, source.name, int(page) if page.isdigit() else None)
    heading = words["under"].format(heading=place["heading"]) if place.get("heading") else ""
    if "picture" in place:
        alt = escape(words["picture"].format(name=name))
        shown = f'<img src="{publication.name}/picture?{escape(urlencode(asked))}" alt="{alt}">'
    else:
        shown = f"{escape(place['before'])}<mark>{escape(place['words'])}</mark>{escape(place['after'])}"
    return Template(file_text("source.html")).substitute(
        language=language,
        place=escape(name),
        title=escape(publication.title),
        name=publication.name,
        ask=escape(words["ask"]),
        style=f"{publication.name}/page.css?v={mark_of(stylesheet(publication))}",
        heading=f'<p class="small" dir="auto">{escape(heading)}</p>' if heading else "",
        shown=shown,
    )
