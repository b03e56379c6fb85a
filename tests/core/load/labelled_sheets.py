"""Ten invented tables in spreadsheets and CSV, each with the rows that must be read of it, its header row first."""

from collections.abc import Callable
from typing import NamedTuple

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.core.load.sheet_makers import make_ods, make_xlsx, saved

Rows = list[list[str]]


class Labelled(NamedTuple):
    """A file with a table in it: ``place`` counts the tables of the file from 0."""

    name: str
    make: Callable[[], bytes]
    rows: Rows
    place: int = 0


def _lodging() -> bytes:
    rows = [
        ["Region", "City", "Grade", "Rate per night"],
        ["Northvale", "Ostrum", "Director", 480],
        [None, None, "Staff", 350],
        [None, "Felby", "Director", 410],
        ["Southmere", "Karo", "Staff", 330],
    ]
    return make_xlsx(rows, merged=["A2:A4", "B2:B3"])


def _quarters() -> bytes:
    rows = [
        ["Revenue and cost by region", None, None, None, None],
        ["Region", "2025", None, "2026", None],
        [None, "Revenue", "Cost", "Revenue", "Cost"],
        ["North", 1200, 800, 1300, 850],
        ["South", 900, 700, 950, 710],
    ]
    return make_xlsx(rows, merged=["A1:E1", "A2:A3", "B2:C2", "D2:E2"])


def _months() -> bytes:
    rows = [
        ["", "2025", "", "2026", ""],
        ["Depot", "May", "June", "May", "June"],
        ["Halden", 10, 12, 11, 14],
        ["Karo", 7, 9, 8, 9],
    ]
    return make_xlsx(rows)


def _side_by_side() -> bytes:
    rows = [
        ["Item", "Price", None, "Zone", "Days"],
        ["Lamp", 9, None, "Inland", 2],
        ["Chair", 49, None, "Abroad", 5],
        ["Desk", 149, None, "Overseas", 21],
    ]
    return make_xlsx(rows)


def _with_notes() -> bytes:
    rows = [
        ["Opening hours of the depots"],
        [],
        ["Depot", "Monday to Friday", "Saturday"],
        ["Halden", "8:00-18:00", "9:00-13:00"],
        ["Felby", "7:30-16:00", "closed"],
        [],
        ["Closed on public holidays."],
    ]
    return make_xlsx(rows)


def _with_units() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (
        ["Article", "Code", "Weight", "Price", "Share"],
        ["Hinge", 67, 2.5, 1299, 0.125],
        ["Bolt", 7, 0.75, 3, 0.2],
    ):
        sheet.append(row)
    for column, code in (("B", "00000"), ("C", '0.00" kg"'), ("D", '#,##0.00 "€"'), ("E", "0.0%")):
        for number in (2, 3):
            sheet[f"{column}{number}"].number_format = code
    return saved(book)


def _timetable() -> bytes:
    rows = [
        ["Hour", "Monday", "Tuesday"],
        ["8:00", "Welding", None],
        ["9:00", None, None],
        ["10:00", "Safety", "Painting"],
    ]
    return make_xlsx(rows, merged=["B2:C3"])


def _opendocument() -> bytes:
    def row(*cells: str) -> str:
        return "<table:table-row>" + "".join(cells) + "</table:table-row>"

    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    return make_ods(
        '<table:table table:name="Fees">'
        + row(cell("Parcel", 'table:number-rows-spanned="2"'), cell("Fee", 'table:number-columns-spanned="2"'), covered)
        + row(covered, cell("Inland"), cell("Abroad"))
        + row(cell("Small"), cell("4,50 €"), cell("9,00 €"))
        + row(cell("Large", 'table:number-rows-spanned="2"'), cell("7,90 €"), cell("15,00 €"))
        + row(covered, cell("8,90 € (express)"), cell("19,00 € (express)"))
        + "</table:table>"
    )


def _export() -> bytes:
    text = "Export from ERP Quill;;\r\nCreated 2026-03-01;;\r\n\r\nOrder;Customer;Amount\r\n10021;Halden;1.120,00\r\n"
    return (text + '10022;"Brunnhof; Karo";75,50\r\n\r\nAmounts in EUR;;\r\n').encode("cp1252")


def _years() -> bytes:
    return b"\xef\xbb\xbfsep=\t\nProduct\t2023\t2024\t2025\nSail kit\t14\t19\t23\nOar set\t7\t6\t9\n"


LABELLED = [
    Labelled("lodging.xlsx", _lodging, [
        ["Region", "City", "Grade", "Rate per night"], ["Northvale", "Ostrum", "Director", "480"],
        ["Northvale", "Ostrum", "Staff", "350"], ["Northvale", "Felby", "Director", "410"],
        ["Southmere", "Karo", "Staff", "330"],
    ]),
    Labelled("quarters.xlsx", _quarters, [
        ["Region", "2025 Revenue", "2025 Cost", "2026 Revenue", "2026 Cost"], ["North", "1200", "800", "1300", "850"],
        ["South", "900", "700", "950", "710"],
    ]),
    Labelled("months.xlsx", _months, [
        ["Depot", "2025 May", "2025 June", "2026 May", "2026 June"], ["Halden", "10", "12", "11", "14"],
        ["Karo", "7", "9", "8", "9"],
    ]),
    Labelled("side-by-side.xlsx", _side_by_side, [
        ["Zone", "Days"], ["Inland", "2"], ["Abroad", "5"], ["Overseas", "21"],
    ], place=1),
    Labelled("notes.xlsx", _with_notes, [
        ["Depot", "Monday to Friday", "Saturday"], ["Halden", "8:00-18:00", "9:00-13:00"],
        ["Felby", "7:30-16:00", "closed"],
    ]),
    Labelled("units.xlsx", _with_units, [
        ["Article", "Code", "Weight", "Price", "Share"], ["Hinge", "00067", "2.50 kg", "1,299.00 €", "12.5%"],
        ["Bolt", "00007", "0.75 kg", "3.00 €", "20.0%"],
    ]),
    Labelled("timetable.xlsx", _timetable, [
        ["Hour", "Monday", "Tuesday"], ["8:00", "Welding", "Welding"], ["9:00", "Welding", "Welding"],
        ["10:00", "Safety", "Painting"],
    ]),
    Labelled("fees.ods", _opendocument, [
        ["Parcel", "Fee Inland", "Fee Abroad"], ["Small", "4,50 €", "9,00 €"], ["Large", "7,90 €", "15,00 €"],
        ["Large", "8,90 € (express)", "19,00 € (express)"],
    ]),
    Labelled("export.csv", _export, [
        ["Order", "Customer", "Amount"], ["10021", "Halden", "1.120,00"], ["10022", "Brunnhof; Karo", "75,50"],
    ]),
    Labelled("years.tsv", _years, [
        ["Product", "2023", "2024", "2025"], ["Sail kit", "14", "19", "23"], ["Oar set", "7", "6", "9"],
    ]),
]  # fmt: skip
