"""What a visitor reads that no document says: the page's own sentences, in the visitor's language where we have it."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from core.assistants.source_names import page_called
from core.errors import TooManyQuestions

Words = Mapping[str, str]
_FILE = Path(__file__).parent / "page" / "words.json"
_PREFERRED = re.compile(r"([a-z]{2,3})(?:-[a-z0-9-]*)?(?:\s*;\s*q=([01](?:\.\d{0,3})?))?", re.IGNORECASE)
MOST_PREFERRED = 20  # languages of a header that are looked at


@cache
def _all_words() -> Mapping[str, Words]:
    words: dict[str, dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return words


def languages() -> tuple[str, ...]:
    """Return the two-letter codes of the languages that the page speaks."""
    return tuple(_all_words())


def words_in(language: str) -> Words:
    """Return the sentences in a language, English ones where there are none."""
    return _all_words().get(language) or _all_words()["en"]


def chosen_language(accepted: str, spoken: str = "visitor") -> str:
    """Return the page's language: the one that the assistant always speaks, else the visitor's first that we have.

    ``accepted`` is a browser's Accept-Language, ``spoken`` the language of the voice.
    """
    if spoken in _all_words():
        return spoken
    wanted = []
    for place, part in enumerate(accepted.split(",")[:MOST_PREFERRED]):
        match = _PREFERRED.fullmatch(part.strip())
        if match and match[1].lower() in _all_words() and (weight := float(match[2] or 1)) > 0:
            wanted.append((-weight, place, match[1].lower()))
    return min(wanted)[2] if wanted else "en"


def named_place(words: Words, name: str, page: int | None) -> str:
    """Return a source's name and the page in it: "terms.pdf, page 3"."""
    return f"{name}, {words[page_called(name)].format(number=page)}" if page else name


def too_many(words: Words, refused: TooManyQuestions) -> TooManyQuestions:
    """Return a refusal at a limit in the visitor's language; it says when to ask again."""
    hours, minutes = divmod(-(-refused.seconds // 60), 60)
    unit, count = ("hour", hours + bool(minutes)) if hours else ("minute", minutes)
    remedy = words[f"again_{unit}s"].format(count=count) if count > 1 else words[f"again_{unit}"]
    what = words.get(refused.code, refused.what)
    return TooManyQuestions(what, remedy, code=refused.code, seconds=refused.seconds)
