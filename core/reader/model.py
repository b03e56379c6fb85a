"""Question and candidates in, how well each answers out: a cross-encoder of 23 MB that runs in this process.

How it was trained is told in MODEL_CARD.md; ``training/reader`` makes it again.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from core.log import log_failure

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

WEIGHTS = Path(__file__).parent / "weights"
FILE = "reader.onnx"
QUESTION, AROUND, SHOWN = 40, 32, 72  # most tokens of each part, as the model was trained
FIRST, PARTING = 101, 102  # BERT's [CLS] and [SEP]
LONGEST = 2_000  # characters of each part that are cut into tokens
THREADS = 2
REMEMBERED = 6_000  # readings kept, under 1 kB each: ranking, quoting and the next one who asks read the same sentences

Pair = tuple[str, str]
"""What stands around a sentence (headings, the sentence before), and its words on one line."""


@dataclass(frozen=True, slots=True)
class Answering:
    """``score``: log-odds that the candidate answers, against none of those given answering (0); a float.

    ``start`` and ``end`` are the characters of its words that answer by themselves; equal where nothing stands out.
    """

    score: float
    start: int
    end: int


Reading = TypeVar("Reading")
Remembered = OrderedDict[tuple[str, Pair], Reading]

_loading = threading.Lock()
_remembered: Remembered[Answering] = OrderedDict()
_one_at_a_time = threading.Lock()  # two threads are all there are: questions wait for each other


def prepare_reader() -> None:
    """Load the model in the background, .3 s and about 60 MB, so that it is there when the first question comes."""
    threading.Thread(target=_loaded_once, args=(FILE,), name="reader", daemon=True).start()


def answering(question: str, candidates: Sequence[Pair]) -> list[Answering] | None:
    """Read each candidate as an answer to the question; None where the model cannot be loaded on this machine."""
    return read_once(FILE, question, candidates, _remembered, _reading)


def read_once(
    file: str,
    first: str,
    pairs: Sequence[Pair],
    remembered: Remembered[Reading],
    reading: "Callable[[InferenceSession, Tokenizer, str, Pair], Reading]",
) -> list[Reading] | None:
    """Read each pair beside ``first``, unless it is ``remembered``; None where the model cannot be loaded."""
    if not pairs:
        return []
    model = _loaded_once(file)
    if model is None:
        return None
    with _one_at_a_time:
        unread = [pair for pair in dict.fromkeys(pairs) if (first, pair) not in remembered]
        with ThreadPoolExecutor(THREADS, thread_name_prefix="reader") as threads:
            for pair, read in zip(unread, threads.map(lambda pair: reading(*model, first, pair), unread), strict=True):
                remembered[first, pair] = read
        readings = [remembered[first, pair] for pair in pairs]
        while len(remembered) > REMEMBERED:
            remembered.popitem(last=False)
    return readings


def already_read(question: str, candidates: Sequence[Pair]) -> np.ndarray:
    """Tell of each candidate whether its reading is remembered, and costs nothing."""
    with _one_at_a_time:
        return np.array([(question, candidate) in _remembered for candidate in candidates], dtype=bool)


def characters_read(candidate: Pair) -> int:
    """Return about how many characters of a candidate the model reads, as a token has some four of them."""
    around, words = candidate
    return min(len(around), 4 * AROUND) + min(len(words), 4 * SHOWN)


def _loaded_once(file: str) -> "tuple[InferenceSession, Tokenizer] | None":
    """Load a model once, whoever asks first; None where it cannot be: everything answers without it then."""
    with _loading:
        return loaded(file)


@cache
def loaded(file: str) -> "tuple[InferenceSession, Tokenizer] | None":
    """Load a model of the folder of weights once, with the tokenizer; None where this machine cannot run it."""
    try:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        options = SessionOptions()
        options.intra_op_num_threads = 1  # each thread reads a candidate of its own
        options.enable_cpu_mem_arena = False  # what a long question needs is given back
        session = InferenceSession(WEIGHTS / file, options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(WEIGHTS / "tokenizer.json"))
    except Exception as error:  # noqa: BLE001 (a library that does not run on this processor fails in many ways)
        log_failure("reader.not_loaded", error, file=file)
        return None
    return session, tokenizer


def _reading(session: "InferenceSession", tokenizer: "Tokenizer", question: str, candidate: Pair) -> Answering:
    # One at a time: activations are scaled by the batch they are in, and what answers must not depend on that.
    ids, parted, begin, places = sequence(tokenizer, question, candidate, (QUESTION, AROUND, SHOWN))
    scores, marks = session.run(None, inputs(ids, parted))
    start, end = _span(marks[0, begin : begin + len(places)], places)
    return Answering(float(scores[0]), start, end)


def _ids(tokenizer: "Tokenizer", text: str) -> list[int]:
    return list(_encoded(tokenizer, text).ids)


def _encoded(tokenizer: "Tokenizer", text: str) -> "Encoding":
    """Cut a text into tokens; half a character pair, as a broken file may hold, is read as a question mark."""
    words = text[:LONGEST].encode("utf-8", "replace").decode("utf-8")
    return tokenizer.encode(words, add_special_tokens=False)


def sequence(
    tokenizer: "Tokenizer", first: str, pair: Pair, most: tuple[int, int, int]
) -> tuple[list[int], int, int, list[tuple[int, int]]]:
    """Return [CLS] first [SEP] around [SEP] words [SEP], where the second part and the words begin, and these' offsets.

    ``most`` are the tokens of the first part, of what stands around and of the words that are kept.
    """
    around, words = pair
    coded = _encoded(tokenizer, words)
    head = [FIRST, *_ids(tokenizer, first)[: most[0]], PARTING]
    before = _ids(tokenizer, around)[-most[1] :] if around else []
    ids = [*head, *([*before, PARTING] if before else [])]
    return [*ids, *coded.ids[: most[2]], PARTING], len(head), len(ids), list(coded.offsets[: most[2]])


def inputs(sequence: Sequence[int], parted: int) -> dict[str, Any]:
    """Return a sequence as the model takes it; ``parted`` is where its second part begins."""
    ids = np.array([sequence], dtype=np.int64)
    types = np.ones_like(ids)
    types[:, :parted] = 0
    return {"ids": ids, "mask": np.ones_like(ids), "types": types}


SPAN_TOKENS = 16


def _span(marks: np.ndarray, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Return the characters of the likeliest span of up to 16 tokens; ``marks`` is (tokens, 2), start and end."""
    if not places:
        return 0, 0
    starts, ends = marks[:, 0], marks[:, 1]
    sums = starts[:, None] + ends[None, :]
    within = np.tri(len(places), len(places), SPAN_TOKENS - 1, dtype=bool) & ~np.tri(len(places), k=-1, dtype=bool)
    first, last = np.unravel_index(np.argmax(np.where(within, sums, -np.inf)), sums.shape)
    return places[int(first)][0], places[int(last)][1]
