"""A second assistant like the first, to try things on."""

from dataclasses import replace

from sqlalchemy import update
from sqlmodel import col

from core import library
from core.database import Assistant, Generation, session
from core.sources import copy_sources


def copy_assistant(assistant_id: str, name: str) -> str:
    """Copy an assistant: voice, settings and sources, read again from the kept bytes. Returns the new id."""
    original = library.assistant(assistant_id)
    copied_id = library.create_assistant(name)
    with session() as db:
        cut = library.cut_of(library.generation_by_id(db, original.generation_id))
        db.execute(
            update(Generation)
            .where(col(Generation.assistant_id) == copied_id)
            .values(cut_size=cut.size, cut_overlap=cut.overlap)
        )
        db.execute(
            update(Assistant)
            .where(col(Assistant.id) == copied_id)
            .values(
                search_passages=original.search_passages,
                dense_weight=original.dense_weight,
                suggested=original.suggested,
            )
        )
    library.save_voice(copied_id, replace(library.voice(assistant_id), name=library.clean_name(name)))
    copy_sources(assistant_id, copied_id)
    return copied_id
