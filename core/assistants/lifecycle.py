"""An assistant comes and goes: create, copy, delete to a 30-day bin, restore, erase."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, update
from sqlmodel import col, select

from core.assistants import assistants, index_builds, own_words, voices
from core.assistants.saved_questions import copy_questions
from core.assistants.sources import copy_sources
from core.database import Assistant, IndexBuild, LeftoverIndex, new_id, now, session
from core.log import log
from core.schema import BuildState, IndexSettings, Voice

COLOURS = ("#2F6F5E", "#3B5B92", "#8A5A2B", "#7A4B7E", "#A2483D", "#4A6B2A", "#2B6E80", "#6B5D3A")


def create_assistant(name: str) -> str:
    """Create an assistant with the default voice and an empty index; returns its id. Raises AnswerbookError."""
    name, reader = assistants.clean_name(name), assistants.reads_closely()
    with session() as db:
        count = db.exec(select(func.count()).select_from(Assistant)).one()
        assistant = Assistant(id=new_id(), name=name, colour=COLOURS[count % len(COLOURS)], reader=reader)
        db.add(assistant)
        db.flush()
        embedding, dimension = index_builds.search_of_new_ones(db)
        store = index_builds.store_of_new_ones(db)
        index = IndexSettings(embedding=embedding, dimension=dimension, store=store)
        build = index_builds.add_build(db, assistant.id, index, state=BuildState.LIVE)
        assistant.build_id = build.id
        assistant.voice_id = voices.add_voice(db, assistant.id, Voice(name=name)).id
    log("assistant.created", assistant=assistant.id)
    return assistant.id


def copy_assistant(assistant_id: str, name: str) -> str:
    """Copy an assistant: voice, settings and sources, read again from the kept bytes. Returns the new id."""
    original = assistants.assistant(assistant_id)
    copied_id = create_assistant(name)
    with session() as db:
        cut = index_builds.settings_of(index_builds.build_by_id(db, original.build_id)).cut
        db.execute(
            update(IndexBuild)
            .where(col(IndexBuild.assistant_id) == copied_id)
            .values(cut_size=cut.size, cut_overlap=cut.overlap)
        )
        db.execute(
            update(Assistant)
            .where(col(Assistant.id) == copied_id)
            .values(
                search_passages=original.search_passages,
                dense_weight=original.dense_weight,
                sureness=original.sureness,
                suggested=original.suggested,
            )
        )
    voices.save_voice(copied_id, replace(voices.voice(assistant_id), name=assistants.clean_name(name)))
    copy_sources(assistant_id, copied_id)
    copy_questions(assistant_id, copied_id)
    own_words.copy_own_words(assistant_id, copied_id)
    return copied_id


def delete_assistant(assistant_id: str) -> None:
    """Put an assistant into the bin, from which it can be restored for 30 days."""
    assistants.change(assistant_id, deleted_at=now())
    log("assistant.binned", assistant=assistant_id)


def restore_assistant(assistant_id: str) -> None:
    """Take an assistant out of the bin, as it was."""
    assistants.change(assistant_id, deleted_at=None)
    log("assistant.restored", assistant=assistant_id)


def bin_expired() -> list[str]:
    """Return the ids of assistants that have been in the bin for more than 30 days."""
    with session() as db:
        return list(
            db.exec(select(Assistant.id).where(col(Assistant.deleted_at) < now() - timedelta(days=assistants.BIN_DAYS)))
        )


def erase_assistant(assistant_id: str) -> None:
    """Remove an assistant and all that is its own from the database; notes the indexes that stores still hold."""
    with session() as db:
        chosen = select(IndexBuild).where(IndexBuild.assistant_id == assistant_id, IndexBuild.state != BuildState.GONE)
        for build in db.exec(chosen).all():
            db.add(LeftoverIndex(assistant_id=assistant_id, number=build.number, store=build.store))
        assistant = db.get(Assistant, assistant_id)
        if assistant is not None:
            db.delete(assistant)
    log("assistant.erased", assistant=assistant_id)
