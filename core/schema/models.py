"""A model service, and how its model wants to be asked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import SecretStr

DEFAULT_CHAT_MODEL = "gpt-5.4-mini"
"""OpenAI's model where none is chosen: the one default, for Settings and for the host's environment."""


@dataclass(frozen=True, slots=True)
class ModelTraits:
    """How a chat model wants to be asked, as its test found out; the defaults are what the protocol promises.

    ``strict_turns``: user and assistant must take turns. ``thinks``: it writes thoughts before its answer. ``limit`` is
    the name under which it takes the most tokens of an answer. ``window`` is how many tokens prompt and answer may have
    together; None where the service does not tell. ``ends`` is the day on which the service ends the model, as
    YYYY-MM-DD, and ``successor`` what it names in its place; both empty where it does not tell. ``embeds`` is how many
    tokens a second the search model beside it took when it was tested; 0 where that was not measured.
    """

    streams: bool = True
    system_role: bool = True
    strict_turns: bool = False
    thinks: bool = False
    limit: str = "max_tokens"
    window: int | None = None
    ends: str = ""
    successor: str = ""
    embeds: float = 0.0


@dataclass(frozen=True, slots=True)
class Provider:
    """A model service. ``api_key`` may be empty (local servers), so may the models (not chosen yet).

    ``make`` is whose protocol it speaks, by the name that LangChain's ``init_chat_model`` knows.
    """

    base_url: str
    api_key: "SecretStr"
    chat_model: str
    embedding_model: str = ""
    make: str = "openai"
    traits: ModelTraits = ModelTraits()
