"""What is read by the model and what is left to the signs."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelError
from core.reader import nearness, read
from core.reader.reading import LEAST
from core.schema import Hit, StoredPassage
from core.text import months_in, read_question, search_terms

GARDEN = "# Garden\n\nThe gate is locked at nine. Dogs stay on a lead.\n\n# Pool\n\nThe water is warmed in May."


def hits(text: str) -> list[Hit]:
    terms = " ".join(search_terms(text))
    return [Hit(StoredPassage("p", "s", "v", 0, 0, len(text), None, text, "House rules", terms), "rules.md", 1.0)]


@pytest.mark.parametrize(
    ("question", "languages", "by_model"),
    [
        ("when do they shut the gate", ("en",), True),
        ("gate", ("en",), True),
        ("gate", (), True),
        ("when do they shut the gate", ("cs",), True),
        ("brána", ("cs",), False),
        ("when do they shut the gate", ("de", "en"), True),
    ],
)
def test_the_model_reads_english_and_leaves_what_nothing_can_read_to_the_signs(
    question: str, languages: tuple[str, ...], by_model: bool
) -> None:
    assert read(read_question(question, languages), hits(GARDEN)).by_model is by_model


def test_headings_are_no_candidates_and_what_answers_is_first() -> None:
    reading = read(read_question("may i let my puppy run around freely", ("en",)), hits(GARDEN))
    assert {candidate.shown for candidate in reading.pool} == {
        "The gate is locked at nine.", "Dogs stay on a lead.", "The water is warmed in May.",
    }  # fmt: skip
    assert reading.pool[int(reading.fit.argmax())].shown == "Dogs stay on a lead."


def test_a_passage_with_nothing_to_read_is_read_as_nothing() -> None:
    assert read(read_question("gate", ("en",)), hits("# Garden")).fit.size == 0
    assert read(read_question("gate", ("en",)), []).fit.size == 0


HAUS = "# Haus\n\nDas Tor wird um neun abgeschlossen. Hunde sind anzuleinen.\n\n# Bad\n\nGeheizt wird ab Mai."


@pytest.mark.parametrize("languages", [("de",), ("de", "en")])
def test_in_another_language_what_means_the_same_is_first(languages: tuple[str, ...]) -> None:
    reading = read(read_question("darf mein Welpe frei herumlaufen", languages), hits(HAUS))
    assert reading.by_model
    assert reading.pool[int(reading.fit.argmax())].shown == "Hunde sind anzuleinen."


@pytest.mark.parametrize(
    ("question", "language", "text", "best"),
    [
        (
            "wie lange kann ich kaputte Ware melden",
            "de",
            "Pakete kommen von Montag bis Freitag.\n\nSchäden sind binnen sieben Tagen anzuzeigen.",
            "Schäden sind binnen sieben Tagen anzuzeigen.",
        ),
        (
            "mi paquete llegó roto, ¿cuánto tiempo tengo?",
            "es",
            "Los paquetes se entregan de lunes a viernes.\n\nLos daños se comunican en un plazo de siete días.",
            "Los daños se comunican en un plazo de siete días.",
        ),
        (
            "quando posso disdire",
            "it",
            "La palestra apre alle sette.\n\nL'abbonamento si può recedere con un preavviso di un mese.",
            "L'abbonamento si può recedere con un preavviso di un mese.",
        ),
    ],
)
def test_in_another_language_the_model_reads_english_words_for_both(
    question: str, language: str, text: str, best: str
) -> None:
    reading = read(read_question(question, (language,)), hits(text))
    assert reading.by_model
    assert reading.pool[int(reading.glossed.argmax())].shown == best


def test_in_a_language_without_a_list_meaning_and_signs_are_left() -> None:
    text = "Paczki dostarczamy od poniedziałku do piątku.\n\nUszkodzenia należy zgłosić w ciągu siedmiu dni."
    reading = read(read_question("do kiedy mogę zgłosić, że paczka jest uszkodzona", ("pl",)), hits(text))
    assert reading.by_model
    assert len(set(reading.glossed)) == 1
    assert reading.pool[int(reading.fit.argmax())].shown.startswith("Uszkodzenia")


def test_without_the_wheel_for_other_languages_the_signs_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(texts: object) -> None:
        raise ModelError("Not here.", "", code="across")

    monkeypatch.setattr(nearness, "across_vectors", missing)
    reading = read(read_question("wann wird das Tor abgeschlossen", ("de",)), hits(HAUS))
    assert not reading.by_model
    assert reading.pool[int(reading.fit.argmax())].shown == "Das Tor wird um neun abgeschlossen."


@pytest.mark.parametrize("left", [None, b"", b"no archive"])
def test_without_the_weights_for_other_languages_the_signs_say_it(
    left: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if left is not None:
        (tmp_path / "across.npz").write_bytes(left)
    monkeypatch.setattr(nearness, "WEIGHTS", tmp_path)
    nearness._trained.cache_clear()
    try:
        reading = read(read_question("wann wird das Tor abgeschlossen", ("de",)), hits(HAUS))
    finally:
        nearness._trained.cache_clear()
    assert reading.pool[int(reading.fit.argmax())].shown == "Das Tor wird um neun abgeschlossen."


def test_without_the_built_in_embedding_the_signs_choose_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(texts: object) -> None:
        raise ModelError("Not here.", "", code="embedding")

    monkeypatch.setattr(nearness, "built_in_vectors", missing)
    reading = read(read_question("when do they shut the gate", ("en",)), hits(GARDEN))
    assert reading.by_model
    assert reading.pool[int(reading.fit.argmax())].shown == "The gate is locked at nine."


@pytest.mark.parametrize(
    ("text", "months"),
    [("two days ago", set()), ("may i go in may", set()), ("in May or june 2026", {5, 6}), ("ab 3. März", {3})],
)
def test_words_of_other_languages_are_no_months(text: str, months: set[int]) -> None:
    assert months_in(text) == months


def test_of_a_paragraph_that_is_named_its_own_sentences_come_first() -> None:
    text = "# § 14 Sizes\n\nThe least is 15 cm.\n\n# § 15 Time limits\n\nClaims end after a year."
    reading = read(read_question("what does § 15 say", ("en",)), hits(text))
    assert reading.pool[int(reading.fit.argmax())].shown == "Claims end after a year."


DUTIES = (
    "# Daily allowance\n\n| Country | Full day | Part day |\n|---|---|---|\n| Italy | 44.00 | 29.00 |\n"
    "| Denmark | 75.00 | 50.00 |\n| United Kingdom | 60.00 | 40.00 |\n"
)


def allowance(question: str) -> tuple[str, float]:
    reading = read(read_question(question, ("en",)), hits(DUTIES))
    return reading.pool[int(reading.fit.argmax())].shown, float(reading.fit.max())


def test_a_row_of_another_country_answers_nothing() -> None:
    row, fit = allowance("what do i get per day in italy")
    assert row.startswith("Country: Italy")
    assert fit > allowance("what do i get per day in portugal")[1] + 2
    assert allowance("how much per day in the UK")[0].startswith("Country: United Kingdom")


def test_a_country_that_has_no_row_is_answered_by_the_row_for_all_others() -> None:
    table = DUTIES + "| All other countries | 31.00 | 20.00 |\n"
    row, fit = best_of(table, "what do i get per day in portugal")
    assert row.startswith("Country: All other countries")
    assert fit > 0
    assert best_of(table, "what do i get per day in italy")[0].startswith("Country: Italy")


def test_the_row_for_the_rest_of_the_union_is_for_its_members_alone() -> None:
    table = (
        "# Prices\n\n| Zone | Destinations | Up to 2 kg |\n|---|---|---|\n| 1 | Netherlands | 6.95 |\n"
        "| 2 | Belgium, Germany | 9.95 |\n| 3 | All other countries of the European Union | 14.45 |\n"
    )
    row, fit = best_of(table, "1.5 kg to Sweden")
    assert "All other countries" in row
    assert fit > 0
    assert best_of(table, "1.5 kg to Brazil")[1] < 0
    assert "Belgium" in best_of(table, "1.5 kg to Germany")[0]


def test_a_remark_on_others_makes_no_row_one_for_all_others() -> None:
    table = (
        "# Daily allowance\n\n| Country | Full day | Remark |\n|---|---|---|\n| Italy | 44.00 | other rates in Rome |\n"
        "| Spain | 40.00 | |\n"
    )
    assert best_of(table, "what do i get per day in portugal")[1] < LEAST < best_of(table, "what do i get in italy")[1]


def test_a_word_over_its_sentences_answers_nothing_alone() -> None:
    shown = "# Customs\n\n• Return. After 20 working days the parcel goes back.\n\nIs it free? No."
    pool = read(read_question("return", ("en",)), hits(shown)).pool
    assert [candidate.shown for candidate in pool] == ["After 20 working days the parcel goes back.", "No."]


def test_a_column_called_other_makes_no_row_one_for_all_others() -> None:
    table = "# Daily allowance\n\n| Other country | Full day |\n|---|---|\n| Italy | 44.00 |\n| Spain | 40.00 |\n"
    assert best_of(table, "what do i get per day in portugal")[1] < best_of(table, "what do i get in spain")[1] - 2


def test_a_month_that_has_no_row_is_not_answered_by_another() -> None:
    table = "# Surcharge\n\n| Month | Percent |\n|---|---|\n| May 2026 | 12 |\n| June 2026 | 11 |\n"
    assert best_of(table, "surcharge june 2026")[0].startswith("Month: June")
    assert best_of(table, "surcharge june 2026")[1] > best_of(table, "surcharge october 2026")[1] + 2


def best_of(text: str, question: str) -> tuple[str, float]:
    reading = read(read_question(question, ("en",)), hits(text))
    return reading.pool[int(reading.fit.argmax())].shown, float(reading.fit.max())


def test_what_was_read_of_other_passages_before_keeps_nothing_from_being_read() -> None:
    question = read_question("when does the blue gate open", ("en",))
    others = "\n".join(f"The red gate number {number} opens at noon." for number in range(80))
    read(question, hits(others))
    reading = read(question, hits(f"{others}\nThe blue gate opens at seven."))
    assert reading.pool[int(reading.fit.argmax())].shown == "The blue gate opens at seven."
    read_again = np.array([each.shown.startswith("The blue") for each in reading.pool])
    assert reading.model[read_again].min() > reading.model.min()


def test_the_same_question_is_read_in_the_same_way_each_time() -> None:
    way = "and whoever comes later has to walk round by the long road past the mill, the church and the bakery"
    text = "\n".join(f"The {['red', 'green'][n % 2]} gate number {n} opens at noon, {way}." for n in range(100))
    question = read_question("when does the green gate open", ("en",))
    first = read(question, hits(text))
    read(question, hits(text), most=12)
    assert read(question, hits(text)).fit.tolist() == first.fit.tolist()
