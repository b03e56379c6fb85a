"""A voice in the owner's words."""

from core.answer import CLOSENESS, LANGUAGES, LENGTHS, TONES
from core.schema import Voice

OWN_NAMES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "it": "Italiano",
    "pt": "Português",
    "nl": "Nederlands",
    "pl": "Polski",
    "sv": "Svenska",
    "da": "Dansk",
    "no": "Norsk",
    "fi": "Suomi",
    "tr": "Türkçe",
    "ar": "العربية",
    "hi": "हिन्दी",
    "zh": "中文",
    "ja": "日本語",
    "ko": "한국어",
}


def language_name(code: str) -> str:
    """Return a language as its speakers call it."""
    return "The visitor's own" if code == "visitor" else OWN_NAMES.get(code, LANGUAGES.get(code, code))


def in_short(voice: Voice) -> str:
    """Return a voice in a few words: "Friendly · Short · Only your text · Deutsch"."""
    chosen = (TONES[voice.tone], LENGTHS[voice.length], CLOSENESS[voice.closeness])
    return " · ".join([*(choice.label for choice in chosen), language_name(voice.language)])
