"""What the browser has asked for is answered, whatever the page does meanwhile."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import app_session
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, script_runner
from streamlit.source_util import PageInfo

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


def runner(window: PagesManager, page: str) -> script_runner.ScriptRunner:
    """A run of the page for this window, not begun."""
    parts = dict.fromkeys(("session_state", "uploaded_file_mgr", "script_cache", "user_info", "fragment_storage"))
    wish = RerunData(page_script_hash=page)
    told = {"session_id": "", "main_script_path": "", "event_loop": None, "initial_rerun_data": wish}
    return app_session.ScriptRunner(pages_manager=window, **told, **parts)  # type: ignore[arg-type]  # parts not used


def begin(run: script_runner.ScriptRunner, page: str) -> None:
    """Do what a run does first."""
    run._pages_manager.set_script_intent(page, "")
    run._pages_manager.set_current_page_script_hash(page)


def found(run: script_runner.ScriptRunner) -> str:
    """The page that a run finds to draw."""
    page = run._pages_manager.set_pages_and_resolve({name: PAGE | {"page_script_hash": name} for name in PAGES}, "home")
    assert page
    return page["page_script_hash"]


PAGES = ("home", "chat", "knowledge")
PAGE: PageInfo = {"script_path": "app.py", "page_script_hash": "", "page_name": "", "icon": ""}


def test_a_run_that_still_ends_takes_no_page_from_the_next_one() -> None:
    window = PagesManager("app.py")
    left, next_one = runner(window, "knowledge"), runner(window, "chat")
    left.request_stop()
    begin(next_one, "chat")
    begin(left, "knowledge")  # it draws itself anew, and hears only then that it was stopped
    assert found(next_one) == "chat"
    assert next_one._pages_manager.current_page_script_hash == "chat"
    assert window.current_page_script_hash == "chat"
    assert set(window.get_pages()) == set(PAGES)


def test_a_part_of_the_page_that_is_left_does_not_ask_the_window_back() -> None:
    run = runner(PagesManager("app.py"), "chat")
    assert run.request_rerun(RerunData(page_script_hash="knowledge", fragment_id="status", is_auto_rerun=True))
    assert run._requests.on_scriptrunner_ready().rerun_data.page_script_hash == "chat"


def test_whoever_asks_for_another_page_meanwhile_gets_that() -> None:
    run = runner(PagesManager("app.py"), "chat")
    assert run.request_rerun(RerunData(page_script_hash="home"))
    assert run._requests.on_scriptrunner_ready().rerun_data.page_script_hash == "home"


def test_parts_of_the_page_that_is_shown_are_drawn() -> None:
    run = runner(PagesManager("app.py"), "chat")
    run._requests.on_scriptrunner_ready()
    assert run.request_rerun(RerunData(page_script_hash="chat", fragment_id="status"))
    assert run._requests.on_scriptrunner_ready().rerun_data.fragment_id_queue == ["status"]
