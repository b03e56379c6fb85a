"""A follow-up in, the same question said so that it needs no conversation: by the model, or from the words before."""

import queue
import re
import threading
from collections.abc import Callable, Sequence

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from core.answer.prompt import conversation_text, rewrite_prompt
from core.answer.prompt_passages import question_text
from core.errors import ModelError
from core.log import log_failure
from core.provider import complete_text
from core.schema import Turn
from core.text import content_terms

REWRITE_SECONDS = 6.0
_SHORT = 2  # content words: a question of no more, asked after another one, goes on from it
# Words that begin a question which goes on from the one before, and words that stand for something said in it.
_GOES_ON = re.compile(
    r"^\s*(?:and|or|but|so|then|what about|how about|und|oder|aber|y|o|pero|et|ou|mais)\b|^[那它这]", re.IGNORECASE
)
_REFERS = re.compile(
    r"\b(?:it|its|they|them|their|this|that|those|these|there|one|ones|same|he|she|him|her|"
    r"dies\w*|davon|dafür|damit|dort|ihn|ihm|eso|ello|esto|allí|cela|ceci|celui|celle)\b|^[它这]",
    re.IGNORECASE,
)


def stand_alone(
    question: str, history: Sequence[Turn], model: BaseChatModel | None, config: RunnableConfig | None = None
) -> str:
    """Return the question with what it takes for granted from the conversation, for the search."""
    earlier = [turn.text for turn in history if turn.role == "user"]
    if not earlier:
        return question
    if model is not None:
        values = {"conversation": conversation_text(history), "question": question_text(question)}
        chain = rewrite_prompt | model
        rewritten = _within(REWRITE_SECONDS, lambda: complete_text(chain, values, config))
        if rewritten and len(rewritten) <= 2 * len(question) + 300 and "\n" not in rewritten:
            return rewritten
    return _with_topic(question, earlier)


def refers_back(question: str) -> bool:
    """Tell whether a question holds a word that stands for something said before it."""
    return _REFERS.search(question) is not None


def _within(seconds: float, call: Callable[[], str]) -> str:
    """Return what ``call`` returns, stripped, or an empty string when it fails or takes longer."""
    results: queue.SimpleQueue[str] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put(call())
        except ModelError as error:
            log_failure("rewrite.failed", error)
            results.put("")

    threading.Thread(target=run, daemon=True, name="rewrite").start()
    try:
        return results.get(timeout=seconds).strip().strip('"“”')
    except queue.Empty:
        return ""


def _with_topic(question: str, earlier: Sequence[str]) -> str:
    """Put the question before in front of one that is short or points back ("And by plane?"), up to two of them."""
    alone = question
    for before in reversed(earlier[-2:]):
        if _says_all(alone):
            break
        alone = f"{before} {question}"
        if _says_all(before):
            break
    return alone


def _says_all(question: str) -> bool:
    """Tell whether a question seems to need nothing of what was asked before it."""
    points_back = _GOES_ON.search(question) or refers_back(question)
    return len(content_terms(question)) > _SHORT and not points_back
