"""How much of what answers a question its search finds, for any folder of files and questions with known answers.

    python -m tests.benchmarks.recall --documents FOLDER --questions FILE.jsonl --json OUT [--k 5,10]

A line of the questions is ``{"question": …, "document": "a.txt", "spans": [[start, end], {"page": 3}]}`` or
``{"question": …, "documents": ["a.pdf", "b.pdf"]}``. ``document`` is the path below the folder, or the bare name where
only one file has it. ``start`` and ``end`` are characters of ``file.read_bytes().decode()``: a line break of two
characters counts two, a UTF-8 byte order mark counts one. For files that are no plain text (PDF, Word, …) they are
characters of the text that Answerbook made of it. Pages count from 1.

The files are read as the Knowledge page reads them, and each question goes through the search that Chat uses, once,
with the largest k. For each k, over the first k passages found:

recall          the share of a span's characters that lie in the passages of its document; mean over a question's
                spans, then over questions. The number to compare.
recall, any     the same, a span counting 1 when one character of it was found (lenient)
recall, whole   the same, a span counting 1 only when all of its characters were found (strict)
page hit        the share of a question's pages that a passage of its document touches; a passage touches every page
                from the one it begins on to the one it ends on
documents       the share of a question's documents of which there is a passage

Questions on files that could not be read count as not found. Exit status 2: the input cannot be used.
"""

import argparse
import json
import sys
import time
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.questions import BadQuestion, Question, byte_order_mark, covered, files_below, read_questions
from tests.benchmarks.throwaway import Imported, import_files, percentile, throwaway_data

if TYPE_CHECKING:
    from core.schema import Hit

MEASURES = {
    "recall": "recall",
    "recall_any": "recall, any",
    "recall_whole": "recall, whole",
    "page_hit": "page hit",
    "coverage": "documents",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that was found: its file, its characters in the decoded file, the pages it touches."""

    document: str
    start: int
    end: int
    pages: frozenset[int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, write the JSON, print the table; return the exit status."""
    options = _options(arguments)
    try:
        files = files_below(options.documents, options.questions)
        questions = read_questions(options.questions, files)
    except (BadQuestion, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    with throwaway_data():
        try:
            report = measure(files, questions, options.k)
        except BadQuestion as error:
            print(error, file=sys.stderr)
            return 2
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(report))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.benchmarks.recall", description="Measure what the search finds.")
    parser.add_argument("--documents", type=_folder, required=True, help="folder of files, subfolders included")
    parser.add_argument("--questions", type=_file, required=True, help="questions, one JSON object a line")
    parser.add_argument("--json", type=Path, required=True, help="where to write what was measured")
    parser.add_argument("--k", type=_counts, default=(5, 10), help="how many passages count, by default 5,10")
    return parser.parse_args(arguments)


def _folder(value: str) -> Path:
    if not Path(value).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {value}")
    return Path(value)


def _file(value: str) -> Path:
    if not Path(value).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {value}")
    return Path(value)


def _counts(value: str) -> tuple[int, ...]:
    try:
        counts = sorted({int(part) for part in value.split(",")})
    except ValueError:
        counts = [0]
    if counts[0] < 1:
        raise argparse.ArgumentTypeError(f"{value} is no list of counts from 1, such as 5,10")
    return tuple(counts)


def measure(files: Mapping[str, Path], questions: Sequence[Question], counts: Sequence[int]) -> dict[str, Any]:
    """Read the files, ask every question; return what was measured, as written to the JSON. Raises BadQuestion."""
    from core.pipeline import search

    imported = import_files(files.items())
    places = _Places(imported.assistant_id, files)
    for question in questions:
        places.check(question)
    rows, seconds = [], []
    for question in questions:
        began = time.perf_counter()
        hits = search(imported.assistant_id, question.text, limit=max(counts))
        seconds.append(time.perf_counter() - began)
        found = [places.of(hit) for hit in hits]
        scores = {str(count): score(question, found[:count]) for count in counts}
        rows.append({"line": question.line, "scores": scores})
    return {
        "k": list(counts),
        "questions": len(questions),
        "measures": {name: _means(name, rows) for name in MEASURES},
        "ingest": _ingest(imported, len(files)),
        "query": {
            "p50_ms": round(1000 * percentile(seconds, 0.5), 2),
            "p95_ms": round(1000 * percentile(seconds, 0.95), 2),
        },
        "each": rows,
    }


def score(question: Question, found: Sequence[Place]) -> dict[str, float]:
    """Return the measures of one question over the passages found; those that do not apply to it are left out."""
    scores: dict[str, float] = {}
    mine = [place for place in found if place.document in question.documents]
    spans = [span for span in question.spans if span.page is None]
    if spans:
        shares = [covered(span, [(place.start, place.end) for place in mine]) for span in spans]
        scores["recall"] = sum(shares) / len(shares)
        scores["recall_any"] = sum(share > 0 for share in shares) / len(shares)
        scores["recall_whole"] = sum(share == 1 for share in shares) / len(shares)
    pages = [span.page for span in question.spans if span.page is not None]
    if pages:
        touched = frozenset[int]().union(*(place.pages for place in mine))
        scores["page_hit"] = sum(page in touched for page in pages) / len(pages)
    scores["coverage"] = len({place.document for place in mine}) / len(question.documents)
    return scores


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is asked of a file that was read: where its pages begin, and its length in the file's own characters."""

    page_starts: tuple[int, ...]
    length: int
    mark: int
    kind: str


class _Places:
    """Knows the shapes of the files that were read, and so where a hit stands in them."""

    def __init__(self, assistant_id: str, files: Mapping[str, Path]) -> None:
        from core.assistants.source_names import clean_file_name
        from core.assistants.source_rows import source_rows

        shown = {clean_file_name(name): name for name in files}
        self._names = {row.id: shown[row.name] for row in source_rows(assistant_id)}
        self._shapes = _shapes(assistant_id, self._names, files)

    def check(self, question: Question) -> None:
        """Raise BadQuestion where a span lies behind the end of its file; a file that was not read is not judged."""
        shape = self._shapes.get(question.documents[0])
        if shape is None:
            return
        for span in question.spans:
            has = f"Line {question.line}: {question.documents[0]} has only"
            if span.page is None and span.end > shape.length:
                raise BadQuestion(f"{has} {shape.length} characters, and a span ends at {span.end}.")
            if span.page is not None and shape.kind == "pdf" and span.page > len(shape.page_starts):
                raise BadQuestion(f"{has} {len(shape.page_starts)} pages, and a span is on page {span.page}.")

    def of(self, hit: "Hit") -> Place:
        """Return where a hit stands, in the file's own characters."""
        passage = hit.passage
        name = self._names[passage.source_id]
        shape = self._shapes[name]
        pages = frozenset[int]() if passage.page is None else frozenset([passage.page])
        if shape.page_starts:
            first, last = (max(1, bisect_right(shape.page_starts, at)) for at in (passage.start, passage.end - 1))
            pages = frozenset(range(first, last + 1))
        return Place(name, passage.start + shape.mark, passage.end + shape.mark, pages)


def _shapes(assistant_id: str, names: Mapping[str, str], files: Mapping[str, Path]) -> dict[str, _Shape]:
    from core.assistants.documents import document
    from core.pipeline import retriever

    shapes = {}
    for source in retriever(assistant_id).sources.values():
        name = names[source.id]
        found = document(source.version_id)
        if found is not None:
            plain = found.kind in ("txt", "md", "csv")
            mark = byte_order_mark(files[name].read_bytes()) if plain else 0
            shapes[name] = _Shape(found.page_starts, len(found.text) + mark, mark, found.kind)
    return shapes


def _means(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, float | int]:
    asked = [row["scores"] for row in rows if all(name in scores for scores in row["scores"].values())]
    if not asked:
        return {"questions": 0}
    means = {count: round(sum(row[count][name] for row in asked) / len(asked), 4) for count in asked[0]}
    return {"questions": len(asked), **means}


def _ingest(imported: Imported, files: int) -> dict[str, Any]:
    counted = asdict(imported)
    del counted["assistant_id"]
    counted["refused"] = [{"file": name, "sentence": sentence} for name, sentence in imported.refused]
    counted |= {"files": files, "seconds": round(imported.seconds, 2), "megabytes": round(imported.megabytes, 3)}
    return counted


def table(report: Mapping[str, Any]) -> str:
    """Return a report as a table for people."""
    counts = [str(count) for count in report["k"]]
    lines = ["".join([f"{'':16}", *(f"{'at ' + count:>9}" for count in counts), f"{'questions':>12}"])]
    for name, label in MEASURES.items():
        means = report["measures"][name]
        if means["questions"]:
            cells = "".join(f"{means[count]:9.3f}" for count in counts)
            lines.append(f"{label:16}{cells}{means['questions']:12}")
    ingest, query = report["ingest"], report["query"]
    lines += [
        "",
        f"{ingest['read']} of {ingest['files']} files read in {ingest['seconds']:.1f} s: "
        f"{ingest['pages']:,} pages, {ingest['passages']:,} passages",
        f"a search takes {query['p50_ms']:.0f} ms (p50), {query['p95_ms']:.0f} ms (p95)",
        *(f"not read: {refused['file']}: {refused['sentence']}" for refused in ingest["refused"]),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
