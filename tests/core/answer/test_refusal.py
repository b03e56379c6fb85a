"""An "I don't know" in any words and language, and what only sounds like one."""

import pytest

from core.answer.refusal import says_unknown
from core.schema import Voice


@pytest.mark.parametrize(
    "text",
    [
        "I don't know.",
        "I'm sorry, but I couldn't find any information about this in the documents.",
        "The provided passages do not mention import tax in Brazil.",
        "Unfortunately, the documents do not contain information about opening hours. Please contact support.",
        "There is no information about Brazil in the passages.",
        "I do not have enough information to answer that.",
        "This is not mentioned in the provided text.",
        "Nothing about this was found in the documents.",
        "The text doesn't say.",
        "I cannot answer this question based on the given documents.",
        "Based on the passages, I cannot determine the price.",
        "Not mentioned.",
        "No information is available on this topic.",
        "Sorry, I am unable to find that in the sources.",
        "Dazu finde ich in den Dokumenten keine Angaben.",
        "Das weiß ich leider nicht.",
        "Die Dokumente enthalten keine Informationen über Brasilien.",
        "In den Unterlagen steht nichts über Brasilien.",
        "Leider konnte ich dazu nichts finden.",
        "No lo sé.",
        "Lo siento, no encontré información sobre esto en los documentos.",
        "Los documentos no mencionan Brasil.",
        "Je ne sais pas.",
        "Désolé, les documents ne contiennent aucune information à ce sujet.",
        "Je n'ai trouvé aucune information.",
        "Non lo so.",
        "I documenti non contengono informazioni su questo.",
        "Ik weet het niet.",
        "De documenten bevatten hierover geen informatie.",
        "Não sei.",
        "Não encontrei informações sobre isso nos documentos.",
        "I don't know: I found nothing about this in the documents.",
        "The context provided does not include details on student discounts [1].",
        "None of the passages answer this question.",
        "It is not stated in the passages how long it takes.",
        "The answer is not in the documents.",
        "I could not find the answer in the passages provided. Is there anything else I can help with?",
        "Hierzu habe ich leider keine Informationen gefunden.",
        "Es tut mir leid, das geht aus den Texten nicht hervor.",
    ],
)
def test_a_refusal_is_an_i_dont_know(text: str) -> None:
    assert says_unknown(text, Voice())


@pytest.mark.parametrize(
    "text",
    [
        "The parcel costs 5 EUR [1]. The documents do not say how long it takes.",
        "Damage must be reported within 7 days.",
        "We do not deliver on Sundays.",
        "The documents do not mention Brazil, but the import tax in Norway is 25% [1].",
        "The shipping price is not refunded.",
        "No, power banks are not allowed.",
        "You do not need customs documents within the European Union.",
        "Without these documents the claim is refused.",
        "The invoice does not have to be signed.",
        "Die Anzahlung wird nicht erstattet.",
        "Keine Rückgabe nach 30 Tagen.",
        "No se entrega los domingos.",
        "If documents are missing, we cannot decide within 15 days.",
        "There is no extra charge.",
        "Information on the label must not be covered.",
        "The sender can claim; the recipient cannot.",
        "I recommend Express. It takes one day [1].",
        "Der Text auf dem Etikett darf nicht verdeckt sein.",
        "You cannot find a cheaper label elsewhere.",
        "Documents are not accepted without a signature.",
    ],
)
def test_what_states_something_is_an_answer(text: str) -> None:
    assert not says_unknown(text, Voice())


def test_the_owners_own_sentence_is_one_whatever_it_says() -> None:
    assert says_unknown("Ask at the **desk** [1].", Voice(unknown="Ask at the desk."))
