"""Makes the reader's training examples from public question sets and from the documents written for it.

    python -m training.reader.examples --public FOLDER --shared FOLDER --out FOLDER

``--public`` holds clones of the repositories named in core/reader/MODEL_CARD.md, ``--shared`` the folder with
``nq_oracle.jsonl.gz`` and ``xquad``. Writes ``train.jsonl`` and ``measured.jsonl``; a line is one question:

    {"source", "question", "candidates": [[context, words], …], "gold": [index, …], "span": [start, end] | null}

``gold`` is empty where none of the candidates answers. ``span`` are the answering words in the first gold candidate.
Half of the questions of NQ and of XQuAD's paragraphs, told by a hash, are only measured with.
"""

import argparse
import copy
import csv
import gzip
import json
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from core.chunk import chunk
from core.embed import across_vectors
from core.load.limits import Reading
from core.load.readers import find_reader
from core.reader.candidates import candidates, surroundings
from core.schema import CutSettings, Document, Hit, StoredPassage
from core.text import search_terms, sentence_spans

KEPT = 24  # candidates of a question, of which each epoch draws some
ONE_IN = {"nq": 2, "xquad": 2, "across": 2}  # how many are kept to measure with, told by a hash
ACROSS = ("across", "across_one")  # how the folders end whose questions are in other languages than their documents
UNSEEN = "unseen"  # what the folders begin with that are only measured with
WRITTEN = Path(__file__).parent / "documents"
_COUNTED = re.compile(
    r"\b(how many|total|difference|most|least|last|first|next|previous|before|after|more|less|fewer|highest|lowest|"
    r"longest|shortest|largest|smallest|only|average|consecutive|above|below|other than|besides|both)\b",
    re.IGNORECASE,
)
Example = dict[str, Any]


def main() -> None:
    """Write the examples of every set."""
    parser = argparse.ArgumentParser("python -m training.reader.examples")
    parser.add_argument("--public", type=Path, required=True)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    random.seed(0)
    train: list[Example] = []
    measured: list[Example] = []
    for name, made in _sets(options.public, options.shared):
        examples = list(made)
        print(f"{name:12}{len(examples):7}", flush=True)
        for example in examples:
            half = str(example.pop("half", ""))
            held = (name == "written" and half.startswith(UNSEEN)) or (
                name in ONE_IN and zlib.crc32(half.encode()) % ONE_IN[name] == 0
            )
            source = "across" if name == "written" and half.endswith(ACROSS) else name
            (measured if held else train).append({"source": source, **example, **({"half": half} if held else {})})
    options.out.mkdir(parents=True, exist_ok=True)
    for file, lines in (("train", train), ("measured", measured)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (options.out / f"{file}.jsonl").write_text(text, encoding="utf-8")


def _sets(public: Path, shared: Path) -> Iterator[tuple[str, Iterable[Example]]]:
    yield "written", written(WRITTEN)
    yield "across", across(shared / "xquad")
    yield "nq", natural_questions(shared / "nq_oracle.jsonl.gz")
    for language in ("en", "de", "es"):
        yield "xquad", squad(json.loads((shared / "xquad" / f"{language}.json").read_text()), halves=True)
    for part in ("dev", "test"):
        yield "policyqa", squad(json.loads((public / f"PolicyQA/data/{part}.json").read_text()))
        yield "selqa", selqa(json.loads((public / f"selqa/ass/selqa-ass-{part}.json").read_text()))
        yield "feta", feta((public / f"FeTaQA/data/fetaQA-v1_{part}.jsonl").read_text().splitlines())
    yield (
        "covid",
        squad(json.loads((public / "COVID-QA/data/question-answering/200423_covidQA.json").read_text()), long=True),
    )
    for part in ("dev", "test_gold"):
        yield "tatqa", tatqa(json.loads((public / f"TAT-QA/dataset_raw/tatqa_dataset_{part}.json").read_text()))
    yield "wikitable", wiki_tables(public / "WikiTableQuestions")


def sentences_of(title: str, text: str) -> list[tuple[str, str, int]]:
    """Return (context, words, offset) of each sentence: the context is what the product gives the reader, too."""
    found: list[tuple[str, str, int]] = []
    before = ""
    for paragraph in re.finditer(r"[^\n]+", text):
        for start, end in sentence_spans(text, paragraph.start(), paragraph.end()):
            words = text[start:end]
            found.append((surroundings(title, "", before), " ".join(words.split()), start))
            before = words
    return found


def example(
    question: str,
    pool: Sequence[tuple[str, str]],
    gold: Sequence[int],
    span: tuple[int, int] | None = None,
    cosines: np.ndarray | None = None,
) -> Example:
    """Keep the gold candidates, then those that share most words with the question or, with ``cosines``, every other
    one of them nearest to it in meaning.
    """
    wanted = set(search_terms(question))
    near = sorted(
        (index for index in range(len(pool)) if index not in gold),
        key=lambda index: -len(wanted.intersection(search_terms(pool[index][1]))) + 0.9 * random.random(),
    )
    if cosines is not None:
        meant = sorted(near, key=lambda index: -cosines[index])
        near = list(dict.fromkeys(index for pair in zip(near, meant, strict=True) for index in pair))
    kept = [*gold, *near[: KEPT - len(gold)]]
    return {
        "question": question,
        "candidates": [list(pool[index]) for index in kept],
        "gold": list(range(len(gold))),
        "span": span,
    }


def squad(data: Any, *, halves: bool = False, long: bool = False) -> Iterator[Example]:
    """Questions over paragraphs: the sentence that holds the answer, against its neighbours and look-alikes."""
    for article in data["data"]:
        split = [sentences_of(article.get("title", ""), paragraph["context"]) for paragraph in article["paragraphs"]]
        for number, paragraph in enumerate(article["paragraphs"]):
            others = [item for other, items in enumerate(split) if other != number for item in items]
            for asked in paragraph["qas"]:
                made = _of_span(asked["question"], asked["answers"], split[number], others, long=long)
                if made:
                    yield {**made, "half": paragraph["context"][:40] if not halves else f"{article['title']}{number}"}


def across(folder: Path) -> Iterator[Example]:
    """XQuAD's questions in one language over its paragraphs in another, for what compares languages."""
    read = {language: json.loads((folder / f"{language}.json").read_text()) for language in ("en", "de", "es", "zh")}
    asked = {
        (language, question["id"]): question["question"]
        for language, data in read.items()
        for article in data["data"]
        for paragraph in article["paragraphs"]
        for question in paragraph["qas"]
    }
    for language, other in (("de", "en"), ("es", "en"), ("zh", "en"), ("en", "de"), ("en", "es")):
        data = copy.deepcopy(read[other])
        for question in (
            q for article in data["data"] for paragraph in article["paragraphs"] for q in paragraph["qas"]
        ):
            question["question"] = asked[language, question["id"]]
        yield from squad(data, halves=True)


def _of_span(
    question: str,
    answers: Sequence[Any],
    own: Sequence[tuple[str, str, int]],
    others: Sequence[tuple[str, str, int]],
    *,
    long: bool,
) -> Example | None:
    answer = answers[0] if answers else None
    if answer is None:
        return None
    begin = answer["answer_start"]
    for index, (_, words, start) in enumerate(own):
        if start <= begin < start + len(words):
            end = min(begin + len(answer["text"]), start + len(words))
            span = (begin - start, end - start) if len(answer["text"]) <= 80 else None
            near = own[max(0, index - 15) : index + 16] if long else own
            gold = near.index(own[index])
            pool = [item[:2] for item in near] + [item[:2] for item in random.sample(others, min(40, len(others)))]
            return example(question, pool, [gold], span)
    return None


def natural_questions(path: Path) -> Iterator[Example]:
    """Questions of Google's users over one passage each; look-alikes are sentences of other passages."""
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    split = [sentences_of(line["ctxs"][0]["title"], line["ctxs"][0]["text"]) for line in lines]
    terms = [set(search_terms(line["ctxs"][0]["text"])) for line in lines]
    for number, line in enumerate(lines):
        wanted = set(search_terms(line["question"]))
        like = sorted(random.sample(range(len(lines)), 300), key=lambda other: -len(wanted & terms[other]))[:6]
        own = split[number]
        golds = [
            (index, match)
            for index, (_, words, _) in enumerate(own)
            for answer in line["answers"]
            if (match := re.search(re.escape(answer), words, re.IGNORECASE))
        ]
        if not golds:
            continue
        first, match = max(golds, key=lambda found: len(wanted & set(search_terms(own[found[0]][1]))))
        others = [item[:2] for other in like if other != number for item in split[other]]
        kept = [item[:2] for index, item in enumerate(own) if index == first or index not in {g for g, _ in golds}]
        gold = kept.index(own[first][:2])
        made = example(line["question"], kept + others, [gold], (match.start(), match.end()))
        yield {**made, "half": line["question"]}


def selqa(data: Any) -> Iterator[Example]:
    """Sentence selection over sections of Wikipedia."""
    for asked in data:
        title = f"{asked['article']} > {asked['section']}"
        sentences = asked["candidates"]
        pool = [(surroundings(title, "", before), s) for before, s in zip(["", *sentences], sentences, strict=False)]
        if 0 < len(asked["answers"]) <= 3:
            yield example(asked["question"], pool, asked["answers"])


def shown_row(names: Sequence[str], cells: Sequence[str]) -> str:
    """Write a row as the product shows it: "Zone: 3 · up to 5 kg: 14.90"."""
    pairs = zip(names, cells, strict=False)
    return " · ".join(f"{name}: {value}" if name else value for name, value in pairs if value)


def feta(lines: Sequence[str]) -> Iterator[Example]:
    """Questions over tables of Wikipedia whose cells are marked."""
    for line in lines:
        asked = json.loads(line)
        names, *rows = asked["table_array"]
        gold = sorted({row - 1 for row, _ in asked["highlighted_cell_ids"] if row > 0})
        title = f"{asked['table_page_title']} > {asked['table_section_title']}"
        if 0 < len(gold) <= 3 and len(rows) > 3:
            yield example(asked["question"], [(title, shown_row(names, row)) for row in rows], gold)


def tatqa(data: Any) -> Iterator[Example]:
    """Questions over a table and the paragraphs around it, from annual reports."""
    for report in data:
        table = report["table"]["table"]
        head = 2 if len(table) > 2 and not any(map(str.strip, table[0][:1])) and not table[1][0].strip() else 1
        names = [
            " ".join(dict.fromkeys(row[column] for row in table[:head] if row[column]))
            for column in range(len(table[0]))
        ]
        rows = [(shown_row(names, row), row) for row in table[head:]]
        sentences = [item for part in report["paragraphs"] for item in sentences_of("", part["text"])]
        for asked in report["questions"]:
            if asked["answer_type"] != "span" or not asked.get("answer") or len(asked["answer"]) != 1:
                continue
            answer = asked["answer"][0]
            pool = [("", shown) for shown, _ in rows] + [(c, w) for c, w, _ in sentences]
            if asked["answer_from"] == "text":
                gold = [len(rows) + i for i, (_, words, _) in enumerate(sentences) if answer in words]
            else:
                gold = [i for i, (_, row) in enumerate(rows) if answer in [cell.strip() for cell in row]]
            if len(gold) == 1:
                at = pool[gold[0]][1].find(answer)
                yield example(
                    asked["question"], pool, gold, (at, at + len(answer)) if at >= 0 and len(answer) <= 80 else None
                )


def wiki_tables(folder: Path) -> Iterator[Example]:
    """Questions whose answer is one cell of one row, and questions by template that name a row and a column."""
    asked_of: dict[str, list[tuple[str, str]]] = {}
    for line in (folder / "data/training.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        _, question, table, answer = line.split("\t")
        asked_of.setdefault(table, []).append((question, answer))
    for path, asked in asked_of.items():
        with (folder / path).open(encoding="utf-8", newline="") as file:
            table = [[" ".join(cell.split()) for cell in row] for row in csv.reader(file, escapechar="\\")]
        if len(table) < 5 or not 2 <= len(table[0]) <= 10:
            continue
        names, *rows = table
        pool = [("", shown_row(names, row)) for row in rows[:60]]
        for question, answer in asked:
            gold = [index for index, row in enumerate(rows[:60]) if answer in row]
            if len(gold) == 1 and not _COUNTED.search(question):
                at = pool[gold[0]][1].find(answer)
                yield example(question, pool, gold, (at, at + len(answer)) if at >= 0 else None)
        yield from _by_template(names, rows[:60], pool)


_TEMPLATES = ("what is the {column} of {name}", "{name} {column}", "{column} {name}?", "{column} for {name}",
              "which {column} does {name} have?", "how about {name}, what {column}?")  # fmt: skip


def _by_template(
    names: Sequence[str], rows: Sequence[Sequence[str]], pool: Sequence[tuple[str, str]]
) -> Iterator[Example]:
    keys = [row[0] for row in rows]
    for _ in range(2):
        index, column = random.randrange(len(rows)), random.randrange(1, len(names))
        row = rows[index]
        if len(row) != len(names) or keys.count(row[0]) > 1 or not row[0] or not row[column] or len(row[0]) > 40:
            continue
        question = random.choice(_TEMPLATES).format(column=names[column].lower(), name=row[0])
        at = pool[index][1].rfind(f"{names[column]}: {row[column]}") + len(names[column]) + 2
        yield example(question, pool, [index], (at, at + len(row[column])) if at >= len(names[column]) + 2 else None)


def written(folder: Path) -> Iterator[Example]:
    """The questions written for this: candidates as the product makes them, from passages as it cuts them."""
    for path in sorted(folder.glob("*/*.md")):
        document = find_reader(path.read_bytes(), Reading(path.name, 5000, 100, lambda *_: None))()
        pool, places = _candidates_of(document, path.name)
        questions = [json.loads(line) for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()]
        vectors = across_vectors([words for _, words in pool] + [asked["question"] for asked in questions])
        for number, asked in enumerate(questions):
            cosines = vectors[: len(pool)] @ vectors[len(pool) + number]
            spans = [(document.text.index(a), document.text.index(a) + len(a)) for a in asked["answers"]]
            gold = [i for i, (start, end) in enumerate(places) if any(start < e and s < end for s, e in spans)]
            if gold or not spans:
                at = pool[gold[0]][1].find(asked["short"]) if gold and asked.get("short") else -1
                span = (at, at + len(asked["short"])) if at >= 0 else None
                yield {
                    **example(asked["question"], pool, gold, span, cosines),
                    "half": path.parent.name,
                    "kind": asked["kind"],
                }


def _candidates_of(document: Document, name: str) -> tuple[list[tuple[str, str]], list[tuple[int, int]]]:
    hits = [
        Hit(
            StoredPassage(
                str(p.ordinal), "s", "v", p.ordinal, p.start, p.end, p.page, p.text, p.context, "", p.table_header,
                p.rows, p.page_breaks,
            ),
            name,
            1.0,
        )
        for p in chunk(document, CutSettings())
    ]  # fmt: skip
    split, found = candidates(hits, ())
    pool, places = [], []
    for candidate in found:
        start = hits[candidate.hit].passage.start
        span = split[candidate.hit][candidate.index]
        pool.append((candidate.around, candidate.shown))
        places.append((start + span.start, start + span.end))
    return pool, places


if __name__ == "__main__":
    main()
