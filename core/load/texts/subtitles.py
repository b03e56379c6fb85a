"""Subtitles (.srt, .vtt): what is said, in paragraphs, under the time at which each begins."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from core.load.builder import Builder
from core.load.limits import Reading
from core.load.texts.plain import decode
from core.schema import Document

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[,.](\d{1,3})"
_TIMES = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}.*")
_ANY_TIMES = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->.*$", re.M)
_SPEAKER = re.compile(r"<v(?:\.[\w.-]*)?[ \t]+([^<>]{1,80})>")
_MARK = re.compile(r"</?[a-z0-9][^<>]{0,200}>|\{\\[^{}]{0,100}\}|\{/?[a-z]\}", re.I)
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’)\]]*$")
_UNSEEN = ("NOTE", "STYLE", "REGION", "WEBVTT")
_LONG_PAUSE = 3.0
_WHOLE_SECONDS, _MOST_SECONDS = 30.0, 90.0
_MOST_CHARACTERS = 1200


class _Cue(NamedTuple):
    begin: float
    end: float
    lines: list[str]


def read(data: bytes, reading: Reading) -> Document:
    """Read subtitles: sentences that go on over several of them are put together."""
    text, warnings = decode(data)
    builder = Builder(warnings=list(warnings))
    held: list[str] = []
    begin = end = 0.0
    before = ""
    for cue in _cues(text):
        # Captions that roll up repeat the line before.
        lines = cue.lines[1:] if cue.lines[0] == before else cue.lines
        before = cue.lines[-1]
        said = sum(map(len, held))
        full = cue.begin - begin > _WHOLE_SECONDS and held and _SENTENCE_END.search(held[-1])
        if held and (
            full or cue.begin - end > _LONG_PAUSE or cue.begin - begin > _MOST_SECONDS or said > _MOST_CHARACTERS
        ):
            _add(builder, begin, held)
            held = []
        if lines and not held:
            begin = cue.begin
        held += lines
        end = cue.end
    _add(builder, begin, held)
    return builder.document("srt")


def own_words(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the text without times, numbers and marks."""
    text = _ANY_TIMES.sub("", decode(data)[0].replace("\r\n", "\n"))
    lines = (line for line in text.split("\n") if not line.strip().isdigit() and not line.startswith(_UNSEEN))
    yield "", unescape(_MARK.sub("", "\n".join(lines)))


def _cues(text: str) -> Iterator[_Cue]:
    """Yield what is shown and when; the numbers and names of subtitles stand above their times and are left out."""
    lines = re.split(r"\r\n|\n|\r", text)
    place = 0
    while place < len(lines):
        times = _TIMES.match(lines[place])
        place += 1
        if not times:
            continue
        shown: list[str] = []
        while place < len(lines) and lines[place].strip() and not _TIMES.match(lines[place]):
            if words := " ".join(unescape(_MARK.sub("", _SPEAKER.sub(r"\1: ", lines[place]))).split()):
                shown.append(words)
            place += 1
        if place < len(lines) and shown and _TIMES.match(lines[place]) and shown[-1].isdigit():
            shown.pop()  # the number of the next one, with no empty line before it
        if shown:
            yield _Cue(_seconds(times.groups()[:4]), _seconds(times.groups()[4:]), shown)


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction) / 10 ** len(fraction)


def _add(builder: Builder, begin: float, lines: list[str]) -> None:
    if lines:
        minutes, seconds = divmod(int(begin), 60)
        hours, minutes = divmod(minutes, 60)
        builder.heading(f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}", 2)
        builder.paragraph(" ".join(lines))
