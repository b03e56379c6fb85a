"""How often a preferred source is quoted first, and what it costs where another source alone has the answer.

    python -m tests.benchmarks.preferred [--only pairs,harm]

pairs  two sources that say 24 things otherwise, each in words of its own (``preferred_pairs.json``): share of the
       questions whose first quote is of the preferred one; each is preferred in turn, and neither
harm   the questions of ``answer_sets``: share whose first quote is right, with no source preferred and with all those
       preferred that do not hold the answer, the worst there can be
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.throwaway import import_files, throwaway_data

HERE = Path(__file__).parent
SETS = ("german", "handbook", "manual", "products")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; return the exit status."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.preferred", description="Count first quotes.")
    parser.add_argument("--only", default="pairs,harm", help="what to measure")
    only = parser.parse_args(arguments).only.split(",")
    lines: list[str] = []
    with throwaway_data() as data:
        lines += pairs(data) if "pairs" in only else []
        lines += [line for name in SETS for line in harm(name)] if "harm" in only else []
    sys.stdout.write("\n".join([*lines, ""]))
    return 0


def pairs(data: Path) -> list[str]:
    """Ask what both sources answer otherwise."""
    given = json.loads((HERE / "preferred_pairs.json").read_text(encoding="utf-8"))
    made, ids = _assistant(data, given)
    lines = []
    for liked in ("", "one", "other"):
        _prefer(made, ids.values(), [ids[liked]] if liked else [])
        first = [_quoted_first(made, fact) for fact in given["facts"]]
        shares = ", ".join(f"{side} {first.count(side) / len(first):.3f}" for side in ("one", "other", "neither"))
        lines.append(f"pairs, preferred {liked or 'neither'}: first quote of {shares}")
    return lines


def _assistant(data: Path, given: dict[str, Any]) -> tuple[str, dict[str, str]]:
    files = []
    for side in ("one", "other"):
        text = "\n\n".join(fact[side][0] for fact in given["facts"])
        path = data.parent / f"{given[side]}.txt"
        path.write_text(text, encoding="utf-8")
        files.append((path.name, path))
    made = import_files(files).assistant_id
    ids = _ids(made)
    return made, {side: ids[f"{given[side]}.txt"] for side in ("one", "other")}


def _ids(assistant_id: str) -> dict[str, str]:
    from core.assistants import source_rows

    return {row.name: row.id for row in source_rows.source_rows(assistant_id)}


def _prefer(assistant_id: str, all_ids: Iterable[str], liked: Iterable[str]) -> None:
    from core.assistants import source_order

    source_order.prefer(assistant_id, list(all_ids), on=False)
    source_order.prefer(assistant_id, list(liked), on=True)


def _quoted_first(assistant_id: str, fact: dict[str, Any]) -> str:
    quotes = _quotes(assistant_id, fact["question"])
    first = quotes[0] if quotes else ""
    return next((side for side in ("one", "other") if fact[side][1] in first), "neither")


def _quotes(assistant_id: str, question: str) -> list[str]:
    from core.pipeline import answer
    from core.schema import Answer
    from tests.benchmarks.answers import quotes_of

    last = list(answer(assistant_id, question))[-1]
    assert isinstance(last, Answer)
    return [" ".join(" ".join(pair).split()) for pair in quotes_of(last)]


def harm(name: str) -> list[str]:
    """Ask with everything preferred that does not hold the answer; what nothing answers must still be refused."""
    from core.pipeline import answer
    from core.schema import Answer
    from tests.benchmarks.answers import _asked, quotes_of, verdict
    from tests.benchmarks.questions import files_below, read_lines

    folder = HERE / "answer_sets" / name
    made = import_files(files_below(folder / "documents", folder / "none").items()).assistant_id
    ids = _ids(made)
    counted: dict[str, list[str]] = {"none preferred": [], "all others preferred": []}
    for path in (folder / "questions.jsonl", folder / "held_out.jsonl"):
        for number, given in read_lines(path):
            asked = _asked(number, given)
            if asked.history:
                continue
            _prefer(made, ids.values(), [])
            plain = list(answer(made, asked.text))[-1]
            assert isinstance(plain, Answer)
            before = verdict(quotes_of(plain), asked.answer)
            holding = {plain.citations[0].source_id} if before == "first" and asked.answer else set()
            _prefer(made, ids.values(), [key for key in ids.values() if key not in holding])
            after = list(answer(made, asked.text))[-1]
            assert isinstance(after, Answer)
            counted["none preferred"].append(before)
            counted["all others preferred"].append(verdict(quotes_of(after), asked.answer))
    return [
        f"{name}, {label}: first right {got.count('first')}, refused {got.count('refused')} of {len(got)}"
        for label, got in counted.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
