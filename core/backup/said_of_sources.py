"""What an owner said of an assistant's sources and words, taken in from its file: each the way an owner says it."""

from collections.abc import Mapping

from sqlmodel import Session, col, select, update

from core import edits
from core.assistants import source_folders, source_order
from core.assistants.own_words import MOST_WORDS, save_own_word
from core.assistants.saved_questions import save_question
from core.backup.archive import damaged
from core.database import HandEditRow, OwnWord, SavedQuestion, Source, SourceTag, new_id, session
from core.schema import CUT_KINDS, EditKind, HandEdit, TextQuote

MOST_EDITS, EDIT_LENGTH = 10_000, 20_000  # of a source; characters of each of its texts
MOST_TAGS = 100  # of a source


def take_in_what_was_said(db: Session, assistant_id: str, came: Mapping[str, str]) -> None:
    """Give sources that came their kind, order, folder, tags, hand edits; the assistant test questions and own words.

    ``db`` is the file's database; ``came`` has the new id of each of its sources. Raises AnswerbookError.
    """
    for old in db.exec(select(Source).where(col(Source.id).in_(came))):
        here = came[old.id]
        if old.cut_kind in CUT_KINDS:
            with session() as ours:
                ours.execute(update(Source).where(col(Source.id) == here).values(cut_kind=old.cut_kind))
        source_folders.move_sources(assistant_id, [here], old.folder)
        tags = db.exec(select(SourceTag.tag).where(SourceTag.source_id == old.id).limit(MOST_TAGS)).all()
        source_folders.tag_sources(assistant_id, [here], tags)
        if old.preferred:
            source_order.prefer(assistant_id, [here], True)
        if old.begins_at or old.ends_at:
            source_order.set_days(assistant_id, [here], source_order.days_of(old), old.zone)
        edits.take_in(assistant_id, here, _edits_of(db, old.id))
    for old_id, here in came.items():
        replaced = db.exec(select(Source.id).where(Source.replaced_by == old_id)).all()
        if wanted := [came[each] for each in replaced if each in came]:
            source_order.set_replaces(assistant_id, here, wanted)
    for row in db.exec(select(SavedQuestion).order_by(col(SavedQuestion.created_at), col(SavedQuestion.id))):
        save_question(assistant_id, row.question, row.expected, came.get(row.source_id, ""))
    for word in db.exec(select(OwnWord).order_by(col(OwnWord.known_by), col(OwnWord.id)).limit(MOST_WORDS)):
        save_own_word(assistant_id, word.said, word.meant)


def _edits_of(db: Session, source_id: str) -> list[HandEdit]:
    """Read the hand edits of a source, in their order. Raises AnswerbookError where one is none."""
    chosen = select(HandEditRow).where(HandEditRow.source_id == source_id).order_by(col(HandEditRow.number))
    read = []
    for row in db.exec(chosen.limit(MOST_EDITS)):
        texts = (row.exact, row.prefix, row.suffix, row.words)
        if row.kind not in list(EditKind) or any(len(text) > EDIT_LENGTH for text in texts):
            raise damaged()
        anchor = TextQuote(row.exact, row.prefix, row.suffix, row.start)
        read.append(HandEdit(new_id(), row.number, EditKind(row.kind), anchor, row.words))
    return read
