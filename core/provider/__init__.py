"""Provider: a model service of any make, its chat model, and what goes wrong with it in words."""

from core.provider.chat import chat_model, complete_text, stream_text
from core.provider.check import ProviderCheck, check_provider
from core.provider.errors import model_error, retrying
from core.provider.listing import list_models
from core.provider.sentences import sentence
from core.provider.service import (
    KNOWN_PROVIDERS,
    KnownProvider,
    Patience,
    clean_base_url,
    is_local,
    is_openai,
    openai_client,
    patience_for,
)
from core.provider.shape import answer_tokens, window_of
from core.provider.thoughts import Piece, iter_closing

__all__ = [
    "KNOWN_PROVIDERS",
    "KnownProvider",
    "Patience",
    "Piece",
    "ProviderCheck",
    "answer_tokens",
    "chat_model",
    "check_provider",
    "clean_base_url",
    "complete_text",
    "is_local",
    "is_openai",
    "iter_closing",
    "list_models",
    "model_error",
    "openai_client",
    "patience_for",
    "retrying",
    "sentence",
    "stream_text",
    "window_of",
]
