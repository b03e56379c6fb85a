"""Passages with tables, as cutting stores them, and what is answered from them."""

from collections.abc import Sequence

from core.answer.table_reading import TableAnswer, table_answers
from core.schema import Hit, StoredPassage
from core.text import read_question, search_terms

PARCELS = """Parcel prices in EUR

| Zone | up to 2 kg | up to 5 kg | up to 10 kg | up to 30 kg |
| Zone 1 | 5.90 | 7.40 | 9.80 | 18.20 |
| Zone 2 | 11.30 | 14.90 | 21.60 | 44.00 |
| Zone 3 | 22.70 | 48.00 | 63.50 | 120.00 |

Prices include tax."""


def hit(text: str, *, name: str = "file", start: int = 0, context: str = "", header: str | None = "") -> Hit:
    """A passage in which each line with a bar is a row; its header is stored as cutting does it. None: it has none."""
    rows, position = [], start
    for line in text.split("\n"):
        if "|" in line:
            rows.append((position, position + len(line)))
        position += len(line) + 1
    first = next((line for line in text.split("\n") if "|" in line), "")
    if header == "":
        header = " | ".join(cell.strip() for cell in first.strip("|").split("|"))
    ids = (f"{name}-{start}", name, f"{name}-1", 0)
    terms = " ".join(search_terms(text))
    passage = StoredPassage(
        *ids, start, start + len(text), None, text, context, terms, table_header=header or "", rows=tuple(rows)
    )
    return Hit(passage, name, 1.0, coverage=0.8)


def hits_of(*texts: str) -> list[Hit]:
    return [hit(text, name=f"file {number}") for number, text in enumerate(texts)]


def cells_of(answers: Sequence[TableAnswer]) -> list[str]:
    """The first cell and the cells that answer of each row, cut out of the text itself."""
    return [
        " · ".join([answer.cells[0].text, *(answer.hit.passage.text[start:end] for start, end in answer.spans)])
        for answer in answers
    ]


def asked(question: str, *texts: str, languages: Sequence[str] = ("en", "de", "es")) -> list[str]:
    return cells_of(table_answers(read_question(question, languages), hits_of(*texts)))
