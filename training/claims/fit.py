"""Tells how the rules and the checker are put together, on statements about documents that it was not trained on.

    python -m training.claims.fit --claims FOLDER [--documents FOLDER] --out FILE.json

Each statement is checked against the passage it comes from and the two that are likeliest; of every span that is worth
a look stand the rules' verdict, the share of the words, and the checker's log-odds.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from core.answer.agreement import agreement
from core.answer.passage_spans import evidence, read_passage, shown_spans
from core.answer.prompt_passages import PromptPassage
from core.answer.support import _likely, _read_sentence, likelihood
from core.reader import stated
from core.text import asked_in
from training.claims.examples import DOCUMENTS, flat, passages_of

NEAR = 2  # passages that a sentence without a marker is compared with, as in core/answer/cite.py


def main() -> None:
    """Write the spans of every statement with what was found of them."""
    parser = argparse.ArgumentParser("python -m training.claims.fit")
    parser.add_argument("--claims", type=Path, required=True)
    parser.add_argument("--documents", type=Path, default=DOCUMENTS)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rows = []
    for path in sorted(options.claims.glob("*/*.jsonl")):
        passages = passages_of(options.documents / path.parent.name / f"{path.stem}.md")
        languages = (asked_in(passages[0].hit.passage.text) or "en",)
        for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            wanted = [flat(where) for where in line["where"]]
            near = sorted(passages, key=lambda p: -likelihood(line["sentence"], p, languages))[:NEAR]
            own = [p for p in passages if wanted and all(where in flat(p.hit.passage.text) for where in wanted)]
            named = (own or near)[0]
            spans = {p.hit.passage.id: spans_of(line, p, languages) for p in (named, *near)}
            rows.append(
                {**line, "document": path.stem, "named": spans[named.hit.passage.id],
                 "near": [spans[p.hit.passage.id] for p in near]}
            )  # fmt: skip
    options.out.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def spans_of(line: dict[str, Any], passage: PromptPassage, languages: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Return for each likely span: verdict, verdict without a marker, share, log-odds, words."""
    read = read_passage(passage, languages, "")
    told = asked_in(line["sentence"])
    said = _read_sentence(line["sentence"], read, told)
    asked = _read_sentence(line["question"], read, told) if line["question"] else None
    likely = _likely(said, read)
    shown = [shown_spans(read)[span] for span in likely]
    odds = stated(line["sentence"], shown) or []
    found = []
    for span, (_, words), odd in zip(likely, shown, odds, strict=True):
        marked, share = agreement(said, evidence(read, span), asked, added=False)
        added, _ = agreement(said, evidence(read, span), asked, added=True)
        found.append((marked, added, round(share, 3), round(odd, 2), words))
    return found


if __name__ == "__main__":
    main()
