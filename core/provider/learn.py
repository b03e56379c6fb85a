"""What a refused request teaches about a model: other ways to ask it, each of which only a second try can prove."""

import re
from collections.abc import Callable
from dataclasses import replace

from core.provider.refusal import said_by
from core.provider.shape import LIMIT_NAMES
from core.schema import ModelTraits

# Statuses with which services refuse the form of a request; some runners fail on it instead (500).
_REFUSALS = (0, 400, 404, 405, 406, 415, 422, 500, 501)
_OTHER_CAUSES = ("key", "quota", "rate", "content_filter", "region", "loading")


def _one_limit_on(traits: ModelTraits) -> ModelTraits:
    later = LIMIT_NAMES[LIMIT_NAMES.index(traits.limit) + 1 :] if traits.limit in LIMIT_NAMES else ()
    return replace(traits, limit=later[0]) if later else traits


# What may be asked otherwise: the words of services that refuse it, and how it is asked then. The likeliest first.
_CHANGES: tuple[tuple[re.Pattern[str], Callable[[ModelTraits], ModelTraits]], ...] = (
    (re.compile(r"max_\w{0,40}tokens|max_?output_?tokens|maxoutputtokens|max_length"), _one_limit_on),
    (re.compile(r"alternat|consecutive|same role|roles? must|role order"), lambda t: replace(t, strict_turns=True)),
    (
        re.compile(
            r"system[ _-]?(?:role|message|prompt|instruction)|developer[ _-]?(?:role|message|instruction)|"
            r"""["'`](?:system|developer)["'`]|only user|role[^.]{0,60}system|roles? must|\.role\b"""
        ),
        lambda t: replace(t, system_role=False),
    ),
    (re.compile(r"\bstream(?:ing|ed|s)?\b"), lambda t: replace(t, streams=False)),
)


def second_tries(traits: ModelTraits, error: BaseException, *, thorough: bool = False) -> list[ModelTraits] | None:
    """Return other ways to ask a model that refused this one, the likeliest first; None where it failed otherwise.

    What it complained of is tried; ``thorough``: where it did not say, whatever can be asked otherwise, one by one and
    then all at once.
    """
    said = said_by(error)
    if said is None or said.status not in _REFUSALS or said.code in _OTHER_CAUSES:
        return None
    hinted = [change(traits) for sign, change in _CHANGES if sign.search(said.words)]
    ways = [way for way in hinted if way != traits]
    if len(ways) > 1:  # it named several: first each, then all of them
        ways.append(_all_at_once(traits, said.words))
    if not ways and not hinted and thorough and said.status in (400, 422) and said.code in ("", "bad_request"):
        ways = [way for _, change in _CHANGES if (way := change(traits)) != traits]
        ways.append(replace(traits, streams=False, system_role=False, strict_turns=True, limit=""))
    return ways


def _all_at_once(traits: ModelTraits, words: str) -> ModelTraits:
    for sign, change in _CHANGES:
        if sign.search(words):
            traits = change(traits)
    return traits
