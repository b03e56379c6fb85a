"""Fits the weights of the signs on the written documents, through the whole retriever without the model.

    python -m training.reader.fit_signs [--documents N]

Prints the weights, and for documents kept apart how often what answers is among the first 1, 24, 48 and 96.
"""

import argparse
import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks.throwaway import import_files, throwaway_data

DOCUMENTS = Path(__file__).parent / "documents"
STEPS, RATE, PULL = 400, 0.3, 0.002  # of gradient descent; how strongly the weights stay near today's
Asked = tuple[np.ndarray, np.ndarray]


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser("python -m training.reader.fit_signs")
    parser.add_argument("--documents", type=int, default=1000)
    options = parser.parse_args()
    with throwaway_data():
        from core.reader.signs import WEIGHTS

        fitted_on: list[Asked] = []
        kept_apart: list[Asked] = []
        for path in sorted(DOCUMENTS.glob("*/*.md"))[: options.documents]:
            (kept_apart if zlib.crc32(path.stem.encode()) % 8 == 0 else fitted_on).extend(features(path))
        today = np.array([*WEIGHTS.values()])
    weights = fitted(fitted_on, today)
    for name, values in (("today", today), ("fitted", weights)):
        print(name, {k: round(float(v), 2) for k, v in zip(WEIGHTS, values, strict=True)}, recalls(kept_apart, values))


def features(path: Path) -> list[Asked]:
    """Return for each question of a document that it answers the signs of the candidates, and which of them answer."""
    from dataclasses import replace

    from core.pipeline import retriever
    from core.reader.candidates import candidates
    from core.reader.signs import signs
    from core.text import read_question, segments

    finder = retriever(import_files([(path.name, path)]).assistant_id)
    finder.settings = replace(finder.settings, reader=False)
    text = path.read_text(encoding="utf-8")
    found: list[Asked] = []
    for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        spans = [(text.index(a), text.index(a) + len(a)) for a in asked["answers"]]
        hits = finder.find(asked["question"], 12)
        question = read_question(asked["question"], finder.languages, vocabulary=finder.vocabulary)
        split = [segments(hit.passage.text, hit.passage.row_spans) for hit in hits]
        pool = candidates(hits, split, question.languages)
        right = np.zeros(len(pool), dtype=bool)
        for position, candidate in enumerate(pool):
            segment, start = split[candidate.hit][candidate.index], hits[candidate.hit].passage.start
            right[position] = any(start + segment.start < end and begin < start + segment.end for begin, end in spans)
        if right.any():
            found.append((signs(question, hits, pool, finder.embeddings)[0], right))
    return found


def fitted(asked: Sequence[Asked], today: np.ndarray) -> np.ndarray:
    """Return the weights under which what answers is likeliest, by gradient descent with a pull towards today's."""
    weights = today.copy()
    for step in range(STEPS):
        slope = PULL * (weights - today)
        for found, right in asked:
            scores = found @ weights
            shares = np.exp(scores - scores.max())
            answering = shares * right
            slope -= (found.T @ (answering / answering.sum() - shares / shares.sum())) / len(asked)
        weights -= RATE * (1 - step / STEPS) * slope
    return weights


def recalls(asked: Sequence[Asked], weights: np.ndarray) -> dict[int, float]:
    """Return the share of questions with a candidate that answers among the first so many."""
    ranks = []
    for found, right in asked:
        scores = found @ weights
        ranks.append(int((scores > scores[right].max()).sum()))
    return {most: round(float(np.mean(np.array(ranks) < most)), 3) for most in (1, 24, 48, 96)}


if __name__ == "__main__":
    main()
