"""Fits how the reader's parts are put together, on the written documents that nothing was trained on.

    python -m training.reader.fit [--weights FOLDER] [--documents FOLDER …]

``--documents`` names folders of ``training/reader/documents``: ``unseen_english``, ``unseen_german``, or
``unseen_across``, whose questions are in other languages than its documents.

Each document is read into an assistant of its own and asked its questions through the whole retriever. Of every
candidate stand the model's log-odds, the signs, and nearness in meaning. Fitted by likelihood: the chance that a
candidate answers is the softmax of their weighted sum, against ``none``. ``right``: one of up to three quotes answers.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.throwaway import import_files, throwaway_data

DOCUMENTS = Path(__file__).parent / "documents"
PARTS = ("model", "signs", "near")
Asked = tuple[np.ndarray, np.ndarray]


def main() -> None:
    """Print the weights of each choice of parts, fitted on one half and counted on the other, and of all on all."""
    parser = argparse.ArgumentParser("python -m training.reader.fit")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--documents", nargs="*", default=("unseen_english",))
    options = parser.parse_args()
    asked = read_documents(options.documents, options.weights)
    for parts in (("signs",), ("model",), ("near",), ("model", "signs"), ("near", "signs"), ("model", "near"),
                  ("model", "signs", "near")):  # fmt: skip
        if all(any(values[PARTS.index(part)].any() for values, _ in asked) for part in parts):
            halves = (asked[::2], asked[1::2])
            counts = [report(other, best(half, parts)) for half, other in (halves, halves[::-1])]
            mean = {name: round(float(np.mean([count[name] for count in counts])), 3) for name in counts[0]}
            print(dict(zip((*parts, "none"), best(asked, parts)[[*map(PARTS.index, parts), -1]].round(2), strict=True)))
            print("   ", mean, flush=True)


def read_documents(folders: Sequence[str], weights: Path | None) -> list[Asked]:
    """Return what was read of each question."""
    with throwaway_data():
        from core.reader import model

        model.WEIGHTS = weights or model.WEIGHTS
        return [
            asked
            for folder in folders
            for path in sorted((DOCUMENTS / folder).glob("*.md"))
            for asked in features(path)
        ]


def features(path: Path) -> list[Asked]:
    """Return for each question of a document the parts (3, candidates) and whether each candidate answers."""
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
        question = read_question(asked["question"], finder.languages, vocabulary=finder.vocabulary)
        hits = finder.find(asked["question"])
        reading = read(question, hits, embeddings=finder.embeddings)
        right = []
        for candidate in reading.pool:
            segment = reading.split[candidate.hit][candidate.index]
            start = hits[candidate.hit].passage.start
            right.append(any(start + segment.start < end and begin < start + segment.end for begin, end in spans))
        if hits and (any(right) or not spans):
            parts = (reading.model, reading.signs - reading.signs.max(), reading.near)
            found.append((np.array(parts), np.array(right)))
    return found


def likelihood(asked: Sequence[Asked], weights: np.ndarray) -> float:
    """Return the mean log-likelihood."""
    total = 0.0
    for parts, right in asked:
        scores = np.append(weights[:-1] @ parts, weights[-1])
        held = np.append(right, not right.any())
        total += np.logaddexp.reduce(scores[held]) - np.logaddexp.reduce(scores)
    return total / len(asked)


def best(asked: Sequence[Asked], parts: Sequence[str]) -> np.ndarray:
    """Climb: the weight of each part in turn, and "none", by ever smaller steps; those of other parts are 0."""
    weights, step = np.zeros(len(PARTS) + 1), 0.4
    places = [*(PARTS.index(part) for part in parts), len(PARTS)]
    weights[places[:-1]] = 0.5
    top = likelihood(asked, weights)
    while step > 0.01:
        moved = False
        for place in places:
            for way in (step, -step):
                tried = weights.copy()
                tried[place] += way
                if (now := likelihood(asked, tried)) > top + 1e-6:
                    weights, top, moved = tried, now, True
        step = step if moved else step / 2
    return weights


def report(asked: Sequence[Asked], weights: np.ndarray) -> dict[str, Any]:
    """Count as the product decides: refused where "none" is likeliest, else the best candidate."""
    from core.answer.quote import NEAR_BEST, QUOTE_COUNT

    verdicts = []
    for parts, right in asked:
        scores = weights[:-1] @ parts
        order = np.argsort(-scores)
        shown = [i for i in order[:QUOTE_COUNT] if scores[i] >= scores[order[0]] - NEAR_BEST]
        refused = scores.max(initial=-np.inf) < weights[-1]
        best_one = right[order[0]]
        verdicts.append((right.any(), best_one, refused, not refused and best_one, not refused and right[shown].any()))
    there = np.array([verdict for verdict in verdicts if verdict[0]])
    absent = np.array([verdict for verdict in verdicts if not verdict[0]])
    return {
        "questions": len(there),
        "best": float(there[:, 1].mean()),
        "first": float(there[:, 3].mean()),
        "right": float(there[:, 4].mean()),
        "refused": float(there[:, 2].mean()),
        "absent": len(absent),
        "absent refused": float(absent[:, 2].mean()) if len(absent) else float("nan"),
    }


if __name__ == "__main__":
    main()
