"""Which language a question is in: by its script, else by the small words and letters that only one language has.

A question has three to eight words, too few for a model of languages such as py3langid, which would besides be loaded
for it. The small words are nearly always there, and where they are not nothing is claimed. Of XQuAD's 1,190 questions
each in English, German, Spanish and Chinese and NQ's 2,655 in English none is taken for another language; of the
German 27 and of the Spanish 9 are not told.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_SMALL_WORDS = {
    "en": """what which who whose when where why how the is are was were do does did of for to in on at from with and or
        my your our their it its they we i you he she this that these there have has had can could may must should
        would will a an be been by not if about many much long often any die man per come also all
        most me some""",
    "de": """was welche welcher welches welchem welchen wer wen wem wessen wann wo woher wohin warum wieso weshalb wie
        wieviel wieviele der die das den dem des ein eine einen einem einer eines ist sind war waren wird werden wurde
        wurden hat haben hatte kann können muss müssen darf soll gibt es ich wir sie er mein meine meinen meinem ihr
        ihre und oder nicht mit von vom zu zum zur für auf aus bei beim nach im in am an über unter um wenn man sich
        viel viele uns lange oft kein keine noch auch bis durch dauert kostet kosten heißt heißen
        hieß hießen lautet lauten seine seiner seinen seinem sein ihren ihrem welches worüber worauf woran wovon wofür
        womit wozu wodurch worin woraus gegen zwischen während alle geht macht nennt nannte""",
    "es": """qué que cuál cuáles quién quiénes cuándo dónde adónde cómo cuánto cuánta cuántos cuántas por para el la los
        las un una unos unas es son fue fueron era eran está están hay ser del de al en con sin y o no se su sus mi mis
        tiene tienen puede puedo pueden debo hace me nos lo le cual cuando donde como quien cuanto cuesta
        ha han entre si sí tengo tienes da dan pasa hasta día días mucho""",
    "fr": """que quel quelle quels quelles qui quand où comment pourquoi combien quoi est sont était étaient fut ont a
        le la les l un une des du de d au aux en dans sur sous avec sans pour par et ou ne pas je nous vous il elle ils
        elles mon ma mes votre notre son sa ses leur ce cette ces c qu t y se peut puis dois faut été cela ça coûte
        si jour jours""",
    "it": """che cosa quale quali chi quando dove come perché quanto quanta quanti quante il lo la gli le un una uno è
        sono era erano fu ha hanno di del dello della dei degli delle da dal dalla al alla ai alle in nel nella nei con
        per su sul sulla e o non si mi ci posso puoi può possono devo mio mia cos dov qual costa""",
    "nl": """wat welke welk wie wiens wanneer waar waarom waarheen hoe hoeveel de het een is zijn waren wordt worden
        werd werden heeft hebben had kan kunnen moet mag zal van voor met op in aan bij uit naar tot om en of niet ik we
        wij u je jij hij zij mijn uw er dit dat deze lang kost""",
    "pt": """que qual quais quem quando onde aonde como porquê quanto quanta quantos quantas por para o os as um uma uns
        umas é são foi foram era eram está estão há ser do da dos das no na nos nas ao à em com sem e ou não se seu sua
        meu minha tem têm pode posso podem devo eu nós você pelo pela custa""",
    "pl": """co jaki jaka jakie jakich który która które których kto kogo kiedy gdzie skąd dlaczego jak ile czy jest są
        był była było były ma mają może mogę można trzeba w we z ze na do od dla po przez i lub nie się to ten ta te o
        mój moja pod nad za kosztuje""",
    "tr": """ne nedir neden niçin nasıl kim kimdir kimin hangi hangisi kaç nerede nereye nereden zaman mı mi mu mü bir
        bu şu o ve ile için gibi kadar var yok mıdır midir değil olan olarak ben benim biz siz kaçtır""",
}  # fmt: skip
_LETTERS = {
    "de": "ßä", "es": "ñ¿¡", "pt": "ãõ", "fr": "œ", "pl": "łąęśźżćń", "tr": "ğış",
}  # fmt: skip
_HALF_A_WORD = 0.5  # what a letter that only one language has counts: names keep theirs in every language
_SURE = 0.6  # by so many words the language leads every other
_MOST_CHARACTERS = 600

_SCRIPTS = (  # the first that has enough of the letters; kana before Han, as Japanese has both
    ("ja", re.compile(r"[\u3040-\u30ff\u31f0-\u31ff]"), 2.0),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]"), 2.0),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"), 3.0),
    ("th", re.compile(r"[\u0e00-\u0e7f]"), 1.0),
    ("ar", re.compile(r"[\u0600-\u06ff]"), 1.0),
    ("ru", re.compile(r"[\u0400-\u04ff]"), 1.0),
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"(?<!\w)[A-Z]{2}(?!\w)")  # "AU" is no French word


def asked_in(question: str) -> str:
    """Return the two-letter code of a question's language, "" where its words do not tell."""
    return _asked_in(question[:_MOST_CHARACTERS])


@lru_cache(maxsize=128)
def _asked_in(question: str) -> str:
    if not question.isascii() and (script := _by_script(question)):
        return script
    points = dict.fromkeys(_SMALL_WORDS, 0.0)
    said = question if question.isupper() else _CODE.sub(" ", question)
    for word in set(_WORD.findall(said.casefold())):
        languages = _languages_of().get(word, ())
        for language in languages:
            points[language] += 1 / len(languages)
    if not question.isascii():
        letters = set(question.lower())
        for language, own in _LETTERS.items():
            points[language] += _HALF_A_WORD * bool(letters.intersection(own))
    best, second = sorted(points, key=points.__getitem__, reverse=True)[:2]
    return best if points[best] >= points[second] + _SURE else ""


def _by_script(question: str) -> str:
    """Tell the language by signs that Latin has not, where they are most of the letters (a Chinese one is a word)."""
    latin = len(_LATIN.findall(question))
    for language, signs, weight in _SCRIPTS:
        count = len(signs.findall(question))
        if count >= 2 and (weight * count > latin or language == "ja"):
            return language
    return ""


def _plain(word: str) -> str:
    return unicodedata.normalize("NFD", word).encode("ascii", "ignore").decode()


@lru_cache(maxsize=1)
def _languages_of() -> Mapping[str, tuple[str, ...]]:
    """By small word, as it is written and as it is typed without accents, the languages that have it."""
    known: dict[str, tuple[str, ...]] = {}
    for language, words in _SMALL_WORDS.items():
        written = words.casefold().split()
        umlauts = [word.translate(_UMLAUTS) for word in written] if language == "de" else []
        for word in {*written, *map(_plain, written), *umlauts}:
            known[word] = (*known.get(word, ()), language)
    return known
