"""What happens before a model is called: from the question to its request arriving; and to quotes, without one."""

import gzip
import json
import os
import time
from pathlib import Path

from tests.benchmarks.measured import SAMPLES, Line, Skipped, report_pdfs, shared_data
from tests.benchmarks.throwaway import import_files, percentile, throwaway_data
from tests.fake_provider import FakeProvider

QUESTIONS = (
    "How long does a customs check take?",
    "Which goods may not be sent?",
    "Who pays the import tax?",
    "What were the total net sales in the third quarter?",
)
ROUNDS = 20
MOST_TO_QUOTES = 400.0
ASKED = 120
TO_A_FILE = 30


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


def to_quotes(quick: bool) -> list[Line]:
    """Ask real search questions without a key, of their 2,655 passages beside the quarterly reports: some 4,000."""
    shared = shared_data()
    if shared is None:
        raise Skipped("The shared corpora are not on this machine: set ANSWERBOOK_TEST_DATA to their folder.")
    with throwaway_data() as data:
        files, questions = _search_questions(shared / "nq_oracle.jsonl.gz", data / "asked")
        done = import_files([*files, *((path.name, path) for path in report_pdfs(2 if quick else None))])
        step = max(1, len(questions) // ASKED)
        _seconds_to_quotes(done.assistant_id, "what is this about")  # the first of a process waits
        seconds = [_seconds_to_quotes(done.assistant_id, asked) for asked in questions[::step]]
    return [
        Line("question to quotes", 1000 * percentile(seconds, 0.5), "ms", note=f"{done.passages:,} passages"),
        Line("the same, p95", 1000 * percentile(seconds, 0.95), "ms", most=MOST_TO_QUOTES),
    ]


def _search_questions(packed: Path, folder: Path) -> tuple[list[tuple[str, Path]], list[str]]:
    """Write the passages of Natural Questions under their titles, some to a file; return files and questions."""
    with gzip.open(packed, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    passages = (row["ctxs"][0] for row in rows)
    texts = list(dict.fromkeys(f"# {each['title']}\n\n{each['text']}\n" for each in passages))
    folder.mkdir(parents=True)
    files = []
    for number in range(0, len(texts), TO_A_FILE):
        files.append(folder / f"{number}.md")
        files[-1].write_text("\n".join(texts[number : number + TO_A_FILE]), encoding="utf-8")
    return [(path.name, path) for path in files], [row["question"] for row in rows]


def _seconds_to_quotes(assistant_id: str, question: str) -> float:
    from core.pipeline import answer

    began = time.monotonic()
    for _ in answer(assistant_id, question):
        pass
    return time.monotonic() - began
