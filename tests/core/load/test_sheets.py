"""Spreadsheets of every kind: each cell as it is shown, and what is left out named."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.makers import make_zip
from tests.core.load.sheet_makers import (
    STRICT,
    make_container,
    make_ods,
    make_raw_xlsx,
    make_xls_stream,
    make_xlsb,
    make_xlsx,
    saved,
)
from tests.core.load.test_real_files import check_contract

CASES = Path(__file__).parent / "cases"
CELLS = (
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Item</t></is></c><c r="B1" t="inlineStr"><is><t>Price</t>'
    '</is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Lamp</t></is></c><c r="B2"><v>9.5</v></c></row>'
    "</sheetData>"
)


class Reader:
    def __init__(self, sandbox: Sandbox, limits: LoadLimits) -> None:
        self.sandbox, self.limits = sandbox, limits

    def __call__(self, data: bytes, name: str) -> Document:
        document = load(data, name, limits=self.limits, sandbox=self.sandbox)
        check_contract(document)
        return document


@pytest.fixture
def read(sandbox: Sandbox, limits: LoadLimits) -> Reader:
    return Reader(sandbox, limits)


def tables(document: Document) -> list[list[str]]:
    return [
        [document.text[start:end] for start, end in block.rows] for block in document.blocks if block.kind == "table"
    ]


def paragraphs(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == "paragraph"]


def said(document: Document) -> list[str]:
    return [warning.what for warning in document.warnings]


def test_merged_rows_name_each_of_their_rows(read: Reader) -> None:
    document = read((CASES / "x01_merged_rows.xlsx").read_bytes(), "x01.xlsx")
    assert "Northvale | Felby | Staff | 290" in tables(document)[0]
    assert "Southmere | Karo | Staff | 330" in tables(document)[0]


def test_numbers_are_shown_by_their_formats(read: Reader) -> None:
    document = read((CASES / "x05_number_formats.xlsx").read_bytes(), "x05.xlsx")
    assert tables(document)[0][1:] == [
        "Hinge H7 | 01067 | 4930123456 | 12.50 € | 12.5% | 0.5% | SN-0007 | 2.50 kg",
        "Bolt B2 | 00099 | 4930123457 | 1,299.00 € | 20.0% | 1.3% | SN-0042 | 0.75 kg",
    ]


def test_formulas_without_a_value_are_named(read: Reader) -> None:
    document = read((CASES / "x06_formulas_never_calculated.xlsx").read_bytes(), "x06.xlsx")
    assert said(document) == ["3 formulas were never calculated, so totals and other results are missing."]


def test_notes_stand_with_what_their_row_is_about(read: Reader) -> None:
    document = read((CASES / "x07_cell_comment.xlsx").read_bytes(), "x07.xlsx")
    assert "Note at B2 (Gasket GK-18): Reserved for Halden until 15 May; do not sell." in paragraphs(document)


def test_hidden_rows_and_columns_are_counted_and_not_read(read: Reader) -> None:
    document = read((CASES / "x08_hidden_row_and_column.xlsx").read_bytes(), "x08.xlsx")
    assert tables(document) == [["Article | Price", "Lamp L1 | 99", "Lamp L3 | 129"]]
    assert said(document) == ["1 hidden row and 1 hidden column were not read (Prices)."]


def test_text_boxes_and_charts_are_read(read: Reader) -> None:
    document = read((CASES / "x13_text_box_in_sheet.xlsx").read_bytes(), "x13.xlsx")
    assert paragraphs(document) == ["Deliveries to Karo need a permit.", "Chart: Output of the Felby line"]


def test_a_chart_names_its_series(read: Reader) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Month", "Sales"], ["May", 3], ["June", 4]):
        sheet.append(row)
    chart = BarChart()
    chart.title = "Sales by month"
    chart.y_axis.title = "Thousand euro"
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "E2")
    assert paragraphs(read(saved(book), "a.xlsx")) == ["Chart: Sales by month, Thousand euro"]


def test_notes_at_hidden_cells_stay_hidden(read: Reader) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Item", "Cost"], ["Lamp", 41]):
        sheet.append(row)
    sheet["B2"].comment = Comment("Bought from Felby", "")
    sheet.column_dimensions["B"].hidden = True
    assert "Felby" not in read(saved(book), "a.xlsx").text


def test_a_thread_of_comments_is_read_once(read: Reader) -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments" Target="notes.xml"/>'
        '<Relationship Id="b" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
        'Target="threads.xml"/></Relationships>'
    )
    note = "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\nComment:\n    Out of stock"
    parts: dict[str, str | bytes] = {
        "xl/_rels/sheet.xml.rels": relations,
        "xl/notes.xml": f'<comments><commentList><comment ref="B2"><text><t>{note}</t></text></comment></commentList>'
        "</comments>",
        "xl/threads.xml": '<ThreadedComments xmlns="a"><threadedComment ref="B2"><text>Out of stock</text>'
        '</threadedComment><threadedComment ref="B2"><text>Back in June</text></threadedComment></ThreadedComments>',
    }
    document = read(make_raw_xlsx(CELLS, extra=parts), "a.xlsx")
    assert paragraphs(document) == ["Note at B2 (Lamp): Out of stock", "Note at B2 (Lamp): Back in June"]


def test_a_head_of_three_rows_is_one_header(read: Reader) -> None:
    rows = [
        ["Region", "2025", None, None, None],
        [None, "Q1", None, "Q2", None],
        [None, "Revenue", "Cost", "Revenue", "Cost"],
        ["North", 10, 4, 12, 5],
        ["South", 7, 3, 8, 3],
    ]
    document = read(make_xlsx(rows, merged=["A1:A3", "B1:E1", "B2:C2", "D2:E2"]), "a.xlsx")
    assert document.blocks[-1].header == "Region | 2025 Q1 Revenue | 2025 Q1 Cost | 2025 Q2 Revenue | 2025 Q2 Cost"
    assert tables(document)[0][1:] == ["North | 10 | 4 | 12 | 5", "South | 7 | 3 | 8 | 3"]


def test_a_group_over_columns_needs_no_merged_cells(read: Reader) -> None:
    rows = [["", "2024", "", "2025", ""], ["Region", "Q1", "Q2", "Q1", "Q2"], ["North", 1, 2, 3, 4]]
    document = read(make_xlsx(rows), "a.xlsx")
    assert document.blocks[-1].header == "Region | 2024 Q1 | 2024 Q2 | 2025 Q1 | 2025 Q2"


def test_rows_of_words_below_a_merged_name_are_rows(read: Reader) -> None:
    rows = [["Name", "Contact", None], ["Ada", "ada@example.com", "room 4"], ["Bo", "bo@example.com", "room 5"]]
    document = read(make_xlsx(rows, merged=["B1:C1"]), "a.xlsx")
    assert tables(document)[0] == ["Name | Contact", "Ada | ada@example.com | room 4", "Bo | bo@example.com | room 5"]


def test_a_long_merged_text_is_not_repeated(read: Reader) -> None:
    text = "All prices are without tax and are valid for orders within the country only. " * 3
    rows = [["Item", "Price", "Terms"], ["Lamp", 1, text], ["Chair", 2, None], ["Desk", 3, None]]
    document = read(make_xlsx(rows, merged=["C2:C4"]), "a.xlsx")
    assert document.text.count("without tax") == 3


def test_one_coloured_cell_far_away_does_no_harm(read: Reader) -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    document = read(make_raw_xlsx(CELLS.replace("</sheetData>", far)), "a.xlsx")
    assert tables(document) == [["Item | Price", "Lamp | 9.5"]]
    filled = '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row></sheetData>'
    assert "7" in paragraphs(read(make_raw_xlsx(CELLS.replace("</sheetData>", filled)), "a.xlsx"))


def test_strict_open_xml_is_read(read: Reader) -> None:
    assert tables(read(make_raw_xlsx(CELLS, main=STRICT), "a.xlsx")) == [["Item | Price", "Lamp | 9.5"]]


def test_parts_may_lie_in_any_folder_and_have_backslashes(read: Reader) -> None:
    whole = make_raw_xlsx(CELLS, folder="data/book")
    assert tables(read(whole, "a.xlsx")) == [["Item | Price", "Lamp | 9.5"]]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name.replace("/", "\\"): archive.read(name) for name in archive.namelist()}
    assert tables(read(make_zip(dict(members)), "a.xlsx")) == [["Item | Price", "Lamp | 9.5"]]


def test_faults_in_the_styles_do_no_harm(read: Reader) -> None:
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="0.00"/></numFmts>'
        '<fonts><font><color rgb="nothing"/></font></fonts><fills><fill/></fills>'
        '<cellXfs><xf numFmtId="170" fontId="99"/></cellXfs>'
    )
    assert tables(read(make_raw_xlsx(CELLS, styles=styles), "a.xlsx"))[0][1] == "Lamp | 9.50"


def test_a_damaged_sheet_is_read_up_to_the_fault(read: Reader) -> None:
    document = read(make_raw_xlsx(CELLS + "<oops"), "a.xlsx")
    assert tables(document) == [["Item | Price", "Lamp | 9.5"]]
    assert said(document) == ["The sheet Rates is damaged: it was read only up to the fault."]


def test_a_workbook_with_everything_hidden_says_so(read: Reader) -> None:
    hidden = CELLS.replace("<row ", '<row hidden="1" ')
    with pytest.raises(LoadError, match="2 hidden rows were not read") as refusal:
        read(make_raw_xlsx(hidden), "a.xlsx")
    assert refusal.value.code == "no_text"


def test_an_old_workbook_is_shown_like_a_new_one(read: Reader) -> None:
    rows: list[list[str | float]] = [
        ["Region", "Item", "Price", "Share"],
        ["North", "Lamp", 1299.5, 0.125],
        ["", "Chair", 40.0, 0.2],
        ["", "Stool", 30.0, 0.1],
    ]
    stream = make_xls_stream(
        rows, formats=("General", "#,##0.00", "0.0%"), column_formats=(0, 0, 1, 2), hidden_rows=(3,),
        merged=[(1, 3, 0, 0)], box="Prices are without tax.",
    )  # fmt: skip
    shown = ["Region | Item | Price | Share", "North | Lamp | 1,299.50 | 12.5%", "North | Chair | 40.00 | 20.0%"]
    for data in (stream, make_container("Workbook", stream), make_container("WORKBOOK", stream)):
        document = read(data, "a.xls")
        assert (document.kind, tables(document)) == ("xls", [shown])
        assert said(document) == ["1 hidden row was not read (Prices)."]
    assert paragraphs(document) == ["Prices are without tax."]


def test_what_is_called_xls_is_read_as_what_it_is(read: Reader) -> None:
    page = b"<table><tr><th>Item</th><th>Price</th></tr><tr><td>Lamp</td><td>9.50</td></tr></table>"
    assert read(page, "a.xls").kind == "html"
    document = read(b"Item\tPrice\nLamp\t9.50\n", "a.xls")
    assert (document.kind, tables(document)) == ("csv", [["Item\tPrice", "Lamp\t9.50"]])
    assert said(document) == ["The name ends in .xls, but this is a table (CSV); it was read as that."]


def test_xml_spreadsheet_2003_is_read(read: Reader) -> None:
    sheet = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
    <Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
      xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles>
      <Style ss:ID="s1"><NumberFormat ss:Format="0.00&quot; kg&quot;"/></Style>
      <Style ss:ID="s2"><NumberFormat ss:Format="Short Date"/></Style></Styles>
    <Worksheet ss:Name="Stock"><Table><Column ss:Index="4" ss:Hidden="1"/>
      <Row><Cell><Data ss:Type="String">Shelf</Data></Cell><Cell><Data ss:Type="String">Item</Data></Cell>
        <Cell><Data ss:Type="String">Weight</Data></Cell><Cell><Data ss:Type="String">Cost</Data></Cell>
        <Cell><Data ss:Type="String">Since</Data></Cell></Row>
      <Row><Cell ss:MergeDown="1"><Data ss:Type="String">A</Data></Cell><Cell><Data ss:Type="String">Lamp</Data></Cell>
        <Cell ss:StyleID="s1"><Data ss:Type="Number">2.5</Data></Cell><Cell><Data ss:Type="Number">41</Data></Cell>
        <Cell ss:StyleID="s2"><Data ss:Type="DateTime">2024-03-31T00:00:00.000</Data></Cell></Row>
      <Row><Cell ss:Index="2"><Data ss:Type="String">Chair</Data>
        <Comment><ss:Data>Two are broken</ss:Data></Comment></Cell></Row>
    </Table></Worksheet></Workbook>"""
    document = read(sheet.encode(), "a.xls")
    assert tables(document) == [["Shelf | Item | Weight | Since", "A | Lamp | 2.50 kg | 2024-03-31", "A | Chair"]]
    assert paragraphs(document) == ["Note at B3 (A, Chair): Two are broken"]
    assert said(document) == ["1 hidden column was not read (Stock)."]


def test_a_binary_workbook_is_shown_like_any_other(read: Reader) -> None:
    rows: list[list[str | float | None]] = [
        ["Region", "Item", "Price"], ["North", "Lamp", 1299.5], ["", "Secret", 1.0], [None, "Chair", 40.0],
    ]  # fmt: skip
    document = read(make_xlsb(rows, '#,##0.00\\ "€"', merged=[(1, 3, 0, 0)]), "a.xlsb")
    assert document.kind == "xlsb"
    assert tables(document) == [["Region | Item | Price", "North | Lamp | 1,299.50 €", "North | Chair | 40.00 €"]]
    assert said(document) == ["1 hidden row was not read (Prices)."]


def ods_cell(text: str, more: str = "", inside: str = "") -> str:
    return f"<table:table-cell {more}>{inside}<text:p>{text}</text:p></table:table-cell>"


def test_an_opendocument_spreadsheet_is_read_as_shown(read: Reader) -> None:
    note = "<office:annotation><text:p>Sold out</text:p></office:annotation>"
    empty = '<table:table-cell table:number-columns-repeated="16380"/>'
    rows = (
        ods_cell("Region") + ods_cell("Item") + ods_cell("Price") + ods_cell("Cost") + empty,
        ods_cell("North", 'table:number-rows-spanned="2"')
        + ods_cell("Lamp<text:s text:c='2'/>L1", inside=note)
        + ods_cell("12,50 €", 'office:value-type="currency" office:value="12.5"')
        + ods_cell("41"),
        "<table:covered-table-cell/>" + ods_cell("Chair") + ods_cell("03/31/24", 'office:value-type="date" '
        'office:date-value="2024-03-31"'),
    )  # fmt: skip
    table = (
        '<table:table table:name="Prices"><table:table-column table:number-columns-repeated="3"/>'
        '<table:table-column table:visibility="collapse"/>'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + '<table:table-row table:visibility="filter">' + ods_cell("Withdrawn") + "</table:table-row>"
        + '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row></table:table>'
        '<table:table table:name="Margins" table:style-name="gone"><table:table-row>' + ods_cell("secret")
        + "</table:table-row></table:table>"
    )  # fmt: skip
    styles = '<style:style style:name="gone"><style:table-properties table:display="false"/></style:style>'
    document = read(make_ods(table, styles=styles), "a.ods")
    assert document.kind == "ods"
    assert tables(document) == [["Region | Item | Price", "North | Lamp L1 | 12,50 €", "North | Chair | 2024-03-31"]]
    assert paragraphs(document) == ["Note at B2 (North, Lamp L1): Sold out"]
    assert said(document) == [
        "A hidden sheet was not read: Margins.",
        "1 hidden row and 1 hidden column were not read (Prices).",
    ]


def test_repeated_cells_stay_within_bounds(read: Reader) -> None:
    many = 'table:number-columns-repeated="99999999"'
    row = '<table:table-row table:number-rows-repeated="99999999">' + ods_cell("all of it", many)
    greedy = f'<table:table table:name="A">{row}</table:table-row></table:table>'
    with pytest.raises(LoadError) as refusal:
        read(make_ods(greedy), "a.ods")
    assert refusal.value.code == "too_large"


def test_a_locked_opendocument_spreadsheet_says_so(read: Reader) -> None:
    manifest: dict[str, str | bytes] = {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}
    with pytest.raises(LoadError) as refusal:
        read(make_ods("", extra=manifest), "a.ods")
    assert refusal.value.code == "encrypted"


@pytest.mark.parametrize(
    ("name", "header", "last", "above"),
    [
        ("c04_sep_line.csv", "Code | Meaning | Action", "E70;Fan stalled;Replace the fan", []),
        (
            "c05_preamble_before_header.csv",
            "Order | Customer | Amount",
            "10023,Felby,19.99",
            ["Export from ERP Quill\r\nCreated 2026-03-01"],
        ),
        ("c10_numbers_header_years.csv", "Product | 2023 | 2024 | 2025", "Oar set,7,6,9", []),
    ],
)
def test_the_header_of_a_csv_is_found(name: str, header: str, last: str, above: list[str], read: Reader) -> None:
    data = (CASES / name).read_bytes()
    document = read(data, name)
    assert document.text == data.decode()
    assert [block.header for block in document.blocks if block.kind == "table"] == [header]
    assert tables(document)[0][-1] == last
    assert paragraphs(document) == above


def test_what_stands_around_a_csv_is_no_row_of_it(read: Reader) -> None:
    text = "Stock list,,,\nCreated,2026-01-01,,\n,,,\nItem,Shelf,Count,Note\n"
    text += 'Lamp,A,3,"two\nlines"\nChair,B,4,\n\n* in pieces,,,\n'
    document = read(text.encode(), "a.csv")
    assert paragraphs(document) == ["Stock list,,,\nCreated,2026-01-01", "* in pieces"]
    assert tables(document) == [["Item,Shelf,Count,Note", 'Lamp,A,3,"two\nlines"', "Chair,B,4,"]]
    assert document.blocks[1].header == "Item | Shelf | Count | Note"


@pytest.mark.parametrize(
    "piece",
    ['<row hidden="1" ', '<c r="A1" t="str"', "<t <rPh ", '<c r="A1" t="s" ', '<col hidden="1" '],
)
def test_markup_without_an_end_is_not_searched_again_and_again(piece: str, read: Reader) -> None:
    document = read(make_raw_xlsx(f"{CELLS}<!-- {piece * 200_000} -->"), "a.xlsx")
    assert tables(document) == [["Item | Price", "Lamp | 9.5"]]


def test_many_hidden_columns_and_merges_are_bounded(read: Reader) -> None:
    hidden = "<cols>" + '<col min="9" max="16384" hidden="1"/>' * 20_000 + "</cols>"
    merges = "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 20_000 + "</mergeCells>"
    document = read(make_raw_xlsx(hidden + CELLS + merges), "a.xlsx")
    assert document.text.count("Lamp") == 1
