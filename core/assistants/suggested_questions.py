"""Questions to begin with: the owner's own, else made from the headings of the newest sources."""

from sqlmodel import col, select

from core.assistants import assistants, documents
from core.assistants.source_order import standings
from core.assistants.sources import added_order
from core.database import Source, session

QUESTIONS = 3
SOURCES = 6
WORDS = (2, 7)


def suggested_questions(assistant_id: str) -> list[str]:
    """Return up to three questions this assistant's sources can answer; none while nothing was read."""
    own_questions = assistants.assistant(assistant_id).suggested
    if own_questions:
        return list(own_questions[:QUESTIONS])
    with session() as db:
        here = (Source.assistant_id == assistant_id, col(Source.deleted_at).is_(None), Source.version_id != "")
        found = col(Source.id).not_in(standings(db, assistant_id).rests)
        chosen = select(Source.version_id).where(*here, found).order_by(added_order().desc()).limit(SOURCES)
        versions = list(db.exec(chosen).all())
    headings: list[str] = []
    for version_id in versions:
        heading = _telling_heading(version_id)
        if heading and heading not in headings:
            headings.append(heading)
    return list(map(_about, headings[:QUESTIONS]))


def question_about(source_id: str) -> str:
    """Return a question that a source can answer, made from its first telling heading; "" where it has none."""
    with session() as db:
        source = db.get(Source, source_id)
    heading = _telling_heading(source.version_id) if source is not None and source.version_id else ""
    return _about(heading) if heading else ""


def _about(heading: str) -> str:
    return f"What do the documents say about “{heading}”?"


def _telling_heading(version_id: str) -> str:
    """The first heading that is a phrase and has text beneath it."""
    document = documents.document(version_id)
    if document is None:
        return ""
    for block, following in zip(document.blocks, document.blocks[1:], strict=False):
        words = document.text[block.start : block.end].split()
        if block.kind == "heading" and following.kind != "heading" and WORDS[0] <= len(words) <= WORDS[1]:
            return " ".join(words).strip(":.").lstrip("#").strip()
    return ""
