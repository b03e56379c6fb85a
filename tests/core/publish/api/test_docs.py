"""The real server, as a host starts it: its examples run as they stand, a large file, its front door, its log."""

import html
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import jsonschema
import pytest

from core.assistants import lifecycle, sources
from core.operate import open_data_folder
from core.publish import publication
from core.publish.api.openapi import DESCRIBED, document
from core.publish.api.operations import OPERATIONS
from core.publish.api.schemas import SCHEMAS
from tests.core.load.makers import make_pdf
from tests.core.publish.api.programs import Program, program
from tests.e2e.server import Server

PRICES = "# Prices\n\nIt costs 12 euros to send a parcel abroad. Inland it is 5 euros."
SAMPLE = re.compile(r'<section id="(\w+)">|<pre [^>]*data-language="(\w+)"><code>(.*?)</code></pre>', re.DOTALL)
WAIT_SECONDS = 240


@pytest.fixture(scope="module")
def server(own_folder: Path) -> Iterator[Server]:
    open_data_folder()
    started = Server(own_folder).start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def shop(server: Server) -> Iterator[Program]:
    made = lifecycle.create_assistant("Parcels")
    opened = program(server.url, made, publication(made).name)
    with opened.client:
        sources.add_files(made, [("prices.md", PRICES.encode())])
        wait_until_read(opened)
        yield opened


def wait_until_read(shop: Program) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while any(each["state"] != "ready" for each in shop.client.get(f"{shop.path}/sources?size=100").json()["data"]):
        assert time.monotonic() < until, shop.client.get(f"{shop.path}/sources").text
        time.sleep(0.2)


def test_every_operation_is_described_and_every_schema_is_one() -> None:
    assert set(DESCRIBED) == {(operation.method, operation.path) for operation in OPERATIONS}
    described = document("https://kb.example.com")
    names = {operation["operationId"] for methods in described["paths"].values() for operation in methods.values()}
    assert len(names) == len(OPERATIONS)
    for operation in OPERATIONS:
        told = described["paths"][operation.path][operation.method.lower()]
        assert told["summary"]
        assert told["x-codeSamples"]
        in_path = {each["name"] for each in told.get("parameters", []) if each["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", operation.path))
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert references == set(SCHEMAS), "a schema that nothing names, or a name without one"
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def examples(page: str) -> dict[tuple[str, str], str]:
    """The examples of the page by operation and language, as a person would copy them."""
    found, section = {}, ""
    for match in SAMPLE.finditer(page):
        section = match[1] or section
        if match[2]:
            found[section, match[2]] = html.unescape(match[3])
    return found


@pytest.mark.slow
def test_the_examples_of_the_page_run_as_they_stand(shop: Program, tmp_path: Path) -> None:
    page = shop.client.get("/v1/docs", headers={"Authorization": ""})
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert not re.search(r"<script|<style|style=|\son\w+=|(?:src|href)=\"https?:", page.text)
    found = examples(page.text)
    assert {name for name, _ in found} == {operation.handle.__name__.removesuffix("_route") for operation in OPERATIONS}
    (tmp_path / "prices.txt").write_text("It costs 3 euros to send a letter.")
    source = sources.add_files(shop.assistant_id, [("to delete.txt", b"Visitors park behind the house.")])
    assert source[0].outcome == "new"
    listed = shop.client.get(f"{shop.path}/sources", params={"words": "to delete"}).json()["data"]
    environment = {**os.environ, "KEY": shop.key, "MODEL": shop.model, "ASSISTANT": shop.assistant_id}
    environment["SOURCE"] = listed[0]["id"]
    said = {}
    for (name, language), code in found.items():
        command = [sys.executable, "-c", code] if language == "python" else ["bash", "-euc", code]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stderr) == (0, ""), (name, code, done.stderr)
        assert '"error":{' not in done.stdout, (name, done.stdout)
        said[name, language] = done.stdout
    assert "12 euros" in said["chat", "curl"]
    assert "12 euros" in said["chat", "python"]
    assert "] prices.md: It costs 12 euros" in said["chat", "python"]
    assert "12 euros" in said["answers", "python"]
    assert "prices.md" in said["search", "python"]
    assert '"deleted":true' in said["delete", "curl"]
    assert shop.model in said["models", "python"]
    assert f'"{shop.base}"' in shop.client.get("/v1/openapi.json").text


def _page(page: int) -> list[tuple[float, float, float, str]]:
    """A page of a manual: prose, and in its midst what only this page says."""
    lines = [f"The caretaker of floor {page // 10} opens the doors at {7 + line % 3}, and looks" for line in range(20)]
    lines = [f"{line} after lamp {page * 31 + number} and window {number}." for number, line in enumerate(lines)]
    lines.insert(10, f"Room {page:03} has seats for {page * 7 + 3} guests and a projector.")
    return [(60.0, 740.0 - 16 * number, 10.0, line) for number, line in enumerate(lines)]


@pytest.mark.slow
def test_two_hundred_pages_by_the_api_are_read_and_answered_with_their_page(shop: Program) -> None:
    data = make_pdf([_page(page) for page in range(1, 201)])
    sent = shop.client.post(f"{shop.path}/sources?name=rules.pdf", content=data)
    assert sent.status_code == 202
    wait_until_read(shop)
    told = shop.client.get(f"{shop.path}/sources/{sent.json()['data'][0]['source_id']}").json()
    assert (told["pages"], told["state"]) == (200, "ready")
    for page in (1, 137, 200):
        asked = [{"role": "user", "content": f"For how many guests are there seats in room {page:03}?"}]
        answer = shop.openai().chat.completions.create(model=shop.model, messages=asked)  # type: ignore[arg-type]
        message = answer.choices[0].message
        assert f"seats for {page * 7 + 3} guests" in (message.content or "")
        assert message.citations[0]["page"] == page  # type: ignore[attr-defined]


def test_the_front_door_stands_before_the_api(shop: Program) -> None:
    strange = shop.client.get("/v1/models", headers={"Host": "evil.example"})
    assert strange.status_code == 421
    for origin in ("https://evil.example", "null", shop.base):
        answer = shop.client.post("/v1/chat/completions", json={}, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin")
    site = program(shop.base, shop.assistant_id, shop.model, ["ask"], ["https://shop.example"])
    ours = {"Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site"}
    answer = site.client.get("/v1/models", headers=ours)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "https://shop.example")
    ask = {**ours, "Access-Control-Request-Method": "POST"}
    before = httpx.options(f"{shop.base}/v1/chat/completions", headers=ask, trust_env=False)
    assert (before.status_code, before.headers["access-control-allow-origin"]) == (204, "https://shop.example")
    for cookie in (answer, before, shop.client.get("/v1/docs")):
        assert "set-cookie" not in cookie.headers


def test_a_key_and_a_question_are_in_no_log_and_no_file(shop: Program, server: Server) -> None:
    asked = [{"role": "user", "content": "What does a parcel to Zanzibarville cost?"}]
    shop.openai().chat.completions.create(model=shop.model, messages=asked)  # type: ignore[arg-type]
    shop.client.get("/v1/models", headers={"Authorization": f"Bearer {shop.key}x"})
    written = server.log.read_bytes()
    assert b"key.created" not in written  # that was this process
    for file in (path for path in server.data.rglob("*") if path.is_file()):
        written += file.read_bytes()
    for secret in (shop.key, shop.key[3:], "Zanzibarville"):
        assert secret.encode() not in written
