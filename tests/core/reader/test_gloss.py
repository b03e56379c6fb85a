"""Questions in another language get English words, word by word, for the model that reads English."""

import pytest

from core.reader import gloss as module
from core.reader.gloss import gloss
from core.reader.small_words import SMALL_WORDS

NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("wer zahlt den zoll", "de", {"who"}),
        ("Mein Paket ist beschädigt angekommen", "de", {"my", "damaged"}),
        ("¿Cuánto cuesta?", "es", {"how", "much", "cost"}),
        ("¿puedo cambiar el día de entrega?", "es", {"can", "change", "day", "delivery"}),
        ("Mon colis est bloqué à la douane", "fr", {"my", "blocked", "customs"}),
        ("quanto costa la spedizione", "it", {"how", "much", "cost"}),
        ("wanneer komt mijn pakket", "nl", {"when", "comes", "my"}),
        ("quanto tempo demora a entrega", "pt", {"how", "much", "take", "long", "delivery"}),
    ],
)
def test_words_get_english_ones(question: str, language: str, words: set[str]) -> None:
    assert words <= set(gloss(question, language, NOTHING).split())


def test_of_nearly_equal_words_that_of_the_passages_is_taken() -> None:
    first, second = (word for word, _ in _near("paket")[:2])
    assert gloss("paket", "de", NOTHING) == first
    assert gloss("paket", "de", frozenset({second})) == second


def _near(word: str) -> list[tuple[str, float]]:
    gloss(word, "de", NOTHING)
    return module._known[word]


def test_numbers_codes_and_what_stands_in_the_passages_stay() -> None:
    words = gloss("was kostet AX-4410-B mit 3 kg, zone 4", "de", frozenset({"zone"})).split()
    assert {"ax-4410-b", "3", "zone", "4"} <= set(words)


@pytest.mark.parametrize("language", ["", "en", "zh", "ru"])
def test_no_gloss_where_small_words_are_not_known(language: str) -> None:
    assert gloss("was ist das", language, NOTHING) == ""


def test_no_gloss_without_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_english", lambda: None)
    assert gloss("wer zahlt", "de", NOTHING) == ""


def test_nothing_is_made_of_nothing() -> None:
    assert gloss("", "de", NOTHING) == gloss("?!", "de", NOTHING) == ""


def test_little_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 2)
    gloss("zoll paket steuer gebühr", "de", NOTHING)
    assert len(module._known) == 2


def test_the_small_words_are_words() -> None:
    for language, words in SMALL_WORDS.items():
        assert len(words) > 100, language
        assert all(word == word.casefold() and " " not in word for word in words)
        assert all(meaning.replace(" ", "").isascii() for meaning in words.values())
