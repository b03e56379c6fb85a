"""What is said beside an answer, in the asker's own language: in which one it is quoted, what is being prepared, who
wrote it."""

from collections.abc import Sequence

_CODES = ("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh")
# Each language's name as it stands in the sentences of another, in the order of _CODES.
_NAMES = {
    "en": "Arabic German English Spanish French Italian Japanese Korean Dutch Polish Portuguese Russian Thai Turkish "
    "Chinese",
    "de": "Arabisch Deutsch Englisch Spanisch Französisch Italienisch Japanisch Koreanisch Niederländisch Polnisch "
    "Portugiesisch Russisch Thailändisch Türkisch Chinesisch",
    "es": "árabe alemán inglés español francés italiano japonés coreano neerlandés polaco portugués ruso tailandés "
    "turco chino",
    "fr": "arabe allemand anglais espagnol français italien japonais coréen néerlandais polonais portugais russe thaï "
    "turc chinois",
    "it": "arabo tedesco inglese spagnolo francese italiano giapponese coreano olandese polacco portoghese russo "
    "tailandese turco cinese",
    "nl": "Arabisch Duits Engels Spaans Frans Italiaans Japans Koreaans Nederlands Pools Portugees Russisch Thais "
    "Turks Chinees",
    "pt": "árabe alemão inglês espanhol francês italiano japonês coreano holandês polaco português russo tailandês "
    "turco chinês",
}
_AND = {"en": "and", "de": "und", "es": "y", "fr": "et", "it": "e", "nl": "en", "pt": "e"}
_QUOTED = {
    "en": "The documents are in {}; the quote is shown as it stands.",
    "de": "Die Dokumente sind auf {}; das Zitat ist ihr Wortlaut.",
    "es": "Los documentos están en {}; la cita se muestra tal como está.",
    "fr": "Les documents sont en {} ; la citation est donnée telle quelle.",
    "it": "I documenti sono in {}; la citazione è riportata così com'è.",
    "nl": "De documenten zijn in het {}; het citaat staat er zoals het daar staat.",
    "pt": "Os documentos estão em {}; a citação é mostrada tal como está.",
}
_PREPARING = {
    "en": "The documents are being prepared for questions in {}. Ask again in a few minutes: the answer gets better.",
    "de": "Die Dokumente werden für Fragen auf {} vorbereitet. Fragen Sie in ein paar Minuten noch einmal: Die Antwort "
    "wird besser.",
    "es": "Los documentos se están preparando para preguntas en {}. Pregunte de nuevo en unos minutos: la respuesta "
    "será mejor.",
    "fr": "Les documents sont en cours de préparation pour les questions en {}. Reposez la question dans quelques "
    "minutes : la réponse sera meilleure.",
    "it": "I documenti vengono preparati per domande in {}. Chieda di nuovo fra qualche minuto: la risposta sarà "
    "migliore.",
    "nl": "De documenten worden voorbereid op vragen in het {}. Vraag het over een paar minuten nog eens: het antwoord "
    "wordt beter.",
    "pt": "Os documentos estão a ser preparados para perguntas em {}. Pergunte de novo dentro de alguns minutos: a "
    "resposta será melhor.",
}
# Below an answer: who wrote it in the usual model's place.
_STAND_IN = {
    "en": "Written by “{}”: the usual model did not answer.",
    "de": "Geschrieben von „{}“: Das übliche Modell hat nicht geantwortet.",
    "es": "Escrito por «{}»: el modelo habitual no respondió.",
    "fr": "Rédigé par « {} » : le modèle habituel n'a pas répondu.",
    "it": "Scritto da «{}»: il modello abituale non ha risposto.",
    "nl": "Geschreven door ‘{}’: het gebruikelijke model antwoordde niet.",
    "pt": "Escrito por «{}»: o modelo habitual não respondeu.",
}


def foreign_note(asked_in: str, languages: Sequence[str]) -> str:
    """Say to somebody who asked in one language that what is quoted is in these others; "" where it is in none."""
    others = sorted({language for language in languages if language and language != asked_in})
    return _said(_QUOTED, asked_in, others) if others else ""


def preparing_note(asked_in: str) -> str:
    """Say that the documents are being prepared for questions in this language."""
    return _said(_PREPARING, asked_in, [asked_in])


def stand_in_note(model: str, language: str) -> str:
    """Say in this language, in English where it is another, that the model that stands in has written an answer."""
    return _STAND_IN.get(language, _STAND_IN["en"]).format(model)


def _said(sentences: dict[str, str], reader: str, languages: Sequence[str]) -> str:
    """Fill names of languages into a sentence in the reader's language; English where there is none in it."""
    reader = reader if reader in sentences else "en"
    names = dict(zip(_CODES, _NAMES[reader].split(), strict=True))
    *first, last = [names.get(language, language) for language in languages]
    return sentences[reader].format(f"{', '.join(first)} {_AND[reader]} {last}" if first else last)
