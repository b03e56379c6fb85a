"""Streams of Microsoft's old container (.doc, .ppt), whatever the case of their names."""

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

_PROPERTIES = "\x05SummaryInformation"
_TITLE, _CODE_PAGE = 2, 1
_CODE_PAGES = {1200: "utf-16-le", 65001: "utf-8", 10000: "mac_roman"}


class Compound(NamedTuple):
    """What an old office file holds: its streams by their names, and the title in its properties."""

    streams: dict[str, bytes]
    title: str


@lru_cache(maxsize=1)
def open_compound(data: bytes, names: Sequence[str]) -> Compound:
    """Return the streams called ``names`` that are there, and the title. Raises OSError (damaged).

    The last file is kept, for its words are counted after it was read: call ``open_compound.cache_clear()`` then.
    """
    import olefile

    wanted = {name.lower(): name for name in names}
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        streams = {
            wanted[parts[0].lower()]: container.openstream(parts).read()
            for parts in container.listdir()
            if len(parts) == 1 and parts[0].lower() in wanted
        }
        return Compound(streams, _stated_title(container))


def _stated_title(container: Any) -> str:
    """Return the title in an old file's properties, nothing where there is none."""
    try:
        properties = container.getproperties(_PROPERTIES) if container.exists(_PROPERTIES) else {}
    except (OSError, ValueError, IndexError, TypeError, AttributeError, KeyError, OverflowError):
        return ""
    title, page = properties.get(_TITLE), properties.get(_CODE_PAGE)
    if not isinstance(title, bytes):
        return title if isinstance(title, str) else ""
    try:
        return title.decode(_CODE_PAGES.get(page or 1252, f"cp{page or 1252}"), "replace").strip("\x00 ")
    except LookupError:
        return title.decode("cp1252", "replace").strip("\x00 ")
