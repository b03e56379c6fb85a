"""Writes the weighted mean of several trained readers: it reads better than each of them, at no cost.

    python -m training.reader.average OUT.pt ONE.pt:1 OTHER.pt:2

They must come from one another, or from one start (Wortsman et al., "Model soups", 2022).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import torch


def main(out: str, parts: Sequence[str]) -> None:
    """Average and save; a part without a number counts 1."""
    split = [part.partition(":") for part in parts]
    states = [(torch.load(path), float(weight or 1.0)) for path, _, weight in split]
    total = sum(weight for _, weight in states)
    first, _ = states[0]
    mean = {
        name: torch.stack([state[name].float() * (weight / total) for state, weight in states]).sum(0)
        if values.is_floating_point()
        else values
        for name, values in first.items()
    }
    torch.save(mean, Path(out))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
