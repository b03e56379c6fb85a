"""Hand edits as rows: made, undone, made again; each has its source indexed anew, as a new version of it would be."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from core import jobs
from core.assistants import sources
from core.database import Assistant, HandEditRow, Source, new_id, now, session, writing
from core.errors import AnswerbookError, NotFound
from core.log import log
from core.schema import EditKind, EditState, HandEdit, TextQuote


def edits_of(source_id: str) -> list[HandEdit]:
    """Return the hand edits of a source that are not undone, in the order in which they were made."""
    with session() as db:
        chosen = select(HandEditRow).where(HandEditRow.source_id == source_id, HandEditRow.state != EditState.UNDONE)
        return [_edit(row) for row in db.exec(chosen.order_by(col(HandEditRow.number))).all()]


def history(assistant_id: str, source_id: str) -> list[HandEdit]:
    """Return all hand edits of a source, newest first, with those that were undone. Raises NotFound."""
    sources.source(assistant_id, source_id)
    with session() as db:
        chosen = select(HandEditRow).where(HandEditRow.source_id == source_id)
        return [_edit(row) for row in db.exec(chosen.order_by(col(HandEditRow.number).desc())).all()]


def stamp_of(source_id: str) -> int:
    """Return a number that every change of a source's hand edits raises."""
    with session() as db:
        return stamp_in(db, source_id)


def stamp_in(db: Session, source_id: str) -> int:
    """Return the same in this session."""
    summed = select(func.coalesce(func.sum(HandEditRow.changes), 0)).where(HandEditRow.source_id == source_id)
    return int(db.exec(summed).one())


def add_edit(assistant_id: str, source_id: str, kind: EditKind, anchor: TextQuote, words: str, by: str) -> None:
    """Keep a hand edit and have the source indexed anew with it. The same twice, as by a double click, is one.

    Raises NotFound where the source is gone or in the bin.
    """
    words = clean(words)
    with writing() as db:
        source = _locked(db, assistant_id, source_id)
        same = select(HandEditRow).where(
            HandEditRow.source_id == source_id,
            HandEditRow.kind == kind,
            HandEditRow.state != EditState.UNDONE,
            HandEditRow.start == anchor.start,
            HandEditRow.exact == anchor.exact,
            HandEditRow.words == words,
        )
        if db.exec(same).first() is not None:
            return
        _add(db, source, kind, anchor, words, by)
        sources.add_edited(db, source)
    jobs.tell()
    log("edit.made", assistant=assistant_id, source=source_id, kind=kind)


def take_in(assistant_id: str, source_id: str, taken: Sequence[HandEdit]) -> None:
    """Give a source that came from elsewhere the hand edits it had there, in their order; nobody here made them."""
    if not taken:
        return
    with writing() as db:
        db.exec(select(Assistant).where(Assistant.id == assistant_id).with_for_update()).first()
        source = db.get_one(Source, source_id)
        for edit in taken:
            _add(db, source, edit.kind, edit.anchor, edit.words, "")
        if source.version_id:  # else its first reading has them
            sources.add_edited(db, source)
    jobs.tell()


def end_edit(assistant_id: str, source_id: str, edit_id: str, by: str) -> None:
    """Undo a hand edit: the document's words answer again. What is undone already stays so. Raises NotFound."""
    _set_state(assistant_id, source_id, edit_id, EditState.UNDONE, by)


def change_edit(
    assistant_id: str, source_id: str, edit_id: str, by: str, *, kind: EditKind | None = None, anchor: TextQuote | None
) -> None:
    """Make a hand edit that was undone, or fits no more, once more: at its old place (None) or at another one.

    At another place it is a new edit, and the old one is undone. Raises NotFound.
    """
    if anchor is None:
        _set_state(assistant_id, source_id, edit_id, EditState.APPLIES, by)
        return
    with writing() as db:
        source = _locked(db, assistant_id, source_id)
        row = _row(db, source_id, edit_id)
        if row.state == EditState.UNDONE:
            return  # decided already, as in another window
        _end(db, row, by)
        _add(db, source, kind or EditKind(row.kind), anchor, row.words, by)
        sources.add_edited(db, source)
    jobs.tell()
    log("edit.placed_anew", assistant=assistant_id, source=source_id, kind=row.kind)


def note_unfit(source_id: str, unfit: Collection[str]) -> None:
    """Note which of a source's edits do not fit the text that answers now; all others that are in force do."""
    with session() as db:
        here = (col(HandEditRow.source_id) == source_id, col(HandEditRow.state) != EditState.UNDONE)
        for state, condition in (
            (EditState.UNFIT, col(HandEditRow.id).in_(unfit)),
            (EditState.APPLIES, col(HandEditRow.id).not_in(unfit)),
        ):
            db.execute(update(HandEditRow).where(*here, condition, col(HandEditRow.state) != state).values(state=state))


def unfit_counts(assistant_id: str) -> dict[str, int]:
    """Count the hand edits that wait for a decision, by source; sources in the bin have none."""
    with session() as db:
        chosen = (
            select(HandEditRow.source_id, func.count())
            .join(Source, col(Source.id) == col(HandEditRow.source_id))
            .where(Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None))
            .where(HandEditRow.state == EditState.UNFIT)
            .group_by(col(HandEditRow.source_id))
        )
        return dict(db.execute(chosen).tuples().all())


def clean(words: str) -> str:
    """Return an owner's words as every database and store can keep them, without blanks around."""
    return words.encode("utf-8", "ignore").decode().replace("\0", "").replace("\r\n", "\n").strip()


def _set_state(assistant_id: str, source_id: str, edit_id: str, state: EditState, by: str) -> None:
    with writing() as db:
        source = _locked(db, assistant_id, source_id)
        row = _row(db, source_id, edit_id)
        if (row.state == EditState.UNDONE) == (state is EditState.UNDONE):
            return
        if state is EditState.UNDONE:
            _end(db, row, by)
        else:
            row.state, row.ended_at, row.ended_by, row.changes = state, None, "", row.changes + 1
            db.add(row)
        sources.add_edited(db, source)
    jobs.tell()
    log("edit.undone" if state is EditState.UNDONE else "edit.made_again", assistant=assistant_id, source=source_id)


def _end(db: Session, row: HandEditRow, by: str) -> None:
    row.state, row.ended_at, row.ended_by, row.changes = EditState.UNDONE, now(), by[:254], row.changes + 1
    db.add(row)


def _add(db: Session, source: Source, kind: EditKind, anchor: TextQuote, words: str, by: str) -> None:
    last = db.exec(select(func.max(HandEditRow.number)).where(HandEditRow.source_id == source.id)).one()
    db.add(
        HandEditRow(
            id=new_id(),
            source_id=source.id,
            number=(last or 0) + 1,
            kind=kind,
            exact=anchor.exact,
            prefix=anchor.prefix,
            suffix=anchor.suffix,
            start=anchor.start,
            words=words,
            made_by=by[:254],
        )
    )
    db.flush()


def _locked(db: Session, assistant_id: str, source_id: str) -> Source:
    """Return a source that is not in the bin; nobody else edits it meanwhile, and no version begins to answer."""
    owner = db.exec(select(Assistant).where(Assistant.id == assistant_id).with_for_update()).first()
    source = db.get(Source, source_id)
    gone = source is None or source.assistant_id != assistant_id or source.deleted_at is not None
    if owner is None or source is None or gone:
        raise NotFound("This source was deleted meanwhile.", "Restore it in Knowledge to edit it.", code="no_source")
    if not source.version_id:
        raise AnswerbookError(
            "This source was not read yet.", "Wait until Knowledge says that it is ready.", code="not_read"
        )
    return source


def _row(db: Session, source_id: str, edit_id: str) -> HandEditRow:
    row = db.get(HandEditRow, edit_id)
    if row is None or row.source_id != source_id:
        raise NotFound("This edit does not exist any more.", "Nothing needs to be done.", code="no_edit")
    return row


def _edit(row: HandEditRow) -> HandEdit:
    return HandEdit(
        id=row.id,
        number=row.number,
        kind=EditKind(row.kind),
        anchor=TextQuote(row.exact, row.prefix, row.suffix, row.start),
        words=row.words,
        state=EditState(row.state),
        made_at=row.made_at,
        made_by=row.made_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
