"""A new run of a page takes nothing from a browser window: no answer that it waits for, and not the page it shows."""

from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner


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


class OnePageRunner(ScriptRunner):
    """Draws the page that is shown; a part of a page that was left since it was asked for is not drawn any more.

    The second click of a double click asks for the dialog that the first one has closed and, with it, its page. Right
    behind a new page that confuses Streamlit's browser side, which empties the page and draws it no more: one double
    click on Create in twenty in a browser slowed six times. A press in what was left meant a page that is gone.
    """

    def _run_script(self, rerun_data: RerunData) -> None:
        asked_from, shown = rerun_data.page_script_hash, self._pages_manager.current_page_script_hash
        if not (rerun_data.fragment_id_queue and asked_from and shown and asked_from != shown):
            super()._run_script(rerun_data)


def keep_windows_whole() -> None:
    """Let every window that is opened from now on have such a queue and such a runner."""
    # No setting leads there; a module's name of a class is no place for another class in mypy's eyes.
    app_session.ForwardMsgQueue = AnsweringQueue  # type: ignore[misc]  # as above
    app_session.ScriptRunner = OnePageRunner  # type: ignore[misc]  # as above
