"""Which language a document is in, told once from a sample of its text."""

import re

_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SAMPLE = 1500
_ENOUGH = 60


def detect_language(text: str) -> str:
    """Return a two-letter code ("en"), or an empty string when there is too little text or no clear winner."""
    step = max(_SAMPLE, len(text) // 3)
    sample = " ".join(" ".join(_LETTERS.findall(text[start : start + _SAMPLE])) for start in range(0, len(text), step))
    if len(sample) < _ENOUGH and not re.search(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{4}", sample):
        return ""
    from langdetect import DetectorFactory, LangDetectException, detect_langs

    DetectorFactory.seed = 0
    try:
        best = detect_langs(sample.lower())[0]
    except LangDetectException:
        return ""
    return best.lang[:2] if best.prob >= 0.8 else ""
