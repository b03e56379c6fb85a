"""What is no question to the documents (a greeting, thanks, "who are you?") in, what to say to it out."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from core.answer.small_talk_phrases import spelled_out
from core.answer.small_talk_replies import REPLIES, words_around
from core.schema import Turn, Voice
from core.text import asked_in

LONGEST = 16  # words: whoever says more asks something
_PHRASE = 12
# Of several things said at once, the first of these is answered.
_ORDER = ("person", "machine", "who", "can", "ask", "how", "thanks", "bye", "greeting", "well")
_COURTESY = frozenset({"greeting", "how", "thanks", "bye", "well"})  # may stand in front of a question
_CLOSING = frozenset({"thanks", "bye"})  # may stand behind one
_GOES_ON = frozenset({"and", "und", "y", "et", "e", "en", "or", "oder", "o", "ou", "of"})
_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_MARKED_OFF = re.compile(r"[,.!?;:…\n–—)-]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")  # hiiii
_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['’ʼ]")
# What a question may begin with that follows a greeting without a mark between them.
_QUESTION_WORDS = """
and und or oder what whats when where wheres which who whose why how hows can could do does did is are was will
would should may
i im id ive my we our the a an in on if please tell to from
was wann wo wohin woher wer wie wieviel welche welcher welches warum wieso kann konnen darf gibt habe hab hat ist
sind muss mein meine ich wir die der das ein eine
que cual cuales cuando cuanto cuanta cuantos cuantas donde quien como por puedo pueden puede hay es tengo mi quiero
necesito el la los un una
quel quelle quels quelles quand combien ou qui comment pourquoi est puis peut je j mon ma le les quest
che chi cosa quale quali quando quanto quanti dove perche posso puo ce ho il lo vorrei
wat waar wanneer welke hoe hoeveel kan kunnen mag heb is zijn ik het de een
qual quais onde quem posso pode tenho meu minha o os um uma quero preciso
"""
_OPENERS = frozenset(_QUESTION_WORDS.split())


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """What was said ("greeting", "thanks", "person", …), the language to answer in, and the answer.

    Whoever asks for a "person" is to be told besides what the documents say about getting in touch.
    """

    kind: str
    language: str
    text: str


def small_talk(
    text: str, voice: Voice, *, history: Sequence[Turn] = (), languages: Sequence[str] = ()
) -> SmallTalk | None:
    """Return what to say where the whole of ``text`` is small talk; None for everything else, as it may be a question.

    The answer is in the voice, and in the voice's language or else the asker's; a greeting is answered with the owner's
    own. ``languages`` are those of the sources.
    """
    spoken = [word for word, _ in _words(text[:400])]
    if not 0 < len(spoken) <= LONGEST or len(text) > 400:
        return None
    names = frozenset(word for word, _ in _words(voice.name))
    at_home = home_language(voice, languages)
    before = next((asked_in(turn.text) for turn in reversed(history) if turn.role == "user"), "")
    for language in dict.fromkeys((before or at_home, at_home, *REPLIES)):
        kinds = _kinds(spoken, language, names)
        kind = next((each for each in _ORDER if each in kinds), "")
        if not kind or (spoken[0] in _GOES_ON and kind in ("greeting", "well")):
            continue
        answered_in = voice.language if voice.language in REPLIES else language
        return SmallTalk(kind, answered_in, _reply(kind, kinds, answered_in, voice))
    return None


def without_courtesies(text: str) -> str:
    """Return a question without the greeting before it and the thanks behind it; all of it where they are not plain.

    A greeting is one only where a comma or the like, or the beginning of a question, follows it.
    """
    words = _words(text[:4_000])
    begin = _courtesy_before(text, words)
    end = _thanks_behind(text, [word for word in words if word[1][0] >= begin])
    return text[begin:end].strip() or text


def home_language(voice: Voice, languages: Sequence[str]) -> str:
    """Return the language the assistant is at home in: of its voice, its greeting, its sources, or English."""
    if voice.language in REPLIES:
        return voice.language
    own = asked_in(voice.greeting) if voice.greeting != Voice().greeting else ""
    known = [code for code in languages if code in REPLIES]
    return own or (known[0] if len(known) == 1 else "en")


def reply_language(text: str, voice: Voice, languages: Sequence[str]) -> str:
    """Return the language to speak to someone in who has typed ``text``: the voice's own, or the asker's."""
    return voice.language if voice.language in REPLIES else asked_in(text) or home_language(voice, languages)


def _reply(kind: str, kinds: frozenset[str], language: str, voice: Voice) -> str:
    words = words_around(language)
    named = f"{voice.name.strip()}, " if voice.name.strip() else ""
    go_ahead, more = words.go_ahead.get(voice.tone, ""), words.more.get(voice.tone, "")
    if kind == "greeting" and _is_in(voice.greeting, language, voice):
        return voice.greeting.strip()
    if kind == "thanks" and "bye" in kinds:
        more = words.goodbye
    first, second = {
        "greeting": (words.hello, go_ahead),
        "how": (words.well, go_ahead),
        "thanks": (words.welcome, more),
        "bye": (words.goodbye, ""),
        "well": (words.good, more),
        "ask": (words.of_course, go_ahead),
        "who": (words.who.format(named=named), ""),
        "machine": (words.machine.format(named=named), ""),
        "can": (words.can, ""),
        "person": (words.no_person, ""),
    }[kind]
    return f"{first} {second}".strip()


def _is_in(greeting: str, language: str, voice: Voice) -> bool:
    """Tell whether the owner's greeting can be said in a conversation in this language."""
    if not greeting.strip():
        return False
    return voice.language not in ("", "visitor") or (asked_in(greeting) or language) == language


@cache
def _phrases() -> dict[str, dict[tuple[str, ...], str]]:
    return spelled_out()


def _words(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Return each word, small and without accents and apostrophes, with its place in the text."""
    return [(plain, match.span()) for match in _WORD.finditer(text) if (plain := _plain(match[0]))]


def _plain(word: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", word[:60].casefold()))
    return _STRETCHED.sub(r"\1", _APOSTROPHES.sub("", bare))


def _kinds(spoken: Sequence[str], language: str, names: frozenset[str]) -> frozenset[str]:
    """Return what is said where phrases of one language make up the whole of it; nothing where they do not."""
    reached: dict[int, frozenset[str]] = {0: frozenset()}
    for start in range(len(spoken)):
        if start in reached:
            for end, kind in _phrases_at(spoken, start, language, names):
                # Fewest pieces first: the longest phrase that begins here is met first, and stays.
                reached.setdefault(end, reached[start] | {kind})
    return reached.get(len(spoken), frozenset()) - {""}


def _phrases_at(
    spoken: Sequence[str], start: int, language: str, names: frozenset[str] = frozenset()
) -> Iterator[tuple[int, str]]:
    """Give the end and kind of each phrase that begins at a word, the longest first."""
    phrases = _phrases()[language]
    for end in range(min(len(spoken), start + _PHRASE), start, -1):
        kind = phrases.get(tuple(spoken[start:end]))
        if kind is None and end == start + 1 and spoken[start] in names:
            kind = ""
        if kind is not None:
            yield end, kind


def _courtesy_before(text: str, words: Sequence[tuple[str, tuple[int, int]]]) -> int:
    """Return where in the text the question begins: behind the longest courtesy that is plainly one."""
    spoken = [word for word, _ in words[:LONGEST]]
    best = 0
    for language in REPLIES:
        reached = {0}
        for start in range(len(spoken)):
            if start not in reached:
                continue
            for end, kind in _phrases_at(spoken, start, language):
                if end >= len(words) or not (kind in _COURTESY or (kind == "" and start > 0)):
                    continue
                reached.add(end)
                between = text[words[end - 1][1][1] : words[end][1][0]]
                opens = spoken[end - 1] not in _GOES_ON and words[end][0] in _OPENERS
                if opens or _MARKED_OFF.search(between):
                    best = max(best, words[end][1][0])
    return _with_sign(text, best)


def _with_sign(text: str, begin: int) -> int:
    """Step back over a sign that opens a question: "hola ¿cuánto cuesta?"."""
    while begin > 0 and text[begin - 1] in '¿¡"“„«([#€$£+-':
        begin -= 1
    return begin


def _thanks_behind(text: str, words: Sequence[tuple[str, tuple[int, int]]]) -> int:
    """Return where in the text the question ends: before thanks that a mark parts from it."""
    spoken = [word for word, _ in words]
    for start in range(max(1, len(words) - _PHRASE), len(words)):
        between = text[words[start - 1][1][1] : words[start][1][0]]
        marks = _MARKED_OFF.search(between)
        tail = spoken[start:]
        if marks and any(
            _CLOSING & (kinds := _kinds(tail, code, frozenset())) and kinds <= _COURTESY for code in REPLIES
        ):
            return words[start - 1][1][1] + len(between.rstrip(" ,;:–—-\n"))
    return len(text)
