"""Files within a file: handed over so that each can become a source of its own, or named as not read."""

import re
from dataclasses import dataclass, field
from pathlib import PurePath

from core.load.limits import Reading
from core.schema import Attachment, Shortfall

_MOST = 50
_LONGEST_NAME = 150


@dataclass
class Attachments:
    """Gathers attached files, up to a number and to ``most_bytes`` altogether; those beyond are only named."""

    most_bytes: int
    taken: list[Attachment] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> None:
        """Take an attached file; where it is empty or there is no room for it, keep its name alone."""
        name = file_name(name)
        if not name or not data or len(self.taken) >= _MOST or len(data) > self.most_bytes:
            self.leave(name or "a file without a name")
            return
        self.most_bytes -= len(data)
        self.names[name] = self.names.get(name, 0) + 1
        if self.names[name] > 1:
            name = f"{PurePath(name).stem} ({self.names[name]}){PurePath(name).suffix}"
        self.taken.append(Attachment(name, data))

    def leave(self, name: str) -> None:
        """Keep the name of what cannot be taken out."""
        self.left.append(name)

    def warnings(self) -> list[Shortfall]:
        """Return a sentence that names what was not taken out, or nothing."""
        if not self.left:
            return []
        shown = ", ".join(self.left[:5]) + (f" and {len(self.left) - 5} more" if len(self.left) > 5 else "")
        return [Shortfall(f"Attachments were not read: {shown}.", "Save them and add them on their own.")]


def attachments_for(reading: Reading) -> Attachments:
    """Return a place for the attachments of a file that may be as large as the file itself."""
    return Attachments(most_bytes=reading.megabytes * 1_000_000)


def file_name(name: str) -> str:
    """Return a file's name without folders and line breaks, its ending kept where it is cut short."""
    name = " ".join("".join(filter(str.isprintable, re.split(r"[\\/]", name)[-1])).split())
    if len(name) <= _LONGEST_NAME:
        return name
    suffix = PurePath(name).suffix[:12]
    return name[: _LONGEST_NAME - len(suffix)] + suffix
