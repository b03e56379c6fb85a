"""`python -m tests.fuzz --minutes N`: damaged files and hostile texts through all that a stranger's file goes through.

Reported are whatever is not an AnswerbookError, work that takes too long, a quote that does not stand in its document,
and a live link or HTML in a shown answer. Each report names the seed, which makes the same file again.
"""

import argparse
import random
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from core.answer.cite import check_citations
from core.answer.prompt_passages import PromptPassage
from core.answer.quote import quotes
from core.answer.safe_markdown import safe_markdown
from core.chunk import chunk, without_furniture
from core.errors import AnswerbookError
from core.load import LoadLimits, Sandbox, load
from core.schema import CutSettings, Document, Hit, StoredPassage
from core.text import read_question, search_terms
from tests.fuzz.mutate import mutated, own_files

LIMITS = LoadLimits(seconds=60, memory_megabytes=2048, pages=500, megabytes=20)
SLOW_SECONDS = 5.0
QUESTION = read_question("How much does it cost in 2023?", ("en",))
CANARY = "http://evil.example/"


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    arguments.add_argument("--minutes", type=float, default=1.0)
    arguments.add_argument("--seed", type=int, default=0, help="the first seed; the next files have the next ones")
    arguments.add_argument("--files", type=Path, help="a folder whose files are damaged as well")
    options = arguments.parse_args()
    files = own_files()
    if options.files:
        files += [(path.name, path.read_bytes()) for path in sorted(options.files.rglob("*")) if path.is_file()]
    until = time.monotonic() + options.minutes * 60
    seed, reports = options.seed, 0
    with_sandbox = Sandbox()
    try:
        while time.monotonic() < until:
            name, data = mutated(random.Random(seed), files)
            for report in holes(data, name, with_sandbox):
                reports += 1
                sys.stdout.write(f"seed {seed}, {name}, {len(data):,} bytes: {report}\n")
                sys.stdout.flush()
            seed += 1
    finally:
        with_sandbox.close()
    sys.stdout.write(f"{seed - options.seed:,} files, {reports} reports.\n")
    return 1 if reports else 0


def holes(data: bytes, name: str, sandbox: Sandbox) -> Iterator[str]:
    """Read one file and use its text as the app does; yield what should not have happened."""
    try:
        document = load(data, name, limits=LIMITS, sandbox=sandbox)
    except AnswerbookError as error:
        if error.code == "too_slow" or not error.remedy:
            yield f"{error.code}: {error.what}"
        return
    except Exception:  # noqa: BLE001  whatever it is, it is what is looked for
        yield traceback.format_exc()
        return
    started = time.thread_time()
    try:
        yield from escapes(document)
    except Exception:  # noqa: BLE001  the same
        yield traceback.format_exc()
    if (seconds := time.thread_time() - started) > SLOW_SECONDS + len(document.text) / 200_000:
        yield f"{seconds:.1f} s of processor time outside the child for {len(document.text):,} characters"


def escapes(document: Document) -> Iterator[str]:
    """Cut a document, quote it and let a model say its words; yield what of it would be live on a page."""
    hits = []
    for passage in chunk(document, CutSettings(), document.title or "Guide"):
        passage = without_furniture(document, passage)
        terms = " ".join(search_terms(passage.search_text, (document.language,)))
        if len(hits) < 8:
            stored = StoredPassage(
                str(passage.ordinal), "s", "v", passage.ordinal, passage.start, passage.end, passage.page, passage.text,
                passage.context, terms, passage.table_header, passage.rows, passage.page_breaks,
                passage.heading_spans,
            )  # fmt: skip
            hits.append(Hit(stored, "guide", 1.0))
    for quote in quotes(QUESTION, hits):
        if hits[quote.hit].passage.text[quote.start : quote.end] not in document.text:
            yield "a quote that does not stand in the document"
    for hit in hits[:3]:
        words = hit.passage.text
        shown = safe_markdown(f"{words} [x]({CANARY}) ![x]({CANARY}) <b onclick=x> [1]", "nothing")
        if CANARY in shown or "<b" in shown:
            yield f"live in an answer: {shown[-200:]!r}"
        check_citations(f"{words[:2000]} [1]", [PromptPassage(hit, (hit.passage,))])


if __name__ == "__main__":
    sys.exit(main())
