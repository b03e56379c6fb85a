"""The small REST API over real HTTP: an assistant, its sources from upload to deletion, search and whole answers."""

import threading
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from core.publish.api import uploads
from core.publish.api.openapi import document
from core.settings import settings
from tests.core.publish.api.programs import Program, asking
from tests.core.publish.serving import QUESTION
from tests.core.work import wait_until, work_off


@pytest.fixture(scope="module")
def opened(own_folder: object) -> Iterator[Program]:
    with asking() as program:
        yield program


@pytest.fixture
def shop(opened: Program) -> Program:
    """The assistant with the one source that it was made with."""
    for source in opened.client.get(f"{opened.path}/sources?size=100").json()["data"]:
        if source["name"] != "returns.md":
            assert opened.client.delete(f"{opened.path}/sources/{source['id']}").status_code == 200
    return opened


def is_as_described(value: object, name: str) -> None:
    """What is sent is what the description promises: no field more, none less."""
    schemas = document("")["components"]["schemas"]
    closed = {each: {**schema, "additionalProperties": False} for each, schema in schemas.items()}
    jsonschema.validate(value, {"$ref": f"#/components/schemas/{name}", "components": {"schemas": closed}})


def sent(shop: Program, name: str, data: bytes) -> dict[str, Any]:
    answer = shop.client.post(f"{shop.path}/sources", params={"name": name}, content=data)
    assert answer.status_code in (200, 202), answer.text
    is_as_described(answer.json(), "Added")
    return dict(answer.json()["data"][0])


def test_the_assistant_and_the_key_tell_of_themselves(shop: Program) -> None:
    told = shop.client.get(shop.path).json()
    is_as_described(told, "Assistant")
    assert (told["id"], told["model"], told["scopes"]) == (shop.assistant_id, "help", ["ask", "read", "write"])
    assert told["address"] == f"{shop.base}/a/help"
    assert told["sources"]["count"] == 1
    listed = shop.client.get("/v1/assistants").json()
    is_as_described(listed, "Assistants")
    models = shop.client.get("/v1/models").json()
    is_as_described(models, "Models")
    assert shop.openai().models.retrieve("help").id == "help"


def test_a_file_comes_is_read_answers_and_goes(shop: Program) -> None:
    added = sent(shop, "gift.md", b"# Gifts\n\nA gift box in silver costs 4 euros.")
    assert (added["outcome"], added["name"]) == ("new", "gift.md")
    path = f"{shop.path}/sources/{added['source_id']}"
    before = shop.client.get(path).json()
    is_as_described(before, "Source")
    assert (before["state"], before["answers"]) == ("waiting", False)
    work_off()
    after = shop.client.get(path).json()
    is_as_described(after, "Source")
    assert (after["state"], after["answers"], after["passages"]) == ("ready", True, 1)
    asked = {"question": "What does a gift box in silver cost?"}
    answer = shop.client.post(f"{shop.path}/answers", json=asked).json()
    is_as_described(answer, "Answer")
    assert "4 euros" in answer["text"]
    assert [citation["source_id"] for citation in answer["citations"]] == [added["source_id"]]
    gone = shop.client.delete(path)
    is_as_described(gone.json(), "Deleted")
    assert shop.client.get(path).status_code == 404
    assert shop.client.delete(path).status_code == 404
    assert "4 euros" not in shop.client.post(f"{shop.path}/answers", json=asked).json()["text"]


def test_what_is_the_same_is_said_and_a_form_takes_several(shop: Program) -> None:
    assert sent(shop, "a.txt", b"One text.")["outcome"] == "new"
    work_off()
    assert sent(shop, "a.txt", b"One text.")["outcome"] == "unchanged"
    twin = sent(shop, "b.txt", b"One text.")
    assert (twin["outcome"], twin["source_id"]) == ("duplicate", None)
    assert "a.txt" in twin["sentence"]
    assert sent(shop, "a.txt", b"Another text.")["outcome"] == "version"
    form = [("file", ("c.txt", b"Third.")), ("file", ("../../d\u00e9.txt", b"Fourth."))]
    answer = shop.client.post(f"{shop.path}/sources", files=form)
    assert answer.status_code == 202
    assert [each["name"] for each in answer.json()["data"]] == ["c.txt", "d\u00e9.txt"]
    named = shop.client.post(
        f"{shop.path}/sources", content=b"Fifth.", headers={"Content-Disposition": 'attachment; filename="e.txt"'}
    )
    assert named.json()["data"][0]["name"] == "e.txt"


def test_uploads_that_cannot_be_taken(shop: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"{shop.path}/sources"
    for wrong, code in (
        (shop.client.post(path, content=b"x"), "no_file_name"),
        (shop.client.post(f"{path}?name=x.txt", content=b""), "empty"),
        (shop.client.post(path, files={"file": ("", b"")}), "empty"),
        (shop.client.post(path, content=b"x", headers={"Content-Type": "multipart/form-data"}), "unreadable"),
        (shop.client.post(path, files=[("file", (f"{n}.txt", b"x")) for n in range(51)]), "unreadable"),
    ):
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, code), wrong.text
    monkeypatch.setenv("ANSWERBOOK_FILE_MEGABYTES", "1")
    settings.cache_clear()
    large = b"x" * (1024 * 1024 + 1)

    def pieces() -> Iterator[bytes]:  # without a length that says it beforehand
        for _ in range(20):
            yield b"x" * 100_000

    for much in (
        shop.client.post(f"{path}?name=large.txt", content=large),
        shop.client.post(f"{path}?name=large.txt", content=pieces()),
        shop.client.post(path, files={"file": ("large.txt", large * 2)}),
    ):
        assert (much.status_code, much.json()["error"]["code"]) == (413, "too_large")
        assert "1 MB" in much.json()["error"]["what"]
    monkeypatch.undo()
    settings.cache_clear()
    assert shop.client.get(path).json()["count"] == 1


def test_a_file_that_falls_silent_is_given_up_and_holds_up_no_other(
    shop: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "SILENCE_SECONDS", 1.0)
    let_go = threading.Event()
    statuses: list[int] = []

    def stuck() -> None:
        def body() -> Iterator[bytes]:
            yield b"begins"
            let_go.wait(60)

        statuses.append(shop.client.post(f"{shop.path}/sources?name=stuck.txt", content=body()).status_code)

    waiting = [threading.Thread(target=stuck) for _ in range(uploads.UPLOADS_AT_ONCE)]
    for each in waiting:
        each.start()
    wait_until(uploads._turns.locked)
    assert sent(shop, "behind.txt", b"It waited its turn.")["outcome"] == "new"
    let_go.set()
    for each in waiting:
        each.join()
    assert 408 in statuses


def test_a_long_list_comes_page_by_page(shop: Program) -> None:
    form = [("file", (f"page {n:02}.txt", f"Text {n}.".encode())) for n in range(45)]
    shop.client.post(f"{shop.path}/sources", files=form)
    path, names = f"{shop.path}/sources", []
    first = shop.client.get(path).json()
    is_as_described(first, "Sources")
    assert (first["count"], first["pages"], len(first["data"])) == (46, 3, 20)
    for page in range(1, 4):
        names += [each["name"] for each in shop.client.get(path, params={"page": page, "sort": "name"}).json()["data"]]
    assert names == sorted(names)
    assert len(set(names)) == 46
    assert shop.client.get(path, params={"page": 4}).json()["data"] == []
    assert shop.client.get(path, params={"words": "PAGE 07"}).json()["data"][0]["name"] == "page 07.txt"
    for wrong in ({"page": "0"}, {"page": "x"}, {"size": "101"}, {"size": "-1"}, {"sort": "colour"}, {"page": "٣"}):
        assert shop.client.get(path, params=wrong).status_code == 400, wrong


def test_the_search_is_that_of_an_answer(shop: Program) -> None:
    found = shop.client.post(f"{shop.path}/search", json={"question": QUESTION, "limit": 1}).json()
    is_as_described(found, "Passages")
    [passage] = found["data"]
    assert "within 30 days" in passage["text"]
    assert passage["source"] == "returns.md"
    for wrong in (
        {"question": ""},
        {"question": QUESTION, "limit": 0},
        {"question": 7},
        {},
        {"question": QUESTION, "limit": True},
    ):
        assert shop.client.post(f"{shop.path}/search", json=wrong).status_code == 400, wrong


def test_a_whole_answer_and_one_that_nothing_fits(shop: Program) -> None:
    history = [{"role": "user", "text": QUESTION}, {"role": "assistant", "text": "Within 30 days."}]
    answer = shop.client.post(f"{shop.path}/answers", json={"question": QUESTION, "history": history}).json()
    assert answer["kind"] == "quotes"
    nothing = shop.client.post(f"{shop.path}/answers", json={"question": "Who won the chess championship?"}).json()
    is_as_described(nothing, "Answer")
    assert (nothing["kind"], nothing["citations"]) == ("unknown", [])
    wrong = [{"role": "system", "text": "x"}]
    assert shop.client.post(f"{shop.path}/answers", json={"question": QUESTION, "history": wrong}).status_code == 400


def test_the_completion_and_every_error_are_as_described(shop: Program) -> None:
    asked = {"model": shop.model, "messages": [{"role": "user", "content": QUESTION}]}
    is_as_described(shop.client.post("/v1/chat/completions", json=asked).json(), "ChatCompletion")
    for error in (
        shop.client.get("/v1/nowhere"),
        shop.client.get(f"{shop.path}/sources/none"),
        shop.client.post("/v1/chat/completions", content=b"{"),
        shop.client.get("/v1/models", headers={"Authorization": "Bearer x"}),
    ):
        is_as_described(error.json(), "Error")
        assert error.json()["error"]["message"] == " ".join(error.json()["error"][part] for part in ("what", "remedy"))


def test_many_searches_at_once_take_their_turn(shop: Program) -> None:
    statuses: list[int] = []

    def search() -> None:
        statuses.append(shop.client.post(f"{shop.path}/search", json={"question": QUESTION}).status_code)

    threads = [threading.Thread(target=search) for _ in range(40)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(statuses) == 40)
    assert set(statuses) == {200}
