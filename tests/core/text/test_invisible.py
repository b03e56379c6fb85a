"""Signs nobody can see: gone where they hide something, kept where a word or an emoji is written with them."""

import pytest

from core.text import without_invisible


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, naïve Zoë and 中文 too.",
        "می\u200cخواهم",
        "क\u094d\u200dष",
        "👨\u200d👩\u200d👧",
        "👩🏽\u200d🚀",
        "🏃\u200d♀\ufe0f",
        "❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3",
        "e\u0301",
        "one\ntwo\tthree\u00a0four",
    ],
)
def test_what_is_seen_stays(text: str) -> None:
    assert without_invisible(text) == text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("hid\u200bden", "hidden"),
        ("hid\u200cd\u200den", "hidden"),
        ("hi" + "".join(chr(0xE0000 + ord(letter)) for letter in "obey"), "hi"),
        (
            "\ufeffBOM, soft\u00adhyphen, \u202eedis\u202c, \u2066in\u2069, word\u2060joiner",
            "BOM, softhyphen, edis, in, wordjoiner",
        ),
        ("é\u200dx", "éx"),
        # Bits written as joiners: only one of them joins two letters, several are a message.
        ("م\u200c\u200d\u200c\u200cخ", "مخ"),
        ("م\u200c x", "م x"),
        ("a\ufe0f\u200d🔥", "a🔥"),
        ("中\ufe00\U000e0100", "中"),
        ("one\u2028two\u2029three", "one\ntwo\nthree"),
    ],
)
def test_what_nobody_sees_goes(text: str, seen: str) -> None:
    assert without_invisible(text) == seen
