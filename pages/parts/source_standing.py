"""How a source stands, in words: where it lies, whether questions find it, what it replaces, how old it is."""

from datetime import UTC, date, datetime

import streamlit as st

from core.assistants.source_order import Days, Standing
from core.assistants.source_rows import SourceRow
from pages.parts.words import ago, how_long, plain

DAYS_COUNTED = 14  # from then on months and years say more
NAMED = 3  # sources that are named where one replaces many


def draw_standing(row: SourceRow) -> None:
    """A line for each thing that its owner has said of a source, and for what follows from it."""
    for line in [*_sorted_by(row), *_found(row.standing), *_said(row.standing), *_age(row)]:
        st.caption(line)


def state_word(row: SourceRow) -> str:
    """Whether a source that was read is found by questions."""
    if row.standing.rests:
        return ":orange[:material/pause_circle:] Kept back"
    return ":green[:material/check_circle: Ready]"


def day_words(day: date) -> str:
    """Return a day as a person writes it: "3 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def _sorted_by(row: SourceRow) -> list[str]:
    folder = [f":material/folder: {plain(row.folder)}"] if row.folder else []
    tags = [f":material/sell: {' · '.join(map(plain, row.tags))}"] if row.tags else []
    return [" · ".join([*folder, *tags])] if folder or tags else []


def _found(standing: Standing) -> list[str]:
    """Say what keeps a source back, or let it answer again."""
    other, mark = f"**{plain(standing.replaced_by)}**", ":orange[:material/pause_circle:]"
    if standing.rests and standing.owner:
        return [f"{mark} No question finds it, as it is attached to **{plain(standing.owner)}**, which is kept back."]
    if standing.rests == "early" and standing.days.first:
        return [f"{mark} No question finds it before {day_words(standing.days.first)}."]
    if standing.rests == "over" and standing.days.last:
        return [f"{mark} No question finds it any more: its last day was {day_words(standing.days.last)}."]
    if standing.rests == "replaced":
        return [f"{mark} No question finds it: {other} replaces it."]
    again = {
        "deleted": f"{other} replaced it and was deleted: this one answers again.",
        "unread": f"{other} replaces it as soon as that is read.",
        "early": f"{other} replaces it from its first day on.",
        "over": f"{other} replaced it until its last day: this one answers again.",
    }
    return [f":material/info: {again[standing.missing]}"] if standing.missing and standing.replaced_by else []


def _said(standing: Standing) -> list[str]:
    lines = []
    if standing.preferred:
        lines.append(":material/star: Preferred: quoted first where other sources say something else.")
    if days := _days(standing.days) if not standing.rests else "":
        lines.append(f":material/event: {days}")
    if standing.replaces:
        names = [f"**{plain(name)}**" for name in standing.replaces[:NAMED]]
        more = len(standing.replaces) - NAMED
        names += [f"{more} more"] if more > 0 else []
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        lines.append(f":material/swap_horiz: Replaces {listed}.")
    return lines


def _days(days: Days) -> str:
    if days.first and days.last:
        return f"Answers from {day_words(days.first)} to {day_words(days.last)}."
    if days.first:
        return f"Answers since {day_words(days.first)}."
    return f"Answers until {day_words(days.last)}." if days.last else ""


def _age(row: SourceRow) -> list[str]:
    if not row.is_old:
        return []
    return [
        f":orange[:material/history:] Not changed for {how_long(row.added_at)}, and it still answers. Look whether it "
        "still holds."
    ]


def changed(row: SourceRow, now: datetime | None = None) -> str:
    """Return when a source's bytes changed last: "changed 2 minutes ago", "changed 3 years ago"."""
    days = ((now or datetime.now(UTC)) - row.added_at).days
    return f"changed {ago(row.added_at, now) if days < DAYS_COUNTED else how_long(row.added_at, now) + ' ago'}"
