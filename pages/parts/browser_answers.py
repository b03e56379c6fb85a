"""Answers to what the browser asks the server reach it, also while a page is being drawn anew."""

from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


class AnsweringQueue(ForwardMsgQueue):
    """What waits to be sent to a browser window; answers stay in it when a new run of the page begins.

    Streamlit throws them away with what the run before has drawn. The browser then waits for ever for the address that
    a dropped file may be sent to, or for a download, and says nothing.
    """

    def clear(self, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None) -> None:
        """Empty the queue as Streamlit does, but for the answers while the window is open."""
        answers = [m for m in self._queue if str(m.WhichOneof("type")).endswith("_response")]
        super().clear(retain_lifecycle_msgs, fragment_ids_this_run)
        if retain_lifecycle_msgs:
            stayed = set(map(id, self._queue))
            self._queue.extend(answer for answer in answers if id(answer) not in stayed)


def keep_browser_answers() -> None:
    """Let every window that is opened from now on have such a queue."""
    app_session.ForwardMsgQueue = AnsweringQueue  # type: ignore[misc]  # no setting leads there
