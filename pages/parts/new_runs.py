"""A new run of a page takes nothing from a browser window: no answer that it waits for, no page it shows or goes to."""

from typing import Any

from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner, script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.source_util import PageInfo


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


class LeavingRequests(ScriptRequests):
    """What a window asks to be drawn next; a part of the page being left asks for nothing more.

    Streamlit makes one of two wishes that wait, with the page of the later: a part that looks again each second could
    take the press on "Chat" back.
    """

    def _request_rerun_locked(self, new_data: RerunData) -> bool:
        waits_for = self._rerun_data.page_script_hash if self._state is ScriptRequestType.RERUN else ""
        if new_data.fragment_id and waits_for and waits_for != new_data.page_script_hash:
            return True
        return super()._request_rerun_locked(new_data)

    def show(self, page_script_hash: str, window: PagesManager) -> None:
        """Make this the window's page, unless a newer run of it has begun."""
        with self._lock:
            if self._state is not ScriptRequestType.STOP:
                window.set_current_page_script_hash(page_script_hash)


class OwnPages(PagesManager):
    """The page that one run of a window draws.

    Streamlit begins a new run while the one before still ends, and both told one place which page they draw. So a page
    that drew itself anew, as Knowledge does when the last file is read, took a press on "Chat" back: four of forty.
    """

    def __init__(self, window: PagesManager, requests: LeavingRequests) -> None:
        vars(self).update(vars(window))  # its paths, pages and lock, as they are now
        self.window, self.requests = window, requests

    def set_current_page_script_hash(self, page_script_hash: str) -> None:
        """Draw this page, which is the window's with that."""
        super().set_current_page_script_hash(page_script_hash)
        self.requests.show(page_script_hash, self.window)

    def set_pages_and_resolve(self, pages: dict[str, PageInfo], fallback_page_hash: str = "") -> PageInfo | None:
        """Find the page that was asked for among these, which are the window's with that."""
        self.window.set_pages_and_resolve(pages)
        return super().set_pages_and_resolve(pages, fallback_page_hash)


class OnePageRunner(ScriptRunner):
    """Draws the page that is shown; a part of a page that was left since it was asked for is not drawn any more.

    The second click of a double click asks for the dialog that the first one has closed and, with it, its page. Right
    behind a new page that confuses Streamlit's browser side, which empties the page and draws it no more: one double
    click on Create in twenty in a browser slowed six times. A press in what was left meant a page that is gone.
    """

    _requests: LeavingRequests

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._pages_manager = OwnPages(self._pages_manager, self._requests)

    def _run_script(self, rerun_data: RerunData) -> None:
        asked_from, shown = rerun_data.page_script_hash, self._pages_manager.current_page_script_hash
        if not (rerun_data.fragment_id_queue and asked_from and shown and asked_from != shown):
            super()._run_script(rerun_data)


def keep_windows_whole() -> None:
    """Let every window that is opened from now on have such a queue, such wishes and such a runner."""
    # No setting leads there; a module's name of a class is no place for another class in mypy's eyes.
    app_session.ForwardMsgQueue = AnsweringQueue  # type: ignore[misc]  # as above
    script_runner.ScriptRequests = LeavingRequests  # type: ignore[misc]  # as above
    app_session.ScriptRunner = OnePageRunner  # type: ignore[misc, assignment]  # as above; parts go on as they came
