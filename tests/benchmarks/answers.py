"""How often the first answer is right, for any folder of files and questions as strangers type them.

    python -m tests.benchmarks.answers --documents FOLDER --questions FILE.jsonl --json OUT

A line of the questions is ``{"question": …, "answer": ["regular expression", …]}``, any of which tells a right quote,
or ``{"question": …, "answer": null}`` where the documents do not answer. ``"history"`` holds what was said before it:
an earlier question is a text, and is really asked; what was said is ``{"role": "user" | "assistant", "text": …}``, or a
pair [question, answer]. ``"kind"`` groups the questions in the table.

The files are read as the Knowledge page reads them, and each question is asked as the chat asks it: quotes where no
model is set, else a written answer, which counts as one quote. An expression is looked for in what a person sees of a
quote and in the words that it opens in the document, blanks made one, capitals or not.

right         one of the quotes matches
first         the first quote matches
refused       there is no quote
wrong         there are quotes, and none of them matches
absent        the share refused of what the documents do not answer

Each share comes with the interval that holds 95 of 100 samples drawn from the questions (bootstrap). Exit status 2: the
input cannot be used.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.benchmarks.questions import BadQuestion, files_below, read_lines
from tests.benchmarks.throwaway import import_files, percentile, throwaway_data

if TYPE_CHECKING:
    from core.schema import Answer, Turn

VERDICTS = ("right", "first", "refused", "wrong", "absent")
DRAWS = 2_000
SHARES = (2.5, 97.5)  # percentiles of the draws


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what tells a right answer (None: the documents do not answer), what was said before, and its kind."""

    line: int
    text: str
    answer: tuple[re.Pattern[str], ...] | None
    history: tuple[Any, ...] = ()
    kind: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, write the JSON, print the table; return the exit status."""
    parser = argparse.ArgumentParser("python -m tests.benchmarks.answers", description="Count the right answers.")
    parser.add_argument("--documents", type=Path, required=True, help="folder of files, subfolders included")
    parser.add_argument("--questions", type=Path, required=True, help="questions, one JSON object a line")
    parser.add_argument("--json", type=Path, required=True, help="where to write each answer and what was counted")
    options = parser.parse_args(arguments)
    try:
        if not options.documents.is_dir():
            raise BadQuestion(f"There is no folder {options.documents}.")
        files = files_below(options.documents, options.questions)
        questions = [_asked(number, given) for number, given in read_lines(options.questions)]
    except (BadQuestion, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    with throwaway_data():
        from core.errors import AnswerbookError

        try:
            report = measure(files, questions)
        except AnswerbookError as error:
            print(error, file=sys.stderr)
            return 2
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(table(report))
    return 0


def _asked(number: int, given: Mapping[str, Any]) -> Asked:
    if "answer" not in given:
        raise BadQuestion(f'Line {number} has no "answer": a list of regular expressions, or null.')
    expressions, history = given["answer"], given.get("history", [])
    if expressions is not None and (not isinstance(expressions, list) or not expressions):
        raise BadQuestion(f'Line {number}: "answer" is neither null nor a list of regular expressions.')
    if not isinstance(history, list) or not all(map(_can_be_said, history)):
        raise BadQuestion(f'Line {number}: "history" is no list of questions, pairs or {{"role": …, "text": …}}.')
    try:
        answer = None if expressions is None else tuple(re.compile(each, re.IGNORECASE) for each in expressions)
    except (re.error, TypeError) as error:
        raise BadQuestion(f"Line {number}: no regular expression: {error}.") from error
    return Asked(number, given["question"], answer, tuple(history), str(given.get("kind", "")))


def _can_be_said(said: Any) -> bool:
    if isinstance(said, dict):
        return said.get("role") in ("user", "assistant") and isinstance(said.get("text"), str)
    return isinstance(said, str) or (
        isinstance(said, list) and len(said) == 2 and all(isinstance(t, str) for t in said)
    )


def measure(files: Mapping[str, Path], questions: Sequence[Asked]) -> dict[str, Any]:
    """Read the files, ask every question; return each answer and what was counted, as written to the JSON."""
    imported = import_files(files.items())
    _ask(imported.assistant_id, "What is loaded once?", [])  # what is loaded once is no question's time
    rows = [_row(imported.assistant_id, question) for question in questions]
    seconds = [row["seconds"] for row in rows]
    return {
        "counted": counted(rows),
        "kinds": {kind: counted([row for row in rows if row["kind"] == kind]) for kind in sorted(_kinds(rows))},
        "seconds": {"p50": round(percentile(seconds, 0.5), 3), "p95": round(percentile(seconds, 0.95), 3)},
        "refused_files": [{"file": name, "sentence": sentence} for name, sentence in imported.refused],
        "each": rows,
    }


def _kinds(rows: Sequence[Mapping[str, Any]]) -> set[str]:
    return {row["kind"] for row in rows if row["kind"]}


def _row(assistant_id: str, question: Asked) -> dict[str, Any]:
    turns = _turns(assistant_id, question.history)
    began = time.perf_counter()
    answer = _ask(assistant_id, question.text, turns)
    seconds = time.perf_counter() - began
    quotes = quotes_of(answer)
    return {
        "line": question.line,
        "question": question.text,
        "kind": question.kind,
        "absent": question.answer is None,
        "verdict": verdict(quotes, question.answer),
        "answer": answer.text,
        "quotes": [list(shown) for shown in quotes],
        "seconds": round(seconds, 3),
    }


def _ask(assistant_id: str, question: str, turns: "Sequence[Turn]") -> "Answer":
    from core.pipeline import answer
    from core.schema import Answer

    last = list(answer(assistant_id, question, history=turns))[-1]
    assert isinstance(last, Answer)
    return last


def _turns(assistant_id: str, history: Sequence[Any]) -> "list[Turn]":
    """Return what was said before; an earlier question without its answer is asked here."""
    from core.schema import Turn

    turns: list[Turn] = []
    for said in history:
        if isinstance(said, str):
            answer = _ask(assistant_id, said, turns).text
            turns += [Turn("user", said), Turn("assistant", answer)]
        elif isinstance(said, dict):
            turns.append(Turn(said["role"], said["text"]))
        else:
            turns += [Turn("user", said[0]), Turn("assistant", said[1])]
    return turns


def quotes_of(answer: "Answer") -> list[tuple[str, str]]:
    """Return an answer's quotes, the first first: what a person sees of each, and its words in the document.

    Of a written answer its text alone counts: that it cites the right place does not make it right.
    """
    from core.markdown import quote_and_number

    if answer.kind == "written":
        return [(answer.text, "")]
    shown = [paragraph for paragraph in answer.text.split("\n\n") if quote_and_number(paragraph)[1]]
    return [(shown[citation.number - 1], citation.quote) for citation in answer.citations]


def verdict(quotes: Sequence[tuple[str, str]], answer: Sequence[re.Pattern[str]] | None) -> str:
    """Return "first", "right" (a later quote), "wrong" or "refused"; of what is absent, "refused" is right."""
    if not quotes:
        return "refused"
    right = [_matches(quote, answer or ()) for quote in quotes]
    return "first" if right[0] else "right" if any(right) else "wrong"


def _matches(quote: tuple[str, str], answer: Sequence[re.Pattern[str]]) -> bool:
    return any(expression.search(" ".join(words.split())) for words in quote for expression in answer)


def counted(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the shares of a number of rows, each ``{"share", "from", "to", "questions"}``; None of no questions."""
    asked = [row["verdict"] for row in rows if not row["absent"]]
    absent = [row["verdict"] for row in rows if row["absent"]]
    return {
        "right": share([verdict in ("first", "right") for verdict in asked]),
        "first": share([verdict == "first" for verdict in asked]),
        "refused": share([verdict == "refused" for verdict in asked]),
        "wrong": share([verdict == "wrong" for verdict in asked]),
        "absent": share([verdict == "refused" for verdict in absent]),
    }


def share(held: Sequence[bool]) -> dict[str, float | int] | None:
    """Return the share that holds and its bootstrap interval (percentile method, Efron 1979)."""
    if not held:
        return None
    values = np.array(held, dtype=float)
    draws = np.random.default_rng(0).choice(values, (DRAWS, len(values))).mean(axis=1)
    low, high = np.percentile(draws, SHARES)
    return {"share": round(values.mean(), 3), "from": round(low, 3), "to": round(high, 3), "questions": len(values)}


def table(report: Mapping[str, Any]) -> str:
    """Return a report as a table for people."""
    lines = [f"{'':16}" + "".join(f"{name:>9}" for name in VERDICTS) + f"{'questions':>12}"]
    for kind, counts in {"all": report["counted"], **report["kinds"]}.items():
        cells = "".join(f"{counts[name]['share']:9.3f}" if counts[name] else f"{'-':>9}" for name in VERDICTS)
        many = sum(counts[name]["questions"] for name in ("right", "absent") if counts[name])
        lines.append(f"{kind:16}{cells}{many:12}")
    lines += [
        "",
        *(
            f"{name}: between {counts['from']:.3f} and {counts['to']:.3f}"
            for name, counts in report["counted"].items()
            if counts
        ),
        f"an answer takes {report['seconds']['p50']:.2f} s (p50), {report['seconds']['p95']:.2f} s (p95)",
        *(f"not read: {refused['file']}: {refused['sentence']}" for refused in report["refused_files"]),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
