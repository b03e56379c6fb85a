"""Real files in one language, asked in another: what is found, what is said, what is prepared when, what is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import jobs, pipeline
from core.assistants import conversations, lifecycle, source_rows, sources
from core.embed import across
from core.index import drop_unknown_vectors, languages, languages_notice
from core.schema import Answer, JobKind, JobState
from tests.core.work import work_off

PRICES = b"""# Prices and delivery

A parcel of up to two kilograms to Japan costs 32 euros and arrives within eight working days.

Parcels within the country are delivered on the next working day, except on Sundays and public holidays.

# Returns

You can send goods back within thirty days of delivery, free of charge, as long as they were not used.

Gift cards, vouchers and food are never taken back, whatever the reason.
"""
ZONES = b"""# Price zones

| Zone | Destinations | Up to 2 kg | Up to 5 kg |
|---|---|---|---|
| Zone 1 | Belgium, Germany | 7.45 | 8.95 |
| Zone 2 | All other countries of the European Union | 14.45 | 17.95 |
| Zone 3 | Japan, United States | 31.45 | 47.95 |

# Delivery times

| Zone | Working days |
|---|---|
| Zone 1 | 1 to 2 |
| Zone 2 | 3 to 5 |
| Zone 3 | 6 to 9 |

# Collection

A collection is cancelled in your account by 18:00 on the working day before; after that the visit is charged.
"""
GERMAN = b"""# Garantie

Auf alle Kaffeemaschinen geben wir drei Jahre Garantie ab dem Tag des Kaufs, auch auf gebrauchte.

Der Filter muss alle zwei Monate gewechselt werden, sonst schmeckt der Kaffee bitter.
"""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """However slow the machine is, what is small is prepared at once; the weights are let go of afterwards."""
    monkeypatch.setattr(languages, "SECONDS_AT_ONCE", 300.0)
    across.forget_across(idle_seconds=0)
    yield
    across.forget_across(idle_seconds=0)


def assistant_with(*files: tuple[str, bytes]) -> str:
    made = lifecycle.create_assistant("Help")
    sources.add_files(made, list(files))
    work_off()
    return made


def answer_of(assistant_id: str, question: str) -> Answer:
    *_, answer = pipeline.answer(assistant_id, question)
    assert isinstance(answer, Answer)
    return answer


def prepared(folder: Path) -> list[str]:
    return sorted(path.name.partition(".")[0] for path in (folder / "languages").glob("*"))


def test_a_german_question_is_answered_from_an_english_file_in_its_own_words(data_folder: Path) -> None:
    asked = assistant_with(("prices.md", PRICES))
    answer = answer_of(asked, "Was kostet ein Paket nach Japan?")
    assert answer.kind == "quotes"
    assert answer.citations[0].quote.startswith("A parcel of up to two kilograms to Japan costs 32 euros")
    assert (answer.citations[0].language, answer.citations[0].asked_in) == ("en", "de")
    assert PRICES.decode()[answer.citations[0].start : answer.citations[0].end] == answer.citations[0].quote
    assert "thirty days" in answer_of(asked, "¿Hasta cuándo puedo devolver un producto?").citations[0].quote
    assert "never taken back" in answer_of(asked, "礼品卡可以退吗？").citations[0].quote
    assert answer_of(asked, "Wer hat die Oper Fidelio komponiert?").kind == "unknown"
    conversation = conversations.start_conversation(asked)
    conversations.add_answer(conversation, answer)
    assert conversations.messages(conversation)[0].citations == answer.citations
    assert len(prepared(data_folder)) == 1


@pytest.mark.parametrize(
    ("question", "said", "set_off"),
    [
        ("¿cuánto cuesta enviar 3 kg a Estados Unidos?", "Zone 3", "47.95"),
        ("was kostet ein 2 kg paket nach schweden", "Zone 2", "14.45"),
        ("combien de temps pour un colis en Pologne", "3 to 5", ""),
        ("wie storniere ich eine abholung", "A collection is cancelled in your account", ""),
    ],
)
def test_tables_and_other_words_answer_in_whatever_language_they_are_asked(
    question: str, said: str, set_off: str, data_folder: Path
) -> None:
    answer = answer_of(assistant_with(("zones.md", ZONES)), question)
    assert answer.kind == "quotes"
    first = answer.text.split("\n\n")[0]
    assert said in first
    assert set_off in [first[start:end] for start, end in answer.citations[0].spans] or not set_off
    assert answer.citations[0].language == "en"
    assert prepared(data_folder)


def test_an_english_question_costs_english_files_nothing(data_folder: Path) -> None:
    asked = assistant_with(("prices.md", PRICES))
    answer = answer_of(asked, "What does a parcel to Japan cost?")
    assert answer.kind == "quotes"
    assert answer.citations[0].asked_in == ""
    assert not across.across_is_loaded()
    assert prepared(data_folder) == []
    assert jobs.latest(asked, JobKind.LANGUAGES) is None


def test_a_question_in_the_language_of_one_of_two_files_searches_both(data_folder: Path) -> None:
    asked = assistant_with(("prices.md", PRICES), ("garantie.md", GERMAN))
    of_german = answer_of(asked, "Wie lange habe ich Garantie auf eine Kaffeemaschine?")
    assert "drei Jahre Garantie" in of_german.citations[0].quote
    assert of_german.citations[0].asked_in == ""
    of_english = answer_of(asked, "Was kostet ein Paket nach Japan?")
    assert "32 euros" in of_english.citations[0].quote
    assert of_english.citations[0].asked_in == "de"
    assert "three" not in of_english.text
    assert len(prepared(data_folder)) == 1  # the German file is only needed by who asks otherwise


def test_what_is_long_is_prepared_in_the_background_and_says_so(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "CHARACTERS_AT_ONCE", 0)
    asked = assistant_with(("prices.md", PRICES))
    first = answer_of(asked, "Was kostet ein Paket nach Japan?")
    assert first.text.endswith("Die Antwort wird besser.")
    assert "für Fragen auf Deutsch vorbereitet" in first.text
    answer_of(asked, "Wann wird ein Paket geliefert?")
    job = jobs.latest(asked, JobKind.LANGUAGES)
    assert job is not None
    assert (job.state, jobs.active_count()) == (JobState.WAITING, 1)  # asked twice, queued once
    assert languages_notice(asked).startswith("Somebody asked in another language")
    assert prepared(data_folder) == []
    work_off()
    then = answer_of(asked, "Was kostet ein Paket nach Japan?")
    assert then.kind == "quotes"
    assert "32 euros" in then.citations[0].quote
    assert "vorbereitet" not in then.text
    assert languages_notice(asked) == ""


def test_new_versions_are_prepared_too_and_what_is_gone_leaves_nothing(data_folder: Path) -> None:
    asked = assistant_with(("prices.md", PRICES))
    answer_of(asked, "Was kostet ein Paket nach Japan?")
    before = prepared(data_folder)
    sources.add_files(asked, [("prices.md", PRICES.replace(b"32 euros", b"35 euros"))])
    work_off()
    after = prepared(data_folder)
    assert len(after) == 1
    assert after != before
    assert "35 euros" in answer_of(asked, "Was kostet ein Paket nach Japan?").citations[0].quote
    for path in (data_folder / "languages").glob("*"):  # half a file is no file: the ordinary answer stands
        path.write_bytes(path.read_bytes()[:200])
    assert answer_of(asked, "Was kostet ein Paket nach Japan?").kind in ("quotes", "unknown")
    (data_folder / "languages" / f"{'0' * 32}.1-1-1600-200.rows").write_bytes(b"of nobody")
    assert drop_unknown_vectors() == 1
    sources.delete_sources(asked, [source_rows.source_rows(asked)[0].id])
    work_off()
    assert prepared(data_folder) == []
