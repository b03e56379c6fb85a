"""The language of a question is told by its small words, and nothing is claimed where they do not tell."""

import pytest

from core.text import asked_in, foreign_note, preparing_note


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What does a parcel to Japan cost?", "en"),
        ("Was kostet ein Paket nach Japan?", "de"),
        ("Wie hieß die erste Frau im Amt?", "de"),
        ("¿Cuánto cuesta un paquete a Japón?", "es"),
        ("Combien coûte un colis ?", "fr"),
        ("Quanto costa spedire un pacco?", "it"),
        ("Hoeveel kost een pakket naar Japan?", "nl"),
        ("Quanto custa enviar um pacote?", "pt"),
        ("Ile kosztuje paczka do Japonii?", "pl"),
        ("Bir paket ne kadar?", "tr"),
        ("寄往日本的包裹多少钱？", "zh"),
        ("荷物の料金は？", "ja"),
        ("소포 비용은 얼마입니까?", "ko"),
        ("Сколько стоит посылка?", "ru"),
        ("كم تكلفة الطرد؟", "ar"),
        ("ค่าส่งพัสดุเท่าไหร่", "th"),
        ("Jared Allen在职业生涯中有多少次擒抱？", "zh"),
    ],
)
def test_a_question_is_told_by_its_small_words_or_its_script(question: str, language: str) -> None:
    assert asked_in(question) == language


@pytest.mark.parametrize(
    "question", ["", "?", "AX-9999-B", "opening hours", "die casting price", "Öffnungszeiten", "3.5 %"]
)
def test_nothing_is_claimed_where_words_do_not_tell(question: str) -> None:
    assert asked_in(question) in ("", "en")


@pytest.mark.parametrize(
    "question", ["What is the GDP of Österreich?", "Who was Beyoncé?", "What does 有 mean in Chinese?"]
)
def test_a_foreign_name_makes_no_question_foreign(question: str) -> None:
    assert asked_in(question) == "en"


def test_the_note_is_in_the_askers_language_and_names_the_documents() -> None:
    assert foreign_note("de", ["en", "en"]) == "Die Dokumente sind auf Englisch; das Zitat ist ihr Wortlaut."
    assert (
        foreign_note("en", ["de", "fr"]) == "The documents are in German and French; the quote is shown as it stands."
    )
    assert foreign_note("zh", ["en"]) == "The documents are in English; the quote is shown as it stands."
    assert foreign_note("en", ["en"]) == foreign_note("", []) == ""
    assert preparing_note("es").startswith("Los documentos se están preparando para preguntas en español.")
