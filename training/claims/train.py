"""Fine-tunes the reader into the checker of statements, in the virtual environment of ``training.reader.train``.

    python -m training.claims.train --model FOLDER --start reader.pt --pairs FILE.jsonl … --out FOLDER [--steps N]

The checker reads a statement and a span of a document, ``[CLS] statement [SEP] around [SEP] span [SEP]``, and says one
number: the log-odds that the span says what is stated. The loss is the binary cross-entropy.

``--questions`` are the reader's examples: of each, statements "question answer" are made, true ones and false ones with
an answer that stands elsewhere in the document, to begin with before there are many written statements.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn

from training.reader.train import CHUNK, Reader, Sequences, train

CLAIM, AROUND, SHOWN = 64, 32, 96  # most tokens of each part, as in core/reader/checker.py
BATCH = 48  # pairs a step
RATE = 5e-5
OTHERS = 0.25  # of the spans of something else that are seen in an epoch
_THING = re.compile(r"[€$£]?\d[\d.,:]*(?:\s?[%€£]|\s[a-z]{1,9}\b)?|\b[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*")


class Pair(NamedTuple):
    """A statement, what stands around the span and the span on one line, and whether it bears the statement out.

    ``other``: the span is of something else, which is easily told.
    """

    claim: str
    around: str
    shown: str
    true: bool
    other: bool = False


def questions_as_claims(example: dict[str, Any]) -> Iterator[Pair]:
    """Make statements of a question and what answers it, and false ones with what does not."""
    question, candidates, gold, span = (example[name] for name in ("question", "candidates", "gold", "span"))
    others = [index for index in range(len(candidates)) if index not in gold][:12]
    if span and gold:
        around, shown = candidates[gold[0]]
        answer = shown[slice(*span)]
        if not answer.strip():
            return
        claim = f"{question} {answer}"
        yield Pair(claim, around, shown, true=True)
        elsewhere = [thing for index in others for thing in _THING.findall(candidates[index][1])]
        beside = [thing for thing in _THING.findall(shown) if thing not in answer and answer not in thing]
        wrong = [thing for thing in (*beside, *elsewhere[:8]) if thing not in answer and answer not in thing]
        if wrong:
            yield Pair(f"{question} {random.choice(wrong)}", around, shown, true=False)
        without = [index for index in others if answer not in candidates[index][1]]
        if without:
            yield Pair(claim, *candidates[random.choice(without[:6])], true=False)
    if others:
        around, shown = candidates[random.choice(others[:6])]
        if things := _THING.findall(shown):
            yield Pair(f"{question} {random.choice(things)}", around, shown, true=False)


def batches(examples: Sequence[dict[str, Any]], pairs: Sequence[Pair], share: float) -> Iterator[list[Pair]]:
    """Yield batches without end; ``share`` of each are written pairs, the rest statements made of questions."""
    written: list[Pair] = []
    made: list[Pair] = []
    asked: list[dict[str, Any]] = []
    while True:
        batch = []
        while len(batch) < BATCH:
            if pairs and (not examples or random.random() < share):
                if not written:
                    kept = [pair for pair in pairs if not pair.other or random.random() < OTHERS]
                    written = random.sample(kept, len(kept))
                batch.append(written.pop())
            else:
                while not made:
                    if not asked:
                        asked = random.sample(examples, len(examples))
                    made = list(questions_as_claims(asked.pop()))
                batch.append(made.pop())
        yield batch


def tokens_of(sequences: Sequences, pair: Pair) -> list[int]:
    """Return [CLS] statement [SEP] around [SEP] span [SEP]."""
    around = [*sequences.pieces(pair.around)[-AROUND:], sequences.part] if pair.around else []
    claim, shown = sequences.pieces(pair.claim)[:CLAIM], sequences.pieces(pair.shown)[:SHOWN]
    return [sequences.first, *claim, sequences.part, *around, *shown, sequences.part]


def scored(model: Reader, sequences: Sequences, pairs: Sequence[Pair]) -> torch.Tensor:
    """Return the log-odds of each pair; those of like length go through together."""
    tokens = [tokens_of(sequences, pair) for pair in pairs]
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    scores = []
    for first in range(0, len(order), CHUNK):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found, _ = model(*sequences.batch([tokens[row] for row in order[first : first + CHUNK]]))
        scores.append(found)
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(scores).float()[back]


def read_pairs(paths: Sequence[Path]) -> list[Pair]:
    """Read the lines of ``training.claims.examples``."""
    lines = (json.loads(line) for path in paths for line in path.open(encoding="utf-8"))
    return [Pair(*(line[name] for name in Pair._fields)) for line in lines]


def main() -> None:
    """Train the checker."""
    parser = argparse.ArgumentParser("python -m training.claims.train")
    parser.add_argument("--model", required=True)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--questions", type=Path, nargs="*", default=[])
    parser.add_argument("--pairs", type=Path, nargs="*", default=[])
    parser.add_argument("--share", type=float, default=0.7)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    examples = [json.loads(line) for path in options.questions for line in path.open(encoding="utf-8")]
    model, sequences = Reader(options.model), Sequences(options.model)
    model.load_state_dict(torch.load(options.start))
    model.encoder.embeddings.requires_grad_(requires_grad=False)

    def losses() -> Iterator[torch.Tensor]:
        for batch in batches(examples, read_pairs(options.pairs), options.share):
            wanted = torch.tensor([float(pair.true) for pair in batch])
            yield nn.functional.binary_cross_entropy_with_logits(scored(model, sequences, batch), wanted)

    train(model, losses(), options.out / "checker.pt", options.steps, options.rate)


if __name__ == "__main__":
    main()
