"""Trains what turns a question's built-in vector toward the vectors of the passages that answer it.

    python -m training.reader.train_question --public FILE [--out FILE]

Needs torch beside Answerbook's own requirements. ``--public`` are examples of ``training.reader.examples``, so that it
stays useful for texts of other kinds than those written for this. The passages' vectors are fixed: no index changes.
The loss is cross-entropy over the passages of all documents, and over the public examples of a step. In the end only
SHARE of the turn is kept: with all of it a document is found more often that is like those written for this, and one of
Wikipedia less often (docs/answering.md).
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn

from core.chunk import chunk
from core.embed.toward_answers import INSIDE, WEIGHTS
from core.load.limits import Reading
from core.load.readers import find_reader
from core.reader.nearness import built_in_vectors
from core.schema import CutSettings
from training.reader.examples import UNSEEN, WRITTEN

DIMENSION, HIDDEN, DROPPED = 256, 256, 0.1
EPOCHS, BATCH, PUBLIC_BATCH, RATE, DECAY, PUBLIC_WEIGHT = 4, 256, 512, 1e-3, 0.02, 0.5
SHARE = 0.4
_LEFT_OUT = ("written", "across", "nq", "xquad")  # of the public ones: those that figures are measured with


class Turned(nn.Module):
    """Vectors of questions (n, 256) to vectors of length 1 (n, 256): at first themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.straight = nn.Linear(DIMENSION, DIMENSION)
        self.inside, self.outside = nn.Linear(DIMENSION, HIDDEN), nn.Linear(HIDDEN, DIMENSION)
        for layer in (self.straight, self.outside):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.dropped, self.steep = nn.Dropout(DROPPED), nn.Parameter(torch.tensor(3.0))

    def forward(self, question: torch.Tensor, share: float = 1.0) -> torch.Tensor:
        shown = self.dropped(question)
        turn = self.straight(shown) + self.outside(torch.relu(INSIDE * self.inside(shown)))
        return nn.functional.normalize(question + share * turn, dim=-1)

    def weights(self) -> dict[str, np.ndarray]:
        """Return what the product needs; SHARE is in it."""
        arrays = {
            "weight": SHARE * self.straight.weight,
            "bias": SHARE * (self.straight.bias + self.outside.bias),
            "in_weight": self.inside.weight,
            "in_bias": self.inside.bias,
            "out_weight": SHARE * self.outside.weight,
        }
        return {name: value.detach().numpy().astype(np.float16) for name, value in arrays.items()}


class Passages:
    """The passages of the written documents, and the questions with those that answer each."""

    def __init__(self, *, unseen: bool) -> None:
        texts: list[str] = []
        asked: list[str] = []
        self.answering: list[list[int]] = []
        for path in sorted(WRITTEN.glob("*/*.md")):
            folder = path.parent.name
            if "across" in folder or folder.startswith(UNSEEN) != unseen:
                continue
            document = find_reader(path.read_bytes(), Reading(path.name, 5000, 100, lambda *_: None))()
            passages = chunk(document, CutSettings())
            for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines():
                question = json.loads(line)
                starts = [(document.text.index(answer), len(answer)) for answer in question["answers"]]
                found = [
                    len(texts) + number
                    for number, passage in enumerate(passages)
                    if any(passage.start <= start and start + length <= passage.end for start, length in starts)
                ]
                if found:
                    asked.append(question["question"])
                    self.answering.append(found)
            texts += [passage.search_text for passage in passages]
        self.vectors, self.asked = _vectors(texts), _vectors(asked)


def _vectors(texts: list[str]) -> torch.Tensor:
    parts = [built_in_vectors(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
    return torch.from_numpy(np.concatenate(parts).astype(np.float32))


def _public(path: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the vectors of questions, and of what answers each with up to three sentences beside it."""
    asked, texts = [], []
    for example in map(json.loads, path.open(encoding="utf-8")):
        if example["source"] in _LEFT_OUT or not example["gold"]:
            continue
        gold = example["gold"][0]
        around, words = example["candidates"][gold]
        over = around.split(": ")[0]
        beside = [
            other
            for index, (near, other) in enumerate(example["candidates"])
            if near.split(": ")[0] == over and index != gold
        ]
        asked.append(example["question"])
        texts.append("\n".join([around, words, *beside[:3]]))
    return _vectors(asked), _vectors(texts)


def _batches(count: int, size: int) -> Iterator[torch.Tensor]:
    order = torch.randperm(count)
    yield from (order[start : start + size] for start in range(0, count - size, size))


def loss_of(model: Turned, passages: Passages, rows: torch.Tensor) -> torch.Tensor:
    """Return the mean loss of some questions over all passages, any of those that answer being right."""
    scores = torch.exp(model.steep) * (model(passages.asked[rows]) @ passages.vectors.T)
    right = torch.zeros_like(scores, dtype=torch.bool)
    for row, question in enumerate(rows.tolist()):
        right[row, passages.answering[question]] = True
    return (torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, -1e4), 1)).mean()


def report(model: Turned, passages: Passages) -> str:
    """Say how often a passage that answers is among the nearest 1, 5, 12 and 24, by the share of the turn."""
    lines = []
    for share in (0.0, SHARE, 1.0):
        scores = model(passages.asked, share) @ passages.vectors.T
        best = [scores[row, found].max() for row, found in enumerate(passages.answering)]
        before = (scores > torch.stack(best)[:, None]).sum(1)
        rates = "  ".join(f"@{most} {(before < most).float().mean():.3f}" for most in (1, 5, 12, 24))
        lines.append(f"share {share}: {rates}")
    return "\n".join(lines)


def main() -> None:
    """Train, print the hit rates on documents that were not trained on, write the weights as float16."""
    parser = argparse.ArgumentParser("python -m training.reader.train_question")
    parser.add_argument("--public", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    seen, unseen = Passages(unseen=False), Passages(unseen=True)
    questions, answers = _public(options.public)
    print(f"{len(seen.asked)} questions, {len(seen.vectors)} passages, {len(questions)} public ones", flush=True)
    model = Turned()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(EPOCHS):
        others = iter(())
        for rows in _batches(len(seen.asked), BATCH):
            if (public := next(others, None)) is None:
                others = _batches(len(questions), PUBLIC_BATCH)
                public = next(others)
            scores = torch.exp(model.steep) * (model(questions[public]) @ answers[public].T)
            loss = loss_of(model, seen, rows)
            loss = loss + PUBLIC_WEIGHT * nn.functional.cross_entropy(scores, torch.arange(len(public)))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] *= 0.5
    model.eval()
    with torch.no_grad():
        print(report(model, unseen))
    options.out.parent.mkdir(exist_ok=True)
    np.savez_compressed(options.out, **model.weights())


if __name__ == "__main__":
    main()
