"""A statement and spans of a document in, how surely each span says what is stated out: a model beside the reader.

How it was trained is told in CHECKER_CARD.md; ``training/claims`` makes it again. It is loaded when the first sentence
of an answer is checked, .3 s and about 60 MB, and so only where a model writes answers.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from core.reader.model import THREADS, Pair, inputs, loaded, sequence

CLAIM, AROUND, SHOWN = 64, 32, 96  # most tokens of each part, as the model was trained
REMEMBERED = 2_000
FILE = "checker.onnx"

_remembered: OrderedDict[tuple[str, Pair], float] = OrderedDict()
_one_at_a_time = threading.Lock()


def stated(statement: str, spans: Sequence[Pair]) -> list[float] | None:
    """Return the log-odds that each span says what is stated; None where the model cannot be loaded."""
    if not spans:
        return []
    if loaded(FILE) is None:
        return None
    with _one_at_a_time:
        unread = [span for span in dict.fromkeys(spans) if (statement, span) not in _remembered]
        for span, odds in zip(unread, _read(statement, unread), strict=True):
            _remembered[statement, span] = odds
        found = [_remembered[statement, span] for span in spans]
        while len(_remembered) > REMEMBERED:
            _remembered.popitem(last=False)
    return found


def _read(statement: str, spans: Sequence[Pair]) -> list[float]:
    found = loaded(FILE)
    assert found is not None
    session, tokenizer = found

    def odds(span: Pair) -> float:
        ids, parted, _, _ = sequence(tokenizer, statement, span, (CLAIM, AROUND, SHOWN))
        return float(session.run(None, inputs(ids, parted))[0][0])

    with ThreadPoolExecutor(THREADS, thread_name_prefix="checker") as threads:
        return list(threads.map(odds, spans))
