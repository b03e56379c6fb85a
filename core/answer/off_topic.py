"""A question in, whether it asks for what no firm's documents hold: a joke, a poem, today's weather."""

import re

_THINGS = (
    r"jokes?|poems?|songs?|limericks?|riddles?|fairy tales?|bedtime stor(?:y|ies)|witze?|gedichte?|lied(?:er)?|rätsel|"
    r"märchen|chistes?|poemas?|cancion(?:es)?|canción|adivinanzas?|blagues?|poèmes?|chansons?|devinettes?|"
    r"barzellett[ae]|poesi[ae]|canzon[ei]|mop(?:je)?|moppen|gedicht|liedje|raadsel|piadas?|anedotas?"
)
# Asked of whoever answers: "write me a poem", not "can I write a song with it".
_ASKED = (
    r"(?:tell|give|write|sing|recite)(?: me| us)|do you know|erzähl(?:e|st|en)?(?: du| sie)?(?: mir| uns| mal| bitte)+|"
    r"schreib(?:e)? (?:mir|uns)|sing (?:mir|uns)|kennst du|weißt du|cuéntame|cuéntanos|dime|escríbeme|cántame|"
    r"(?:me|nos) (?:cuentas|conta)|te sabes|raconte(?:z)?(?:[- ](?:moi|nous))?|dis[- ]moi|écris[- ]moi|tu connais|"
    r"raccontami|raccontaci|dimmi|scrivimi|vertel(?: me| ons| eens| mij)+|ken je|weet je|conta(?:[- ](?:me|nos))|"
    r"escreve[- ]me"
)
_ENTERTAINMENT = re.compile(
    rf"\b(?:{_ASKED})\b(?: (?!the\b|which\b|what\b|how\b|about\b|of\b)[^\s.?!]+){{0,3}}? (?:{_THINGS})\b", re.IGNORECASE
)
_WEATHER = re.compile(
    r"\b(?:is it (?:going to|gonna)|will it) (?:rain|snow)\b|\bit is going to (?:rain|snow)\s*\?|"
    r"\b(?:what(?:'s|s| is| will)|how(?:'s|s| is| will)) the weather\b|\bweather (?:forecast|today|tomorrow)\b|"
    r"\bwie (?:wird|ist) (?:das|heute das|morgen das) wetter\b|\b(?:regnet|schneit) es (?:heute|morgen|am)\b|"
    r"\bqué tiempo (?:hace|hará|va a hacer)\b|\bva a llover\b|\bquel temps (?:fait|fera)\b|\bva-t-il pleuvoir\b|"
    r"\bche tempo (?:fa|farà)\b|\bwat voor weer\b|\bgaat het regenen\b|\bque tempo faz\b|\bvai chover\b",
    re.IGNORECASE,
)


def is_off_topic(question: str) -> bool:
    """Tell whether a question asks to be entertained, or for the weather."""
    return bool(_ENTERTAINMENT.search(question) or _WEATHER.search(question))
