"""A model's answer in, whether all it says is that it does not know, in whatever words and language, out."""

import re

from core.answer.markers import tidy_markers, without_markers
from core.schema import Voice
from core.text import sentence_spans

_LONGEST = 700  # characters; who knows nothing does not say it at length
_MOST_SENTENCES = 5
_DOCUMENTS = (
    r"(?:(?:documents?|passages?|texts?|sources?|context|excerpts?|materials?|extracts?|files?|information|"
    r"knowledge base|"
    r"dokumente?n?|textstellen?|passagen?|auszüge?n?|quellen?|unterlagen?|texte?|kontext|informationen|"
    r"documentos?|textos?|fuentes?|fragmentos?|contexto|pasajes?|información|"
    r"extraits?|textes?|contexte|informations?|documenti?|passaggi?|testi|testo|fonti|contesto|estratti|"
    r"documenten|bronnen|teksten?|fragmenten|passages|trechos?|fontes|informações)\b)"
)
# By language: the words that only a refusal has. Each is looked for at the beginning of what a clause says.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # I do not know; I could not find …
        r"\b(?:i|we)(?: am|'m|’m| was| were| are|'re)? (?:(?:do|did|could|can|am|was|were|are) ?(?:not|"
        r"n['’]t)|cannot|don['’]?t|"
        r"can['’]?t|couldn['’]?t|didn['’]?t|not|unable|have no|found no|see no) ?(?:\w+ ){0,2}?(?:know|find|"
        r"see|tell|say|answer|"
        r"determine|locate|provide|have|information|details|answer|able|sure|nothing|mention|access|help|"
        r"certain|idea|data)\b",
        r"\b(?:i|we) (?:found|have|see|know) (?:nothing|no (?:information|mention|answer|details?|data|idea|"
        r"passage|document))\b",
        rf"\b(?:the |these |those |your |our |provided |given |"
        rf"available ){{1,3}}{_DOCUMENTS}(?: \w+){{0,4}}? (?:do|does|did|has|have|is|are)"
        r" ?(?:not|n['’]?t|no) (?:\w+ ){0,2}?(?:mention|contain|say|state|specify|specif|includ|provid|give|"
        r"cover|address|answer|tell|indicate|"
        r"describe|list|discuss|show|hold|explain|refer|have|information|details|clear|enough|sufficient|about)",
        rf"\b(?:none|nothing|no part|neither) (?:of|in) (?:the |these |your )?(?:\w+ )?{_DOCUMENTS}",
        r"\b(?:no|not enough|insufficient|any) (?:\w+ ){0,2}?(?:information|details?|mention|data|answer|"
        r"evidence|reference)s? (?:\w+ ){0,3}?"
        r"(?:about|on|regarding|concerning|available|given|provided|found|of|for|in|is|was|are|to)\b",
        rf"\b(?:not|n['’]t) (?:\w+ )?(?:mentioned|stated|specified|covered|addressed|given|provided|included|"
        rf"available|found|listed|described|answered|contained|said|clear)"
        rf"?(?: anywhere)? ?(?:in|by|from|within) (?:the |these |your |"
        rf"any )?(?:of the )?(?:\w+ ){{0,2}}?{_DOCUMENTS}",
        r"\b(?:nothing|not anything|no answer) (?:\w+ ){0,3}?(?:found|said|mentioned|stated|is|was|in|about)\b",
        r"\bno (?:relevant )?(?:passage|document|source|text)s? (?:\w+ ){0,2}?(?:mention|contain|say|answer|"
        r"address|cover|state)",
        # Deutsch
        r"\bich (?:weiß|wei[sß]{1,2}) (?:es |das |dazu |darüber |dies )?(?:leider )?(?:nicht|nichts)\b|"
        r"\bweiß ich (?:leider )?nicht\b",
        r"\b(?:ich|wir) (?:habe|haben|kann|können|konnte|konnten|finde|finden|sehe)\b.{0,80}?\b(?:nicht|"
        r"nichts|keine[nr]?)\b.{0,80}?(?:gefunden|finden|sagen|beantworten|angaben|information(?:en)?|"
        r"hinweise?|antwort|entnehmen|auskunft)\b",
        r"\b(?:ich|wir) (?:finde|fand|fanden|finden|sehe) (?:\w+ ){0,3}?(?:nichts|keine)\b",
        r"\bkeine (?:\w+ )?(?:angaben?|information(?:en)?|hinweise?|auskunft|antwort|erwähnung|aussagen?|details)\b",
        rf"\b{_DOCUMENTS}.{{0,60}}?\b(?:nicht|nichts|keine[nr]?)\b.{{0,60}}?(?:erwähn|enthalt|angegeb|angab|"
        rf"informa|steh|zu finden|beantwort|hervor|genannt|gesagt)",
        rf"\b(?:nicht|nichts|keine[nr]?)\b.{{0,50}}\b(?:in|aus) (?:den |dem |ihren |diesen )?(?:\w+ )?{_DOCUMENTS}",
        r"\b(?:enthält|enthalten|erwähnt|erwähnen|nennen|sagen|stehen?t?)\b.{0,60}\b(?:nicht|nichts|keine[nr]?)\b",
        r"\b(?:steht|findet sich|ist|wird|geht)\b.{0,60}\b(?:nicht|nichts)\b.{0,60}(?:dokument|text|"
        r"unterlagen|quelle|passage|auszüge|angegeben|erwähnt|hervor)",
        rf"\b{_DOCUMENTS}.{{0,20}}? (?:steht|stehen|finden?|findet sich|ist) .{{0,30}}?\b(?:nichts|nicht|"
        rf"keine[nr]?)\b",
        r"\b(?:konnte|kann|konnten|können|habe|haben) (?:ich|wir) .{0,60}\b(?:nichts|nicht|"
        r"keine[nr]?)\b.{0,30}(?:finden|gefunden|sagen|beantworten)",
        # Español, português
        r"\bno (?:lo )?(?:sé|sabemos|encontr[éoa]\w*|he encontrado|tengo|puedo|dispongo|hay|se (?:menciona|"
        r"indica|especifica|encuentra|encontr\w+)|aparece|figura|contienen?|mencionan?|indican?|dicen?)\b",
        r"\bnão (?:sei|sabemos|encontr\w+|tenho|posso|há|é mencionad\w|consta|foi encontrad\w|contêm|contém|"
        r"menciona\w*|informa\w*|diz\w*|está)\b",
        r"\bnenhuma informação\b|\bninguna información\b",
        # Français, italiano, Nederlands
        r"\bje (?:ne|n['’]).{0,30}\b(?:pas|rien|aucune?)\b|\bnous (?:ne|n['’]).{0,30}\b(?:pas|rien|aucune?)\b",
        rf"\b{_DOCUMENTS}.{{0,30}}\b(?:ne|n['’]).{{0,30}}\b(?:pas|rien|aucune?)\b|\b(?:ce|cela|"
        rf"il)\b.{{0,10}}(?:n['’]|ne ).{{0,30}}\b(?:pas|rien|aucune?)\b.{{0,60}}{_DOCUMENTS}|"
        rf"\baucune (?:information|mention|réponse)\b",
        r"\bnon (?:lo )?(?:so|sappiamo|ho|trovo|ho trovato|posso|è (?:menzionat\w|indicat\w|specificat\w)|"
        r"ci sono|c['’]è|contengono|contiene|menziona\w*|risult\w+|viene|dice|dicono)\b|"
        r"\bnessuna (?:informazione|menzione)\b",
        r"\b(?:ik|wij|we) (?:weet|weten|kan|kon|kunnen|konden|heb|hebben|vind|vond)\b.{0,80}\b(?:niet|niets|geen)\b",
        rf"\b{_DOCUMENTS}.{{0,40}}\b(?:niet|niets|geen)\b|\bgeen (?:\w+ )?(?:informatie|gegevens|antwoord|"
        rf"vermelding)\b|\b(?:niet|niets)\b.{{0,40}}\b{_DOCUMENTS}",
        # Polski, Türkçe
        r"\bnie (?:wiem|znalazłem|znalazłam|znaleziono|mam|ma|zawieraj\w+|wspominaj\w+)\b|\bbrak informacji\b",
        r"\b(?:bilmiyorum|bulamadım|bulunamadı|bulunmuyor|bilgi yok|belirtilmemiş|bahsedilmiyor|yer almıyor)\b",
    )
)
_SHORT = re.compile(
    r"(?:i don['’]?t know|unknown|not (?:found|mentioned|stated|specified|known|available|provided)|"
    r"no (?:answer|information|idea|data)|n/a|none|"
    r"unbekannt|nicht (?:bekannt|angegeben|erwähnt)|keine ahnung|weiß nicht|no lo sé|ni idea|je ne sais pas|"
    r"non lo so|weet ik niet|não sei|"
    r"there is no answer|nothing found)",
    re.IGNORECASE,
)
# What is said around it: sorry, please ask elsewhere, is there anything else.
_COURTESY = re.compile(
    r"(?:(?:i['’ ]?a?m |we['’ ]?a?re )?(?:very |so )?sorry|unfortunately|apologies|my apologies|please\b|"
    r"you (?:may|might|could|can|should) (?:want to |try |wish to )?"
    r"(?:contact|ask|check|try|reach|consult|write|call|rephrase)|if you (?:have|need|can|could|would|want|"
    r"provide|like|tell)|let me know|feel free|is there anything|can i help|would you|for (?:more|further)|"
    r"i (?:recommend|suggest|would (?:recommend|suggest)|can help|am happy|['’]d be happy)|try (?:asking|rephrasing)|"
    r"es tut mir leid|tut mir leid|leider\b|entschuldig|bitte\b|wenden sie|wenn sie|falls sie|gerne\b|kann ich|"
    r"lo siento|lamentablemente|por favor|si (?:tiene|necesita|quiere)|póngase|contacte|désolée?|"
    r"je suis désolée?|malheureusement|veuillez|n['’]hésitez|si vous|"
    r"mi dispiace|spiacente|purtroppo|per favore|la prego|se (?:ha|vuole|desidera|precisar|tiver)|"
    r"het spijt me|sorry|helaas|neem contact|als u|"
    r"desculpe|lamento|infelizmente|entre em contato|przykro|niestety|proszę|üzgünüm|maalesef|lütfen|no[,.]?|"
    r"nein[,.]?|yes[,.]?)",
    re.IGNORECASE,
)
_TURNS = re.compile(
    r"[;:] |,? (?:but|however|although|though|so|therefore|aber|jedoch|allerdings|sondern|daher|pero|"
    r"sin embargo|mais|cependant|ma|però|tuttavia|maar|echter|mas|porém) ",
    re.IGNORECASE,
)


def says_unknown(text: str, voice: Voice) -> bool:
    """Tell whether all that an answer says is that it does not know: the owner's sentence, or any other.

    An answer that states something too, and says what is missing, is an answer.
    """
    plain = " ".join(without_markers(tidy_markers(text, 99)).replace("*", "").split())
    if _bare(plain) == _bare(voice.unknown) or not plain:
        return True
    if len(plain) > _LONGEST:
        return False
    sentences = [plain[start:end] for start, end in sentence_spans(plain, 0, len(plain))]
    if len(sentences) > _MOST_SENTENCES:
        return False
    told = [_kind(part) for sentence in sentences for part in _TURNS.split(sentence) if part.strip(" .!?,")]
    return "refusal" in told and "statement" not in told


def _kind(part: str) -> str:
    """Tell what a clause is: a refusal, a courtesy, or the statement of something."""
    part = part.strip(" .!?,;:\"“”„'")
    if _SHORT.fullmatch(part) or any(pattern.search(part) for pattern in _PATTERNS):
        return "refusal"
    return "courtesy" if _COURTESY.match(part) else "statement"


def _bare(words: str) -> str:
    return " ".join(re.findall(r"\w+", words.casefold()))
