"""A cell such as "all other countries of the European Union" in, whether it is for a country out."""

import re
from typing import Any, Literal

from core.text.names import IN_THE_UNION

# Names a row for all that no other row is of.
_REST = re.compile(
    r"\b(?:others?|rest|elsewhere|worldwide|international|abroad|andere[rnms]?|übrige[rnms]?|sonstige[rnms]?|weltweit|"
    r"ausland|otr[oa]s|resto|demás|autres|reste|altri|altre|overige)\b",
    re.IGNORECASE,
)
_REGION = re.compile(r"\b(?:EU|UE|[Ee]urop\w*|[Uu]nion|[Uu]nión)\b")
_UNION = re.compile(r"\b(?:EU|UE|[Uu]nion|[Uu]nión)\b")


def for_others(cell: str, asked: frozenset[Any]) -> Literal["these", "not these", ""]:
    """Tell whether a cell is for all others than are named beside it, and whether those asked about may be among them.

    Others of a region are only what lies in it, as far as that is known; "" where a cell is for no others.
    """
    if not _REST.search(cell):
        return ""
    if not _REGION.search(cell) or (asked <= IN_THE_UNION and _UNION.search(cell)):
        return "these"
    return "not these"
