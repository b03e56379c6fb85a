"""Measures a reader on the questions kept apart: how often the right candidate is first, and whether any answers.

    python -m training.reader.measure --examples measured.jsonl [--weights FOLDER]

``first``: the best candidate of an answerable question answers. ``auc``: the area under the curve of the best score,
answerable questions against absent ones and against answerable ones without what answers them.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.reader import model


def main() -> None:
    """Print a line for each set."""
    parser = argparse.ArgumentParser("python -m training.reader.measure")
    parser.add_argument("--examples", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=model.WEIGHTS)
    parser.add_argument("--most", type=int, default=250, help="questions of each set")
    options = parser.parse_args()
    model.WEIGHTS = options.weights
    examples = [json.loads(line) for line in options.examples.open(encoding="utf-8")]
    random.Random(0).shuffle(examples)
    sets: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for example in examples:
        if len(sets[example["source"]]) < options.most:
            sets[example["source"]].append(example)
    for name, chosen in sets.items():
        print(f"{name:12}", *(f"{key} {value:.3f}" for key, value in figures(chosen).items()), len(chosen))


def figures(examples: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return the figures of a set of questions."""
    first: list[bool] = []
    best, without, absent = [], [], []
    for example in examples:
        pairs = [(around, shown) for around, shown in example["candidates"]]
        scores = np.array([answer.score for answer in model.answering(example["question"], pairs) or ()])
        gold = example["gold"]
        if not gold:
            absent.append(scores.max())
            continue
        first.append(int(np.argmax(scores)) in gold)
        best.append(scores.max())
        without.append(np.delete(scores, gold).max(initial=-20.0))
    found = {
        "first": float(np.mean(first)),
        "auc_without": area(best, without),
        "above_0": float(np.mean(np.array(best) > 0)),
        "without_above_0": float(np.mean(np.array(without) > 0)),
    }
    if absent:
        found |= {"auc_absent": area(best, absent), "absent_above_0": float(np.mean(np.array(absent) > 0))}
    return found


def area(high: Sequence[float], low: Sequence[float]) -> float:
    """Return the share of pairs in which the first is higher."""
    ups, downs = np.array(high)[:, None], np.array(low)[None, :]
    return float(np.mean((ups > downs) + 0.5 * (ups == downs)))


if __name__ == "__main__":
    main()
