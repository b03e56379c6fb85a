"""Small words that change what a sentence states: those that deny, refuse, limit, and those that state nothing."""

import re

from core.answer.plain_words import CLOCK

NEGATORS = frozenset(
    re.findall(
        r"\S+",
        """
        not no never none nothing nobody neither nor cannot without nicht kein keine keinen keinem keiner keines nie
        niemals ohne weder nichts niemand nunca sin ningún ninguna ninguno nada nadie ni tampoco jamais sans aucun
        aucune rien pas non mai senza nessun nessuna niente niet geen nooit zonder niets não sem nenhum nenhuma
        """,
    )
)
# These deny what stands before them: what is "prohibited" is not done.
REFUSALS = frozenset(
    re.findall(
        r"\S+",
        """
        prohibited forbidden banned refused excluded exempt impossible waived entfällt entfallen verboten untersagt
        ausgeschlossen ausgenommen prohibido prohibida prohibidos excluido interdit
        interdite exclu vietato vietata verboden uitgesloten
        proibido
        """,
    )
)
ONLY = frozenset(
    re.findall(
        r"\S+",
        """
        only solely exclusively nur ausschließlich lediglich sólo solo solamente seulement uniquement soltanto
        alleen slechts apenas somente
        """,
    )
)
ALSO_ONLY = ONLY | frozenset(
    re.findall(
        r"\S+",
        """
        sole alone just except außer alleine nobody never
        """,
    )
)
EXCEPT = frozenset(("except", "außer", "excepto", "sauf", "eccetto", "behalve", "exceto"))
FIRST_PERSON = frozenset(
    re.findall(
        r"\S+",
        """
        we us our ours wir uns unser unsere unserem unseren unserer nous notre nos nosotros nuestro nuestra noi
        nostro nostra wij ons onze nós nosso nossa
        """,
    )
)
WORKING = frozenset(
    re.findall(
        r"\S+",
        """
        working business werktag werktage werktagen arbeitstag arbeitstage arbeitstagen hábiles ouvrables ouvrés
        lavorativi werkdagen úteis
        """,
    )
)
CALENDAR = frozenset(
    re.findall(
        r"\S+",
        """
        calendar kalendertag kalendertage kalendertagen naturales calendaires kalenderdagen corridos
        """,
    )
)
# Said to be polite, or to lead in: they state nothing.
QUIET = frozenset(
    re.findall(
        r"\S+",
        """
        please according documents document text passage source sources however therefore thus note yes no nein ja
        laut gemäß bitte also dokumenten dokument atmost atleast according via etc usually normally generally total
        not never dr mr mrs ms prof herr frau none nothing cannot without nicht kein keine keinen keinem keiner
        keines nie niemals ohne nichts only nur
        """,
    )
) | {CLOCK, "gmbh", "inc", "ltd"}
# Stop words of one language that mean something in another.
MEANT = frozenset(
    re.findall(
        r"\S+",
        """
        come comment die war hat bin son van hay pour sin mine man
        """,
    )
)
SECOND_PERSON = frozenset(
    re.findall(
        r"\S+",
        """
        you your yours sie ihr ihre ihrem ihren du dein deine usted su sus vous votre vos lei suo sua u uw você seu
        """,
    )
)
