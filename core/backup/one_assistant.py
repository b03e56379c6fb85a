"""One assistant as a file: to hand on, or to begin others from; taken in as a new one beside those that are here.

It holds how the assistant speaks, is cut and searched, and with its documents their original files. It never holds, and
nothing that comes in ever brings, keys, people, limits, addresses, conversations or what visitors left.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import IO, Any, get_args, get_type_hints

from sqlalchemy import Engine, Table, and_, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as choose

from core.assistants import assistants, lifecycle, sources, voices
from core.assistants.source_names import clean_file_name
from core.backup.archive import Archive, Writer, damaged
from core.backup.make import cut_off_where_it_fails, finish, write_row
from core.backup.said_of_sources import take_in_what_was_said
from core.backup.stage import fill, refuse_other_kind
from core.database import (
    Assistant,
    HandEditRow,
    IndexBuild,
    Original,
    OwnWord,
    SavedQuestion,
    Source,
    SourceTag,
    Version,
    VoiceVersion,
    bring_up_to_date,
    make_engine,
    reading,
    session,
)
from core.index import LARGEST, SMALLEST
from core.log import log
from core.operate import enough_space
from core.schema import SURENESS, CutSettings, EditState, Voice
from core.settings import settings

# What goes along; every other table stays where it is, as NOT_ALONG says.
ALONG = (
    "assistant",
    "generation",
    "voiceversion",
    "source",
    "version",
    "original",
    "hand_edit",
    "source_tag",
    "test_question",
    "own_words",
)
NOT_ALONG = {
    **dict.fromkeys(("provider", "api_key", "sign_in_service", "day_salt"), "keys and secrets"),
    **dict.fromkeys(("person", "sign_in_session", "sign_in_try", "invitation", "audit_line"), "people"),
    **dict.fromkeys(("spending_limit", "model_price", "spent", "ask_window"), "money and limits"),
    **dict.fromkeys(("conversation", "message", "visitor_answer", "lead"), "what was asked, and by whom"),
    **dict.fromkeys(("demo_link", "demo_answer", "demo_run"), "whom it was shown to, and what they asked"),
    "publication": "an address and those who answer behind it belong to where it is published",
    **dict.fromkeys(("parsed", "indexed", "passage_prints", "leftover", "job", "test_run"), "made anew"),
}
MOST_QUESTIONS, QUESTION_LENGTH = 20, 300
PEOPLE = ("made_by", "ended_by")  # columns that name somebody
PASSAGES = range(1, 31)


@dataclass(frozen=True, slots=True)
class Imported:
    """The assistant that was made, how many files it reads now, and a sentence on each that it does not."""

    assistant_id: str
    name: str
    files: int
    refused: tuple[str, ...]


# --- Out ------------------------------------------------------------------------------------------------------------


def write_assistant(target: IO[bytes], assistant_id: str, *, documents: bool) -> None:
    """Write one assistant to ``target``, with its documents or without. Raises NotFound, DataFolderError, OSError."""
    for _ in writing_assistant(target, assistant_id, documents=documents):
        continue


def writing_assistant(target: IO[bytes], assistant_id: str, *, documents: bool) -> Iterator[None]:
    """As ``write_assistant``, step by step: between two steps the target can be emptied by whoever sends it on."""
    row = assistants.assistant(assistant_id)
    with reading() as connection, cut_off_where_it_fails(Writer(target)) as writer:
        for table, wanted in _wanted(row, documents=documents):
            few = {"yield_per": 1 if table.name == "original" else 500}
            for found in connection.execute(select(table).where(wanted), execution_options=few).mappings():
                write_row(writer, table, {name: "" if name in PEOPLE else value for name, value in found.items()})
                yield
            writer.end_table(table.name)
        finish(writer, "assistant")
        yield
    log("assistant.exported", assistant=assistant_id, documents=documents)


def _wanted(row: Assistant, *, documents: bool) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Return which rows of which tables go along, each table after those that it refers to."""
    known = SQLModel.metadata.tables
    yield known["assistant"], col(Assistant.id) == row.id
    yield known["generation"], col(IndexBuild.id) == row.build_id
    yield known["voiceversion"], col(VoiceVersion.id) == row.voice_id
    yield known["test_question"], col(SavedQuestion.assistant_id) == row.id
    yield known["own_words"], col(OwnWord.assistant_id) == row.id
    if not documents:
        return
    # What is attached to a source comes with reading it.
    here = (col(Source.assistant_id) == row.id, col(Source.deleted_at).is_(None), col(Source.part_of) == "")
    sources_of_it = choose(Source.id).where(*here)
    newest = choose(Version.id).where(Version.source_id == Source.id).order_by(col(Version.number).desc()).limit(1)
    answering = choose(Source.version_id).where(*here, Source.version_id != "")
    unread = choose(newest.scalar_subquery()).select_from(Source).where(*here, Source.version_id == "")
    versions = col(Version.id).in_(answering) | col(Version.id).in_(unread)
    yield known["original"], col(Original.hash).in_(choose(Version.original_hash).where(versions))
    yield known["source"], col(Source.id).in_(sources_of_it)
    yield known["version"], versions
    in_force = (col(HandEditRow.source_id).in_(sources_of_it), col(HandEditRow.state) != EditState.UNDONE)
    yield known["hand_edit"], and_(*in_force)
    yield known["source_tag"], col(SourceTag.source_id).in_(sources_of_it)


# --- In -------------------------------------------------------------------------------------------------------------


def import_assistant(path: Path) -> Imported:
    """Make a new assistant of a file, beside the others; its documents are read again in the background.

    It is spoken, cut and searched as in the file, as far as that can be here. Raises AnswerbookError: no sound file of
    one assistant, or no space; nothing has changed then.
    """
    with Archive(path) as archive:
        refuse_other_kind(archive, "assistant")
        if archive.manifest.tables.keys() - set(ALONG):
            raise damaged()
        enough_space(3 * archive.size)
        with tempfile.TemporaryDirectory(dir=settings().data, prefix="importing-") as folder:
            made = make_engine(f"sqlite:///{Path(folder) / 'answerbook.db'}")
            try:
                fill(archive, made)
                bring_up_to_date(made, Path(folder))
                return _taken_in(made)
            finally:
                made.dispose()


def _taken_in(staged: Engine) -> Imported:
    with Session(staged) as db:
        rows, builds = db.exec(choose(Assistant)).all(), db.exec(choose(IndexBuild)).all()
        spoken = db.exec(choose(VoiceVersion)).all()
        if len(rows) != 1 or len(builds) != 1 or len(spoken) > 1:
            raise damaged()
        name = _free_name(assistants.clean_name(rows[0].name))
        made = lifecycle.create_assistant(name)
        try:
            _settle(made, rows[0], builds[0])
            voices.save_voice(made, replace(_voice(spoken[0].voice if spoken else {}), name=name))
            files, refused, came = 0, [], {}
            for source in db.exec(choose(Source).order_by(col(Source.created_at), col(Source.id))):
                added = sources.add_file(made, clean_file_name(source.name), _bytes_of(db, source))
                files += added.outcome in ("new", "version")
                if here := _source_here(made, added.name):
                    came[source.id] = here
                refused += [added.sentence] if added.sentence else []
            take_in_what_was_said(db, made, came)
        except BaseException:
            lifecycle.erase_assistant(made)
            raise
    log("assistant.imported", assistant=made, files=files)
    return Imported(made, name, files, tuple(refused))


def _source_here(assistant_id: str, name: str) -> str | None:
    with session() as db:
        return db.exec(choose(Source.id).where(Source.assistant_id == assistant_id, Source.name == name)).first()


def _bytes_of(db: Session, source: Source) -> bytes:
    version = db.exec(choose(Version).where(Version.source_id == source.id)).first()
    original = db.get(Original, version.original_hash) if version else None
    if original is None:
        raise damaged()
    return original.body


def _free_name(name: str) -> str:
    """Return the name, with a number where an assistant here is called so already."""
    taken, number, free = set(assistants.assistant_names().values()), 1, name
    while free in taken:
        number += 1
        ending = f" ({number})"
        free = name[: assistants.NAME_LENGTH - len(ending)] + ending
    return free


def _settle(assistant_id: str, row: Assistant, build: IndexBuild) -> None:
    """Cut and search as in the file, within what can be chosen here."""
    cut = CutSettings()
    if SMALLEST <= build.cut_size <= LARGEST and 0 <= build.cut_overlap <= build.cut_size // 2:
        cut = CutSettings(size=build.cut_size, overlap=build.cut_overlap)
    weight = row.dense_weight if row.dense_weight is not None and 0 <= row.dense_weight <= 1 else None
    asked = row.suggested if isinstance(row.suggested, list) else []
    with session() as db:
        db.execute(
            update(IndexBuild)
            .where(col(IndexBuild.assistant_id) == assistant_id)
            .values(cut_size=cut.size, cut_overlap=cut.overlap)
        )
    assistants.change(
        assistant_id,
        search_passages=min(max(row.search_passages, PASSAGES[0]), PASSAGES[-1]),
        dense_weight=weight,
        sureness=row.sureness if row.sureness in SURENESS else "measured",
        suggested=[text[:QUESTION_LENGTH] for text in asked if isinstance(text, str)][:MOST_QUESTIONS],
    )


def _voice(kept: dict[str, Any]) -> Voice:
    """Read a voice; what is no text, or none of the choices that there are, is as in a new one."""
    kinds, known = get_type_hints(Voice), {}
    for field in fields(Voice):
        value, choices = kept.get(field.name), get_args(kinds[field.name])
        if isinstance(value, str) and (not choices or value in choices):
            known[field.name] = value
    make: Callable[..., Voice] = Voice
    return make(**known)
