"""What the assistant says of itself, by language: replies to small talk, and the words around "I don't know"."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Replies:
    """The sentences of one language, which address nobody as "du" or "Sie".

    ``named`` in them is the assistant's name and a comma, or nothing. ``go_ahead`` follows a greeting and the like,
    ``more`` follows thanks, each by the tone of the voice; the plain tone has none.
    """

    hello: str
    well: str
    welcome: str
    goodbye: str
    good: str
    who: str
    machine: str
    can: str
    of_course: str
    no_person: str
    details: str
    no_details: str
    go_ahead: Mapping[str, str]
    more: Mapping[str, str]
    looked_for: str
    instead: str


REPLIES: Mapping[str, Replies] = {
    "en": Replies(
        hello="Hello.",
        well="All is well here, thank you.",
        welcome="You're welcome.",
        goodbye="Goodbye, and all the best.",
        good="Good.",
        who="I am {named}an assistant that answers from the documents kept here.",
        machine="I am not a person. I am {named}a program that looks for answers in the documents kept here.",
        can="I look for the answer to a question in the documents kept here, and show where it is written. "
        "What they do not say, I do not know.",
        of_course="Of course.",
        no_person="I cannot connect you to a person from here.",
        details="This is what the documents say about getting in touch:",
        no_details="I found no phone number or e-mail address in the documents either.",
        go_ahead={
            "friendly": "What would you like to know?",
            "professional": "How may I help?",
            "warm": "Take all the time you need. What is it about?",
        },
        more={
            "friendly": "Just ask if there is anything else.",
            "professional": "Please ask if anything else is unclear.",
            "warm": "I am here if anything else comes up.",
        },
        looked_for="I looked for:",
        instead="Perhaps one of these helps:",
    ),
    "de": Replies(
        hello="Hallo.",
        well="Hier ist alles gut, danke.",
        welcome="Gern geschehen.",
        goodbye="Auf Wiedersehen und alles Gute.",
        good="Gut.",
        who="Ich bin {named}ein Assistent, der aus den Unterlagen hier antwortet.",
        machine="Ich bin kein Mensch. Ich bin {named}ein Programm, das Antworten in den Unterlagen hier sucht.",
        can="Ich suche die Antwort auf eine Frage in den Unterlagen hier und zeige, wo sie steht. Was dort "
        "nicht steht, weiß ich nicht.",
        of_course="Natürlich.",
        no_person="Ich kann von hier aus nicht mit einem Menschen verbinden.",
        details="So steht es in den Unterlagen zum Kontakt:",
        no_details="Auch eine Telefonnummer oder E-Mail-Adresse habe ich in den Unterlagen nicht gefunden.",
        go_ahead={
            "friendly": "Worum geht es?",
            "professional": "Womit kann ich behilflich sein?",
            "warm": "Es hat keine Eile. Worum geht es?",
        },
        more={
            "friendly": "Einfach fragen, wenn noch etwas ist.",
            "professional": "Bei weiteren Fragen helfe ich gern.",
            "warm": "Ich bin da, wenn noch etwas auftaucht.",
        },
        looked_for="Gesucht habe ich nach:",
        instead="Vielleicht hilft eine dieser Fragen:",
    ),
    "es": Replies(
        hello="Hola.",
        well="Por aquí todo bien, gracias.",
        welcome="De nada.",
        goodbye="Hasta pronto.",
        good="Bien.",
        who="Soy {named}un asistente que responde a partir de los documentos guardados aquí.",
        machine="No soy una persona. Soy {named}un programa que busca respuestas en los documentos guardados aquí.",
        can="Busco la respuesta a una pregunta en los documentos guardados aquí y muestro dónde está escrita. Lo que "
        "no dicen, no lo sé.",
        of_course="Claro.",
        no_person="Desde aquí no puedo pasar con una persona.",
        details="Esto dicen los documentos sobre el contacto:",
        no_details="Tampoco he encontrado un teléfono o un correo electrónico en los documentos.",
        go_ahead={
            "friendly": "¿De qué se trata?",
            "professional": "¿En qué puedo ayudar?",
            "warm": "No hay prisa. ¿De qué se trata?",
        },
        more={
            "friendly": "Si hay algo más, basta con preguntar.",
            "professional": "Quedo a disposición para cualquier otra pregunta.",
            "warm": "Aquí estoy si surge algo más.",
        },
        looked_for="He buscado:",
        instead="Quizá ayude una de estas preguntas:",
    ),
    "fr": Replies(
        hello="Bonjour.",
        well="Tout va bien ici, merci.",
        welcome="Avec plaisir.",
        goodbye="Au revoir et bonne continuation.",
        good="Très bien.",
        who="Je suis {named}un assistant qui répond à partir des documents conservés ici.",
        machine="Je ne suis pas une personne. Je suis {named}un programme qui cherche des réponses dans les documents "
        "conservés ici.",
        can="Je cherche la réponse à une question dans les documents conservés ici et je montre où elle est écrite. Ce "
        "qu'ils ne disent pas, je ne le sais pas.",
        of_course="Bien sûr.",
        no_person="D'ici, je ne peux pas passer une personne.",
        details="Voici ce que les documents disent du contact :",
        no_details="Je n'ai trouvé ni téléphone ni adresse e-mail dans les documents.",
        go_ahead={
            "friendly": "De quoi s'agit-il ?",
            "professional": "En quoi puis-je être utile ?",
            "warm": "Rien ne presse. De quoi s'agit-il ?",
        },
        more={
            "friendly": "Il suffit de demander s'il y a autre chose.",
            "professional": "Je reste à disposition pour toute autre question.",
            "warm": "Je suis là s'il y a autre chose.",
        },
        looked_for="J'ai cherché :",
        instead="Une de ces questions aidera peut-être :",
    ),
    "it": Replies(
        hello="Salve.",
        well="Qui tutto bene, grazie.",
        welcome="Prego.",
        goodbye="Arrivederci e buona giornata.",
        good="Bene.",
        who="Sono {named}un assistente che risponde a partire dai documenti conservati qui.",
        machine="Non sono una persona. Sono {named}un programma che cerca risposte nei documenti conservati qui.",
        can="Cerco la risposta a una domanda nei documenti conservati qui e mostro dove è scritta. Ciò che non dicono, "
        "non lo so.",
        of_course="Certo.",
        no_person="Da qui non posso passare una persona.",
        details="Questo dicono i documenti sui contatti:",
        no_details="Nei documenti non ho trovato nemmeno un telefono o un indirizzo e-mail.",
        go_ahead={
            "friendly": "Di che cosa si tratta?",
            "professional": "In che cosa posso essere utile?",
            "warm": "Non c'è fretta. Di che cosa si tratta?",
        },
        more={
            "friendly": "Basta chiedere, se c'è altro.",
            "professional": "Resto a disposizione per altre domande.",
            "warm": "Sono qui, se serve altro.",
        },
        looked_for="Ho cercato:",
        instead="Forse aiuta una di queste domande:",
    ),
    "nl": Replies(
        hello="Hallo.",
        well="Hier gaat alles goed, dank.",
        welcome="Graag gedaan.",
        goodbye="Tot ziens en alle goeds.",
        good="Goed.",
        who="Ik ben {named}een assistent die antwoordt uit de documenten die hier bewaard worden.",
        machine="Ik ben geen mens. Ik ben {named}een programma dat antwoorden zoekt in de documenten hier.",
        can="Ik zoek het antwoord op een vraag in de documenten hier en laat zien waar het staat. Wat er niet in "
        "staat, weet ik niet.",
        of_course="Natuurlijk.",
        no_person="Ik kan van hieruit niet met een mens doorverbinden.",
        details="Dit zeggen de documenten over contact:",
        no_details="Ook een telefoonnummer of e-mailadres heb ik in de documenten niet gevonden.",
        go_ahead={
            "friendly": "Waar gaat het om?",
            "professional": "Waarmee kan ik van dienst zijn?",
            "warm": "Er is geen haast. Waar gaat het om?",
        },
        more={
            "friendly": "Vraag gerust als er nog iets is.",
            "professional": "Voor verdere vragen sta ik klaar.",
            "warm": "Ik ben er als er nog iets is.",
        },
        looked_for="Gezocht naar:",
        instead="Misschien helpt een van deze vragen:",
    ),
    "pt": Replies(
        hello="Olá.",
        well="Por aqui está tudo bem.",
        welcome="De nada.",
        goodbye="Até à próxima.",
        good="Muito bem.",
        who="Sou {named}um assistente que responde a partir dos documentos guardados aqui.",
        machine="Não sou uma pessoa. Sou {named}um programa que procura respostas nos documentos guardados aqui.",
        can="Procuro a resposta a uma pergunta nos documentos guardados aqui e mostro onde está escrita. O que não "
        "dizem, não sei.",
        of_course="Claro.",
        no_person="Daqui não posso passar a uma pessoa.",
        details="Isto dizem os documentos sobre o contacto:",
        no_details="Também não encontrei telefone nem e-mail nos documentos.",
        go_ahead={
            "friendly": "De que se trata?",
            "professional": "Em que posso ajudar?",
            "warm": "Não há pressa. De que se trata?",
        },
        more={
            "friendly": "É só perguntar, se houver mais alguma coisa.",
            "professional": "Fico à disposição para outras perguntas.",
            "warm": "Estou aqui, se surgir mais alguma coisa.",
        },
        looked_for="Procurei:",
        instead="Talvez ajude uma destas perguntas:",
    ),
}


def words_around(language: str) -> Replies:
    """Return the sentences of a language, English ones where there are none."""
    return REPLIES.get(language, REPLIES["en"])
