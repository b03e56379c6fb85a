"""Which row names the columns: known where the header was stored, judged by its look where it was not."""

import re

from core.schema import StoredPassage
from core.text import Segment, segments_of
from core.text.column_names import column_names, header_rows, row_cells


def passage(text: str, header: str = "", *, known: bool = True) -> StoredPassage:
    """A passage; where ``known``, each of its lines with a bar or a comma is a row."""
    rows = tuple(match.span() for match in re.finditer(r"[^\n]*[|,][^\n]*", text)) if known else ()
    return StoredPassage("1", "s", "v", 0, 0, len(text), None, text, "", "", table_header=header, rows=rows)


def split(one: StoredPassage) -> list[Segment]:
    return segments_of(one)


def headers(one: StoredPassage) -> list[str]:
    spans = split(one)
    return [one.text[spans[index].start : spans[index].end] for index in sorted(header_rows(one, spans))]


def names(one: StoredPassage, row: str) -> list[str]:
    spans = split(one)
    index = next(index for index, span in enumerate(spans) if one.text[span.start : span.end].startswith(row))
    return column_names(one, spans, header_rows(one, spans), index)


def test_a_stored_header_is_known_however_the_file_writes_it() -> None:
    csv = passage('"Country, state",Duty\nNorway,none\nChile,some\n', "Country, state | Duty")
    assert headers(csv) == ['"Country, state",Duty']
    assert names(csv, "Chile") == ["Country, state", "Duty"]
    assert names(csv, '"Country') == []


def test_where_a_table_goes_on_its_first_row_is_a_row_like_the_others() -> None:
    going_on = passage("Norway | none\nChile | some", "Country | Duty")
    assert headers(going_on) == []
    assert names(going_on, "Norway") == ["Country", "Duty"]


def test_a_second_table_has_its_own_header_and_never_that_of_the_first() -> None:
    two = passage("Country | Duty\nNorway | 0%\n\nSize | Price\nSmall | 4 EUR", "Country | Duty")
    assert headers(two) == ["Country | Duty", "Size | Price"]
    assert names(two, "Small") == ["Size", "Price"]
    parted = passage("Country | Duty\nNorway | 0%\n\nThese are prices.\n\n1 kg | 4 EUR\n2 kg | 6 EUR", "Country | Duty")
    assert names(parted, "2 kg") == []


def test_an_empty_line_in_a_table_does_not_end_it() -> None:
    spaced = passage("Country,Duty\n\nNorway,none\n\nChile,some", "Country | Duty")
    assert names(spaced, "Chile") == ["Country", "Duty"]


def test_commas_part_the_cells_of_known_rows_only() -> None:
    text = "Monday, Tuesday\n\nNorway, Chile\n\nOpen, closed\n\nThen it ends."
    unknown = passage(text, known=False)
    spans = split(unknown)
    assert [span.kind for span in spans] == ["row", "row", "row", "sentence"]
    assert row_cells(unknown, spans[1]) == []
    assert row_cells(passage(text), spans[1]) == ["Norway", "Chile"]


def test_a_row_over_two_lines_is_cut_into_its_cells_all_the_same() -> None:
    text = "Plan,Holds\nLarge,ten parcels\nand a pallet"
    rows = ((0, 10), (11, len(text)))
    two_lines = StoredPassage(
        "1", "s", "v", 0, 0, len(text), None, text, "", "", table_header="Plan | Holds", rows=rows
    )
    assert row_cells(two_lines, split(two_lines)[1], 2) == ["Large", "ten parcels and a pallet"]


def test_the_first_column_may_have_no_name() -> None:
    matrix = passage(" | Small | Large\nParcel | 4.50 | 7.90\n | by air | by sea", " | Small | Large")
    assert headers(matrix) == [" | Small | Large"]
    assert names(matrix, "Parcel") == ["", "Small", "Large"]
    spans = split(matrix)
    assert row_cells(matrix, spans[2], 3) == ["", "by air", "by sea"]
