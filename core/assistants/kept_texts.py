"""Which texts are kept, of all assistants: to find out where words stand that a question did not find."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, or_
from sqlalchemy import select as columns_of
from sqlmodel import col

from core.database import Assistant, Source, Version, session


class Kept(StrEnum):
    """Where a kept text belongs, seen from one assistant."""

    ANSWERS = "answers"  # the version of a source that answers
    OLDER = "older"  # another version of a source that is there
    BIN = "bin"  # a source in the bin
    ELSEWHERE = "elsewhere"  # another assistant's version that answers


@dataclass(frozen=True, slots=True)
class KeptText:
    """A version of a source of which the text is kept. ``characters`` is how long it is."""

    kept: Kept
    assistant_id: str
    assistant_name: str
    source_id: str
    source_name: str
    version_id: str
    characters: int
    added_at: datetime


def kept_texts(assistant_id: str) -> dict[Kept, list[KeptText]]:
    """Return all texts that words may stand in, by where they belong, the newest first."""
    current = col(Source.version_id) == col(Version.id)
    own = col(Source.assistant_id) == assistant_id
    elsewhere = and_(~own, current, col(Source.deleted_at).is_(None), col(Assistant.deleted_at).is_(None))
    wanted = (
        col(Source.assistant_id),
        col(Assistant.name),
        col(Source.id),
        col(Source.name),
        col(Version.id),
        col(Version.characters),
        col(Version.created_at),
    )
    chosen = (
        columns_of(own, current, col(Source.deleted_at).is_not(None), *wanted)
        .select_from(Version)
        .join(Source, col(Source.id) == col(Version.source_id))
        .join(Assistant, col(Assistant.id) == col(Source.assistant_id))
        .where(col(Version.read_at).is_not(None), or_(own, elsewhere))
        .order_by(col(Version.number).desc())
    )
    texts: dict[Kept, list[KeptText]] = {kept: [] for kept in Kept}
    with session() as db:
        for is_own, is_current, is_binned, *values in db.execute(chosen).all():
            kept = Kept.ELSEWHERE if not is_own else Kept.BIN if is_binned else Kept.OLDER
            kept = Kept.ANSWERS if is_own and is_current and not is_binned else kept
            texts[kept].append(KeptText(kept, *values))
    return texts
