"""Numbers, sizes and times in the reader's words."""

import re
from datetime import UTC, datetime

from core.text import counted

KIND_NAMES = {
    "pdf": "PDF",
    "docx": "Word",
    "doc": "Word",
    "pptx": "PowerPoint",
    "ppt": "PowerPoint",
    "xlsx": "Excel",
    "xls": "Excel",
    "csv": "CSV",
    "tsv": "TSV",
    "html": "Web page",
    "htm": "Web page",
    "md": "Markdown",
    "txt": "Text",
    "eml": "E-mail",
    "msg": "E-mail",
    "odt": "OpenDocument",
    "rtf": "Rich text",
    "epub": "E-book",
}
KIND_ICONS = {
    "pdf": ":material/picture_as_pdf:",
    "docx": ":material/description:",
    "doc": ":material/description:",
    "odt": ":material/description:",
    "rtf": ":material/description:",
    "pptx": ":material/slideshow:",
    "ppt": ":material/slideshow:",
    "xlsx": ":material/table_chart:",
    "xls": ":material/table_chart:",
    "csv": ":material/table_chart:",
    "tsv": ":material/table_chart:",
    "html": ":material/language:",
    "htm": ":material/language:",
    "eml": ":material/mail:",
    "msg": ":material/mail:",
    "epub": ":material/menu_book:",
}
STORES = {"lancedb": "the built-in store", "weaviate": "Weaviate"}
MINUTE, HOUR, DAY = 60, 3600, 86400


def kind_name(kind: str) -> str:
    """Return what an owner calls a file of this kind."""
    return KIND_NAMES.get(kind, kind.upper() or "File")


def kind_icon(kind: str) -> str:
    """Return the icon of a file of this kind."""
    return KIND_ICONS.get(kind, ":material/article:")


def file_size(count: int) -> str:
    """Return bytes as a person reads them: "812 bytes", "38 kB", "1.2 MB"."""
    if count < 1000:
        return counted(count, "byte")
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB" if count < 100_000_000 else f"{count / 1_000_000:.0f} MB"


def ago(moment: datetime, now: datetime | None = None) -> str:
    """Return how long ago a moment was: "just now", "2 minutes ago", "yesterday", "3 March 2026"."""
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{counted(int(seconds // MINUTE), 'minute')} ago"
    if seconds < DAY:
        return f"{counted(int(seconds // HOUR), 'hour')} ago"
    if seconds < 2 * DAY:
        return "yesterday"
    if seconds < 14 * DAY:
        return f"{int(seconds // DAY)} days ago"
    return f"{moment.day} {moment:%B %Y}"


def time_left(started: datetime, done: int, total: int, now: datetime | None = None) -> str:
    """Return about how long a job still takes ("about 20 s"); empty while nothing can be said."""
    spent = ((now or datetime.now(UTC)) - started).total_seconds()
    if done <= 0 or total <= 0 or spent < 2 or done >= total:
        return ""
    left = spent * (total - done) / done
    return f"about {max(1, round(left))} s" if left < 90 else f"about {round(left / 60)} min"


def cost_words(passages: int, tokens: int, service: str) -> str:
    """Return what preparing passages costs: nothing but time here, or how much text goes to whom."""
    if not service:
        return f"{counted(passages, 'passage')} are prepared on this machine; it costs nothing but time."
    size = f"{tokens:,}" if tokens < 10_000 else f"{round(tokens, -3):,}"
    return (
        f"{counted(passages, 'passage')}, about {size} tokens of text, go to {service}. Its price list says what that "
        "costs; prices are per million tokens."
    )


def plain(text: str) -> str:
    """Escape a name or sentence so that Streamlit's Markdown shows it letter for letter."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-!|~$:&^=" else c for c in text)


def name_and_page(name: str, page: int | None) -> str:
    """Return a source's name and the page in it, where it has pages: "terms.pdf, page 3"; escaped for Markdown."""
    return f"{plain(name)}, page {page}" if page else plain(name)


def answer_markdown(text: str, *, word_for_word: bool) -> str:
    """Return an answer for Streamlit's Markdown: quotes letter for letter, a written answer without formulas or
    directives of Streamlit's own, and the markers ``[1]`` as small badges."""
    if word_for_word:
        shown = "\n\n".join(plain(paragraph) for paragraph in text.split("\n\n"))
        return re.sub(r"\\\[(\d{1,3})\\\]", r":green-badge[\1]", shown)
    shown = re.sub(r"\$|:(?=[A-Za-z])|~", lambda sign: f"\\{sign[0]}", text)
    return re.sub(r"\[(\d{1,3})\](?!\()", r":green-badge[\1]", shown)
