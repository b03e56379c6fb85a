"""Writes the trained reader as core/reader/weights: reader.onnx with int8 weights, and its tokenizer.

    python -m training.reader.export --model FOLDER --weights reader.pt [--out FOLDER] [--checker]

``--checker`` writes the weights of ``training.claims.train`` as checker.onnx, which has no spans to mark.
"""

import argparse
import json
import tempfile
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from training.reader.train import Reader

OUT = Path(__file__).parents[2] / "core/reader/weights"


class Scores(nn.Module):
    """A reader that only says how well each sequence answers."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
        scores, _ = self.reader(ids, mask, types)
        return scores


def main() -> None:
    """Export and quantise."""
    parser = argparse.ArgumentParser("python -m training.reader.export")
    parser.add_argument("--model", required=True)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--checker", action="store_true")
    options = parser.parse_args()
    model = Reader(options.model)
    if options.weights:
        model.load_state_dict(torch.load(options.weights))
    model.eval()
    model.encoder.config._attn_implementation = "eager"
    options.out.mkdir(parents=True, exist_ok=True)
    given = torch.randint(1000, 2000, (3, 20))
    inputs = (given, torch.ones_like(given), torch.zeros_like(given))
    axes = {0: "sequence", 1: "token"}
    outputs = {"scores": {0: "sequence"}} if options.checker else {"scores": {0: "sequence"}, "marks": axes}
    exported = Scores(model) if options.checker else model
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "exact.onnx"
        torch.onnx.export(
            exported, inputs, str(exact), input_names=["ids", "mask", "types"], output_names=list(outputs),
            dynamic_axes={"ids": axes, "mask": axes, "types": axes, **outputs},
            opset_version=17, dynamo=False,
        )  # fmt: skip
        name = "checker.onnx" if options.checker else "reader.onnx"
        quantize_dynamic(exact, options.out / name, weight_type=QuantType.QInt8, per_channel=True)
    tokenizer = json.loads((Path(options.model) / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    (options.out / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
