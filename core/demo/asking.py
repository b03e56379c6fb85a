"""The questions of a demo: put to the assistant as its chat does, and one to the plain model, without any source."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import asdict
from typing import cast

from core.assistants import conversations
from core.assistants.provider_settings import provider
from core.demo.progress import PlainAnswer
from core.demo.runs import Run, note
from core.errors import AnswerbookError, ModelError
from core.schema import Answer, Provider, Thought


def ask_in_demo(
    assistant_id: str, question: str, retried: Callable[[ModelError], None] = lambda error: None
) -> Iterator[str | Thought | Answer]:
    """Ask in a conversation of its own, which is kept as the chat's are; gives what ``pipeline.answer`` gives.

    Raises as it does; the question is kept then, too.
    """
    from core import pipeline

    conversation = conversations.start_conversation(assistant_id)
    conversations.add_question(conversation, question)
    answer = pipeline.answer(assistant_id, question, retried=retried)
    with closing(cast("Generator[str | Thought | Answer]", answer)) as pieces:
        for piece in pieces:
            if isinstance(piece, Answer):
                conversations.add_answer(conversation, piece)
            yield piece


def has_model() -> bool:
    """Say whether a model is set that writes; without a key there is none."""
    return _writer() is not None


def ask_plainly(run: Run, question: str) -> Iterator[str | Thought]:
    """Put a question to the model alone, as anybody could: no source, no rule. What it says and costs is noted.

    It is held to what may be spent. Raises ModelError, also where no model is set.
    """
    from langchain_core.messages import HumanMessage

    from core.metering import Bill, metered
    from core.provider import chat_model, stream_text

    service = _writer()
    if service is None:
        raise ModelError("No model is set.", "Set one in Settings.", code="no_model")
    bill, text = Bill(), ""
    model = metered(chat_model(service), service, run.assistant_id, "owner", bill)
    with closing(cast("Generator[str | Thought]", stream_text(model, [HumanMessage(question)]))) as pieces:
        for piece in pieces:
            if isinstance(piece, Thought):
                text = "" if piece.all_before else text
            else:
                text += piece
            yield piece
    note(run.id, plain=asdict(PlainAnswer(question, text.strip(), service.chat_model, bill.spent)))


def _writer() -> Provider | None:
    try:
        service = provider()
    except AnswerbookError:  # the saved key cannot be read any more, which the page says elsewhere
        return None
    return service if service is not None and service.chat_model.strip() else None
