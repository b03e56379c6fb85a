"""Provider: a model service of any make, its chat model, and what goes wrong with it in words."""

from core.provider.chat import chat_model, complete_text, stream_text
from core.provider.check import ProviderCheck, check_provider
from core.provider.ends import announced_end, with_end
from core.provider.errors import model_error, retrying
from core.provider.known import KNOWN_PROVIDERS, OWN_ADDRESS, KnownProvider, known_provider, may_chat, suggested_model
from core.provider.limits import Patience
from core.provider.listing import list_models
from core.provider.local import LocalService, look_on_this_computer
from core.provider.makes import (
    MAKES,
    OLLAMA_WINDOW,
    clean_address,
    cleaned,
    embedding_address,
    embedding_client,
    make_is_here,
)
from core.provider.offers import Offered, offered_models
from core.provider.prices import ANSWER_TOKENS as WRITTEN_TOKENS
from core.provider.prices import (
    PRICES_OF,
    PROMPT_TOKENS,
    Price,
    answers_cost,
    in_dollars,
    model_cost,
    price_at,
    price_of,
)
from core.provider.sentences import sentence
from core.provider.service import clean_base_url, is_local, is_openai, openai_client, patience_for
from core.provider.shape import answer_tokens, traits_of
from core.provider.thoughts import Piece, iter_closing

__all__ = [
    "KNOWN_PROVIDERS",
    "MAKES",
    "OLLAMA_WINDOW",
    "OWN_ADDRESS",
    "PRICES_OF",
    "PROMPT_TOKENS",
    "WRITTEN_TOKENS",
    "KnownProvider",
    "LocalService",
    "Offered",
    "Patience",
    "Piece",
    "Price",
    "ProviderCheck",
    "announced_end",
    "answer_tokens",
    "answers_cost",
    "chat_model",
    "check_provider",
    "clean_address",
    "clean_base_url",
    "cleaned",
    "complete_text",
    "embedding_address",
    "embedding_client",
    "in_dollars",
    "is_local",
    "is_openai",
    "iter_closing",
    "known_provider",
    "list_models",
    "look_on_this_computer",
    "make_is_here",
    "may_chat",
    "model_cost",
    "model_error",
    "offered_models",
    "openai_client",
    "patience_for",
    "price_at",
    "price_of",
    "retrying",
    "sentence",
    "stream_text",
    "suggested_model",
    "traits_of",
    "with_end",
]
