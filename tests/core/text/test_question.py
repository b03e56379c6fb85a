"""A question as it is understood: slips put right, other names, compounds; all against the words of the sources."""

from collections.abc import Sequence

import pytest

from core.schema import Question
from core.text import Vocabulary, as_typed, read_question, search_terms, words_in
from tests.core.counting import calls

SOURCES = """
The insurance of a parcel to Iceland covers its value. The customer writes to customs about the invoice.
The insurance covers pictures. The delivery to Ireland takes three days. Der Zoll für Häuser.
"""
GERMAN = "Die Frist für die Rückgabe ist kurz. Das Lager nimmt die Sendung an. Die Haftung endet. Die Bestellnummer."


def read(text: str, sources: str = SOURCES, languages: Sequence[str] = ("en",), **more: str) -> Question:
    common = frozenset(("wife", "weather"))
    return read_question(text, languages, vocabulary=Vocabulary(words_in(sources), common), **more)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("insurnace", "insurance"),
        ("insurrance", "insurance"),
        ("insurane", "insurance"),
        ("isnurance", "insurance"),
        ("nisurance", "insurance"),
        ("parcle", "parcel"),
        ("delivary", "delivery"),
        ("haeuser", "häuser"),
        ("Cusotmer", "customer"),
    ],
)
def test_a_slip_is_put_right_and_both_words_are_searched(typed: str, meant: str) -> None:
    question = read(f"What about the {typed}?")
    assert question.corrected == {typed.casefold(): meant}
    assert meant in question.understood
    assert set(search_terms(meant, ["en"])) <= set(question.terms)
    assert set(search_terms(typed, ["en"])) <= {*question.terms, *question.others}
    assert set(search_terms(f"{typed} {meant}", ["en"])) <= set(question.words[meant])


@pytest.mark.parametrize(
    "question",
    [
        "What does the insurance cover?",  # it stands there
        "Are parcels insured and invoices written?",  # in another form
        "Is Irland far?",  # a name, of another language
        "Is ICELND far?",  # more than one capital
        "What is AX-4410-B?",
        "Who is parcle@shipit.example?",
        "What does my wife say about the weather?",  # common words, whatever is near
        "Why cant they cover it?",
        "Is photosynthesis covered?",  # nothing is near
        "Is the ant free?",  # too short
    ],
)
def test_what_is_no_slip_is_left_alone(question: str) -> None:
    assert read(question).corrected == {}


def test_one_country_never_becomes_another() -> None:
    sources = "The delivery to Iceland takes three days."
    question = read("How long does it take to Ireland?", sources)
    assert question.corrected == {}
    assert "iceland" not in {*question.terms, *question.others}


def test_a_form_of_a_common_word_is_no_slip_for_another_form() -> None:
    vocabulary = Vocabulary(words_in("Standard is cheaper than Express."), frozenset(("cheap", "what", "is")))
    assert read_question("what is cheapest", ("en",), vocabulary=vocabulary).corrected == {}


def test_a_regular_form_of_a_common_word_is_no_slip() -> None:
    vocabulary = Vocabulary(words_in("Packing and shipping are free."), frozenset(("pick", "ship", "it", "is")))
    assert read_question("is picking it up free", ("en",), vocabulary=vocabulary).corrected == {}
    assert read_question("is shiping free", ("en",), vocabulary=vocabulary).corrected == {"shiping": "shipping"}


def test_the_plural_of_a_common_word_is_no_slip() -> None:
    vocabulary = Vocabulary(words_in("Hearing aids are insured."), frozenset(("kid", "are")))
    assert read_question("are kids insured", ("en",), vocabulary=vocabulary).corrected == {}


def test_a_missing_blank_is_put_right() -> None:
    question = read("can i send nailpolish", "Perfume and nail polish are restricted.")
    assert question.corrected == {"nailpolish": "nail polish"}
    assert set(search_terms("nail polish", ["en"])) <= {*question.terms, *question.others}


def test_words_of_another_language_are_no_slips() -> None:
    sources = "The cause is told in the claim."
    assert read("was kostet eine Abholung zu Hause", sources).corrected == {}
    assert read("what is the hause of it", sources).corrected == {"hause": "cause"}


def test_two_slips_are_allowed_in_a_long_word_only() -> None:
    assert read("Is it insurrence?").corrected == {"insurrence": "insurance"}
    assert read("Is it dleivrey?").corrected == {"dleivrey": "delivery"}
    assert read("Is it pracle?").corrected == {}


def test_the_more_frequent_word_comes_first_and_at_most_three() -> None:
    question = read("Is it bort?", "born bolt bolt borg bout bout bout port port port port")
    assert question.corrected == {"bort": "port"}
    assert set(question.words["port"]) == {"port", "bort", "bout", "bolt"}


def test_without_a_vocabulary_nothing_is_put_right() -> None:
    assert read_question("What about the insurrance?", ["en"]).corrected == {}


def test_a_follow_up_as_it_was_typed_is_read_in_the_same_way() -> None:
    question = read("And the insurrance?", alone="What does delivary cost? And the insurrance?")
    assert as_typed(question).corrected == {"insurrance": "insurance"}


@pytest.mark.parametrize(
    ("question", "word", "text"),
    [
        ("A visa for the USA?", "usa", "visitors of the United States"),
        ("A visa for the USA?", "usa", "Besucher der Vereinigten Staaten und den Vereinigte Staaten"),
        ("A visa for the United States?", "united states", "visitors of the USA"),
        ("A visa for the US?", "us", "into the U.S. by air"),
        ("Is Great Britain in zone 2?", "great britain", "zone 2: UK"),
        ("Is Deutschland in zone 1?", "deutschland", "zone 1: Germany"),
        ("Ist Japan dabei?", "japan", "Japón"),
        ("Open in March?", "march", "im März"),
        ("Am Montag offen?", "montag", "open on Monday"),
        ("Am Montag offen?", "montag", "Mo 9-18 Uhr"),
        ("How many kilograms?", "kilograms", "at most 30 kg"),
        ("How many kilograms?", "kilograms", "at most 30kg"),
        ("How many hours?", "hours", "innerhalb von 24 Std."),
        ("How much in euros?", "euros", "It costs 5 €."),
        ("What percentage?", "percentage", "7 % of it"),
        ("Is VAT included?", "vat", "inkl. MwSt."),
    ],
)
def test_a_name_stands_for_the_other_names_of_the_same_thing(question: str, word: str, text: str) -> None:
    terms = read_question(question, ["de", "en"]).words[word]
    assert not set(terms).isdisjoint(search_terms(text, ["de"]))


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Can you tell us more?", "visitors of the United States"),
        ("Is Iceland covered?", "The delivery to Ireland"),
        ("Open on Sunday?", "It is open on Saturday"),
        ("Is Niger covered?", "The delivery to Nigeria"),
    ],
)
def test_it_stands_for_nothing_else(question: str, text: str) -> None:
    asked = read_question(question, ["en"])
    words = {term for word, terms in asked.words.items() if word not in ("open", "covered") for term in terms}
    assert words.isdisjoint(set(search_terms(text, ["en"])) - set(search_terms("open on the delivery", ["en"])))


def test_a_compound_is_found_by_its_parts_and_the_parts_by_the_compound() -> None:
    compound = read("Wie lang ist die Rückgabefrist?", GERMAN, ["de"]).words
    assert not set(compound["ruckgabe"]).isdisjoint(search_terms("Rückgabe", ["de"]))
    assert not set(compound["frist"]).isdisjoint(search_terms("Frist", ["de"]))
    parts = read("Welche Frist gilt für die Rückgabe?", "Die Rückgabefrist beträgt 14 Tage.", ["de"]).words
    whole = set(search_terms("Rückgabefrist", ["de"]))
    assert whole <= set(parts["frist"])
    assert whole <= set(parts["rückgabe"])


def test_a_compound_is_split_only_where_both_parts_stand_in_the_sources() -> None:
    assert "lagerhalle" in read("Wo ist die Lagerhalle?", GERMAN, ["de"]).words
    assert list(read("Wo ist die Sendungshaftung?", GERMAN, ["de"]).words) == ["sendung", "haftung"]


def test_a_question_is_read_once_and_an_odd_one_soon() -> None:
    vocabulary = Vocabulary(words_in(SOURCES))
    read_question("What about the insurrance?", ["en"], vocabulary=vocabulary)
    again = calls(lambda: read_question("What about the insurrance?", ["en"], vocabulary=vocabulary))
    assert again < 20
    long = " ".join(f"insur{chr(97 + n % 26)}{chr(97 + n // 26)}nce" for n in range(600))
    assert len(read_question(long, ["en"], vocabulary=vocabulary).corrected) <= 6


def test_a_vocabulary_keeps_the_most_frequent_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.text.vocabulary.MOST_WORDS", 2)
    vocabulary = Vocabulary({"often": 9, "sometimes": 5, "once": 1})
    assert (len(vocabulary), "often" in vocabulary, "once" in vocabulary) == (2, True, False)
    assert vocabulary.counts() == {"often": 9, "sometimes": 5}


def test_a_slip_that_ends_like_a_comparison_is_put_right() -> None:
    vocabulary = Vocabulary(words_in("The letter is free."), frozenset(("let", "the", "is")))
    assert read_question("is the leter free", ("en",), vocabulary=vocabulary).corrected == {"leter": "letter"}


def test_the_end_of_a_scale_is_heard_in_a_slip_although_no_source_names_it() -> None:
    assert read("the smalest parcel").corrected == {"smalest": "smallest"}
    assert read("the coldest parcel").corrected == {}
