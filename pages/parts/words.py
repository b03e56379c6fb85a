"""Numbers, sizes and times in the reader's words."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import ceil

from core.assistants.source_names import page_called
from core.index import Cost
from core.markdown import quote_and_number
from core.provider import PRICES_OF, in_dollars
from core.schema import Citation
from core.text import counted

KIND_NAMES = {
    "pdf": "PDF",
    "docx": "Word",
    "doc": "Word",
    "pptx": "PowerPoint",
    "ppt": "PowerPoint",
    "xlsx": "Excel",
    "xls": "Excel",
    "xlsb": "Excel",
    "ods": "OpenDocument",
    "csv": "CSV",
    "tsv": "TSV",
    "html": "Web page",
    "htm": "Web page",
    "md": "Markdown",
    "txt": "Text",
    "eml": "E-mail",
    "msg": "E-mail",
    "mbox": "Mail folder",
    "mht": "Web page",
    "json": "JSON",
    "xml": "XML",
    "srt": "Subtitles",
    "odt": "OpenDocument",
    "odp": "OpenDocument",
    "image": "Picture",
    "rtf": "Rich text",
    "epub": "E-book",
    "pairs": "Questions and answers",
}
KINDS_READ = (
    "PDF, Word, PowerPoint and Excel (new and old), OpenDocument, CSV, web pages, Markdown, text, e-mails and mail "
    "folders with their attachments, RTF, EPUB, JSON, XML, subtitles, and scans and pictures of text."
)
KIND_ICONS = {
    "pdf": ":material/picture_as_pdf:",
    "docx": ":material/description:",
    "doc": ":material/description:",
    "odt": ":material/description:",
    "rtf": ":material/description:",
    "pptx": ":material/slideshow:",
    "odp": ":material/slideshow:",
    "image": ":material/image:",
    "ppt": ":material/slideshow:",
    "xlsx": ":material/table_chart:",
    "xls": ":material/table_chart:",
    "xlsb": ":material/table_chart:",
    "ods": ":material/table_chart:",
    "csv": ":material/table_chart:",
    "tsv": ":material/table_chart:",
    "html": ":material/language:",
    "htm": ":material/language:",
    "eml": ":material/mail:",
    "msg": ":material/mail:",
    "mbox": ":material/all_inbox:",
    "mht": ":material/language:",
    "json": ":material/data_object:",
    "xml": ":material/code:",
    "srt": ":material/subtitles:",
    "epub": ":material/menu_book:",
    "pairs": ":material/quiz:",
}
STORES = {"lancedb": "the built-in store", "weaviate": "Weaviate"}
QUOTING = ("quotes", "talk")  # kinds of answers that hold quotes; whoever asks for a person is told where to write
MINUTE, HOUR, DAY = 60, 3600, 86400
MONTH_DAYS, YEAR_DAYS = 30.44, 365.25

_MARK = re.compile(r"[\\`*_{}\[\]<>()#+\-!|~$:&^=]")
_EDGE_BLANKS = re.compile(r"(?<![^\r\n])[ \t]+|[ \t]+(?![^\r\n])")
_LIST_NUMBER = re.compile(r"(?m)^(\d{1,9})\.(?=\s|$)")
# Streamlit reads addresses, arrows, icons and emoji codes in text that is unescaped already; only the end of a piece
# of text stops it. This is a piece without a letter.
_NOTHING = ":small[]"
_COMES_ALIVE = re.compile(r"(?<=:)(?=[\w/+-])|(?<=@)(?=\w)|(?<=www)(?=\.)|(?<=[-~<>])(?=[-=>])", re.IGNORECASE)
_SPOKEN = str.maketrans("[]<>*_`$~", "()‹›     ")
# In a written answer: code and addresses, which stay as they are; a sign of a formula, directive or code; a marker.
_IN_WRITTEN = re.compile(
    r"(?ms)^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)|\Z)"
    r"|(?<!`)(?P<ticks>`++)(?:(?!\n\n).)*?(?<!`)(?P=ticks)(?!`)"
    r"|\]\((?:[^()\s]|\([^()\s]*\))*+\)|\bhttps?://[^\s<]++|\bwww\.[^\s<]++"
    r"|(?P<sign>[$~]|:(?=[\w+]|-\d))|\[(?P<marker>\d{1,3})\](?!\()"
)


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


def how_long(moment: datetime, now: datetime | None = None) -> str:
    """Return how long ago a moment is, in whole days, months or years: "less than a day", "5 months", "3 years"."""
    days = int(((now or datetime.now(UTC)) - moment).total_seconds() // DAY)
    if days < 1:
        return "less than a day"
    if days < 2 * MONTH_DAYS:
        return counted(days, "day")
    if days < YEAR_DAYS:
        return counted(int(days / MONTH_DAYS), "month")
    return counted(int(days / YEAR_DAYS), "year")


def time_left(started: datetime, done: int, total: int, now: datetime | None = None) -> str:
    """Return about how long a job still takes ("about 20 s"); empty while nothing can be said."""
    spent = ((now or datetime.now(UTC)) - started).total_seconds()
    if done <= 0 or total <= 0 or spent < 2 or done >= total:
        return ""
    left = spent * (total - done) / done
    return f"about {max(1, round(left))} s" if left < 90 else f"about {round(left / 60)} min"


def cost_words(cost: Cost) -> str:
    """Return what preparing passages costs and how long it takes: what goes to whom, for what, and for how long."""
    passages, about = counted(cost.passages, "passage"), duration(cost.seconds)
    if not cost.service or cost.local:
        where = f"go to {cost.service}, on your own machine" if cost.service else "are prepared on this machine"
        takes = f"and takes {about}" if about else "but time"
        return f"{passages} {where}; it costs nothing {takes}."
    size = f"{cost.tokens:,}" if cost.tokens < 10_000 else f"{round(cost.tokens, -3):,}"
    price = "Its price list says what that costs; prices are per million tokens."
    if cost.dollars is not None:
        price = f"{in_dollars(cost.dollars)}, at its prices of {PRICES_OF}."
    takes = f" It takes {about}." if about else ""
    return f"{passages}, about {size} tokens of text, go to {cost.service}. {price}{takes}"


def duration(seconds: float | None) -> str:
    """Return an estimate as a person says it: "about 4 minutes"; empty for None."""
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return "less than a minute"
    if seconds < 1.5 * HOUR:
        return f"about {counted(ceil(seconds / MINUTE), 'minute')}"
    return f"about {counted(ceil(seconds / HOUR), 'hour')}"


def plain(text: str) -> str:
    """Return Markdown that Streamlit shows letter for letter: no mark, link, icon, emoji code, formula or arrow."""
    whole = _EDGE_BLANKS.sub(lambda blanks: "".join(f"&#{ord(blank)};" for blank in blanks[0]), _escaped(text))
    return _LIST_NUMBER.sub(r"\1\\.", whole)


def _escaped(text: str) -> str:
    return _NOTHING.join(_MARK.sub(r"\\\g<0>", part) for part in _COMES_ALIVE.split(text))


def spoken(text: str) -> str:
    """Return a name as a screen reader is to say it: for a hidden label, which is heard as it is, without backslashes.

    Streamlit reads it as Markdown all the same: its brackets are round, its other marks blanks, and what becomes a
    link is cut without a sign.
    """
    return "\u2060".join(_COMES_ALIVE.split(text)).translate(_SPOKEN)


def name_and_page(name: str, page: int | None) -> str:
    """Return a source's name and the page in it, where it has pages: "terms.pdf, page 3"; escaped for Markdown."""
    return f"{plain(name)}, {page_called(name)} {page}" if page else plain(name)


def answer_markdown(text: str, kind: str, citations: Sequence[Citation] = ()) -> str:
    """Return an answer of this kind for Streamlit's Markdown, its markers ``[1]`` as small badges.

    Only what a model has written is read as Markdown, without formulas and directives of Streamlit's own. Quotes, small
    talk and the owner's own sentence are shown letter for letter; in quotes the words that answer, as ``citations``
    know them, are bold.
    """
    if kind == "written":
        return _IN_WRITTEN.sub(_in_written, text)
    spans = {str(citation.number): citation.spans for citation in citations}
    paragraphs = text.split("\n\n")
    return "\n\n".join(_quoted(words, spans) if kind in QUOTING else plain(words) for words in paragraphs)


def _in_written(match: re.Match[str]) -> str:
    if sign := match["sign"]:
        return f"\\{sign}{_NOTHING if sign == ':' else ''}"
    return f":green-badge[{match['marker']}]" if match["marker"] else match[0]


def _quoted(paragraph: str, spans: Mapping[str, Sequence[tuple[int, int]]]) -> str:
    words, number = quote_and_number(paragraph)
    if not number:
        return plain(words)
    return f"{_with_bold(words, spans.get(number, ()))} :green-badge[{number}]"


def _with_bold(words: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return plain words of which some parts are bold."""
    shown, position = "", 0
    for start, end in spans:
        if position <= start < end <= len(words) and _may_be_bold(words, start, end):
            shown += f"{plain(words[position:start])}**{plain(words[start:end])}**"
            position = end
    return shown + plain(words[position:])


def _may_be_bold(words: str, start: int, end: int) -> bool:
    """Tell whether Markdown takes the asterisks around a part for what they are: not in "x**$5**"."""
    before, after = words[start - 1 : start], words[end : end + 1]
    opens = words[start].isalnum() or not (before.isalnum() or words[start].isspace())
    closes = words[end - 1].isalnum() or not (after.isalnum() or words[end - 1].isspace())
    return opens and closes
