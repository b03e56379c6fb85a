"""Makes pairs to train the checker with from the statements written for it.

    python -m training.claims.examples --claims FOLDER --out FILE.jsonl [--documents FOLDER]

``--claims`` holds a file of lines for each document, under the document's own folder and name, ``{"sentence",
"question", "where": [words of the document, …], "true", "kind"}``. Writes lines {"claim", "around", "shown", "true",
"other"}; ``other`` where the span has nothing to do with the statement.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from core.answer.passage_spans import Read, Span, read_passage, shown_spans
from core.answer.prompt_passages import PromptPassage
from core.chunk import chunk
from core.load.limits import Reading
from core.load.readers import find_reader
from core.schema import CutSettings, Hit, StoredPassage
from core.text import search_terms

DOCUMENTS = Path(__file__).parents[1] / "reader/documents"
NEAR, FAR = 3, 1  # spans that do not say it: the likeliest ones, and one of all
Line = dict[str, Any]


def passages_of(path: Path) -> list[PromptPassage]:
    """Read and cut a document as the product does."""
    document = find_reader(path.read_bytes(), Reading(path.name, 5000, 100, lambda *_: None))()
    made = []
    for p in chunk(document, CutSettings()):
        stored = StoredPassage(
            f"{path.stem}{p.ordinal}", path.stem, "v", p.ordinal, p.start, p.end, p.page, p.text, p.context,
            document.language, p.table_header, p.rows, p.page_breaks, p.heading_spans,
        )  # fmt: skip
        made.append(PromptPassage(Hit(stored, path.name, 1.0), (stored,)))
    return made


def flat(words: str) -> str:
    """Leave only letters and digits of words, as blanks and marks of Markdown differ between a file and its spans."""
    return "".join(character for character in words.casefold() if character.isalnum())


def pairs_of(line: Line, reads: Sequence[Read]) -> Iterator[Line]:
    """Make pairs of a statement: the spans that bear it out, or that it twists, and some that say something else."""
    wanted = [flat(where) for where in line["where"]]
    terms = set(search_terms(line["sentence"]))
    spans: list[tuple[float, Read, Span, int]] = []
    for read in reads:
        for span in read.spans:
            words = read.passage.text[span.start : span.end]
            bare = flat(words)
            held = sum(where in bare or (len(bare) > 20 and bare in where) for where in wanted)
            likely = len(terms & set(search_terms(words))) - 0.004 * len(words) + 0.5 * random.random()
            spans.append((likely, read, span, held))
    spans.sort(key=lambda each: -each[0])
    seen: set[tuple[str, str]] = set()

    def pair(read: Read, span: Span, *, true: bool, other: bool = False) -> Iterator[Line]:
        shown = shown_spans(read)[span]
        if shown not in seen:
            seen.add(shown)
            yield {"claim": line["sentence"], "around": shown[0], "shown": shown[1], "true": true, "other": other}

    whole = [each for each in spans if wanted and each[3] == len(wanted)]
    for _, read, span, _ in sorted(whole, key=lambda each: each[2].end - each[2].start)[:2]:
        yield from pair(read, span, true=line["true"])
    parts = [each for each in spans if each[3]]
    if not whole and len(wanted) > 1 and parts:
        chosen = [
            next((e for e in parts if where in flat(e[1].passage.text[e[2].start : e[2].end])), None)
            for where in wanted
        ]
        if all(chosen):
            shown = [shown_spans(each[1])[each[2]] for each in chosen if each]
            together = {
                "claim": line["sentence"],
                "around": shown[0][0],
                "shown": " ".join(words for _, words in shown),
            }
            yield {**together, "true": line["true"], "other": False}
    others = [each for each in spans if not each[3]]
    for _, read, span, _ in [*others[:NEAR], *random.sample(others, min(FAR, len(others)))]:
        yield from pair(read, span, true=False, other=True)


def main() -> None:
    """Write the pairs of every statement."""
    parser = argparse.ArgumentParser("python -m training.claims.examples")
    parser.add_argument("--claims", type=Path, required=True)
    parser.add_argument("--documents", type=Path, default=DOCUMENTS)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    random.seed(0)
    count = {True: 0, False: 0}
    with options.out.open("w", encoding="utf-8") as out:
        for path in sorted(options.claims.glob("*/*.jsonl")):
            document = options.documents / path.parent.name / f"{path.stem}.md"
            reads = [read_passage(passage, (), "") for passage in passages_of(document)]
            for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
                for pair in pairs_of(line, reads):
                    count[pair["true"]] += 1
                    out.write(
                        json.dumps(
                            {**pair, "kind": line["kind"], "document": f"{path.parent.name}/{path.stem}"},
                            ensure_ascii=False,
                        )
                        + "\n"
                    )
    print(count)


if __name__ == "__main__":
    main()
