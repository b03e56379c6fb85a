"""How long answers take while many people ask at once, without a model: the search and the quotes.

python -m tests.benchmarks.measure_load [--passages 20000] [--threads 20]
"""

import argparse
import threading
import time

from tests.benchmarks.measure_search import filled, made_questions, made_up, timed
from tests.benchmarks.measured import Line, in_child, lines_from
from tests.benchmarks.throwaway import percentile, throwaway_data

PASSAGES, THREADS = 20_000, 20
ROUNDS = 4


def at_once(passages: int, threads: int) -> list[Line]:
    """Let all threads begin together, each with questions of its own, one after the other."""
    with throwaway_data():
        from core.answer import ask
        from core.schema import Voice

        corpus = made_up(passages)
        retriever, _ = filled(corpus, corpus.generator.standard_normal((passages, 256), dtype="float32"))
        questions = made_questions(corpus, threads * ROUNDS + 5)

        def answer(question: str) -> None:
            for _ in ask(question, retriever=retriever, voice=Voice(), embeddings=retriever.embeddings):
                pass

        for question in questions[:5]:
            answer(question)
        times: list[float] = []
        start = threading.Barrier(threads)

        def visit(number: int) -> None:
            start.wait()
            for question in questions[5 + number :: threads]:
                times.append(timed(lambda: answer(question)))  # noqa: B023  called at once

        visitors = [threading.Thread(target=visit, args=(number,)) for number in range(threads)]
        processor = time.process_time()
        for visitor in visitors:
            visitor.start()
        for visitor in visitors:
            visitor.join()
        processor = time.process_time() - processor
    name = f"{threads} at once, {passages:,} passages"
    return [
        Line(f"{name}, p50", 1000 * percentile(times, 0.5), "ms"),
        Line(f"{name}, p95", 1000 * percentile(times, 0.95), "ms"),
        Line("processor time a question", 1000 * processor / len(times), "ms"),
    ]


def main() -> None:
    """Measure in a process of its own and write the numbers."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.measure_load")
    parser.add_argument("--passages", type=int, default=PASSAGES)
    parser.add_argument("--threads", type=int, default=THREADS)
    options = parser.parse_args()
    for line in lines_from(in_child("measure_load:at_once", options.passages, options.threads, seconds=1200.0)):
        print(f"{line.name}: {line.value:,.0f} {line.unit}")


if __name__ == "__main__":
    main()
