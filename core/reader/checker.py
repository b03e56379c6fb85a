"""A statement and spans of a document in, how surely each span says what is stated out: a model beside the reader.

How it was trained is told in CHECKER_CARD.md; ``training/claims`` makes it again. It is loaded when the first sentence
of an answer is checked, .3 s and about 60 MB, and so only where a model writes answers.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.reader.model import Pair, Remembered, inputs, read_once, sequence

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

CLAIM, AROUND, SHOWN = 64, 32, 96  # most tokens of each part, as the model was trained
FILE = "checker.onnx"

_remembered: Remembered[float] = OrderedDict()


def stated(statement: str, spans: Sequence[Pair]) -> list[float] | None:
    """Return the log-odds that each span says what is stated; None where the model cannot be loaded."""
    return read_once(FILE, statement, spans, _remembered, _odds)


def _odds(session: "InferenceSession", tokenizer: "Tokenizer", statement: str, span: Pair) -> float:
    ids, parted, _, _ = sequence(tokenizer, statement, span, (CLAIM, AROUND, SHOWN))
    return float(session.run(None, inputs(ids, parted))[0][0])
