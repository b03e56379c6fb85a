"""Questions and answers that an owner wrote down: as a file of their own, and as found in a document or a table."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

from core.schema import Block, Document

KIND = "pairs"  # of a Document: each heading is a question, what stands under it the answer
BEGINS = "questions_and_answers"
# What the two columns of a table are called, in the languages that a visitor's page speaks, and in some more.
_QUESTION_WORDS = (
    "question questions q frage fragen pregunta preguntas domanda domande vraag vragen pergunta perguntas pytanie "
    "pytania fråga frågor spørgsmål spørsmål kysymys kysymykset otázka otázky soru sorular вопрос вопросы питання "
    "问题 問題 质询 質問 질문 سؤال"
)
_ANSWER_WORDS = (
    "answer answers a antwort antworten respuesta respuestas réponse réponses reponse reponses risposta risposte "
    "antwoord antwoorden resposta respostas odpowiedź odpowiedzi svar vastaus vastaukset odpověď odpovědi cevap "
    "cevaplar yanıt ответ ответы відповідь 答案 回答 答え 解答 답변 جواب إجابة"
)
QUESTIONS, ANSWERS = frozenset(_QUESTION_WORDS.split()), frozenset(_ANSWER_WORDS.split())
_FORMULA = ("=", "+", "-", "@")


class Pair(NamedTuple):
    """A question and its answer."""

    question: str
    answer: str


def pairs_to_json(pairs: Sequence[Pair]) -> bytes:
    """Return pairs as the file that a source of them is."""
    return json.dumps({BEGINS: [pair._asdict() for pair in pairs]}, ensure_ascii=False, indent=1).encode()


def pairs_from_json(data: bytes) -> list[Pair]:
    """Return what ``pairs_to_json`` wrote. Raises ValueError where the bytes are something else."""
    try:
        rows = json.loads(data)[BEGINS]
        return tidied((row["question"], row["answer"]) for row in rows)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("no questions and answers") from error


def tidied(rows: Iterable[tuple[str, str]]) -> list[Pair]:
    """Return rows that have both a question, on one line, and an answer."""
    pairs = (Pair(" ".join(_valid(question).split()), _valid(answer).strip()) for question, answer in rows)
    return [pair for pair in pairs if pair.question and pair.answer]


def names_pairs(header: Sequence[str]) -> bool:
    """Tell whether the columns of a table are named as a question and its answer."""
    if len(header) != 2:
        return False
    question, answer = (name.strip(" :*#\ufeff\"'").casefold() for name in header)
    return question in QUESTIONS and answer in ANSWERS


def pairs_in_table(document: Document, *, named: bool = True) -> list[Pair]:
    """Return the rows of a document that is one table of two columns, as pairs; [] where it is not.

    ``named``: only where the columns are named so; else the first two of the first table are taken, its header apart.
    """
    tables = [block for block in document.blocks if block.kind == "table"]
    if not tables or (named and any(map(partial(_is_apart, document), document.blocks))):
        return []
    rows = [_cells(document, row) for table in (tables if named else tables[:1]) for row in table.rows]
    if named:
        if not rows or not names_pairs(rows[0]) or any(len(row) != 2 for row in rows):
            return []
        rows = [row for row in rows if not names_pairs(row)]
    elif tables[0].header or (rows and names_pairs(rows[0][:2])):
        rows = rows[1:]
    return tidied((_unquoted(row[0]), _unquoted(row[1])) for row in rows if len(row) > 1)


def _is_apart(document: Document, block: Block) -> bool:
    """Tell whether a block is neither a table nor the name of its sheet."""
    name = document.text[block.start : block.end] if block.kind == "heading" else ""
    return block.kind not in ("table", "furniture") and name not in document.page_names


def pairs_of(document: Document) -> list[Pair]:
    """Return the pairs of a document of this kind, in order."""
    pairs: list[Pair] = []
    question, answer = "", ""
    for block in document.blocks:
        words = document.text[block.start : block.end]
        if block.kind != "heading":
            answer = f"{answer}\n\n{words}" if answer else words
            continue
        pairs += tidied([(question, answer)])
        question, answer = words, ""
    return [*pairs, *tidied([(question, answer)])]


def pairs_to_csv(pairs: Sequence[Pair]) -> bytes:
    """Return pairs as a table that spreadsheets open; what they would take for a formula is marked as text."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(("question", "answer"))
    writer.writerows([_as_text(cell) for cell in pair] for pair in pairs)
    return written.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unquoted(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _valid(text: object) -> str:
    return str(text or "").encode("utf-8", "replace").decode().replace("\0", " ").replace("\r\n", "\n")


def _cells(document: Document, row: tuple[int, int]) -> list[str]:
    """Cut a row into cells: of a delimited file as that is written, else at bars, of which an answer may have some."""
    words = document.text[slice(*row)]
    if document.kind != "csv":
        return [cell.strip() for cell in words.split(" | ", 1)]
    found = [next(csv.reader(io.StringIO(words), delimiter=mark), []) for mark in ",;\t|"]
    return max(found, key=lambda cells: (len(cells) == 2, len(cells)))
