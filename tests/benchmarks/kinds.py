"""Does a cut that fits the document find at least as much as the cut of general text? For any folder of files.

    python -m tests.benchmarks.kinds --documents FOLDER [--json OUT] [--each 40]

The files are read as the Knowledge page reads them, each cut as the kind it is taken for. Of every file up to
``--each`` sentences are drawn (the same at each run), and each is asked for by some of its own words, through the
search that Chat uses; a question of a file of questions and answers is asked as it stands, and its answer looked for.
Then every source is cut as general text, by the way the Passages page does it, and all is asked again. Told by kind,
over the first 5 passages: the share of the words looked for that was found, and of those found whole.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.benchmarks.questions import Span, covered, files_below
from tests.benchmarks.throwaway import POLL_SECONDS, import_files, throwaway_data

if TYPE_CHECKING:
    from core.schema import Document

FOUND = 5
WORDS = 6
LETTERS = (40, 300)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.kinds", description="Compare cuts by kind.")
    parser.add_argument("--documents", type=Path, required=True, help="folder of files, subfolders included")
    parser.add_argument("--json", type=Path, help="where to write what was measured")
    parser.add_argument("--each", type=int, default=40, help="sentences asked for of each file")
    options = parser.parse_args(arguments)
    with throwaway_data():
        report = measure(options.documents, options.each)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    for kind, line in report.items():
        print(f"{kind:10} {line['questions']:5} questions  " + "  ".join(f"{k} {v}" for k, v in line.items()))
    return 0


def measure(folder: Path, each: int) -> dict[str, dict[str, Any]]:
    """Return by kind the questions asked and what was found of them with the kind's cut and with general text's."""
    from core.assistants import cut_kinds, documents, source_rows, sources

    files = files_below(folder, folder / "nothing")
    assistant_id = import_files(files.items()).assistant_id
    asked: list[tuple[str, str, str, Span]] = []
    for row in source_rows.source_rows(assistant_id):
        document = documents.document(sources.source(assistant_id, row.id).version_id) if row.answering else None
        if document is not None:
            kind = cut_kinds.source_kind(assistant_id, row.id).used
            asked += [(kind, row.id, text, span) for text, span in questions_of(document, kind, each)]
    fitting = _found(assistant_id, asked)
    changed = 0
    for row in source_rows.source_rows(assistant_id):
        changed += row.answering and cut_kinds.choose_kind(assistant_id, row.id, "text")
    _wait()
    general = _found(assistant_id, asked)
    report: dict[str, dict[str, Any]] = {}
    for kind in sorted({kind for kind, *_ in asked}):
        places = [number for number, question in enumerate(asked) if question[0] == kind]
        report[kind] = {"questions": len(places)}
        for name, shares in (("kind", fitting), ("general", general)):
            mine = [shares[place] for place in places]
            report[kind][f"{name}_recall"] = round(sum(mine) / len(mine), 4)
            report[kind][f"{name}_whole"] = round(sum(share == 1 for share in mine) / len(mine), 4)
    return report


def questions_of(document: "Document", kind: str, each: int) -> Iterator[tuple[str, Span]]:
    """Yield what is asked of a document, and where the answer stands in its text."""
    from core.chunk.kinds import question_marks
    from core.text import content_terms, sentence_spans

    drawn = random.Random(len(document.text))
    if kind == "questions":
        marks = question_marks(document)
        ends = [mark.start for mark in marks[1:]] + [len(document.text)]
        pairs = [(mark, end) for mark, end in zip(marks, ends, strict=True) if end - mark.end < 2000]
        for mark, end in drawn.sample(pairs, min(each, len(pairs))):
            answer = document.text[mark.end : end].strip()
            start = document.text.index(answer, mark.end) if answer else mark.end
            yield document.text[mark.start : mark.end], Span(start, start + len(answer))
        return
    spans = [
        span
        for block in document.blocks
        if block.kind in ("paragraph", "list", "table")
        for span in (block.rows or sentence_spans(document.text, block.start, block.end))
        if LETTERS[0] <= span[1] - span[0] <= LETTERS[1]
    ]
    for start, end in drawn.sample(spans, min(each, len(spans))):
        terms = set(content_terms(document.text[start:end], (document.language,)))
        words = [word for word in document.text[start:end].split() if set(content_terms(word)) & terms]
        if len(words) >= WORDS // 2:
            kept = sorted(drawn.sample(range(len(words)), min(WORDS, len(words))))
            yield " ".join(words[place] for place in kept), Span(start, end)


def _found(assistant_id: str, asked: Sequence[tuple[str, str, str, Span]]) -> list[float]:
    from core.pipeline import search

    shares = []
    for _, source_id, text, span in asked:
        hits = [hit.passage for hit in search(assistant_id, text, FOUND)]
        shares.append(covered(span, [(p.start, p.end) for p in hits if p.source_id == source_id]))
    return shares


def _wait() -> None:
    from core import jobs
    from core.worker import Worker

    worker = Worker()
    worker.start()
    while jobs.active_count():
        time.sleep(POLL_SECONDS)
    worker.stop()


if __name__ == "__main__":
    sys.exit(main())
