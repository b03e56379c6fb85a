"""What words become: the same terms for a document and for the question that should find it."""

import pytest

from core.text import content_terms, search_terms
from tests.core.counting import calls


def shared_terms(question: str, text: str, language: str) -> set[str]:
    """The terms that a question asked of this language and a text in it have in common."""
    return set(search_terms(question, [language])) & set(search_terms(text, [language]))


@pytest.mark.parametrize(
    ("language", "question", "text"),
    [
        ("en", "paying a customs duty", "Customs duties were paid"),
        ("de", "Zölle auf Pakete", "Der Zoll auf ein Paket"),
        ("es", "canción", "CANCIONES"),
        ("fr", "l'importation d'un café", "les importations de cafés"),
        ("ru", "красный", "красного"),
        ("zh", "人民币", "支付人民币的方式"),
        ("ja", "東京都", "ここは東京都です"),
        ("ko", "세금", "수입세금은"),
        ("th", "สวัสดี", "คำว่าสวัสดีครับ"),
        ("hi", "हिन्दी", "यह हिन्दी है"),
        ("", "rate", "the rates"),
        ("en", "e-mail", "by email"),
    ],
)
def test_other_forms_of_a_word_are_found(language: str, question: str, text: str) -> None:
    assert shared_terms(question, text, language)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("email", "by e-mail"),
        ("10Q", "Form 10-Q"),
        ("us law", "U.S. law"),
        ("1234567", "1,234,567 parcels"),
        ("1.234.567", "1,234,567 parcels"),
        ("3.5", "3,5 %"),
        ("8517", "HS-Code 8517.12"),
        ("8517.12", "HS code 8517.12.00"),
        ("café", "CAFE"),
        ("strasse", "Straße"),
        ("ﬁnancial", "financial"),
        ("information", "infor-\nmation"),
        ("information", "in\u00adfor\u00adma\u00adtion"),
        # Terms drop all joiners on both sides: the word is found with and without.
        ("میخواهم", "می\u200cخواهم"),
        ("می\u200cخواهم", "میخواهم"),
        ("term", "long-\nterm"),
        ("apple", "Apple’s"),
        ("１２３", "123"),
    ],
)
def test_other_spellings_are_found(question: str, text: str) -> None:
    assert set(search_terms(question, ["en"])) <= set(search_terms(text, ["en"]))


@pytest.mark.parametrize(("one", "other"), [("8517.12", "8517.13"), ("3.5", "35"), ("Q1", "Q3"), ("中国", "国中")])
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert one.casefold() in search_terms(one, ["en"])
    assert not {one.casefold()} & set(search_terms(other, ["en"]))


def test_a_document_keeps_how_often_a_word_occurs() -> None:
    assert search_terms("Tax, taxes and TAX", ["en"]) == ["tax", "tax", "and", "tax"]


def test_a_question_is_stemmed_in_every_language_of_the_assistant() -> None:
    both = set(search_terms("Kosten customs", ["de", "en"]))
    assert both >= set(search_terms("Kosten", ["de"])) | set(search_terms("customs", ["en"]))


@pytest.mark.parametrize("text", ["", " \n\t", "—…!?", "🚚📦", "\u00ad\u200b", "___"])
def test_a_text_without_words_has_no_terms(text: str) -> None:
    assert search_terms(text, ["en"]) == []


def test_terms_hold_no_blanks_whatever_the_text() -> None:
    text = "".join(chr(code) for code in range(0x20, 0x3000)) + " a\u00a0b 10\u202f000 \u3000中\u3000文"
    assert not [term for term in search_terms(text, ["en", "de"]) if not term or any(c.isspace() for c in term)]


def test_content_terms_leave_out_the_words_that_tell_nothing() -> None:
    assert list(content_terms("What is the duty for a parcel?", ["en"])) == ["duty", "parcel"]
    assert list(content_terms("Wie hoch ist der Zoll?", ["de"])) == ["hoch", "zoll"]


def test_content_terms_of_nothing_but_small_words_are_those_words() -> None:
    assert list(content_terms("Who are you?", ["en"])) == ["who", "are", "you"]


@pytest.mark.timeout(60)  # a pattern that tries again from every letter would take hours
def test_one_long_word_and_one_long_line_are_no_trouble() -> None:
    assert len(search_terms("x" * 1_000_000, ["en"])) == 1
    assert len(search_terms("中" * 500_000, ["zh"])) == 499_999
    assert len(search_terms("a-" * 500_000, ["en"])) == 500_000


def test_each_word_is_stemmed_once_however_often_it_stands_there() -> None:
    line = "The recipient pays import tax and customs duty before the parcel of 2.5 kg is handed over.\n"
    terms = search_terms(line, ["en"])
    once = calls(lambda: search_terms(line, ["en"]))
    assert calls(lambda: search_terms(line * 5000, ["en"])) == once
    assert search_terms(line * 55_000, ["en"]) == terms * 55_000


@pytest.mark.parametrize("written", ["FY2018", "fy18", "CY2018"])
def test_a_fiscal_year_is_found_by_its_number_too(written: str) -> None:
    assert search_terms(written) == [written.lower(), "2018"]
