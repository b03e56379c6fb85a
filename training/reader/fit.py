"""Fits how the reader's parts are put together, on the written documents that nothing was trained on.

    python -m training.reader.fit [--weights FOLDER] [--documents FOLDER …]

``--documents`` names folders of ``training/reader/documents``: ``unseen_english``, ``unseen_german``, or
``unseen_across``, whose questions are in other languages than its documents.

Each document is read into an assistant of its own and asked its questions through the retriever; ``--together`` reads
all into one. Of every candidate in the passages found stand the model's log-odds, the choice's, nearness in meaning
and the signs. Fitted by likelihood: the chance that a candidate answers is the softmax of their
weighted sum, against ``none``. ``right``: one of up to three quotes answers.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.throwaway import import_files, throwaway_data

DOCUMENTS = Path(__file__).parent / "documents"
PULL, FARTHEST, ROUNDS = 0.001, 0.4, 40  # towards weights of zero; of a step, and how many of them
WAYS = (("signs",), ("model",), ("near",), ("model", "signs"), ("near", "signs"), ("model", "near", "signs"),
        ("glossed", "near", "signs"), ("glossed", "model", "near", "signs"),
        ("model", "choice"), ("model", "choice", "row"), ("model", "choice", "signs"))  # fmt: skip
Asked = tuple[dict[str, np.ndarray], np.ndarray]


def main() -> None:
    """Print the weights of each choice of parts, fitted on one half and counted on the other, and of all on all."""
    parser = argparse.ArgumentParser("python -m training.reader.fit")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--documents", nargs="*", default=("unseen_english",))
    parser.add_argument("--together", action="store_true")
    parser.add_argument("--most", type=int, default=1_000, help="questions of a document")
    options = parser.parse_args()
    asked = read_documents(options.documents, options.weights, together=options.together, most=options.most)
    for parts in WAYS:
        if all(any(values[part].any() for values, _ in asked) for part in parts):
            halves = (asked[::2], asked[1::2])
            counts = [report(other, parts, best(half, parts)) for half, other in (halves, halves[::-1])]
            mean = {name: round(float(np.mean([count[name] for count in counts])), 3) for name in counts[0]}
            print(dict(zip((*parts, "none"), best(asked, parts).round(2), strict=True)))
            print("   ", mean, flush=True)


def read_documents(folders: Sequence[str], weights: Path | None, *, together: bool, most: int) -> list[Asked]:
    """Return what was read of each question."""
    paths = [path for folder in folders for path in sorted((DOCUMENTS / folder).glob("*.md"))]
    with throwaway_data():
        from core.reader import model

        model.WEIGHTS = weights or model.WEIGHTS
        groups = [paths] if together else [[path] for path in paths]
        return [asked for group in groups for asked in features(group, most)]


def features(paths: Sequence[Path], most: int) -> Iterator[Asked]:
    """Yield for each question of some documents its parts (candidates that were read) and whether each answers."""
    from core.pipeline import retriever
    from core.reader import read
    from core.reader.nearness import choice
    from core.retrieve.retriever import READ
    from core.text import read_question

    assistant = import_files((path.name, path) for path in paths).assistant_id
    finder = retriever(assistant)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        lines = path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()
        for line in lines[:: -(-len(lines) // most)]:
            asked = json.loads(line)
            spans = [(text.index(a), text.index(a) + len(a)) for a in asked["answers"]]
            question = read_question(asked["question"], finder.languages, vocabulary=finder.vocabulary)
            hits = finder.find(asked["question"], READ)
            if not any(hit.asked_in for hit in hits):
                hits = finder.found(asked["question"], READ)  # in the order in which the search has them read
            reading = read(question, hits, embeddings=finder.embeddings)
            right = []
            for candidate in reading.pool:
                hit, segment = hits[candidate.hit], reading.split[candidate.hit][candidate.index]
                start, end = (hit.passage.start + place for place in (segment.start, segment.end))
                right.append(hit.source_name == path.name and any(start < stop and at < end for at, stop in spans))
            was_read = reading.model > reading.model.min(initial=np.inf)
            if not was_read.any():  # the model reads no question in another language than the text
                was_read[:] = True
            if not hits or not (np.array(right)[was_read].any() or not spans):
                continue
            pairs = [(each.around, each.shown) for each in reading.pool]
            parts = {
                "model": reading.model,
                "near": reading.near,
                "glossed": reading.glossed,
                "signs": reading.signs - reading.signs.max(),
                "choice": choice(question.understood or question.alone, pairs),
                "row": np.array([each.kind == "row" for each in reading.pool], dtype=float),
            }
            yield {name: values[was_read] for name, values in parts.items()}, np.array(right)[was_read]


def _stacked(asked: Asked, parts: Sequence[str]) -> np.ndarray:
    """Return the parts (parts, candidates and "none"); "none" has 1 in a row of its own, and 0 else."""
    values = np.array([asked[0][part] for part in parts])
    none = np.eye(len(parts) + 1)[:, -1:]
    return np.hstack([np.vstack([values, np.zeros(values.shape[1])]), none])


def best(asked: Sequence[Asked], parts: Sequence[str]) -> np.ndarray:
    """Return the weights of the parts and of "none" that make what answers likeliest, by Newton's method."""
    stacked = [(_stacked(each, parts), np.append(each[1], not each[1].any())) for each in asked]
    weights = np.zeros(len(parts) + 1)
    for _ in range(ROUNDS):
        slope, bend = -2 * PULL * weights, 2 * PULL * np.eye(len(weights))
        for values, right in stacked:
            scores = weights @ values
            chances = np.exp(scores - np.logaddexp.reduce(scores))
            held = right * np.exp(np.minimum(scores - np.logaddexp.reduce(scores[right]), 0.0))
            slope += values @ (held - chances) / len(stacked)
            middle = values @ chances
            bend += ((values * chances) @ values.T - np.outer(middle, middle)) / len(stacked)
        step = np.clip(np.linalg.solve(bend, slope), -FARTHEST, FARTHEST)
        weights = weights + step
        if np.abs(step).max() < 1e-4:
            break
    return weights


def report(asked: Sequence[Asked], parts: Sequence[str], weights: np.ndarray) -> dict[str, Any]:
    """Count as the product decides: refused where "none" is likeliest, else the best candidate."""
    from core.answer.quote import NEAR_BEST, QUOTE_COUNT

    verdicts = []
    for each in asked:
        right = each[1]
        *scores, none = weights @ _stacked(each, parts)
        scores = np.array(scores)
        order = np.argsort(-scores)
        shown = [i for i in order[:QUOTE_COUNT] if scores[i] >= scores[order[0]] - NEAR_BEST]
        refused = scores.max(initial=-np.inf) < none
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
