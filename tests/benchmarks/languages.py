"""How well questions are answered that are in another language than the text.

    python -m tests.benchmarks.languages [--questions 300]

The 240 English paragraphs of XQuAD, asked in German, Spanish and Chinese: hit@5 by the ordinary search and by meaning,
share said to be answered with the paragraph there and its article gone, share of first quotes that hold the answer.
Then English about English, which must give the same hits; and German about a collection whose odd articles are German
and whose others are English. Everything through the product's own cutting, embedding, store and search.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from core.answer import ask
from core.chunk import chunk
from core.embed import ACROSS_LANGUAGES, embedding, embedding_info
from core.foreign import VectorFolder, vector_rows
from core.retrieve import LanguageRetriever, PassageRetriever, SourceInfo, fits
from core.schema import BUILT_IN_EMBEDDING, Answer, CutSettings, Document, Hit, Voice
from core.text import read_question
from tests.benchmarks.quality import SCOPE, Index, data_folder, index, xquad

Paragraphs = list[tuple[str, Document]]
Find = Callable[[str], list[Hit]]


def retriever_of(made: Index, folder: VectorFolder | None, without: frozenset[str] = frozenset()) -> PassageRetriever:
    """Return the product's retriever, with vectors or without; the sources named in ``without`` do not exist."""
    sources: Mapping[str, SourceInfo] = {key: each for key, each in made.sources.items() if each.name not in without}
    return LanguageRetriever(
        store=made.store,
        scope=SCOPE,
        embeddings=embedding(BUILT_IN_EMBEDDING),
        dense_weight=embedding_info(BUILT_IN_EMBEDDING).dense_weight,
        sources=sources,
        vectors=folder,
    )


def filled(made: Index, paragraphs: Paragraphs, folder: VectorFolder) -> None:
    """Make the vectors of all paragraphs, and say how fast."""
    documents, begun, rows = dict(paragraphs), time.perf_counter(), 0
    for source in made.sources.values():
        if source.language in ACROSS_LANGUAGES:
            document = documents[source.name]
            made_rows = vector_rows(chunk(document, CutSettings(), source.name), lambda: None)
            folder.write(source.version_id, made_rows)
            rows += len(made_rows)
    print(f"{rows} vectors, {rows / (time.perf_counter() - begun):.0f} a second", flush=True)


def found_at(asked: Sequence[tuple[str, str]], find: Find, limit: int) -> float:
    """Return the share of questions whose paragraph is among the first."""
    return among(asked, [find(question) for question, _ in asked], limit)


def among(asked: Sequence[tuple[str, str]], hits: Sequence[Sequence[Hit]], limit: int) -> float:
    """Return the share of questions whose paragraph is among the first of what was found."""
    right = (name in [hit.source_name for hit in found[:limit]] for (_, name), found in zip(asked, hits, strict=True))
    return sum(right) / len(asked)


def articles(folder: Path) -> dict[str, frozenset[str]]:
    """Return by paragraph all paragraphs of its article."""
    whole: dict[str, frozenset[str]] = {}
    for article in json.loads((folder / "xquad" / "en.json").read_text(encoding="utf-8"))["data"]:
        names = [f"{len(whole) + number:03}.txt" for number in range(len(article["paragraphs"]))]
        whole |= dict.fromkeys(names, frozenset(names))
    return whole


def answers(folder: Path) -> list[str]:
    """Return the English answers, in the order of the questions."""
    data = json.loads((folder / "xquad" / "en.json").read_text(encoding="utf-8"))["data"]
    return [each["answers"][0]["text"] for article in data for part in article["paragraphs"] for each in part["qas"]]


def across(folder: Path, chosen: Sequence[int]) -> None:
    """Ask English paragraphs in four languages."""
    paragraphs, _ = xquad(folder, "en")
    whole, right = articles(folder), answers(folder)
    with tempfile.TemporaryDirectory() as made_in, index(paragraphs) as made:
        vectors = VectorFolder(Path(made_in), "bench")
        filled(made, paragraphs, vectors)
        before, after = retriever_of(made, None), retriever_of(made, vectors)
        for language in ("de", "es", "zh"):
            questions = xquad(folder, language)[1]
            asked = [(questions[at].question, next(iter(questions[at].sources))) for at in chosen]
            begun = time.perf_counter()
            hits = [after.find(question, 6) for question, _ in asked]
            seconds = (time.perf_counter() - begun) / len(asked)
            known = [_fits(question, found) for (question, _), found in zip(asked, hits, strict=True)]
            gone = [
                _fits(question, retriever_of(made, vectors, whole[name]).find(question, 6)) for question, name in asked
            ]
            quoted = [_quote(after, questions[at].question) for at in chosen]
            print(
                f"{language} -> en, {len(asked)} questions: hit@5 {found_at(asked, before.find, 5):.3f} -> "
                f"{among(asked, hits, 5):.3f}, first {among(asked, hits, 1):.3f}, {seconds:.2f} s; said to fit, there "
                f"{sum(known) / len(known):.3f}, article gone {sum(gone) / len(gone):.3f}; first quote right "
                f"{sum(right[at] in quote for at, quote in zip(chosen, quoted, strict=True)) / len(chosen):.3f}",
                flush=True,
            )
        english = xquad(folder, "en")[1]
        same = [before.find(english[at].question) == after.find(english[at].question) for at in chosen]
        print(f"en -> en: the same hits for {sum(same)} of {len(same)} questions", flush=True)


def mixed(folder: Path, chosen: Sequence[int]) -> None:
    """Ask in German where the odd paragraphs are German and the others English."""
    german, english = xquad(folder, "de"), xquad(folder, "en")
    both = [(german if number % 2 else english)[0][number] for number in range(len(english[0]))]
    with tempfile.TemporaryDirectory() as made_in, index(both) as made:
        vectors = VectorFolder(Path(made_in), "bench")
        filled(made, both, vectors)
        before, after = retriever_of(made, None), retriever_of(made, vectors)
        for language, odd in (("German", True), ("English", False)):
            asked = [(german[1][at].question, next(iter(german[1][at].sources))) for at in chosen]
            asked = [(question, name) for question, name in asked if bool(int(name[:3]) % 2) is odd]
            print(
                f"de -> both, answer in {language}, {len(asked)} questions: hit@5 "
                f"{found_at(asked, before.find, 5):.3f} -> {found_at(asked, after.find, 5):.3f}",
                flush=True,
            )


def _fits(question: str, hits: Sequence[Hit]) -> bool:
    return fits(read_question(question, ("en",)), hits)


def _quote(retriever: PassageRetriever, question: str) -> str:
    *_, answer = ask(question, retriever=retriever, voice=Voice(), languages=retriever.languages)
    assert isinstance(answer, Answer)
    return answer.citations[0].quote if answer.citations else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the figures; exit status 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=300, help="ask only so many")
    options = parser.parse_args(arguments)
    folder = data_folder()
    if folder is None:
        print("XQuAD is not here: set ANSWERBOOK_TEST_DATA to the folder that holds xquad.")
        return 0
    count = len(xquad(folder, "en")[1])
    chosen = sorted(random.Random(11).sample(range(count), min(options.questions, count)))
    across(folder, chosen)
    mixed(folder, chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
