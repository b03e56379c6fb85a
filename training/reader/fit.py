"""Fits how the reader's parts are put together, on the written documents that it was not trained on.

    python -m training.reader.fit [--weights FOLDER] [--documents FOLDER …]

``--documents`` names folders of ``training/reader/documents``; else ``unseen_english``, which no weights were trained
on.

Each document is read into an assistant of its own and asked its questions through the whole retriever. Of every
candidate stand the model's log-odds m and the signs s. Fitted by likelihood: the chance that a candidate answers is the
softmax of ``a m + b (s - max s)``, against ``c`` for none. ``right``: one of up to three quotes answers.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.throwaway import import_files, throwaway_data

DOCUMENTS = Path(__file__).parent / "documents"
Asked = tuple[np.ndarray, np.ndarray, np.ndarray]


def main() -> None:
    """Print the numbers, and how often the first candidate is right before and after."""
    parser = argparse.ArgumentParser("python -m training.reader.fit")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--documents", nargs="*", default=("unseen_english",))
    options = parser.parse_args()
    with throwaway_data():
        from core.reader import model

        model.WEIGHTS = options.weights or model.WEIGHTS
        asked: list[Asked] = []
        for folder in options.documents:
            for path in sorted((DOCUMENTS / folder).glob("*.md")):
                asked += features(path)
    for name, values in (("signs", (0.0, 1.0, -99.0)), ("model", (1.0, 0.0, 0.0)), ("fitted", best(asked))):
        print(name, [round(value, 3) for value in values], report(asked, values))


def features(path: Path) -> list[Asked]:
    """Return for each question of a document m, s and whether each candidate answers."""
    from core.pipeline import retriever
    from core.reader import read
    from core.text import read_question

    assistant = import_files([(path.name, path)]).assistant_id
    finder = retriever(assistant)
    text = path.read_text(encoding="utf-8")
    found: list[Asked] = []
    for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        spans = [(text.index(a), text.index(a) + len(a)) for a in asked["answers"]]
        question = read_question(asked["question"], finder.languages)
        hits = finder.find(asked["question"])
        reading = read(question, hits, embeddings=finder.embeddings)
        right = []
        for candidate in reading.pool:
            segment = reading.split[candidate.hit][candidate.index]
            start = hits[candidate.hit].passage.start
            right.append(any(start + segment.start < end and begin < start + segment.end for begin, end in spans))
        if hits and (any(right) or not spans):
            found.append((reading.model, reading.signs - reading.signs.max(), np.array(right)))
    return found


def likelihood(asked: Sequence[Asked], values: Sequence[float]) -> float:
    """Return the mean log-likelihood."""
    a, b, c = values
    total = 0.0
    for m, s, right in asked:
        scores = np.append(a * m + b * s, c)
        held = np.append(right, not right.any())
        total += np.logaddexp.reduce(scores[held]) - np.logaddexp.reduce(scores)
    return total / len(asked)


def best(asked: Sequence[Asked]) -> tuple[float, ...]:
    """Climb: each number in turn by ever smaller steps."""
    values, step = [1.0, 0.3, 0.0], 0.4
    top = likelihood(asked, values)
    while step > 0.01:
        moved = False
        for place in range(len(values)):
            for way in (step, -step):
                tried = [*values]
                tried[place] += way
                if (now := likelihood(asked, tried)) > top + 1e-6:
                    values, top, moved = tried, now, True
        step = step if moved else step / 2
    return tuple(values)


def report(asked: Sequence[Asked], values: Sequence[float]) -> dict[str, Any]:
    """Count as the product decides: refused where "none" is likeliest, else the best candidate."""
    from core.answer.quote import NEAR_BEST, QUOTE_COUNT

    a, b, c = values
    verdicts = []
    for m, s, right in asked:
        scores = a * m + b * s
        order = np.argsort(-scores)
        shown = [i for i in order[:QUOTE_COUNT] if scores[i] >= scores[order[0]] - NEAR_BEST]
        refused = scores.max(initial=-np.inf) < c
        verdicts.append((right.any(), refused, not refused and right[order[0]], not refused and right[shown].any()))
    there = [v for v in verdicts if v[0]]
    absent = [v for v in verdicts if not v[0]]
    return {
        "questions": len(there),
        "first": round(float(np.mean([v[2] for v in there])), 3),
        "right": round(float(np.mean([v[3] for v in there])), 3),
        "refused": round(float(np.mean([v[1] for v in there])), 3),
        "absent": len(absent),
        "absent refused": round(float(np.mean([v[1] for v in absent])), 3) if absent else None,
    }


if __name__ == "__main__":
    main()
