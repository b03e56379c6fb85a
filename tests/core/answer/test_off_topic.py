"""A joke, a poem and today's weather are asked of no document; whoever speaks of them as such asks the documents."""

import pytest

from core.answer.off_topic import is_off_topic


@pytest.mark.parametrize(
    "question",
    [
        "tell me a joke about truck drivers",
        "do you know a good joke",
        "write us a short poem about parcels",
        "is it going to rain on sunday",
        "what's the weather in lisbon",
        "Erzähl mir mal einen Witz",
        "wie wird das wetter morgen",
        "cuéntame un chiste",
        "raconte-moi une blague",
        "raccontami una barzelletta",
        "vertel eens een mop",
        "que tempo faz hoje",
    ],
)
def test_no_question_to_documents(question: str) -> None:
    assert is_off_topic(question)


@pytest.mark.parametrize(
    "question",
    [
        "can i ride the e-bike in the rain",
        "can I write a song with the app",
        "what happens when the weather is bad on the day of the tour",
        "tell me the price of a parcel",
        "do you know where my parcel is",
        "do you know which songs we may play",
        "tell me the song fee",
        "is the joke policy in the handbook",
    ],
)
def test_a_question_to_documents(question: str) -> None:
    assert not is_off_topic(question)
