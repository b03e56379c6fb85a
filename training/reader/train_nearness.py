"""Trains what compares the vectors of a question and of a sentence: near is then what answers, not what is alike.

    python -m training.reader.train_nearness {across,choice} --examples FILE … --measured FILE … [--out FILE]

Needs torch beside Answerbook's own requirements. ``across`` is for vectors of the sentence encoder for 16 languages,
``choice`` for the built-in embedding's, which choose what the reader reads. The vectors are fixed; trained are three
matrices that turn those of the question, the candidate and its surroundings into another space, and a small layer that
looks at the product. Most of the questions are English; where languages share a space, the others gain by it too. The
loss is that of the reader: cross-entropy over a question's candidates and "none", at 0.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from core.embed import across_vectors
from core.reader.nearness import WEIGHTS, WIDTH_SCALE, built_in_vectors

MOST_WIDTH, HIDDEN, CANDIDATES, BATCH = 384, 32, 24, 256
EPOCHS, RATE, DECAY, DROPPED, WITHOUT_GOLD = 4, 1e-3, 0.1, 0.2, 0.15
SOURCES = {"across": ("written", "across"), "choice": ("written",)}  # of the examples


class Nearness(nn.Module):
    """Vectors of questions (n, d), candidates and surroundings (n, k, d) to log-odds (n, k)."""

    def __init__(self, dimension: int) -> None:
        super().__init__()
        width = min(MOST_WIDTH, dimension)
        self.question = nn.Linear(dimension, width)
        self.words = nn.Linear(dimension, width, bias=False)
        self.around = nn.Linear(dimension, width, bias=False)
        self.hidden, self.out = nn.Linear(2 * width, HIDDEN), nn.Linear(HIDDEN, 1)
        self.dropped, self.dropped_inside = nn.Dropout(DROPPED), nn.Dropout(0.3)
        same = nn.init.orthogonal_(torch.empty(width, dimension)) * (dimension / width) ** 0.5
        with torch.no_grad():
            self.question.weight.copy_(same)
            self.question.bias.zero_()
            self.words.weight.copy_(same)
            self.around.weight.copy_(0.3 * same)
            self.out.weight.mul_(0.1)
        self.steep, self.base = nn.Parameter(torch.tensor(12.0)), nn.Parameter(torch.tensor(-6.0))

    def forward(self, question: torch.Tensor, words: torch.Tensor, around: torch.Tensor) -> torch.Tensor:
        asked = nn.functional.normalize(self.question(self.dropped(question)), dim=-1)[:, None]
        said = nn.functional.normalize(self.words(self.dropped(words)) + self.around(self.dropped(around)), dim=-1)
        product, alone = WIDTH_SCALE
        inside = self.dropped_inside(torch.cat([product * asked * said, (alone * asked).expand_as(said)], -1))
        return self.steep * (asked * said).sum(-1) + self.base + self.out(torch.relu(self.hidden(inside)))[..., 0]


class Examples:
    """Questions as rows of one array of vectors; row -1 is a vector of zeros."""

    def __init__(self, paths: Sequence[Path], sources: Sequence[str], known: dict[str, int]) -> None:
        self.languages: list[str] = []
        rows: list[tuple[int, list[int], list[int], list[int]]] = []
        for line in (line for path in paths for line in path.open(encoding="utf-8")):
            example: dict[str, Any] = json.loads(line)
            if example["source"] not in sources:
                continue
            kept = example["candidates"][:CANDIDATES]
            missing = [-1] * (CANDIDATES - len(kept))
            rows.append(
                (
                    known.setdefault(example["question"], len(known)),
                    [known.setdefault(words, len(known)) for _, words in kept] + missing,
                    [known.setdefault(around, len(known)) if around else -1 for around, _ in kept] + missing,
                    [int(index in example["gold"]) for index in range(CANDIDATES)],
                )
            )
            self.languages.append(str(example.get("half", "")))
        self.question, self.words, self.around, self.gold = (torch.tensor(column) for column in zip(*rows, strict=True))


def odds(model: Nearness, vectors: torch.Tensor, examples: Examples, rows: torch.Tensor) -> torch.Tensor:
    """Return the log-odds of the candidates of some questions, of what is no candidate next to none."""
    words, around = examples.words[rows], examples.around[rows]
    found = model(vectors[examples.question[rows]], vectors[words], vectors[around])
    return found.masked_fill(words == -1, -1e4)


def loss_of(scores: torch.Tensor, gold: torch.Tensor) -> torch.Tensor:
    """Return the mean loss; a share of the questions is shown without what answers them."""
    hidden = (torch.rand(len(gold)) < WITHOUT_GOLD)[:, None] & (gold > 0)
    scores, gold = scores.masked_fill(hidden, -1e4), gold.masked_fill(hidden, 0)
    every = torch.cat([torch.zeros(len(gold), 1), scores], 1)
    right = torch.cat([(gold.sum(1) == 0).long()[:, None], gold], 1)
    return (torch.logsumexp(every, 1) - torch.logsumexp(every.masked_fill(right == 0, -1e4), 1)).mean()


def report(name: str, scores: np.ndarray, gold: np.ndarray) -> str:
    """Say how often the first candidate answers, and how well answered and absent questions are told apart."""
    there, best = gold.any(1), scores.max(1)
    first = np.take_along_axis(gold[there], scores[there].argmax(1)[:, None], 1).mean()
    apart = (best[there][:, None] > best[~there][None]).mean() if (~there).any() else float("nan")
    return f"{name:24} first {first:.3f}  auc {apart:.3f}  {there.sum()} and {(~there).sum()} absent"


def main() -> None:
    """Train, print the figures beside those of the bare cosine, write the weights as float16."""
    parser = argparse.ArgumentParser("python -m training.reader.train_nearness")
    parser.add_argument("kind", choices=sorted(SOURCES))
    parser.add_argument("--examples", type=Path, nargs="+", required=True)
    parser.add_argument("--measured", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    known: dict[str, int] = {}
    examples, measured = (
        Examples(paths, SOURCES[options.kind], known) for paths in (options.examples, options.measured)
    )
    encoded = torch.from_numpy((across_vectors if options.kind == "across" else built_in_vectors)(list(known)))
    vectors = torch.cat([encoded, torch.zeros(1, encoded.shape[1])])
    print(f"{len(examples.question)} questions, {len(known)} texts", flush=True)
    model = Nearness(encoded.shape[1])
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * (len(examples.question) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps + 1)
    for _ in range(EPOCHS):
        order = torch.randperm(len(examples.question))
        for start in range(0, len(order) - BATCH, BATCH):
            rows = order[start : start + BATCH]
            optimizer.zero_grad()
            loss_of(odds(model, vectors, examples, rows), examples.gold[rows]).backward()
            optimizer.step()
            schedule.step()
    model.eval()
    with torch.no_grad():
        scores = odds(model, vectors, measured, torch.arange(len(measured.question))).numpy()
        cosines = (vectors[measured.question][:, None] * vectors[measured.words]).sum(-1).numpy()
    gold, groups = measured.gold.numpy().astype(bool), np.array(measured.languages)
    for group in sorted(set(measured.languages)):
        here = groups == group
        print(report(f"{group} cosine", cosines[here], gold[here]))
        print(report(f"{group} trained", scores[here], gold[here]), flush=True)
    arrays = {name.replace(".", "_"): value.numpy().astype(np.float16) for name, value in model.state_dict().items()}
    np.savez_compressed(options.out or WEIGHTS / f"{options.kind}.npz", **arrays)


if __name__ == "__main__":
    main()
