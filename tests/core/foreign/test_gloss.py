"""Questions in another language get English words, word by word, for the model that reads English."""

import re
from importlib import import_module

import pytest

from core.errors import ModelError
from core.foreign import gloss
from tests.core.counting import calls

module = import_module("core.foreign.gloss")


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
        ("quanto tempo demora a entrega", "pt", {"how", "long", "delivery"}),
    ],
)
def test_words_get_english_ones(question: str, language: str, words: set[str]) -> None:
    assert words <= set(gloss(question, language).split())


def test_of_nearly_equal_words_that_of_the_passages_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module._known, "querbrot", [("loaf", 0.9), ("bread", 0.85), ("cake", 0.7)])
    assert gloss("querbrot", "de") == "loaf"
    assert gloss("querbrot", "de", {"bread", "cake"}) == "bread"
    assert gloss("querbrot", "de", {"cake"}) == "loaf"


@pytest.mark.parametrize(
    ("question", "language", "words"),
    [
        ("zahle ich für die einfuhrsteuer", "de", "pay i for import tax"),
        ("kundenparkplätze", "de", "customer parking lot"),
        ("cuánto tiempo tarda", "es", "how long take long"),
        ("combien de temps ça dure", "fr", "how long it last"),
        ("est-ce que je peux payer sans rendez-vous", "fr", "what i can pay without appointment"),
        ("peut-on payer", "fr", "can one pay"),
        ("el lunes a los Estados Unidos", "es", "monday to united states"),
        ("im März nach Südkorea", "de", "in march to south korea"),
    ],
)
def test_forms_compounds_and_names(question: str, language: str, words: str) -> None:
    assert gloss(question, language) == words


def test_of_several_meanings_that_of_the_passages_is_taken() -> None:
    assert gloss("abholung", "de") == "pick-up"
    assert gloss("abholung", "de", {"collection"}) == "collection"
    assert gloss("paketabholung", "de", {"collection", "parcel"}) == "parcel collection"


def test_numbers_codes_and_what_stands_in_the_passages_stay() -> None:
    words = gloss("was kostet AX-4410-B mit 3 kg, zone 4", "de", frozenset({"zone"})).split()
    assert {"ax-4410-b", "3", "zone", "4"} <= set(words)


@pytest.mark.parametrize("language", ["", "en", "zh", "ru"])
def test_no_gloss_where_small_words_are_not_known(language: str) -> None:
    assert gloss("was ist das", language) == ""


def test_without_vectors_the_list_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_english", lambda: None)
    assert gloss("wer zahlt den flibbertigibbet", "de") == "who pays flibbertigibbet"


def test_without_the_wheel_the_list_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise ModelError("no", "no")

    monkeypatch.setattr(module, "across_vectors", fails)
    assert gloss("wer zahlt den flibbertigibbetz", "de") == "who pays flibbertigibbetz"


def test_what_is_longer_than_any_word_is_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_english", lambda: None)
    gloss("paket", "de")  # the list is read once
    short, long = (calls(lambda times=times: gloss("paket" * times, "de"), "foreign/gloss") for times in (20, 2_000))
    assert long <= 2 * short


def test_nothing_is_made_of_nothing() -> None:
    assert gloss("", "de") == gloss("?!", "de") == ""


def test_little_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 2)
    gloss("drossel spindel traverse holm", "de")
    assert len(module._known) == 2


@pytest.mark.parametrize("language", sorted(module.LANGUAGES))
def test_each_line_of_a_list_is_a_word_and_its_english(language: str) -> None:
    lines = (module.WORDS / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines]
    assert len(lines) > 1_000
    assert all(sign and word and " " not in word for word, sign, _ in pairs)
    assert all(re.sub("[ |-]", "", english).isascii() for _, _, english in pairs)
    assert len({word for word, _, _ in pairs}) == len(pairs)
