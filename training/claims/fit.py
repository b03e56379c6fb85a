"""Tells how the rules and the checker are put together, on statements about documents that it was not trained on.

    python -m training.claims.fit --claims FOLDER [--documents FOLDER] --out FILE.json

Each statement is checked against four passages of its document, those that are likeliest and the one it comes from; of
every span that is worth a look stand the rules' verdict, the share of the words, and the checker's log-odds.
"""

import argparse
import json
from pathlib import Path

from core.answer.agreement import agreement
from core.answer.passage_spans import evidence, read_passage, shown_spans
from core.answer.support import _likely, _read_sentence, likelihood
from core.reader import stated
from core.text import asked_in
from training.claims.examples import DOCUMENTS, flat, passages_of

GIVEN = 4


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
            words, question = line["sentence"], line["question"]
            wanted = [flat(where) for where in line["where"]]
            by_likelihood = sorted(passages, key=lambda p: -likelihood(words, p, languages))
            own = [p for p in passages if any(where in flat(p.hit.passage.text) for where in wanted)]
            told = asked_in(words)
            spans = []
            for passage in list(dict.fromkeys([*own[:2], *by_likelihood]))[:GIVEN]:
                read = read_passage(passage, languages, "")
                said = _read_sentence(words, read, told)
                asked = _read_sentence(question, read, told) if question else None
                likely = _likely(said, read)
                odds = stated(words, [shown_spans(read)[span] for span in likely]) or []
                for span, odd in zip(likely, odds, strict=True):
                    verdict, share = agreement(said, evidence(read, span), asked, added=False)
                    strict, _ = agreement(said, evidence(read, span), asked, added=True)
                    spans.append((verdict, strict, round(share, 3), round(odd, 2), shown_spans(read)[span][1]))
            rows.append({**line, "spans": spans, "document": path.stem})
    options.out.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
