"""Messages in, the same messages out as a model takes them; and how long its answer may get."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.schema import ModelTraits

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

# Tokens. Our longest answers have about 400 words; thoughts count as answer at most services.
ANSWER_TOKENS = 1_000
THINKING_TOKENS = 4_000
_PART_OF_WINDOW = 4  # an answer may take a quarter of a small window, the rest is for the passages
LIMIT_NAMES = ("max_tokens", "max_completion_tokens", "")


def answer_tokens(traits: ModelTraits) -> int:
    """Return how many tokens an answer may have, its thoughts with it; at least 16, as some services want."""
    wanted = THINKING_TOKENS if traits.thinks else ANSWER_TOKENS
    return max(16, min(wanted, traits.window // _PART_OF_WINDOW)) if traits.window else wanted


def traits_of(model: "BaseChatModel") -> ModelTraits | None:
    """Return how a model wants to be asked as it is known by now, what refusals told included; None for another's."""
    traits = getattr(model, "traits", None)
    return traits if isinstance(traits, ModelTraits) else None


def limit_options(limit: str, tokens: int) -> dict[str, Any]:
    """Return the option of a request that keeps an answer to so many tokens, under the name the model takes."""
    if limit == "max_tokens":  # LangChain would rename it on the way
        return {"extra_body": {"max_tokens": tokens}}
    return {limit: tokens} if limit else {}


def shaped(messages: "Sequence[BaseMessage]", traits: ModelTraits) -> "list[BaseMessage]":
    """Return messages as a model wants them: no empty ones, no system message and turns in turn where it is strict.

    A system message that may not be sent stands in front of the last question. Two turns of one side, as a question
    without an answer leaves them, become one.
    """
    from langchain_core.messages import HumanMessage, SystemMessage

    kept = [message for message in messages if message.text.strip()]
    if not traits.system_role:
        system = "\n\n".join(message.text for message in kept if isinstance(message, SystemMessage))
        kept = [message for message in kept if not isinstance(message, SystemMessage)]
        last = next((n for n in reversed(range(len(kept))) if isinstance(kept[n], HumanMessage)), None)
        if last is None:
            kept.append(HumanMessage(system))
        elif system:
            kept[last] = HumanMessage(f"{system}\n\n{kept[last].text}")
    return _in_turns(kept) if traits.strict_turns else kept


def _in_turns(messages: "Sequence[BaseMessage]") -> "list[BaseMessage]":
    """Merge neighbours of one side, and begin with the user's."""
    from langchain_core.messages import AIMessage

    turns: list[BaseMessage] = []
    for message in messages:
        if isinstance(message, AIMessage) and all(turn.type == "system" for turn in turns):
            continue  # an answer to a question that has been cut off
        if turns and turns[-1].type == message.type:
            turns[-1] = type(message)(f"{turns[-1].text}\n\n{message.text}")
        else:
            turns.append(message)
    return turns
