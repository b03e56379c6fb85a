"""The floor: the same work with the bare libraries, as their quickstarts write it. Nothing kept, checked or repaired.

python -m tests.benchmarks.floor [PDF ...]  prints both floors; without files, those of the shared corpus.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

SIZE, OVERLAP = 1600, 200
DIMENSION = 256
WORDS = 220  # a passage of about 1,500 characters
VOCABULARY = 20_000
LIMIT = 6


@dataclass(frozen=True, slots=True)
class FloorIngest:
    """What the floor read, and the seconds it took: ``parts`` names load (the libraries), read, embed and store."""

    files: int
    pages: int
    passages: int
    seconds: float
    parts: dict[str, float]


@dataclass(frozen=True, slots=True)
class FloorQuery:
    """Seconds of a bare hybrid query over ``passages`` rows: the middle one and the 95th of a hundred."""

    passages: int
    middle: float
    late: float


def floor_ingest(files: Sequence[Path], folder: Path | None = None) -> FloorIngest:
    """Read PDFs, slice them, embed them and make them searchable in ``folder`` (thrown away where none is given).

    One process, one file after the other, one write and one index at the end: the fastest these libraries are.
    """
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="answerbook-floor-") as made:
            return floor_ingest(files, Path(made))
    times = [time.perf_counter()]
    import lancedb
    import pypdfium2  # noqa: F401  loaded here, used in read_pdf
    import wordllama
    from lancedb.index import FTS

    model = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    times.append(time.perf_counter())
    pages, texts = 0, []
    for path in files:
        whole, length = read_pdf(path)
        pages += length
        texts += _slices(whole)
    times.append(time.perf_counter())
    vectors = model.embed(texts)
    times.append(time.perf_counter())
    table = lancedb.connect(folder / "floor.lance").create_table("floor", _rows(texts, vectors), mode="overwrite")
    table.create_index("text", config=FTS())
    times.append(time.perf_counter())
    steps = np.diff(times).tolist()
    parts = dict(zip(("load", "read", "embed", "store"), steps, strict=True))
    return FloorIngest(len(files), pages, len(texts), times[-1] - times[0], parts)


def read_pdf(path: Path) -> tuple[str, int]:
    """Return a PDF's text and its number of pages."""
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        whole = "\n".join(page.get_textpage().get_text_bounded() for page in document)
        return whole.encode("utf-8", "replace").decode(), len(document)


def floor_query(passages: int, rounds: int = 100) -> FloorQuery:
    """Ask a bare LanceDB table of made-up passages ``rounds`` hybrid questions: exact cosine and BM25, fused by it."""
    import lancedb
    from lancedb.index import FTS

    generator = np.random.default_rng(7)
    words = np.array([f"w{number}" for number in range(VOCABULARY)], dtype=object)
    chances = 1.0 / (np.arange(VOCABULARY) + 2.7)
    chances /= chances.sum()
    texts = [" ".join(words[generator.choice(VOCABULARY, WORDS, p=chances)]) for _ in range(passages)]
    vectors = generator.standard_normal((passages, DIMENSION), dtype=np.float32)
    asked = generator.standard_normal((rounds + 5, DIMENSION), dtype=np.float32)
    with tempfile.TemporaryDirectory(prefix="answerbook-floor-") as folder:
        table = lancedb.connect(folder).create_table("floor", _rows(texts, vectors))
        table.create_index("text", config=FTS())
        taken = []
        for vector in asked:
            question = " ".join(words[generator.choice(VOCABULARY, 8, p=chances)])
            began = time.perf_counter()
            query: Any = table.search(query_type="hybrid").vector(vector).text(question)
            query.distance_type("cosine").limit(LIMIT).to_list()
            taken.append(time.perf_counter() - began)
    middle, late = np.percentile(taken[5:], (50, 95)).tolist()  # the first five load what later ones find loaded
    return FloorQuery(passages, middle, late)


def _slices(text: str) -> list[str]:
    return [text[start : start + SIZE] for start in range(0, max(1, len(text) - OVERLAP), SIZE - OVERLAP)]


def _rows(texts: Sequence[str], vectors: np.ndarray) -> Any:
    import pyarrow as pa

    flat = pa.array(np.ascontiguousarray(vectors, dtype=np.float32).ravel(), pa.float32())
    return pa.table({"text": list(texts), "vector": pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1])})


def main(arguments: Sequence[str]) -> None:
    """Print both floors."""
    from tests.benchmarks.measured import report_pdfs

    done = floor_ingest([Path(name) for name in arguments] or report_pdfs())
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in done.parts.items())
    print(f"{done.files} PDFs, {done.pages} pages, {done.passages} passages in {done.seconds:.2f} s ({parts})")
    for passages in (1_000, 10_000, 100_000):
        query = floor_query(passages)
        print(f"{passages:>7} passages: {1000 * query.middle:.1f} ms (p50), {1000 * query.late:.1f} ms (p95)")


if __name__ == "__main__":
    main(sys.argv[1:])
