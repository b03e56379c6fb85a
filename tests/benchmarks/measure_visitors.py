"""What visitors wait who all ask at the same moment, or within a minute, over HTTP, and what the owner notices of it.

python -m tests.benchmarks.bench --only visitors
"""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields

import httpx

from tests.benchmarks.measure_memory import highest
from tests.benchmarks.measured import PROJECT, Line
from tests.benchmarks.running import Running, running_server
from tests.benchmarks.throwaway import percentile, throwaway_data
from tests.e2e.server import free_port
from tests.gate_kit import Client

QUOTING, STREAMING, QUICK = 100, 50, 10
MINUTE = 60.0
PAGES = ("", "knowledge", "chat", "publish", "settings")
FIRST_WORD, OWNERS_PAGE, MEMORY = 1500.0, 1000.0, 700.0  # ms, ms, MB
LOOKS = 1.0  # seconds that the owner looks at a page before the next
PAUSE = 0.05  # seconds between two words of the provider: a model's usual pace


def at_once(quick: bool) -> list[Line]:
    """Ask an assistant that quotes, then one whose model writes; the sample's documents, no limits."""
    with throwaway_data() as data:
        from core.sample import sample_questions
        from core.spending import Limits, save_limits
        from tests.e2e.published import publish

        publish({})
        save_limits({field.name: None for field in fields(Limits) if field.name.endswith(("_day", "_hour", "_month"))})
        questions = [question.question for question in sample_questions() if not question.history]
        with running_server(data) as server:
            lines = _under_load(server, "quotes", questions, QUICK if quick else QUOTING)
        with _provider() as base_url:
            os.environ |= {"OPENAI_API_KEY": "key-1", "OPENAI_BASE_URL": base_url, "OPENAI_MODEL": "fake-chat"}
            with running_server(data) as server:
                lines += _under_load(server, "streams", questions, QUICK if quick else STREAMING)
    return lines


@contextmanager
def _provider() -> Iterator[str]:
    """Run the provider of the tests in a process of its own; gives its address."""
    port = free_port()
    command = [sys.executable, "-m", "tests.fake_provider", f"--port={port}", f"--pause={PAUSE}"]
    process = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def _under_load(server: Running, name: str, questions: list[str], visitors: int) -> list[Line]:
    asyncio.run(_asked(server.url, questions, 2, 0.0))  # what the first question loads is measured elsewhere
    lines = []
    for seconds, words in ((0.0, "at once"), (MINUTE, "within a minute")):
        with highest(server.process_id) as peak, _owner(server) as drawn:
            asked = asyncio.run(_asked(server.url, questions, visitors, seconds))
        first_words = [1000 * waited for waited in asked if waited is not None]
        pages = [1000 * waited for waited in drawn]
        title = f"{visitors} {words}, {name}"
        lines += [
            Line(f"{title}: p50", percentile(first_words, 0.5), "ms", note="until the first word"),
            Line(f"{title}: p95", percentile(first_words, 0.95), "ms", most=FIRST_WORD, note="until the first word"),
            Line("  without an answer", len(asked) - len(first_words), "", most=0),
            Line("  owner's page meanwhile, median", percentile(pages, 0.5), "ms", note=f"{len(pages)} pages"),
            Line("  owner's page meanwhile, p95", percentile(pages, 0.95), "ms", most=OWNERS_PAGE),
            Line("  memory", peak().resident, "MB", most=MEMORY, note=f"processes: {peak().processes}"),
        ]
    return lines


async def _asked(url: str, questions: list[str], visitors: int, within: float) -> list[float | None]:
    """Let visitors come within so many seconds; returns those to each first word, None where no whole answer came."""
    unlimited = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=120, limits=unlimited, trust_env=False) as client:

        async def visit(number: int) -> float | None:
            await asyncio.sleep(within * number / visitors)
            return await _first_word(client, questions[number % len(questions)], f"v{number}")

        return list(await asyncio.gather(*map(visit, range(visitors))))


async def _first_word(client: httpx.AsyncClient, question: str, visitor: str) -> float | None:
    began, first, last = time.perf_counter(), None, ""
    try:
        sent = {"question": question, "visitor": visitor}
        async with client.stream("POST", "/a/help/ask", json=sent) as response:
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    last = line.removeprefix("event: ")
                if first is None and last in ("piece", "answer"):
                    first = time.perf_counter() - began
    except httpx.HTTPError:
        return None
    return first if last == "answer" else None


@contextmanager
def _owner(server: Running) -> Iterator[list[float]]:
    """Draw the owner's pages one after the other while the block runs; gives the seconds of each."""
    drawn: list[float] = []
    ready, ended = threading.Event(), threading.Event()

    def look() -> None:
        try:
            with Client(server).window() as window:
                for page in PAGES:
                    window.draw(page)
                ready.set()
                while not ended.is_set():
                    for page in PAGES:
                        began = time.perf_counter()
                        window.draw(page)
                        drawn.append(time.perf_counter() - began)
                        ended.wait(LOOKS)
        finally:
            ready.set()

    with ThreadPoolExecutor(1) as threads:
        looking = threads.submit(look)
        ready.wait()
        try:
            yield drawn
        finally:
            ended.set()
        looking.result()
