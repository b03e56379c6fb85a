"""Questions to begin with, on SQLite and on a real Postgres."""

import pytest

from core.assistants import assistants, documents, lifecycle, source_rows, sources
from core.assistants.suggested_questions import suggested_questions
from core.database import Source, Version, session
from core.errors import NotFound
from core.load import READER_VERSION
from core.schema import Block, Document

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def assistant_id() -> str:
    return lifecycle.create_assistant("Help")


def document(*blocks: tuple[str, str]) -> Document:
    """A document of (kind, text) blocks."""
    text, made = "", []
    for kind, words in blocks:
        made.append(Block(kind, len(text), len(text) + len(words)))  # type: ignore[arg-type]
        text += f"{words}\n\n"
    return Document(text, tuple(made), "md")


def read(assistant_id: str, name: str, *blocks: tuple[str, str]) -> str:
    """Add a source that was read as these blocks; return its id."""
    sources.add_files(assistant_id, [(name, name.encode())])
    source_id = next(row.id for row in source_rows.source_rows(assistant_id) if row.name == name)
    with session() as db:
        version = next(version for version in db.query(Version).all() if version.source_id == source_id)
        source = db.get_one(Source, source_id)
        source.version_id = version.id
        db.add(source)
    documents.keep_document(version.id, document(*blocks), READER_VERSION)
    return source_id


def about(*headings: str) -> list[str]:
    return [f"What do the documents say about “{heading}”?" for heading in headings]


def test_nothing_is_suggested_while_nothing_was_read(assistant_id: str) -> None:
    assert suggested_questions(assistant_id) == []
    sources.add_files(assistant_id, [("a.md", b"# Return of parcels\n\nWithin a week.")])
    assert suggested_questions(assistant_id) == []


def test_the_owner_s_own_questions_win_and_are_three_at_most(assistant_id: str) -> None:
    read(assistant_id, "a.md", ("heading", "Return of parcels"), ("paragraph", "Within a week."))
    assistants.set_suggested(assistant_id, ["  One? ", "", "Two?", "Three?", "Four?"])
    assert suggested_questions(assistant_id) == ["One?", "Two?", "Three?"]
    assistants.set_suggested(assistant_id, [])
    assert suggested_questions(assistant_id) == about("Return of parcels")


def test_a_heading_is_a_phrase_with_text_beneath_it(assistant_id: str) -> None:
    read(
        assistant_id,
        "a.md",
        ("paragraph", "Some words here"),
        ("heading", "Contents"),
        ("paragraph", "One word is no phrase."),
        ("heading", "A heading above a heading"),
        ("heading", "One that goes on for more than seven words"),
        ("paragraph", "Too long."),
        ("heading", "## Return   of parcels:"),
        ("paragraph", "Within a week."),
        ("heading", "Later than the first"),
        ("paragraph", "Not taken."),
    )
    assert suggested_questions(assistant_id) == about("Return of parcels")


def test_the_newest_sources_come_first_each_heading_once_and_three_at_most(assistant_id: str) -> None:
    for name, heading in (("a", "About old things"), ("b", "Return of parcels"), ("c", "Prices of letters")):
        read(assistant_id, f"{name}.md", ("heading", heading), ("paragraph", "Text."))
    read(assistant_id, "d.md", ("heading", "Prices of letters"), ("paragraph", "Text."))
    newest = read(assistant_id, "e.md", ("heading", "Rules on batteries"), ("paragraph", "Text."))
    assert suggested_questions(assistant_id) == about("Rules on batteries", "Prices of letters", "Return of parcels")
    sources.delete_sources(assistant_id, [newest])
    assert suggested_questions(assistant_id) == about("Prices of letters", "Return of parcels", "About old things")


def test_an_assistant_that_is_none_has_none() -> None:
    with pytest.raises(NotFound):
        suggested_questions("nobody")
