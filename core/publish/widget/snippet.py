"""The line that an owner puts into the pages of a site."""

from html import escape

from core.publish.colours import DEFAULT_COLOUR
from core.publish.publications import Publication


def snippet(publication: Publication, server: str) -> str:
    """Return the script element that shows a publication's bubble.

    ``server`` is this Answerbook as visitors reach it: "https://help.example.com". Colour and corner stand in it, as
    the bubble asks nobody for anything before it is pressed.
    """
    look = publication.look
    facts = {"data-assistant": publication.name}
    if look.colour != DEFAULT_COLOUR:
        facts["data-colour"] = look.colour
    if look.position != "right":
        facts["data-position"] = look.position
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in facts.items())
    return f'<script src="{escape(server.rstrip("/"))}/widget.js"{attributes} async></script>'
