"""Fine-tunes the reader from MiniLM, in a virtual environment of its own (torch, transformers; see MODEL_CARD.md).

    python -m training.reader.train --model FOLDER --examples FILE.jsonl … --out FOLDER [--steps N]

The reader is a cross-encoder with two heads: how well a candidate answers (log-odds against "none of them answers",
which stands at 0), and where in it the answering words begin and end. The loss is the cross-entropy over a question's
candidates and "none", so that one number both ranks and tells whether anything answers, and that of the span.
"""

import argparse
import json
import random
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoModel

QUESTION, AROUND, SHOWN = 40, 32, 72  # most tokens of each part, as in core/reader
CANDIDATES, GROUPS = 6, 8  # of a question; questions a step
CHUNK = 12  # sequences of like length that go through the encoder at once
RATE, WARM_UP, SPAN_WEIGHT = 6e-5, 0.06, 0.3
WITHOUT_GOLD, KEYWORDS, TYPO = 0.22, 0.10, 0.06  # shares of the questions that are changed so
_LITTLE = frozenset(
    re.findall(
        r"\w+",
        "a an the is are was were do does did of to in on at for by with what which who when where how why can i you "
        "my we our it its there be has have had would should will that this",
    )
)


class Reader(nn.Module):
    """Token ids to a score for each sequence and start and end logits for each token."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        # Plain attention and no dropout: twice as fast on two cores (the fused kernel's way back takes half the time).
        self.encoder = AutoModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            attn_implementation="eager",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        width = self.encoder.config.hidden_size
        self.score, self.span = nn.Linear(width, 1), nn.Linear(width, 2)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state.float()
        return self.score(hidden[:, 0])[:, 0], self.span(hidden)


class Sequences:
    """Turns (question, around, shown) into token ids: [CLS] question [SEP] around [SEP] shown [SEP]."""

    def __init__(self, folder: str) -> None:
        self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        self.first, self.part = (self.tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        self.known: dict[str, Any] = {}

    def pieces(self, text: str, offsets: bool = False) -> Any:
        if text not in self.known:
            if len(self.known) > 300_000:
                self.known.clear()
            coded = self.tokenizer.encode(text, add_special_tokens=False)
            self.known[text] = (coded.ids[: QUESTION + SHOWN], coded.offsets[:SHOWN])
        return self.known[text] if offsets else self.known[text][0]

    def one(self, question: str, around: str, shown: str) -> tuple[list[int], int, list[tuple[int, int]]]:
        """Return the ids, where the candidate begins in them, and the candidate's character offsets by token."""
        ids, places = self.pieces(shown, offsets=True)
        head = [self.first, *self.pieces(question)[:QUESTION], self.part]
        middle = [*self.pieces(around)[-AROUND:], self.part] if around else []
        return [*head, *middle, *ids[:SHOWN], self.part], len(head) + len(middle), places[:SHOWN]

    def batch(self, sequences: Sequence[list[int]]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        length = -max(map(len, sequences)) // 16 * -16  # few shapes: each new one costs time to prepare
        ids = torch.zeros(len(sequences), length, dtype=torch.long)
        mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
        for row, sequence in enumerate(sequences):
            ids[row, : len(sequence)] = torch.tensor(sequence)
            mask[row, : len(sequence)] = 1
            types[row, sequence.index(self.part) + 1 : len(sequence)] = 1
        return ids, mask, types


def as_typed(question: str) -> str:
    """Change some questions into what people type: keywords alone, a slip of the pen."""
    words = question.split()
    if random.random() < KEYWORDS:
        kept = [word for word in words if re.sub(r"\W", "", word).lower() not in _LITTLE]
        words = kept if len(kept) > 1 else words
    if random.random() < TYPO:
        at = random.randrange(len(words))
        word = words[at]
        if len(word) > 4 and word.isalpha():
            place = random.randrange(1, len(word) - 1)
            swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
            words[at] = random.choice(
                [word[:place] + word[place + 1 :], swapped, word[:place] + word[place] + word[place:]]
            )
    return " ".join(words)


def drawn(example: dict[str, Any], most: int = CANDIDATES) -> tuple[list[list[str]], list[bool], Any]:
    """Draw the candidates of one step: all that answer or none of them, and the look-alikes first."""
    gold = example["gold"]
    rest = [index for index in range(len(example["candidates"])) if index not in gold]
    if gold and len(rest) >= 3 and random.random() < WITHOUT_GOLD:
        gold = []
    gold = gold[:2]
    room = most - len(gold)
    near = random.sample(rest[:10], min(room - 2, len(rest[:10])))
    far = [index for index in rest if index not in near]
    chosen = [*gold, *near, *random.sample(far, min(room - len(near), len(far)))]
    span = example["span"] if gold else None
    return [example["candidates"][index] for index in chosen], [index in gold for index in chosen], span


def steps(examples: Sequence[dict[str, Any]], weights: dict[str, float]) -> Iterator[list[dict[str, Any]]]:
    """Yield the questions of each step without end, those of like length together."""
    while True:
        epoch = [
            example for example in examples for _ in range(int(weights.get(example["source"], 1.0) + random.random()))
        ]
        random.shuffle(epoch)
        for start in range(0, len(epoch) - 20 * GROUPS, 20 * GROUPS):
            window = sorted(epoch[start : start + 20 * GROUPS], key=lambda e: max(len(s) for _, s in e["candidates"]))
            batches = [window[at : at + GROUPS] for at in range(0, len(window), GROUPS)]
            random.shuffle(batches)
            yield from batches


def through(
    model: Reader, sequences: Sequences, tokens: Sequence[list[int]]
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Return the scores, and for each sequence its marks (tokens, 2); those of like length go together."""
    order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
    scores: list[torch.Tensor] = []
    marks: list[torch.Tensor] = [torch.empty(0)] * len(tokens)
    for first in range(0, len(order), CHUNK):
        rows = order[first : first + CHUNK]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found, marked = model(*sequences.batch([tokens[row] for row in rows]))
        scores.append(found)
        for row, mark in zip(rows, marked, strict=True):
            marks[row] = mark
    back = torch.empty(len(order), dtype=torch.long)
    back[torch.tensor(order)] = torch.arange(len(order))
    return torch.cat(scores)[back], marks


def loss_of(model: Reader, sequences: Sequences, group: Sequence[dict[str, Any]]) -> torch.Tensor:
    """Return the loss of the questions of one step."""
    tokens: list[list[int]] = []
    spans: list[tuple[int, int, int, int]] = []
    owners: list[tuple[int, int, list[bool]]] = []
    for example in group:
        candidates, right, span = drawn(example)
        question = as_typed(example["question"])
        owners.append((len(tokens), len(tokens) + len(candidates), right))
        for number, (around, shown) in enumerate(candidates):
            ids, begin, places = sequences.one(question, around, shown)
            if span and number == 0:
                inside = [i for i, (left, end) in enumerate(places) if left < span[1] and span[0] < end]
                if inside:
                    spans.append((len(tokens), begin, inside[0], inside[-1]))
            tokens.append(ids)
    scores, marks = through(model, sequences, tokens)
    losses = []
    for begin, end, right in owners:
        all_of = torch.cat([scores.new_zeros(1), scores[begin:end]])
        picked = scores[begin:end][torch.tensor(right)] if any(right) else all_of[:1]
        losses.append(torch.logsumexp(all_of, 0) - torch.logsumexp(picked, 0))
    loss = torch.stack(losses).mean()
    for side in (0, 1):
        for row, begin, first, last in spans:
            logits = marks[row][begin : len(tokens[row]) - 1, side]
            target = torch.tensor((first, last)[side])
            loss = loss + SPAN_WEIGHT / 2 / len(spans) * nn.functional.cross_entropy(logits, target)
    return loss


def train(model: nn.Module, losses: Iterable[torch.Tensor], out: Path, steps: int, rate: float) -> None:
    """Take a step for each loss, the rate rising first and then falling to nothing; write ``out`` every 250 steps."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01)
    warm = max(1, int(WARM_UP * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, max(0.02, (steps - step) / max(1, steps - warm)))
    )
    model.train()
    began, lately = time.time(), []
    out.parent.mkdir(parents=True, exist_ok=True)
    for step, loss in enumerate(losses, 1):
        loss.backward()
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        lately.append(float(loss.detach()))
        if step % 50 == 0:
            print(f"{step:6} {sum(lately) / len(lately):.3f} {time.time() - began:.0f} s", flush=True)
            lately = []
        if step % 250 == 0 or step == steps:
            torch.save(model.state_dict(), out)
        if step == steps:
            break


def main() -> None:
    """Train the reader."""
    parser = argparse.ArgumentParser("python -m training.reader.train")
    parser.add_argument("--model", required=True)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--examples", type=Path, nargs="+", required=True)
    parser.add_argument("--weights", type=json.loads, default={})
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="another one where weights go on: else the same come first")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    random.seed(options.seed)
    torch.manual_seed(options.seed)
    examples = [json.loads(line) for path in options.examples for line in path.open(encoding="utf-8")]
    model, sequences = Reader(options.model), Sequences(options.model)
    if options.start:
        model.load_state_dict(torch.load(options.start))
    model.encoder.embeddings.requires_grad_(requires_grad=False)
    model.encoder.encoder.layer[0].requires_grad_(requires_grad=False)
    train(
        model,
        (loss_of(model, sequences, group) for group in steps(examples, options.weights)),
        options.out / "reader.pt",
        options.steps,
        options.rate,
    )


if __name__ == "__main__":
    main()
