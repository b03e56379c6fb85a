"""Text in, search terms out: the same words for documents and questions, so that both stores find the same."""

import re
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

import snowballstemmer

from core.text.exact import whole_terms
from core.text.invisible import without_invisible
from core.text.names import name_terms
from core.text.numbers import GROUPED, without_groups

# The two-letter codes for which there is a stemmer. A language we cannot stem, or do not know, is stemmed as English:
# that joins "rate" and "rates" where it is English and does the same to both sides where it is not.
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish",
    "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian", "pl": "polish",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

# Words too common to tell anything: they count in the search as every word does, and for nothing in ``coverage``.
_STOP_WORDS = """
a about above after again all also am an and any anyone anything are as at be because been before being below both
but by can could did do does doing done down during each either else ever every few for from further get give given
gives go had has have having he her here hers him his how i if in into is it its itself just know let like many may
me might more most much must my no nor not of off on once one only or other our ours out over own per please s same
shall she should show so some somebody someone something still such t tell than that the their theirs them then
there these they this those through to too under until up upon us very was we were what whatever when where whether
which while who whom whose why will with within without would yes you your yours explain describe list
aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis bist bitte da
damit dann das dass dein deine dem den denn der des dessen dich die dies diese diesem diesen dieser dieses dir doch
dort du durch ein eine einem einen einer eines er es etwas euch euer für gab gibt habe haben hat hatte hatten hier
ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ist ja jede jedem jeden jeder jedes jener kann kannst kein keine
keinen können könnte man mehr mein meine mich mir mit muss müssen nach nicht noch nun nur ob oder ohne sehr sein
seine seinem seinen seiner seit sich sie sind so soll sollte über um und uns unser unsere unter viel viele vielen
vom von vor wann war waren warum was weil welche welchem welchen welcher welches wem wen wenn wer werde werden wie
wieso wieviel wir wird wo woher wohin worden wurde wurden zu zum zur zwischen
a al algo alguien algún alguna algunas alguno algunos ante antes aquel aquella aquello así aún aunque cada como cómo
con contra cual cuál cuales cuáles cualquier cuando cuándo cuanta cuánta cuantas cuántas cuanto cuánto cuantos
cuántos de del desde donde dónde dos e el él ella ellas ello ellos en entre era eran es esa esas ese eso esos esta
está están estas este esto estos fue fueron ha había habían hace hacer hacia han hasta hay la las le les lo los más
me mi mientras muy nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para pero poco por porque
puede pueden puedo que qué quién quien quienes quiénes se sea según ser si sí sido sin sobre son soy su sus también
tan tanto te tiene tienen todo todos tu tú tus un una unas uno unos usted ustedes y ya yo
au aucun aussi autre autres aux avec avez avoir ce ceci cela ces cet cette chez comme comment d dans de des dois
doit donc dont du elle elles en est et était été être eux faire fait il ils j je l la le les leur leurs lui ma mais
me même mes moi mon ne nos notre nous on ont ou où par pas peut peuvent plus pour pourquoi qu quand que quel quelle
quelles quels qui quoi sa sans se ses si son sont sur ta te tes toi ton tous tout toute toutes très tu un une vos
votre vous y
ai al alla alle allo anche c che chi ci come con cosa cui da dai dal dalla degli dei del della delle dello di dove e
è era gli ha hanno ho i il in io la le lei lo loro lui ma mi mio ne nei nel nella nelle noi non o ogni per perché
più può qual quale quali quando quanti quanto quella quelle quelli quello questa queste questi questo se sei si sia
solo sono su sua sue sui sul sulla suo suoi tra tu tua tuo tutti tutto un una uno vi voi
aan als bij dan dat de deze die dit door een en er geen haar had heb hebben heeft hem het hij hoe hoeveel hun ik in
is je kan kunnen maar meer met mijn moet na naar niet nog of om onder ons ook op over te tot u uit uw van veel voor
waar waarom was wat we welk welke werd wie wij wil worden wordt ze zich zij zijn zo zou
ao aos as até com como da das de dele dela do dos e é ela elas ele eles em entre essa esse esta este eu foi foram
há isso isto já lhe mais mas me mesmo meu minha muito na não nas nem no nos nós o onde os ou para pela pelo por
porque quais qual quando quanto quantos quem se sem ser seu seus só sua suas são também te tem têm ter um uma você
的 了 和 是 在 有 什么 怎么 怎样 为什么 哪里 哪个 哪些 多少 几 谁 何 吗 呢 与 或 及 これ それ です どの どこ
"""
STOP_WORDS = frozenset(unicodedata.normalize("NFC", word).casefold() for word in _STOP_WORDS.split())

# Scripts written without blanks between words: Han, Kana, Hangul, Bopomofo, Thai, Lao, Burmese, Khmer.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003fa1f"
)
# Signs that stand inside a word without being letters: accents, Hebrew and Arabic points, Indic vowel signs.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u0dff"
_WORD = rf"[^\W_{_UNSPACED}](?:[^\W_{_UNSPACED}]|[{_MARKS}])*"
_PATTERN = (
    # 1,234.50 and 1.234,50; 8517.12.00 and 3.5; 3,5: one piece, for `_number` to read.
    rf"(?=\d)(?<![\w.,])(?:{GROUPED}|\d+(?:\.\d+)+|\d+,\d{{1,2}}|0,\d+)(?![\w]|[.,]\d)"
    # U.S. and z.B.: one word.
    rf"|(?<!\w)(?=.\.)[^\W\d_{_UNSPACED}](?:\.[^\W\d_{_UNSPACED}])+\b"
    # Words, with what a hyphen or apostrophe joins to them.
    rf"|{_WORD}(?:[-\u2010\u2011'’ʼ]{_WORD})*"
)
_ASCII_PIECE = re.compile(_PATTERN, re.ASCII)
_PIECE = re.compile(rf"[{_UNSPACED}]+|{_PATTERN}")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_JOINERS = re.compile("[\u200c\u200d]")
_BROKEN_WORD = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,})[-\u2010]\n[ \t]*([^\W\d_]{2,})")
_MARKED_NUMBER = re.compile(rf"[.,]|^(?:{GROUPED})$")
# "5kg" is found by "5 kg", and AX4410B by 4410.
_WITH_UNIT = re.compile(r"(\d{1,9})(kg|g|km|cm|mm|m|l|ml|mb|gb|tb|h|hr|hrs|min|mins|sec|kwh|kw|w|v|mah|eur|usd)")
_WITH_NUMBER = re.compile(r"[^\W\d_]{1,5}(\d{3,})[^\W\d_]{0,3}")
_FISCAL_YEAR = re.compile(r"[fc]y((?:19|20)?\d\d)")
_JOINED_BY = re.compile(r"[-\u2010\u2011]")
_APOSTROPHE = re.compile(r"['’ʼ]")
_STRIPPED = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]")
# Accents piled up on one letter: putting them in order takes longer with each, and no word has so many.
_PILED_UP = re.compile(r"([^\w\s\x00-\x7f]{30})[^\w\s\x00-\x7f]+")
_SPLIT = re.compile(r"[^\W_]+")
_REMEMBERED = 200_000
_LONGEST_WORD = 64


def search_terms(text: str, languages: Sequence[str] = ()) -> list[str]:
    """Return the search terms of ``text`` in order, repeated as often as they occur.

    ``languages`` are two-letter codes: a document's own, or for a question all those of the assistant, which gives
    each different stem once. Terms hold no blanks. Numbers lose their thousands separators, codes keep their dots.
    After the words come the terms of exact things (core/text/exact.py) and of names of several words, as a whole.
    """
    text = _plain(text)
    terms = _word_terms(text, languages)
    normal = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return terms + whole_terms(normal) + name_terms(normal, _SPLIT.findall(normal.casefold()))


def _word_terms(text: str, languages: Sequence[str]) -> list[str]:
    """Return the terms of the words of a text, without the signs that nobody can see."""
    if "-\n" in text or "\u2010\n" in text:
        # A word broken at a line's end, or a compound that happens to stand there: both readings are kept.
        text = _BROKEN_WORD.sub(r"\1\2 \1 \2", text)
    codes = tuple(dict.fromkeys(STEMMERS.get(code, "english") for code in languages)) or ("english",)
    if text.isascii():
        pieces = _ASCII_PIECE.findall(text.lower())
    else:
        pieces = _PIECE.findall(unicodedata.normalize("NFKC", text).casefold())
    terms_of = _terms_of(codes)
    if text.isascii() or not _IS_UNSPACED.search(text):
        return list(chain.from_iterable(map(terms_of, pieces)))
    terms: list[str] = []
    for piece in pieces:
        terms.extend(_pairs(piece) if _IS_UNSPACED.match(piece) else terms_of(piece))
    return terms


def content_terms(text: str, languages: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Return the words of a question that carry its meaning, each with the terms it may stand as, once each.

    Stop words are left out, unless there is nothing else. A word is found where one of its terms is found.
    """
    words = _PIECE.findall(unicodedata.normalize("NFKC", _plain(text)).casefold())
    terms_of_word: dict[str, tuple[str, ...]] = {}
    for word in words:
        plain = _APOSTROPHE.split(word)
        if _IS_UNSPACED.match(word):
            terms_of_word.update({pair: (pair,) for pair in _pairs(word) if pair not in STOP_WORDS})
        elif not all(part in STOP_WORDS for part in plain):
            terms_of_word[word] = tuple(dict.fromkeys(search_terms(word, languages)))
    if not terms_of_word:
        terms_of_word = {word: tuple(dict.fromkeys(search_terms(word, languages))) for word in words}
    return {word: terms for word, terms in terms_of_word.items() if terms}


def _plain(text: str) -> str:
    """Drop the signs nobody can see, and all joiners with them: many people type Persian and Hindi words without."""
    return text if text.isascii() else _PILED_UP.sub(r"\1", _JOINERS.sub("", without_invisible(text)))


def is_unspaced(text: str) -> bool:
    """Tell whether a text holds letters of a script that is written without blanks between words."""
    return not text.isascii() and _IS_UNSPACED.search(text) is not None


def without_accents(word: str) -> str:
    """Return ``word`` without accents and vowel points; letters of every script stay."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", _STRIPPED.sub("", unicodedata.normalize("NFD", word)))


@lru_cache(maxsize=64)
def _terms_of(codes: tuple[str, ...]):  # type: ignore[no-untyped-def]  # noqa: ANN202 (lru_cache's own type)
    """Return the cached function that turns one piece of text into its terms in these stemmers' languages."""
    stemmers = [snowballstemmer.stemmer(code) for code in codes]
    one_at_a_time = threading.Lock()  # a stemmer keeps the word it works on in itself

    def stems(word: str) -> list[str]:
        if len(word) > _LONGEST_WORD or not word.isalpha():
            return [without_accents(word[:_LONGEST_WORD])]
        with one_at_a_time:
            return list(dict.fromkeys(without_accents(stemmer.stemWord(word)) or word for stemmer in stemmers))

    @lru_cache(maxsize=_REMEMBERED)
    def terms(piece: str) -> tuple[str, ...]:
        if year := _FISCAL_YEAR.fullmatch(piece):
            return piece, year[1] if len(year[1]) == 4 else f"20{year[1]}"
        if piece.isalnum():
            apart = _WITH_UNIT.fullmatch(piece) or _WITH_NUMBER.fullmatch(piece)
            return (*stems(piece), *(apart.groups() if apart else ()))
        if piece[0].isdigit() and _MARKED_NUMBER.search(piece):
            return _number(piece)
        if "." in piece:
            return (without_accents(piece.replace(".", "")),)
        parts = [_bare(part) for part in _JOINED_BY.split(piece)]
        part_terms = [stem for part in parts if part for stem in stems(part)]
        # "e-mail" is also "email" and "10-Q" also "10q"; "state-of-the-art" is nobody's one word.
        return (*part_terms, *stems("".join(parts))) if len(parts) == 2 and all(parts) else tuple(part_terms)

    return terms


def _bare(part: str) -> str:
    """Drop what an apostrophe adds: "apple's" -> "apple", "l'importation" -> "importation"."""
    pieces = _APOSTROPHE.split(part)
    return max(pieces, key=len) if len(pieces) > 1 else part


def _number(piece: str) -> tuple[str, ...]:
    """Read a number or code: "1,234.50" -> 1234.50; "8517.12.00" -> itself, 8517 and 8517.12; "3,5" -> 3.5.

    A price without cents, "1,299.00", is found by 1299 too: that is how people ask for it.
    """
    if (whole := without_groups(piece)) != piece:
        return (whole, whole[:-3]) if whole.endswith(".00") else (whole,)
    piece = piece.replace(",", ".")
    groups = piece.split(".")
    if len(groups) == 2 and len(groups[0]) < 4:
        return (piece, groups[0]) if groups[1] == "00" else (piece,)
    heads = [".".join(groups[:count]) for count in range(1, min(len(groups), 4))]
    return (piece, *heads, *([groups[-1]] if len(groups[-1]) == 4 else []))


def _pairs(run: str) -> list[str]:
    """Cut a run of an unspaced script into overlapping pairs; a single character stays itself."""
    return [run[start : start + 2] for start in range(len(run) - 1)] or [run]
