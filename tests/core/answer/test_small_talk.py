"""Small talk is answered as such, in seven languages; a question that only sounds like it is never taken for it."""

import pytest

from core.answer.small_talk import SmallTalk, small_talk, without_courtesies
from core.schema import Turn, Voice

ADA = Voice(name="Ada")
SAID = {
    "en greeting": "hi|Hello there!|good morning|heyyy|Hi Ada|is anyone there?|good evening team",
    "en how": "how are you?|hi, how are you doing today",
    "en thanks": "thanks a lot!|ok thx|Thank you so much|thank you, that helped|ok thx bye|that was all, thanks",
    "en bye": "bye|goodbye!|see you later|have a nice day",
    "en well": "ok|got it|perfect|great, makes sense",
    "en who": "who are you?|Who am I talking to?|what's your name",
    "en machine": "are you a robot?|are you a real person|human or bot|is this a chatbot",
    "en can": "what can you do?|can you help me|help|hi, what can I ask you?|how does this work?",
    "en ask": "can I ask you something?|I have a question",
    "en person": "can i talk to a human|I want to speak to someone please|can i call you?|human please",
    "de greeting": "Guten Tag|hallo zusammen|moin|Grüß Gott",
    "de thanks": "vielen Dank!|dankeschön|danke, das hat geholfen|danke und tschüss",
    "de who": "wer bist du?|Wie heißen Sie?",
    "de machine": "bist du ein Roboter?|spreche ich mit einem Menschen?",
    "de can": "was kannst du?|Können Sie mir helfen?|hilfe",
    "de person": "kann ich mit einem Menschen sprechen?|Kann ich Sie anrufen?|ich möchte mit jemandem reden",
    "es greeting": "¡Hola!|buenos días|buenas tardes",
    "es thanks": "muchas gracias",
    "es who": "¿Quién eres?|¿cómo te llamas?",
    "es can": "¿qué puedes hacer?|necesito ayuda",
    "es person": "quiero hablar con una persona|¿Puedo hablar con alguien?",
    "fr greeting": "Bonjour|salut tout le monde",
    "fr thanks": "merci beaucoup|merci, c'est très gentil",
    "fr who": "qui êtes-vous ?|tu t'appelles comment ?",
    "fr person": "je voudrais parler à quelqu'un|puis-je vous appeler ?",
    "it greeting": "buongiorno|salve a tutti",
    "it thanks": "grazie mille",
    "it who": "chi sei?",
    "it person": "posso parlare con una persona?",
    "nl greeting": "goedemorgen|hoi",
    "nl thanks": "dank je wel|bedankt voor de hulp",
    "nl who": "wie ben je?",
    "nl person": "kan ik met iemand praten?",
    "pt greeting": "bom dia|olá, boa tarde",
    "pt thanks": "muito obrigado|obrigada pela ajuda",
    "pt who": "quem é você?",
    "pt person": "quero falar com uma pessoa",
}
_ASKED = """
thank you letter template?|who are you insured with?|can I speak to someone about a lost parcel
hi, what does it cost?|thanks! and how do i return it|hello kitty price|what can you do about a damaged parcel
how are you paid|who is this for|are you a member of IATA|are you open on Sunday|are you there on Saturday
what is your phone number|can I call from abroad|can you help me with a claim|help with customs
good morning delivery price|bye bye baby stroller|ok to send batteries?|who made the parcel
what is your name change fee|do you know the rate|human remains|human hair to Japan|contact|good day rate
is this a gift|and to Canada?|and tomorrow?|see you in court|how do you do returns|perfect gift|great Britain
fine for late payment|sure post|hi-fi system|hey jude vinyl|what is this fee|can I ask for a refund
morning delivery|wer bist du versichert bei|guten Tag, was kostet ein Paket|danke für nichts, wo ist mein Paket
was kannst du bei Verlust tun|kann ich mit einem Mitarbeiter über mein Paket sprechen|hallo Paket
wie geht es weiter|und morgen?|und in die Schweiz?|gut verpackt|hilfe bei verlust|alles klar mit Zoll?
was ist das Porto|wer zahlt|Tag der Lieferung|quiénes son los responsables|hola, cuánto cuesta|gracias por qué
puedo hablar con alguien sobre mi paquete|y a Canadá|bonjour combien coûte un colis|à qui parler de mon colis
merci pour le remboursement|ciao Bella pizza|chi sei tenuto a pagare|goedemorgen wat kost een pakket
dag van levering|dank je wel kaartje|bom dia quanto custa|quem é você para cobrar taxa
"""
ASKED = _ASKED.strip().replace("\n", "|").split("|")


@pytest.mark.parametrize(
    ("expected", "text"), [(kind, text) for kind, texts in SAID.items() for text in texts.split("|")]
)
def test_small_talk_is_told_with_its_language(expected: str, text: str) -> None:
    said = small_talk(text, ADA)
    assert said is not None
    assert f"{said.language} {said.kind}" == expected
    assert said.text


@pytest.mark.parametrize("text", ASKED)
def test_a_question_is_never_small_talk(text: str) -> None:
    assert small_talk(text, ADA) is None


def told(text: str, voice: Voice = ADA, **more: object) -> SmallTalk:
    said = small_talk(text, voice, **more)  # type: ignore[arg-type]
    assert said is not None
    return said


def test_a_greeting_is_answered_with_the_owners_own_where_the_language_is_the_same() -> None:
    voice = Voice(greeting="Ahoy, how can the crew be of help?")
    assert told("hello", voice).text == voice.greeting
    assert told("buenos días", voice).text == "Hola. ¿De qué se trata?"


def test_a_voice_that_always_speaks_german_does_so() -> None:
    voice = Voice(language="de", greeting="Guten Tag, worum geht es?")
    assert told("hi", voice).text == voice.greeting
    assert told("thank you", voice).text.startswith("Gern geschehen.")


def test_what_is_said_in_every_language_is_answered_in_that_of_the_talk_the_greeting_or_the_sources() -> None:
    german = Voice(greeting="Hallo, was möchten Sie zu unseren Paketen wissen?")
    assert told("ok", german).language == "de"
    assert told("ok", ADA, languages=("fr",)).language == "fr"
    assert told("ok", ADA, languages=("fr", "de")).language == "en"
    assert told("ok", ADA, history=[Turn("user", "¿cuánto cuesta un paquete?")]).language == "es"


def test_the_tone_of_the_voice_is_heard() -> None:
    tones = ("friendly", "professional", "plain", "warm")
    answers = {tone: told("thanks", Voice(tone=tone)).text for tone in tones}  # type: ignore[arg-type]
    assert len(set(answers.values())) == 4
    assert answers["plain"] == "You're welcome."


def test_it_says_its_name_and_does_without_one() -> None:
    assert told("who are you?").text.startswith("I am Ada, an assistant")
    assert told("who are you?", Voice()).text.startswith("I am an assistant")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("hi, what does a parcel to Japan cost?", "what does a parcel to Japan cost?"),
        ("Hello there what does it cost", "what does it cost"),
        ("thanks! and how do i return it", "and how do i return it"),
        ("hola ¿cuánto cuesta?", "¿cuánto cuesta?"),
        ("Guten Tag, was kostet ein Paket?", "was kostet ein Paket?"),
        ("bonjour, combien coûte un colis ? merci beaucoup", "combien coûte un colis ?"),
        ("hello kitty price", "hello kitty price"),
        ("thank you letter template?", "thank you letter template?"),
        ("super saver price", "super saver price"),
        ("template for thank you", "template for thank you"),
        ("hi", "hi"),
    ],
)
def test_only_a_plain_courtesy_is_taken_off_a_question(text: str, question: str) -> None:
    assert without_courtesies(text) == question
