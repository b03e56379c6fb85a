"""What the browser has asked for is answered, whatever the page does meanwhile."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import app_session

import app  # noqa: F401  (it has the queue put in place)


def message(kind: str) -> ForwardMsg:
    """An empty message of this kind, as it waits to be sent."""
    made = ForwardMsg()
    getattr(made, kind).SetInParent()
    return made


@pytest.mark.parametrize("answer", ["file_urls_response", "backend_operation_response"])
@pytest.mark.parametrize("fragments", [None, ["status"]])
def test_an_answer_outlives_the_beginning_of_a_new_run_and_is_sent_once(
    answer: str, fragments: list[str] | None
) -> None:
    queue = app_session.ForwardMsgQueue()
    for kind in ("delta", answer, "page_info_changed", answer):
        queue.enqueue(message(kind))
    for _ in range(2):
        queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=fragments)
    kinds = [sent.WhichOneof("type") for sent in queue.flush()]
    assert kinds.count(answer) == 2
    assert kinds.count("page_info_changed") == 1
    assert queue.flush() == []


def test_a_window_that_was_closed_is_sent_nothing() -> None:
    queue = app_session.ForwardMsgQueue()
    queue.enqueue(message("file_urls_response"))
    queue.clear()
    assert queue.flush() == []
