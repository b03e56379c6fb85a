"""Dates and times of spreadsheets: whole dates as 2024-03-31, parts of one and spans of time as their format says."""

import datetime
import re

ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HALVES = ("am/pm", "a/p", "上午/下午")
_LAST_SERIAL = 2_958_466  # the day after 9999-12-31
_DAY = 86_400_000
Tokens = list[tuple[str, str]]


def serial_date(value: float, from_1904: bool) -> datetime.datetime | None:
    """Return the moment that a serial number stands for, to the millisecond; None outside of the calendar."""
    if not 0 <= value < _LAST_SERIAL - 1463 * from_1904:
        return None
    # Excel counts a 29 February 1900 that never was.
    first = datetime.datetime(1904, 1, 1) if from_1904 else datetime.datetime(1899, 12, 31 if value < 60 else 30)
    try:
        return first + datetime.timedelta(milliseconds=round(value * _DAY))
    except OverflowError:
        return None


def date_text(value: float, tokens: Tokens, from_1904: bool) -> str:
    """Show a serial number under a date's or time's format; "" where it is no moment of the calendar."""
    parts = [text for kind, text in tokens if kind == "date"]
    if any(part[0] == "[" for part in parts):
        return _elapsed(value, tokens)
    moment = serial_date(value, from_1904)
    if moment is None:
        return ""
    letters = {part[0] for part in parts}
    seconds = "s" in letters
    if not _has_fraction(tokens):
        moment += datetime.timedelta(milliseconds=500) if seconds else datetime.timedelta(milliseconds=1)
    if letters & {"y", "e"} and "d" in letters and _has_month(parts):
        if value < 1 and "h" in letters:
            return moment.strftime("%H:%M:%S" if seconds else "%H:%M")
        date = moment.date().isoformat()
        # A time of midnight comes from programs that know only moments.
        if "h" not in letters or moment.time().replace(microsecond=0) == datetime.time():
            return date
        return f"{date} {moment.strftime('%H:%M:%S' if seconds else '%H:%M')}"
    return _in_parts(moment, tokens)


def _has_fraction(tokens: Tokens) -> bool:
    return any(kind == "digit" for kind, _ in tokens)


def _has_month(parts: list[str]) -> bool:
    return any(part[0] == "m" and not _is_minute(parts, place) for place, part in enumerate(parts))


def _is_minute(parts: list[str], place: int) -> bool:
    """Tell whether "m" or "mm" stands for minutes: after hours or before seconds."""
    before = parts[place - 1] if place else ""
    after = parts[place + 1] if place + 1 < len(parts) else ""
    return len(parts[place]) <= 2 and (before[:1] in ("h", "[") or after[:1] == "s")


def _in_parts(moment: datetime.datetime, tokens: Tokens) -> str:
    parts = [text for kind, text in tokens if kind == "date"]
    half = any(part in _HALVES for part in parts)
    decimals = sum(kind == "digit" for kind, _ in tokens)
    text, place = [], -1
    for number, (kind, words) in enumerate(tokens):
        if kind == "digit":
            first = tokens[number - 1][0] != "digit"
            text.append(f"{moment.microsecond:06d}"[:decimals] if first else "")
        elif kind != "date":
            text.append(words)
        else:
            place += 1
            text.append(_part(moment, words, minute=_is_minute(parts, place), half=half))
    return " ".join("".join(text).split())


def _part(moment: datetime.datetime, code: str, *, minute: bool, half: bool) -> str:
    letter, width = code[0], len(code)
    if code in _HALVES:
        return "AM" if moment.hour < 12 else "PM"
    if letter == "m" and not minute and width > 2:
        name = _MONTHS[moment.month - 1]
        return name[:3] if width == 3 else name[:1] if width == 5 else name
    if letter == "d" and width > 2:
        name = _DAYS[moment.weekday()]
        return name[:3] if width == 3 else name
    if letter in "ye":
        return f"{moment.year % 100:02d}" if letter == "y" and width < 3 else str(moment.year)
    hour = (moment.hour % 12 or 12) if half else moment.hour
    number = {"m": moment.minute if minute else moment.month, "d": moment.day, "h": hour, "s": moment.second}.get(
        letter
    )
    return "" if number is None else f"{number:0{min(width, 2)}d}"


def _elapsed(value: float, tokens: Tokens) -> str:
    """Show a span of time: "37:30" under "[h]:mm", however many days it takes."""
    decimals = min(3, sum(kind == "digit" for kind, _ in tokens))
    finest = any(text.strip("[]")[0] == "s" for kind, text in tokens if kind == "date")
    unit = 10 ** (3 - decimals) if finest else 1
    left = round(abs(value) * _DAY / unit) * unit if abs(value) < 1e9 else 0
    left += 0 if finest else 1  # a minute that its number misses by a hair
    text: list[str] = []
    for kind, words in tokens:
        if kind == "digit":
            continue
        if kind == ".":
            text.append(f".{left % 1000:03d}"[: decimals + 1])
        elif kind != "date":
            text.append(words)
        else:
            letter = words.strip("[]")[0]
            size = {"h": 3_600_000, "m": 60_000, "s": 1000}.get(letter, 0)
            if size:
                text.append(f"{left // size:0{len(words.strip('[]'))}d}")
                left %= size
    return ("-" if value < 0 else "") + " ".join("".join(text).split())


def serial_of(text: str) -> float | None:
    """Return the serial number of a moment written as 2024-03-31T10:00:00; None where it is none."""
    try:
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return (moment - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
