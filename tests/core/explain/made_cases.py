"""Words that a question should have found, made from real files, each with what keeps it back, known by how it is made.

Nothing here asks the code under test: what answers is told by the chat's own answer, where words stand by the files.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from core import pipeline
from core.assistants import documents, lifecycle, source_rows, sources
from core.explain import Cause
from core.sample import sample_files, sample_questions
from core.schema import Answer, Document
from core.viewer import cut_source
from tests.core.work import work_off

SETS = Path(__file__).resolve().parents[2] / "benchmarks" / "answer_sets"
EACH = 10
OTHER_QUESTIONS = 5
PAGES_READ = 3
LEAST_WORDS, MOST_CHARACTERS = 7, 240
REMOVED = 12  # sentences that the newer version has not


@dataclass(frozen=True)
class Case:
    """Words, the question that should find them, and what keeps them back."""

    cause: Cause
    question: str
    words: str
    form: str = "as they are"


@dataclass(frozen=True)
class Made:
    """The assistant that is asked, and all cases."""

    assistant_id: str
    cases: tuple[Case, ...]


def make() -> Made:
    """Fill two assistants from real files and make ``EACH`` cases of each cause.

    PDFs are to be read to ``PAGES_READ`` pages only.
    """
    asked = lifecycle.create_assistant("Help")
    other = lifecycle.create_assistant("Shop")
    handbook = (SETS / "handbook" / "documents" / "staff-handbook.md").read_text(encoding="utf-8")
    manual = SETS / "manual" / "documents"
    claims = next(path for path in sample_files() if path.name.startswith("claims"))
    files = [(path.name, path.read_bytes()) for path in sample_files() if path != claims]
    files += [(path.name, path.read_bytes()) for path in sorted(manual.iterdir())]
    sources.add_files(asked, [*files, ("staff-handbook.md", handbook.encode()), (claims.name, damaged(claims))])
    shop = SETS / "products" / "documents"
    sources.add_files(other, [(path.name, path.read_bytes()) for path in sorted(shop.iterdir())])
    work_off()
    gone = random.Random(1).sample(sentences(handbook), REMOVED)
    shorter = handbook
    for sentence in gone:
        shorter = shorter.replace(sentence, "")
    sources.add_files(asked, [("staff-handbook.md", shorter.encode())])
    work_off()
    return Made(asked, tuple(in_other_forms(_cases(asked, other, gone))))


def damaged(path: Path) -> bytes:
    """A Word file whose text is cut off in the middle of its last tags, as by a disk that was full."""
    whole, made = zipfile.ZipFile(path), io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in whole.namelist():
            data = whole.read(name)
            archive.writestr(name, data[: -len(data) // 5] if name == "word/document.xml" else data)
    return made.getvalue()


def sentences(text: str) -> list[str]:
    """Whole sentences on one line each, long enough to be found nowhere by chance."""
    found = re.findall(r"(?<![^\n. ])[A-ZÄÖÜ][^.\n|#*_`]{30,}?\.(?=\s)", text)
    return [each for each in dict.fromkeys(found) if len(each.split()) >= LEAST_WORDS and len(each) <= MOST_CHARACTERS]


def _cases(asked: str, other: str, gone: Sequence[str]) -> Iterator[Case]:
    rows = source_rows.source_rows(asked)
    texts = {row.id: document.text for row in rows if (document := document_of(asked, row.id))}
    here = plain(" ".join(texts.values()))
    questions = [question.question for question in sample_questions() if not question.history]
    any_question = Chooser(questions[:OTHER_QUESTIONS])

    def taken(cause: Cause, candidates: Sequence[str], seed: int) -> Iterator[Case]:
        fitting = [each for each in candidates if plain(each) not in here]
        assert len(fitting) >= EACH, (cause, len(fitting))
        for words in random.Random(seed).sample(fitting, EACH):
            yield Case(cause, any_question(), words)

    german = (SETS / "german" / "documents").iterdir()
    nowhere = [each for path in sorted(german) for each in sentences(path.read_text(encoding="utf-8"))]
    yield from taken(Cause.NO_SOURCE, nowhere, 2)
    elsewhere = [document_of(other, row.id) for row in source_rows.source_rows(other)]
    yield from taken(Cause.OTHER_ASSISTANT, [each for text in elsewhere if text for each in sentences(text.text)], 3)
    yield from taken(Cause.OLD_VERSION, gone, 4)
    yield from taken(Cause.NEVER_READ, list(unread_sentences()), 5)
    yield from cut_apart(asked, texts, any_question)
    yield from by_what_the_chat_says(asked, texts, questions)


def plain(text: str) -> str:
    return " ".join(text.split())


def document_of(assistant_id: str, source_id: str) -> Document | None:
    version = sources.source(assistant_id, source_id).version_id
    return documents.document(version) if version else None


class Chooser:
    """Takes questions in turn."""

    def __init__(self, questions: Sequence[str]) -> None:
        self._questions, self._next = questions, 0

    def __call__(self) -> str:
        self._next += 1
        return self._questions[self._next % len(self._questions)]


def unread_sentences() -> Iterator[str]:
    """Sentences on PDF pages beyond the last that is read, and of the Word file that cannot be read."""
    import pypdfium2

    for path in sample_files():
        if path.suffix == ".pdf":
            with pypdfium2.PdfDocument(path) as pdf:
                for number in range(PAGES_READ, len(pdf)):
                    text = pdf[number].get_textpage().get_text_range().replace("\r\n", " ")
                    yield from sentences(text)
        elif path.name.startswith("claims"):
            held = zipfile.ZipFile(io.BytesIO(damaged(path))).read("word/document.xml").decode("utf-8", "ignore")
            paragraphs = [re.sub("<[^>]*>", "", each) for each in held.split("</w:p>")]
            yield from sentences("\n".join(f"{each}\n" for each in paragraphs))


def cut_apart(assistant_id: str, texts: dict[str, str], question: Callable[[], str]) -> Iterator[Case]:
    """Words from before the overlap of two passages to behind it, so that neither holds all of them."""
    found = []
    for source_id, text in texts.items():
        passages = cut_source(assistant_id, source_id).passages
        for first, second in pairwise(passages):
            start, end = min(second.start, first.end) - 90, max(first.end, second.start) + 90
            words = text[max(0, start) : end].split()[1:-1]
            if start > first.start and end < second.end and len(words) >= LEAST_WORDS:
                found.append(" ".join(words))
    for torn in random.Random(6).sample(found, EACH):
        yield Case(Cause.CUT_APART, question(), torn)


def by_what_the_chat_says(assistant_id: str, texts: dict[str, str], questions: Sequence[str]) -> Iterator[Case]:
    """What the chat quotes, what of its hits it does not quote, and what is in no hit of it."""
    by_cause: dict[Cause, list[Case]] = {Cause.NOTHING: [], Cause.NOT_ANSWERING: [], Cause.OUTRANKED: []}
    choose = random.Random(7)
    everything = " ".join(map(plain, texts.values()))
    for question in questions:
        if min(map(len, by_cause.values())) >= EACH:
            break
        *_, answer = pipeline.answer(assistant_id, question)
        assert isinstance(answer, Answer)
        if answer.kind not in ("quotes", "unknown"):
            continue
        hits = " ".join(plain(hit.passage.text) for hit in pipeline.search(assistant_id, question))
        quoted = [plain(citation.quote) for citation in answer.citations]
        once = [each for text in texts.values() for each in sentences(text) if everything.count(plain(each)) == 1]
        inside = [each for each in once if plain(each) in hits and not any(touch(each, quote) for quote in quoted)]
        outside = [each for each in once if not any(part in hits for part in halves(each))]
        good = [quote for quote in quoted if len(quote.split()) >= LEAST_WORDS and everything.count(quote) == 1]
        for cause, words in ((Cause.NOTHING, good), (Cause.NOT_ANSWERING, inside), (Cause.OUTRANKED, outside)):
            if words:
                by_cause[cause].append(Case(cause, question, choose.choice(words)))
    for cause, cases in by_cause.items():
        assert len(cases) >= EACH, (cause, len(cases))
        yield from choose.sample(cases, EACH)


def touch(sentence: str, quote: str) -> bool:
    return plain(sentence) in quote or quote in plain(sentence)


def halves(sentence: str) -> tuple[str, str]:
    words = sentence.split()
    return " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])


# --- As people type or paste it -------------------------------------------------------------------------------------


def with_other_blanks(words: str) -> str:
    return words.replace(" ", "\n  ", 2).replace(" ", "\u00a0", 1)


def with_a_slip(words: str) -> str:
    """Two letters of the longest word in the wrong order."""
    longest = max(re.findall(r"[^\W\d_]+", words), key=len)
    at = len(longest) // 2
    return words.replace(longest, f"{longest[:at]}{longest[at + 1]}{longest[at]}{longest[at + 2 :]}", 1)


def turned_round(words: str) -> str:
    return " ".join(reversed(halves(words)))


def with_other_signs(words: str) -> str:
    return f"«{words.replace('-', ' – ').replace(',', '')}»"


FORMS: dict[str, Callable[[str], str]] = {
    "as they are": lambda words: words,
    "in capitals": str.upper,
    "other blanks": with_other_blanks,
    "other signs": with_other_signs,
    "a slip": with_a_slip,
    "turned round": turned_round,
}


def in_other_forms(cases: Iterator[Case]) -> Iterator[Case]:
    """Each case in one form, in turn."""
    names = list(FORMS)
    for number, case in enumerate(cases):
        form = names[number % len(names)]
        yield Case(case.cause, case.question, FORMS[form](case.words), form)
