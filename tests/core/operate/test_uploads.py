"""What may wait in memory: uploads that are too many, of unknown length, that lie about it or fall silent."""

import asyncio
import json
from typing import Any

import pytest

from core.operate import UploadLimit, take_refusal
from core.settings import settings

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def _small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session may leave 5 MB waiting, all together 10 MB."""
    monkeypatch.setenv("ANSWERBOOK_FILE_MEGABYTES", "1")
    settings.cache_clear()


class Application:
    """Reads bodies to their end, as Streamlit does, and remembers how much came."""

    def __init__(self) -> None:
        self.waiting: dict[str, int] = {}
        self.read = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            self.read += len(message["body"])
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def put(
    limit: UploadLimit, session: str, parts: list[bytes], length: str | None = None, silent: bool = False
) -> tuple[int, str]:
    """Upload the parts, one after the other; ``silent``: the last one never ends. Returns status and body."""
    scope = {
        "type": "http",
        "method": "PUT",
        "path": f"/_stcore/upload_file/{session}/file",
        "headers": [] if length is None else [(b"content-length", length.encode())],
    }
    left = list(parts)
    answer: list[Any] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        if not left and silent:
            await asyncio.Event().wait()
        body = left.pop(0) if left else b""
        return {"type": "http.request", "body": body, "more_body": bool(left) or silent}

    async def send(message: Any) -> None:
        answer.append(message)

    await limit(scope, receive, send)
    body = answer[-1]["body"]
    return answer[0]["status"], " ".join(json.loads(body).split()) if body else ""


async def test_a_page_may_leave_so_much_waiting_and_no_more() -> None:
    inside = Application()
    limit = UploadLimit(inside, lambda: inside.waiting)
    inside.waiting = {"a": 4 * MEGABYTE}
    assert (await put(limit, "a", [b"x" * MEGABYTE]))[0] == 204
    assert (await put(limit, "a", [b"x"], str(MEGABYTE)))[0] == 204
    inside.waiting = {"a": 5 * MEGABYTE}
    assert (await put(limit, "b", [b"x" * MEGABYTE]))[0] == 204
    status, body = await put(limit, "a", [b"x"])
    assert (status, "More than 5 MB at once" in body, "add the rest again" in body) == (413, True, True)
    refusal = take_refusal("a")
    assert refusal is not None
    assert "More than 5 MB at once" in refusal.what
    assert take_refusal("a") is take_refusal("b") is None
    inside.waiting = {}
    assert (await put(limit, "a", [b"x" * MEGABYTE]))[0] == 204, "what was refused is not counted on"


async def test_all_pages_together_have_a_limit() -> None:
    inside = Application()
    limit = UploadLimit(inside, lambda: {str(number): 2 * MEGABYTE for number in range(5)})
    status, body = await put(limit, "new", [b"x"])
    assert (status, "in other windows" in body) == (413, True)


@pytest.mark.parametrize("length", [None, "0", "1", "-5", "many", ""])
async def test_a_body_counts_as_it_comes_whatever_it_says(length: str | None) -> None:
    inside = Application()
    limit = UploadLimit(inside, lambda: {"a": 4 * MEGABYTE})
    assert (await put(limit, "a", [b"x" * 65536] * 400, length))[0] == 413
    assert inside.read <= MEGABYTE + 65536


async def test_a_length_that_is_too_much_is_refused_before_the_body_is_read() -> None:
    inside = Application()
    limit = UploadLimit(inside, dict)
    assert (await put(limit, "a", [b"x"] * 10, str(6 * MEGABYTE)))[0] == 413
    assert inside.read == 0


async def test_uploads_on_their_way_count_together() -> None:
    inside = Application()
    limit = UploadLimit(inside, dict)
    statuses = [
        status for status, _ in await asyncio.gather(*(put(limit, "a", [b"x"] * 9, str(MEGABYTE)) for _ in range(9)))
    ]
    assert (statuses.count(204), statuses.count(413)) == (5, 4)
    assert (await put(limit, "a", [b"x"], str(5 * MEGABYTE)))[0] == 204, "nothing is on its way any more"


async def test_an_upload_that_falls_silent_is_ended_and_forgotten() -> None:
    inside = Application()
    limit = UploadLimit(inside, dict, silence_seconds=0.05)
    status, body = await put(limit, "a", [b"x"], str(5 * MEGABYTE), silent=True)
    assert (status, "stopped on its way" in body) == (408, True)
    assert (await put(limit, "a", [b"x"], str(5 * MEGABYTE)))[0] == 204


async def test_of_refusals_that_nobody_reads_only_the_last_are_remembered() -> None:
    limit = UploadLimit(Application(), lambda: {"": 11 * MEGABYTE})
    for number in range(150):
        assert (await put(limit, f"session-{number}", [b"x"]))[0] == 413
    read = [number for number in range(150) if take_refusal(f"session-{number}")]
    assert read == list(range(50, 150))
