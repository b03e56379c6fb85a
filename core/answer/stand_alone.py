"""A follow-up in, the same question said so that it needs no conversation: from the words before, or by the model."""

import re
from collections.abc import Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from core.answer.follow_up import exchanged, goes_on
from core.answer.prompt import conversation_text, rewrite_prompt
from core.answer.prompt_passages import question_text
from core.answer.small_talk import small_talk, without_courtesies
from core.errors import ModelError
from core.log import log_failure
from core.provider import complete_text
from core.schema import Turn, Voice
from core.text import asked_in, content_terms

REWRITE_SECONDS = 6.0
_SHORT = 2  # content words: a question of no more, asked after another one, goes on from it
_NOBODY = Voice()
_TURNS = 6  # questions before it that are gone through
# Words that stand for something said before; not the "it" of "does it take to", nor the "there" of "is there".
_REFERS = re.compile(
    r"\bit\b(?! (?:takes?|costs?) (?:to|for|until|till)\b| possible\b| allowed\b)|"
    r"(?<!\bis )(?<!\bare )\bthere\b(?! is\b| are\b)|"
    r"\b(?:its|they|them|their|this|that|those|these|one|ones|same|he|she|him|her|(?<!gibt )es|"
    r"dies\w*|davon|dafür|damit|dort|dorthin|ihn|ihm|eso|ello|esto|allí|cela|ceci|celui|celle)\b|"
    r"\bdas(?=\s*[?.!]*$| (?:denn|auch|dann|noch|immer|mit|bei|für|nach|in|zu|im)\b)|"
    r"\b(?:er|sie)(?=\s*[?.!]*$)|^[它这那]",
    re.IGNORECASE,
)
_BEGINS_CHINESE = re.compile(r"^[那它这]")
# Words that speak to whoever answers: what they ask about is not what was talked of.
_SPEAKS_TO = re.compile(
    r"\b(?:[Yy]ou|[Yy]ours?|Sie|Ihnen|Ihre?[nmrs]?|[Ee]uch|[Ee]ure?[nmrs]?|[Hh]abt|[Ss]eid|[Kk]önnt|[Uu]stedes|[Uu]sted|"
    r"[Vv]uestr[oa]s?|[Tt]enéis|[Tt]ienen|[Vv]ous|[Vv]otre|[Vv]os|[Vv]ostr[oaie]|[Jj]ullie|[Vv]ocês?)\b"
)
_WORD = re.compile(r"\w+")
_OPENING_WORDS = """
what when where which who whose why how can could do does did is are was will would should may must
was wann wo wohin woher wer wem wie welche welcher welches welchen warum wieso wieviel kann können darf gibt ist sind
muss habt haben
qué que cuál cual cuáles cuándo cuando cuánto cuanto cuánta cuántos dónde donde quién quien cómo como puedo pueden
hay es son tienen
"""
_OPENS = frozenset(_OPENING_WORDS.split())


def stand_alone(question: str, history: Sequence[Turn]) -> str:
    """Return the question with what it takes for granted from the conversation, for the search: by words alone."""
    earlier = [turn.text for turn in history if turn.role == "user" and not small_talk(turn.text, _NOBODY)]
    return _with_topic(question, earlier) if earlier else question


def is_joined(alone: str, question: str) -> bool:
    """Tell whether words could only put the question before in front: it is not whole, and nothing was exchanged."""
    return alone != question and alone.endswith(question)


def rewritten(
    question: str, history: Sequence[Turn], model: BaseChatModel, config: RunnableConfig | None = None
) -> str:
    """Return the question said in full by a model; empty where it fails, takes too long or says something else.

    It costs a call before the first word, and is closed at the service when it is given up.
    """
    values = {"conversation": conversation_text(history), "question": question_text(question)}
    try:
        text = complete_text(rewrite_prompt | model, values, config, within=REWRITE_SECONDS)
    except ModelError as error:
        log_failure("rewrite.failed", error)
        return ""
    text = text.strip().strip('"“”')
    return text if len(text) <= 2 * len(question) + 300 and "\n" not in text else ""


def refers_back(question: str) -> bool:
    """Tell whether a question holds a word that stands for something said before it."""
    return _REFERS.search(question) is not None


def is_whole(question: str) -> bool:
    """Tell whether a question is a whole sentence that goes on from nothing, short as it may be."""
    return len(_WORD.findall(question)) > 2 and _opens_as_question(question) and not _points_back(question)


def _opens_as_question(question: str) -> bool:
    first = _WORD.search(question)
    return first is not None and first[0].casefold() in _OPENS


def _with_topic(question: str, earlier: Sequence[str]) -> str:
    """Say a follow-up with what it lacks: of the question before, with one thing exchanged, or with it in front."""
    topic = last = ""  # the last question that was whole, and the last one, with what it lacked
    for before in map(without_courtesies, earlier[-_TURNS:]):
        said = _went_on(before, topic, last)
        if not topic or said == before or is_whole(before):
            topic = last = before
        else:
            topic, last = exchanged(before, topic) or topic, said
    return _went_on(question, topic, last)


def _went_on(question: str, topic: str, last: str) -> str:
    if not topic or question.casefold() == topic.casefold():
        return question
    if replaced := exchanged(question, last):
        return replaced
    return question if _says_all(question, topic) else f"{topic} {question}"


def _says_all(question: str, topic: str) -> bool:
    """Tell whether a question seems to need nothing of what was asked before it.

    Who tells a story says "it" of the parcel that everything is about: "my neighbour signed for it and denies it".
    """
    if _opens_as_more(question):
        return False
    said = len(content_terms(question))
    if said >= _SHORT and len({asked_in(question), asked_in(topic)} - {""}) > 1:
        return True  # who goes on in another language begins anew; "es" is no German word then
    if refers_back(question):
        return said > _SHORT and not _opens_as_question(question)
    return said > _SHORT or (is_whole(question) and _SPEAKS_TO.search(question) is not None)


def _points_back(question: str) -> bool:
    return _opens_as_more(question) or refers_back(question)


def _opens_as_more(question: str) -> bool:
    return goes_on(question) or _BEGINS_CHINESE.match(question.strip()) is not None
