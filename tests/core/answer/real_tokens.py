"""Tokens as real models cut them: the two vocabularies that come with packages of ours."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import wordllama
from tokenizers import Tokenizer

import core.reader

LLAMA_2 = Path(wordllama.__file__).parent / "tokenizers" / "l2_supercat_tokenizer_config.json"  # 32,000 pieces
WORD_PIECE = Path(core.reader.__file__).parent / "weights" / "tokenizer.json"  # 30,522 pieces, of English


@lru_cache
def counter(path: Path = LLAMA_2) -> Callable[[str], int]:
    """Return what counts the tokens of a text with this vocabulary."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def prompt_tokens(messages: list[dict[str, Any]]) -> int:
    """Return the tokens of a request's messages, each with its role and end."""
    return sum(counter()(str(message["content"])) + 4 for message in messages)
