"""What a session remembers of the list of sources: which are looked at, which are chosen; kept as all else in state."""

from core.assistants.source_filter import SourceFilter
from pages.parts.state import Entry

chosen_by_filter: Entry[SourceFilter | None] = Entry("chosen_by_filter", None)  # all that it leaves are chosen


def source_narrowed(assistant_id: str, field: str) -> Entry[str | None]:
    """The "folder", "tag", "kind" or "how" that sources must have to be shown: the widget."""
    return Entry(f"sources_{field}_{assistant_id}", None)


def replaced_sources(source_id: str) -> Entry[list[str]]:
    """The sources that one stands in place of, as they are chosen: the widget."""
    return Entry(f"replaced_by_{source_id}", [])
