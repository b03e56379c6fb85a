"""Ten tables as Word writes them, each with the rows that a reader of the page sees; all are invented."""

import io
from collections.abc import Callable

import docx
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table

Rows = list[list[str]]


def labelled_tables() -> list[tuple[str, bytes, Rows]]:
    """Return name, file and expected rows (the header first) of each table."""
    return [(make.__name__.strip("_"), *make()) for make in _MAKERS]


def _filled(document: WordDocument, rows: Rows) -> Table:
    table = document.add_table(len(rows), max(map(len, rows)))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, words in zip(row.cells, cells, strict=False):
            cell.text = words
    return table


def _saved(document: WordDocument) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _plain() -> tuple[bytes, Rows]:
    document = docx.Document()
    document.add_heading("Prices", 1)
    rows = [["Parcel", "Up to", "Price"], ["Small", "2 kg", "4.90 €"], ["Medium", "10 kg", "7.90 €"]]
    _filled(document, rows)
    document.add_paragraph("All prices with tax.")
    return _saved(document), rows


def _merged_down() -> tuple[bytes, Rows]:
    document = docx.Document()
    rows = [["Zone", "Service", "Days"], ["EU", "Standard", "5"], ["EU", "Express", "2"], ["World", "Express", "4"]]
    table = _filled(document, rows)
    for row in (1, 2):
        table.cell(row, 0).text = ""
    table.cell(1, 0).merge(table.cell(2, 0)).text = "EU"
    return _saved(document), rows


def _merged_across() -> tuple[bytes, Rows]:
    document = docx.Document()
    # As on the page: once, in the first of the columns that it reaches over.
    rows = [["Weight", "Standard", "Express"], ["1 kg", "5.00", "9.00"], ["5 kg", "on request", ""]]
    table = _filled(document, rows)
    table.cell(2, 1).merge(table.cell(2, 2)).text = "on request"
    return _saved(document), rows


def _breaks_in_cells() -> tuple[bytes, Rows]:
    document = docx.Document()
    rows = [["Day", "Hours"], ["Monday", "8:00-12:00 13:00-17:00"], ["Sunday", "closed"]]
    table = _filled(document, rows)
    cell = table.cell(1, 1)
    cell.text = "8:00-12:00"
    cell.add_paragraph("13:00-17:00")
    return _saved(document), rows


def _empty_cells() -> tuple[bytes, Rows]:
    document = docx.Document()
    rows = [["Code", "Note", "Weight"], ["A1", "", "3 kg"], ["B2", "fragile", ""], ["C3", "", "1 kg"]]
    _filled(document, rows)
    return _saved(document), rows


def _no_header() -> tuple[bytes, Rows]:
    document = docx.Document()
    rows = [["Telephone", "0431-555010"], ["Post", "Hafenstrasse 3, Kiel"], ["Hours", "8 to 18"]]
    _filled(document, rows)
    return _saved(document), rows


def _deleted_row() -> tuple[bytes, Rows]:
    document = docx.Document()
    rows = [["Size", "Fee"], ["S", "1.00"], ["old", "9.99"], ["M", "2.00"]]
    table = _filled(document, rows)
    mark = parse_xml(f'<w:trPr {nsdecls("w")}><w:del w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"/></w:trPr>')
    row = table.rows[2]._tr
    row.insert(0, mark)
    for run in list(row.iter(qn("w:r"))):
        deletion = parse_xml(f'<w:del {nsdecls("w")} w:id="2" w:author="a" w:date="2026-01-01T00:00:00Z"/>')
        run.getparent().replace(run, deletion)
        deletion.append(run)
        for text in run.iter(qn("w:t")):
            text.tag = qn("w:delText")
    return _saved(document), [rows[0], rows[1], rows[3]]


def _controls_in_cells() -> tuple[bytes, Rows]:
    document = docx.Document()
    rows = [["Field", "Value"], ["Customer number", "PZ-88231"], ["Contract", "Business"]]
    table = _filled(document, rows)
    for row in (1, 2):
        paragraph = table.cell(row, 1).paragraphs[0]._p
        control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtPr/><w:sdtContent/></w:sdt>")
        for run in list(paragraph.iter(qn("w:r"))):
            paragraph.remove(run)
            control[1].append(run)
        paragraph.append(control)
    return _saved(document), rows


def _inserted_words() -> tuple[bytes, Rows]:
    document = docx.Document()
    rows = [["Service", "Notice"], ["Storage", "ninety days"], ["Pick-up", "one day"]]
    table = _filled(document, rows)
    paragraph = table.cell(1, 1).paragraphs[0]._p
    insertion = parse_xml(f'<w:ins {nsdecls("w")} w:id="3" w:author="a" w:date="2026-01-01T00:00:00Z"/>')
    for run in list(paragraph.iter(qn("w:r"))):
        paragraph.remove(run)
        insertion.append(run)
    paragraph.append(insertion)
    return _saved(document), rows


def _rows_of_three_merged() -> tuple[bytes, Rows]:
    document = docx.Document()
    rows = [
        ["Region", "City", "Depot"],
        ["North", "Kiel", "K1"],
        ["North", "Kiel", "K2"],
        ["North", "Lübeck", "L1"],
        ["South", "Ulm", "U1"],
    ]
    table = _filled(document, rows)
    for column, last, words in ((0, 3, "North"), (1, 2, "Kiel")):
        for row in range(1, last + 1):
            table.cell(row, column).text = ""
        table.cell(1, column).merge(table.cell(last, column)).text = words
    return _saved(document), rows


_MAKERS: tuple[Callable[[], tuple[bytes, Rows]], ...] = (
    _plain,
    _merged_down,
    _merged_across,
    _breaks_in_cells,
    _empty_cells,
    _no_header,
    _deleted_row,
    _controls_in_cells,
    _inserted_words,
    _rows_of_three_merged,
)
