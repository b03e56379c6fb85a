"""200 questions at once from two processes: what they spend together stays within the limit, and all are answered."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import select

from core.assistants import lifecycle, sources
from core.assistants.provider_settings import keep_provider
from core.database import Spent, session
from core.metering import host_of
from core.schema import ModelTraits, Provider
from core.spending import EURO, save_limits, save_price, spent_this_month
from tests.core.work import work_off
from tests.fake_provider import FakeProvider

PROJECT = Path(__file__).resolve().parents[3]
QUESTIONS, PROCESSES = 200, 2
REACHED = "quotes: This month's limit for written answers is reached; here is what the documents say."


@pytest.mark.slow
@pytest.mark.usefixtures("database")
def test_many_questions_at_once_stay_within_the_limit(fake_provider: FakeProvider) -> None:
    fake_provider.pause = 0.02
    assistant_id = lifecycle.create_assistant("Help")
    sources.add_files(assistant_id, [("times.md", b"# Times\n\nA parcel to Norway takes two days.\n")])
    work_off()
    traits = ModelTraits(window=128_000)
    model = Provider(fake_provider.base_url, SecretStr("sk-first"), "fake-chat", traits=traits)
    keep_provider(model, 0.1)
    save_price(host_of(model), "fake-chat", (20 * EURO, 20 * EURO))
    save_limits({"euros_day": None, "euros_month": EURO})
    command = [sys.executable, "-m", "tests.core.spending.ask_at_once", assistant_id, str(QUESTIONS // PROCESSES)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    asking = [subprocess.Popen(command, cwd=PROJECT, **pipes) for _ in range(PROCESSES)]
    for process in asking:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    said: Counter[str] = Counter()
    for process in asking:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in asking:
        said.update(json.loads(process.communicate(timeout=240)[0]))

    with session() as db:
        rows = db.exec(select(Spent)).all()
    assert sum(said.values()) == QUESTIONS
    assert said.keys() == {"written: ", REACHED}
    assert {row.state for row in rows} == {"settled"}
    assert len(fake_provider.seen()) == len(rows) == said["written: "] >= 10
    dearest = max(row.micro_euros for row in rows)
    assert spent_this_month().micro_euros <= EURO + dearest
    # Also by the most that each request could have cost when it left.
    prompts = max(row.prompt_tokens for row in rows)
    assert 20 * (prompts + 1_000) * 2 < EURO, "one answer must be little beside the limit, else this shows nothing"
    sys.stderr.write(f"spent {spent_this_month().micro_euros / EURO:.2f} euros, {said}\n")
