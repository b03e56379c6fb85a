"""A price list of ours, before and after a change: for a demo where nobody has one at hand."""

from sqlmodel import col, select

from core.assistants import sources
from core.assistants.sources import content_hash
from core.database import Source, Version, session

PRICE_LIST = "Demo price list.csv"
QUESTION = "What does the sample box cost?"
_ITEMS = (("Sample box", "12.50", "14.90"), ("Gift wrapping", "3.00", "3.00"), ("Express handling", "8.40", "8.40"))


def price_list(*, changed: bool) -> bytes:
    """Return the list as a CSV file, as it was or as it is with its first price changed."""
    lines = [f"{name},{after if changed else before}" for name, before, after in _ITEMS]
    return "\r\n".join(["Item,Price in euro", *lines, ""]).encode()


def add_price_list(assistant_id: str) -> None:
    """Add the list to an assistant's sources; in the place of one that is here, it has another price than that.

    Raises NotFound, DataFolderError.
    """
    was = _hash_of_list(assistant_id)
    sources.add_files(assistant_id, [(PRICE_LIST, price_list(changed=was == content_hash(price_list(changed=False))))])


def has_price_list(assistant_id: str) -> bool:
    """Say whether the list is among an assistant's sources, and can be asked about."""
    return bool(_hash_of_list(assistant_id))


def _hash_of_list(assistant_id: str) -> str:
    """Return the hash of the list that answers now; "" where there is none."""
    here = (Source.assistant_id == assistant_id, Source.name == PRICE_LIST, col(Source.deleted_at).is_(None))
    chosen = select(Version.original_hash).join(Source, col(Source.version_id) == col(Version.id)).where(*here)
    with session() as db:
        return db.exec(chosen).first() or ""
