"""Streams of Microsoft's old container (.doc, .ppt), whatever the case of their names."""

import io
from collections.abc import Sequence


def open_streams(data: bytes, names: Sequence[str]) -> dict[str, bytes]:
    """Return the contents of the streams called ``names`` that are there. Raises OSError (damaged)."""
    import olefile

    wanted = {name.lower(): name for name in names}
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        return {
            wanted[parts[0].lower()]: container.openstream(parts).read()
            for parts in container.listdir()
            if len(parts) == 1 and parts[0].lower() in wanted
        }


def stated_title(data: bytes) -> str:
    """Return the title in an old file's properties, nothing where there is none."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            properties = container.get_metadata()
    except (OSError, ValueError, IndexError, TypeError, AttributeError, KeyError, OverflowError):
        return ""
    title, page = properties.title, properties.codepage
    if not isinstance(title, bytes):
        return title or ""
    names = {1200: "utf-16-le", 65001: "utf-8", 10000: "mac_roman"}
    try:
        return title.decode(names.get(page or 1252, f"cp{page or 1252}"), "replace").strip("\x00 ")
    except LookupError:
        return title.decode("cp1252", "replace").strip("\x00 ")
