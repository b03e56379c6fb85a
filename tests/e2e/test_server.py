"""What a host sees of the server: is it healthy, which headers does it send, what does its log say."""

import json
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.e2e.server import Server


def health(server: Server) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(f"{server.url}/api/health", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def health_once_started(server: Server) -> tuple[int, dict[str, object]]:
    """The store is looked at, and the worker started, a moment after the first page can be had: 503 until then."""
    until = time.monotonic() + 30
    while not (report := health(server))[1]["ok"] and time.monotonic() < until:
        time.sleep(0.2)
    return report


def test_health_names_each_part_and_the_versions(server: Server) -> None:
    status, body = health_once_started(server)
    assert (status, body["ok"], body["database"], body["store"], body["worker"]) == (200, True, "ok", "ok", "here")
    assert {"answerbook", "streamlit", "lancedb"} <= set(body["versions"])  # type: ignore[call-overload]


def test_a_data_folder_that_cannot_be_used_is_said_and_the_server_still_answers(tmp_path: Path) -> None:
    blocked = tmp_path / "data"
    blocked.write_text("a file, where a folder should be")
    server = Server(blocked).start()
    try:
        status, body = health(server)
    finally:
        server.stop()
    assert (status, body["ok"], body["database"]) == (503, False, "not_writable")


def test_every_answer_carries_the_security_headers_and_the_log_stays_on_one_line_each(server: Server) -> None:
    assert health_once_started(server)[0] == 200
    for path in ("/", "/api/health", "/_stcore/health"):
        with urllib.request.urlopen(f"{server.url}{path}", timeout=10) as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff", path
            assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"], path
    events = [line for line in server.log.read_text().splitlines() if "event=" in line]
    assert any("event=server.started" in line for line in events)
    assert all(line.startswith("timestamp=") for line in events)
