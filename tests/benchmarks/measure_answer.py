"""What happens before a model is called: from the question to its request arriving at the provider."""

import os
import time

from tests.benchmarks.measured import SAMPLES, Line, Skipped, report_pdfs
from tests.benchmarks.throwaway import import_files, percentile, throwaway_data
from tests.fake_provider import FakeProvider

QUESTIONS = (
    "How long does a customs check take?",
    "Which goods may not be sent?",
    "Who pays the import tax?",
    "What were the total net sales in the third quarter?",
)
ROUNDS = 20


def before_model(quick: bool) -> list[Line]:
    """Ask with a provider on this machine that answers at once, and note when each request reached it."""
    files = sorted(SAMPLES.glob("*")) if SAMPLES.is_dir() else []
    files += report_pdfs(2 if quick else 6)
    with FakeProvider() as provider, throwaway_data():
        os.environ |= {"OPENAI_BASE_URL": provider.base_url, "OPENAI_API_KEY": "none", "OPENAI_MODEL": "fake-chat"}
        done = import_files((path.name, path) for path in dict.fromkeys(files))
        waits = [_wait(provider, done.assistant_id, QUESTIONS[n % len(QUESTIONS)]) for n in range(ROUNDS + 1)]
    first, later = waits[0], waits[1:]
    return [
        Line("before the model is called", 1000 * percentile(later, 0.5), "ms", note=f"{done.passages:,} passages"),
        Line("the same, p95", 1000 * percentile(later, 0.95), "ms"),
        Line("the same, first question of a process", 1000 * first, "ms"),
    ]


def _wait(provider: FakeProvider, assistant_id: str, question: str) -> float:
    """Return the seconds from a question to its request's arrival; both clocks are this process's."""
    from core.pipeline import answer

    before = len(provider.seen())
    began = time.monotonic()
    for _ in answer(assistant_id, question):
        pass
    arrived = provider.seen()[before:]
    if not arrived:
        raise Skipped("A question was answered without the model.")
    return arrived[0].seconds - began
