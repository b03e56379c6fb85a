"""How well the search finds what answers a question, and how well it knows that nothing does.

    python -m tests.benchmarks.quality --json OUT [--questions 300] [--only nq,xquad,reports,sample,unknown]

Everything goes through the product's own reading, cutting, embedding, store and search, with its defaults, in a
folder that is thrown away. The data is looked for in ``ANSWERBOOK_TEST_DATA`` or ``../shared/data``; what is not
there is left out with a sentence.

nq        2,655 real search questions, each with the one passage that answers it: hit@5, words alone (BM25), meaning
          alone, and both
xquad     paragraphs and questions in English, German, Spanish and Chinese: hit@5; questions in one language about
          paragraphs in another
reports   20 quarterly reports that look alike: share of the right documents found, of hits that are of a right
          document, and of the numbers in the reference answers that are found in right documents
sample    the shipped sample's own questions: share whose quote is in a passage found
unknown   the same questions with and without their source: share that is said to fit, and the area under the curve
"""

import argparse
import gzip
import json
import os
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from core.chunk import chunk
from core.embed import common_words, embedding, embedding_info, search_vector
from core.load import LoadLimits, Sandbox, load
from core.retrieve import PassageRetriever, SourceInfo, fits
from core.retrieve.fit import fit_score
from core.schema import BUILT_IN_EMBEDDING, Block, CutSettings, Document, Hit, Scope, StoredPassage, StoreHit
from core.settings import settings
from core.store import PassageStore
from core.store.lance.store import LanceStore
from core.text import Vocabulary, read_question, search_terms, words_in

PROJECT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en", "de", "es", "zh")
SCOPE = Scope("quality", 1, BUILT_IN_EMBEDDING, 256)
NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+|\d+\.\d+")
KINDS = {"nq", "xquad", "reports", "sample", "unknown"}

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the names of the sources that answer it, and what their passages must hold (any of them)."""

    question: str
    sources: frozenset[str]
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Index:
    """Sources made searchable: as an assistant would have them."""

    store: PassageStore
    sources: Mapping[str, SourceInfo]
    vocabulary: Vocabulary | None = None

    def find(self, question: str, limit: int, without: frozenset[str] = frozenset()) -> list[Hit]:
        """Search as the product does; the sources named in ``without`` do not exist."""
        kept = {key: info for key, info in self.sources.items() if info.name not in without}
        weight = embedding_info(BUILT_IN_EMBEDDING).dense_weight
        retriever = PassageRetriever(
            store=self.store,
            scope=SCOPE,
            embeddings=embedding(BUILT_IN_EMBEDDING),
            dense_weight=weight,
            sources=kept,
            vocabulary=self.vocabulary,
        )
        return retriever.find(question, limit)

    def one_part(self, question: str, limit: int, part: str) -> list[str]:
        """Return the names of the sources found by one half of the search: ``part`` "similarity" or "lexical"."""
        languages = sorted({info.language for info in self.sources.values()})
        vector = search_vector(embedding(BUILT_IN_EMBEDDING), question)
        found = self.store.search(
            SCOPE,
            vector=vector if part == "similarity" else None,
            terms=list(dict.fromkeys(search_terms(question, languages))) if part == "lexical" else [],
            limit=limit,
        )

        def value(item: StoreHit) -> float:
            return float(getattr(item, part) or 0.0)

        ordered = sorted(found, key=value, reverse=True)
        return [self.sources[item.passage.source_id].name for item in ordered[:limit]]


@contextmanager
def index(documents: Iterable[tuple[str, Document]], in_store: PassageStore | None = None) -> Iterator[Index]:
    """Cut, embed and store named documents in a folder that is thrown away, or in a store that is given."""
    with tempfile.TemporaryDirectory() as folder:
        store = in_store or LanceStore(Path(folder))
        sources: dict[str, SourceInfo] = {}
        stored: list[StoredPassage] = []
        texts: list[str] = []
        words: Counter[str] = Counter()
        for name, document in documents:
            key = uuid5(NAMESPACE_URL, name).hex
            identity = " ".join(document.text[:1200].split())[:600]
            sources[key] = SourceInfo(key, name, f"v{key}", document.title, document.language, identity)
            words.update(words_in(document.text))
            for passage in chunk(document, CutSettings(), document.title or name):
                text = passage.search_text
                texts.append(text)
                stored.append(
                    StoredPassage(
                        id=str(uuid5(NAMESPACE_URL, f"{key}/{passage.ordinal}")),
                        source_id=key,
                        version_id=f"v{key}",
                        ordinal=passage.ordinal,
                        start=passage.start,
                        end=passage.end,
                        page=passage.page,
                        text=passage.text,
                        context=passage.context,
                        terms=" ".join(search_terms(text, [document.language])),
                        table_header=passage.table_header,
                        rows=passage.rows,
                        page_breaks=passage.page_breaks,
                        heading_spans=passage.heading_spans,
                    )
                )
        vectors = np.asarray(embedding(BUILT_IN_EMBEDDING).embed_documents(texts), dtype=np.float32)
        store.add(SCOPE, stored, vectors)
        store.tidy(SCOPE)
        try:
            yield Index(store, sources, Vocabulary(words, common_words()))
        finally:
            store.close()


# --- data -------------------------------------------------------------------------------------------------------------


def data_folder() -> Path | None:
    """Return where the measuring data lies, or None."""
    folder = Path(os.environ.get("ANSWERBOOK_TEST_DATA") or PROJECT.parent / "shared" / "data")
    return folder if folder.is_dir() else None


def natural_questions(folder: Path) -> tuple[list[tuple[str, Document]], list[Asked]]:
    """Each gold passage is a source of its own, titled as its article."""
    documents: dict[tuple[str, str], str] = {}
    asked = []
    with gzip.open(folder / "nq_oracle.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            passage = (row["ctxs"][0]["title"], row["ctxs"][0]["text"])
            name = documents.setdefault(passage, f"{passage[0]} {len(documents)}")
            asked.append(Asked(row["question"], frozenset({name})))
    return [(name, _paragraphs([text], "en", title)) for (title, text), name in documents.items()], asked


def xquad(folder: Path, language: str) -> tuple[list[tuple[str, Document]], list[Asked]]:
    """Each paragraph is a source whose name says nothing; the names are the same in every language."""
    documents: list[tuple[str, Document]] = []
    asked: list[Asked] = []
    for article in json.loads((folder / "xquad" / f"{language}.json").read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            name = f"{len(documents):03}.txt"
            documents.append((name, _paragraphs([paragraph["context"]], language)))
            asked += [Asked(each["question"], frozenset({name})) for each in paragraph["qas"]]
    return documents, asked


def reports(folder: Path) -> tuple[list[tuple[str, Document]], list[Asked]]:
    """Quarterly reports, read from their PDFs; the quotes are the numbers of the reference answers."""
    lines = (folder / "sec_10q" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    asked = [
        Asked(row["question"], frozenset(row["documents"]), tuple(sorted(set(NUMBER.findall(row["answer"])))))
        for row in rows
    ]
    return _read(folder / "sec_10q" / "documents"), asked


def sample() -> tuple[list[tuple[str, Document]], list[Asked], list[Asked]]:
    """The shipped sample's files, its questions with their quotes, and those that the files do not answer."""
    lines = (PROJECT / "core" / "sample" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    asked, unknown = [], []
    for row in rows:
        if row["kind"] == "not_in_documents":
            unknown.append(Asked(row["question"], frozenset()))
        elif row["kind"] != "followup" and row.get("quote"):
            asked.append(Asked(row["question"], frozenset({row["document"]}), (row["quote"],)))
    return _read(PROJECT / "core" / "sample" / "files"), asked, unknown


def _read(folder: Path) -> list[tuple[str, Document]]:
    found = settings()
    limits = LoadLimits(found.file_seconds, found.file_memory_megabytes, found.file_pages, found.file_megabytes)
    sandbox = Sandbox()
    try:
        files = sorted(folder.iterdir())
        return [(path.name, load(path.read_bytes(), path.name, limits=limits, sandbox=sandbox)) for path in files]
    finally:
        sandbox.close()


def _paragraphs(texts: Sequence[str], language: str, title: str = "") -> Document:
    text = "\n\n".join(texts)
    return Document(text, (Block("paragraph", 0, len(text)),), "txt", title=title, language=language)


# --- measures ---------------------------------------------------------------------------------------------------------


def hit_rates(made: Index, asked: Sequence[Asked], *, parts: bool = True) -> Figures:
    """Share of questions one of whose sources is among the first 5: both together, and each half alone."""
    counts = dict.fromkeys(("first", "hit@5", *(("words alone", "meaning alone") if parts else ())), 0)
    started = time.perf_counter()
    for each in asked:
        names = [hit.source_name for hit in made.find(each.question, 5)]
        counts["first"] += bool(each.sources & set(names[:1]))
        counts["hit@5"] += bool(each.sources & set(names))
    milliseconds = (time.perf_counter() - started) / len(asked) * 1000
    if parts:
        for each in asked:
            counts["words alone"] += bool(each.sources & set(made.one_part(each.question, 5, "lexical")))
            counts["meaning alone"] += bool(each.sources & set(made.one_part(each.question, 5, "similarity")))
    return {name: count / len(asked) for name, count in counts.items()} | {"milliseconds": milliseconds}


def report_figures(made: Index, asked: Sequence[Asked], limit: int) -> Figures:
    """Mean share of the right documents found, of hits that are of one, and of the answer's numbers found there."""
    documents, right, numbers = [], [], []
    for each in asked:
        hits = made.find(each.question, limit)
        good = [hit for hit in hits if hit.source_name in each.sources]
        documents.append(len({hit.source_name for hit in good}) / len(each.sources))
        right.append(len(good) / max(len(hits), 1))
        text = " ".join(hit.passage.text for hit in good)
        if each.quotes:
            numbers.append(sum(number in text for number in each.quotes) / len(each.quotes))
    return {
        f"documents@{limit}": float(np.mean(documents)),
        f"hits of them@{limit}": float(np.mean(right)),
        f"numbers@{limit}": float(np.mean(numbers)),
    }


def quote_figures(made: Index, asked: Sequence[Asked]) -> Figures:
    """Share of questions whose quote stands in one of the first 1, 3 and 5 passages, blanks and cell bars aside."""
    ranks = []
    for each in asked:
        texts = [_plain(hit.passage.text) for hit in made.find(each.question, 5)]
        ranks.append(next((n for n, text in enumerate(texts) if any(_plain(q) in text for q in each.quotes)), 99))
    return {f"quote@{limit}": float(np.mean([rank < limit for rank in ranks])) for limit in (1, 3, 5)}


def unknown_figures(known: Iterable[tuple[str, list[Hit]]], unknown: Iterable[tuple[str, list[Hit]]]) -> Figures:
    """Share said to fit where the answer is there and where it is not, and the area under the curve."""
    there, gone = list(known), list(unknown)
    high = np.array([fit_score(read_question(question), hits) for question, hits in there])
    low = np.array([fit_score(read_question(question), hits) for question, hits in gone])
    above = (high[:, None] > low[None, :]).mean() + (high[:, None] == low[None, :]).mean() / 2
    return {
        "fits, there": float(np.mean([fits(read_question(question), hits) for question, hits in there])),
        "fits, gone": float(np.mean([fits(read_question(question), hits) for question, hits in gone])),
        "area": float(above),
    }


def _plain(text: str) -> str:
    return " ".join(text.replace("|", " ").split())


def _some(asked: Sequence[Asked], most: int | None) -> list[Asked]:
    return list(asked) if most is None or len(asked) <= most else random.Random(7).sample(list(asked), most)


def _with_and_without(made: Index, asked: Sequence[Asked]) -> Figures:
    return unknown_figures(
        ((each.question, made.find(each.question, 6)) for each in asked),
        ((each.question, made.find(each.question, 6, without=each.sources)) for each in asked),
    )


# --- the run ----------------------------------------------------------------------------------------------------------


def measure(kinds: set[str], folder: Path | None, most: int | None) -> Iterator[tuple[str, Figures]]:
    """Measure what is wanted and can be: names of measurements with their figures, one after the other."""
    few = min(most or 300, 300)
    if folder and kinds & {"nq", "unknown"}:
        documents, asked = natural_questions(folder)
        with index(documents) as made:
            if "nq" in kinds:
                yield "nq", hit_rates(made, _some(asked, most))
            if "unknown" in kinds:
                yield "unknown, nq", _with_and_without(made, _some(asked, few))
    if folder and kinds & {"xquad", "unknown"}:
        yield from _measure_xquad(kinds, folder, most, few)
    if folder and "reports" in kinds:
        documents, asked = reports(folder)
        with index(documents) as made:
            yield "reports", report_figures(made, asked, 5) | report_figures(made, asked, 10)
    if kinds & {"sample", "unknown"}:
        documents, asked, unanswered = sample()
        with index(documents) as made:
            if "sample" in kinds:
                yield "sample", quote_figures(made, asked)
            if "unknown" in kinds:
                there = ((each.question, made.find(each.question, 6)) for each in asked)
                gone = ((each.question, made.find(each.question, 6)) for each in unanswered)
                yield "unknown, sample", unknown_figures(there, gone)


def _measure_xquad(kinds: set[str], folder: Path, most: int | None, few: int) -> Iterator[tuple[str, Figures]]:
    questions = {language: xquad(folder, language)[1] for language in LANGUAGES}
    for language in LANGUAGES:
        with index(xquad(folder, language)[0]) as made:
            if "xquad" in kinds:
                yield f"xquad {language}", hit_rates(made, _some(questions[language], most))
            if "unknown" in kinds:
                yield f"unknown, xquad {language}", _with_and_without(made, _some(questions[language], few))
            if "xquad" in kinds and language == "en":
                for other in LANGUAGES[1:]:
                    yield f"xquad {other} asked of en", hit_rates(made, _some(questions[other], few), parts=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write the figures; exit status 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--questions", type=int, help="ask only so many questions of each set")
    parser.add_argument("--only", default=",".join(sorted(KINDS)), help="which measurements, joined by commas")
    options = parser.parse_args(arguments)
    kinds = set(options.only.split(","))
    if unknown := kinds - KINDS:
        parser.error(f"there is no measurement {sorted(unknown)}; there are {sorted(KINDS)}")
    folder = data_folder()
    if folder is None:
        print("No measuring data found (ANSWERBOOK_TEST_DATA, ../shared/data): only the sample is measured.")
    figures: dict[str, Figures] = {}
    for name, values in measure(kinds, folder, options.questions):
        figures[name] = values
        print(f"{name:24}", "  ".join(f"{key} {value:.3f}" for key, value in values.items()), flush=True)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
