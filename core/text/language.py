"""Which language a document is in, told once from a sample of its text."""

import re
import threading
from functools import cache
from typing import Any

_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SAMPLE = 1500
_ENOUGH = 60
_SURE = 0.6


def detect_language(text: str) -> str:
    """Return a two-letter code ("en"), or an empty string when there is too little text or no clear winner.

    The first call loads the model, 0.5 s and 74 MB; ``forget_languages`` gives them back.
    """
    step = max(_SAMPLE, len(text) // 3)
    sample = " ".join(" ".join(_LETTERS.findall(text[start : start + _SAMPLE])) for start in range(0, len(text), step))
    if len(sample) < _ENOUGH and not re.search(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{4}", sample):
        return ""
    # The languages of three letters are mostly near kin of one of two: Wu of Chinese, Extremaduran of Spanish.
    chances = {code: chance for code, chance in _identifier().rank(sample.lower()) if len(code) == 2}
    best = max(chances, key=chances.__getitem__)
    return best if chances[best] >= _SURE * sum(chances.values()) else ""


def prepare_languages() -> None:
    """Load the model in the background, so that it is there when a text has been read."""
    threading.Thread(target=_identifier, name="languages", daemon=True).start()


def forget_languages() -> None:
    """Let go of the model, as nothing is being read any more; the next call loads it again."""
    _load.cache_clear()


_loading = threading.Lock()  # two threads that ask at once must not load it twice


def _identifier() -> Any:
    with _loading:
        return _load()


@cache
def _load() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
