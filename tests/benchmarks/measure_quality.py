"""What the search finds on the shared corpora, by the recall command's own measures and through the whole pipeline."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.measured import Line, Skipped, in_child, lines_from, shared_data
from tests.benchmarks.questions import Question, Span
from tests.benchmarks.recall import measure
from tests.benchmarks.throwaway import throwaway_data

MOST_QUESTIONS = 400  # of each corpus: more would not tell more, and take minutes
QUICK_QUESTIONS = 60
NQ_FOUND = 0.93
LANGUAGES = {"en": "English", "de": "German", "es": "Spanish", "zh": "Chinese"}


def quality(quick: bool) -> list[Line]:
    """Search questions, reports that look alike, articles in four languages; each in a fresh process."""
    if shared_data() is None:
        raise Skipped("The shared corpora are not on this machine: set ANSWERBOOK_TEST_DATA to their folder.")
    lines = lines_from(in_child("measure_quality:real_questions", quick))
    lines += lines_from(in_child("measure_quality:quarterly_reports", quick))
    for language in ("en",) if quick else LANGUAGES:
        lines += lines_from(in_child("measure_quality:articles", language, quick))
    return lines


def real_questions(quick: bool) -> list[Line]:
    """Which of 2,655 passages answers a real search question: the share found in the first 5, and by words alone."""
    with throwaway_data():
        from tests.benchmarks.quality import hit_rates, index, natural_questions

        documents, asked = natural_questions(_shared())
        chosen = asked[:: len(asked) // QUICK_QUESTIONS] if quick else asked
        with index(documents) as made:
            rates = hit_rates(made, chosen)
    note = f"{len(chosen):,} questions, {len(documents):,} passages"
    return [
        Line("search questions (NQ), answer found at 5", rates["hit@5"], "share", least=NQ_FOUND, note=note),
        Line("  by words alone (BM25)", rates["words alone"], "share"),
        Line("  by meaning alone", rates["meaning alone"], "share"),
    ]


def quarterly_reports(quick: bool) -> list[Line]:
    """Which of 20 reports is meant: the share of the right ones among those the first passages come from."""
    folder = _shared() / "sec_10q"
    files = {path.name: path for path in sorted((folder / "documents").glob("*.pdf"))}
    rows = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = []
    for number, row in enumerate(rows, 1):
        given = json.loads(row)
        questions.append(Question(number, given["question"], tuple(given["documents"])))
    return _lines("quarterly reports, right documents", "coverage", files, _some(questions, quick), (5, 10))


def articles(language: str, quick: bool) -> list[Line]:
    """Where in 48 articles the answer stands: the share of its characters in the first passages."""
    given = json.loads((_shared() / "xquad" / f"{language}.json").read_text(encoding="utf-8"))["data"]
    files: dict[str, Path] = {}
    questions: list[Question] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, article in enumerate(given):
            text = ""
            name = f"article-{number:02}.txt"
            for paragraph in article["paragraphs"]:
                questions += _asked(paragraph, name, len(text), len(questions))
                text += paragraph["context"] + "\n\n"
            files[name] = Path(folder) / name
            files[name].write_bytes(text.encode())
        title = f"articles in {LANGUAGES[language]}, answer found"
        return _lines(title, "recall", files, _some(questions, quick), (1, 5))


def _asked(paragraph: Mapping[str, Any], name: str, offset: int, before: int) -> list[Question]:
    questions = []
    for number, asked in enumerate(paragraph["qas"], before + 1):
        answer = asked["answers"][0]
        start = offset + answer["answer_start"]
        questions.append(Question(number, asked["question"], (name,), (Span(start, start + len(answer["text"])),)))
    return questions


def _shared() -> Path:
    shared = shared_data()
    if shared is None:
        raise Skipped("The shared corpora are not on this machine.")
    return shared


def _some(questions: Sequence[Question], quick: bool) -> Sequence[Question]:
    """Take as many questions from all over as a run asks."""
    return questions[:: -(-len(questions) // (QUICK_QUESTIONS if quick else MOST_QUESTIONS))]


def _lines(
    title: str, name: str, files: Mapping[str, Path], questions: Sequence[Question], counts: Sequence[int]
) -> list[Line]:
    with throwaway_data():
        report = measure(files, questions, counts)
    means, ingest, query = report["measures"][name], report["ingest"], report["query"]
    note = f"{len(questions)} questions, {ingest['passages']:,} passages; a search {query['p50_ms']:.0f} ms"
    lines = [Line(f"{title} at {count}", means[str(count)], "share") for count in counts]
    return [Line(lines[0].name, lines[0].value, "share", note=note), *lines[1:]]
