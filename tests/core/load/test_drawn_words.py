"""Words that are drawn rather than written: labels at the points of charts, shapes on them, captions of controls."""

import struct

from core.load import LoadLimits, Sandbox
from tests.core.load.makers import make_zip
from tests.core.load.sheet_makers import OFFICE, PACKAGE, make_container, make_raw_xlsx, make_xls_stream
from tests.core.load.test_page_formats import blocks, read
from tests.core.load.test_presentations import NAMES, RELATIONS, USUAL, presentation

ROWS = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Zone</t></is></c></row></sheetData>'


def relations(*parts: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(parts)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def label(place: int, inner: str) -> str:
    return f'<c:dLbl><c:idx val="{place}"/><c:tx><c:rich><a:p>{inner}</a:p></c:rich></c:tx></c:dLbl>'


def chart() -> str:
    """A chart of two points: one labelled in words of its own, one by a cell."""
    own = label(
        0, '<a:r><a:t>Launch in </a:t></a:r><a:r><a:t>Karo</a:t></a:r><a:fld type="VALUE"><a:t>[VALUE]</a:t></a:fld>'
    )
    cells = (
        '<c:extLst><c:ext><c15:datalabelsRange xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart">'
        '<c15:dlblRangeCache><c:pt idx="1"><c:v>after the strike</c:v></c:pt></c15:dlblRangeCache>'
        "</c15:datalabelsRange></c:ext></c:extLst>"
    )
    points = "".join(f'<c:pt idx="{place}"><c:v>{{}}</c:v></c:pt>' for place in range(2))
    return (
        f"<c:chartSpace {NAMES}><c:chart><c:plotArea><c:barChart><c:ser><c:tx><c:v>Parcels</c:v></c:tx><c:dLbls>{own}"
        f"</c:dLbls><c:cat>{points.format('May', 'June')}</c:cat><c:val>{points.format(5, 3)}</c:val>{cells}</c:ser>"
        "</c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )


def drawn_on_it() -> str:
    return f"<c:userShapes {NAMES}><a:p><a:r><a:t>Without gifts</a:t></a:r></a:p></c:userShapes>"


def test_a_chart_in_a_presentation_says_its_labels_and_what_is_drawn_on_it(
    sandbox: Sandbox, limits: LoadLimits
) -> None:
    frame = (
        "<p:graphicFrame><p:nvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr><a:graphic><a:graphicData>"
        '<c:chart r:id="c"/>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )
    related = f'<Relationship Id="c" Type="{RELATIONS}/chart" Target="../charts/chart1.xml"/>'
    parts = {
        "ppt/charts/chart1.xml": chart(),
        "ppt/charts/_rels/chart1.xml.rels": relations(("chartUserShapes", "../drawings/drawing1.xml")),
        "ppt/drawings/drawing1.xml": drawn_on_it(),
    }
    document = read(make_zip(presentation([frame], parts, related)), "a.pptx", sandbox, limits)
    assert blocks(document) == [
        ("table", " | Parcels\nMay | 5 | Launch in Karo\nJune | 3 | after the strike"),
        ("paragraph", "Without gifts"),
    ]
    assert not document.warnings


def test_a_chart_in_a_workbook_says_its_labels_and_what_is_drawn_on_it(sandbox: Sandbox, limits: LoadLimits) -> None:
    extra: dict[str, str | bytes] = {
        "xl/_rels/sheet.xml.rels": relations(("drawing", "drawing1.xml")),
        "xl/drawing1.xml": f"<d {NAMES}/>",
        "xl/_rels/drawing1.xml.rels": relations(("chart", "chart1.xml")),
        "xl/chart1.xml": chart(),
        "xl/_rels/chart1.xml.rels": relations(("chartUserShapes", "drawing2.xml")),
        "xl/drawing2.xml": drawn_on_it(),
    }
    document = read(make_raw_xlsx(ROWS, extra=extra), "a.xlsx", sandbox, limits)
    assert "Chart; series: Parcels; labels: Launch in Karo\nWithout gifts" in document.text
    assert not document.warnings


def control(kind: str, words: str, more: str = "", style: str = "") -> str:
    return (
        f"<v:shape id='a' style='position:absolute;{style}'><v:textbox><div><font size=\"160\">{words}</font></div>"
        f'</v:textbox><x:ClientData ObjectType="{kind}">{more}</x:ClientData></v:shape>'
    )


def test_captions_of_form_controls_are_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    drawing = (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        + control("Button", "Send<br>the form")
        + control("Checkbox", "Fragile goods", "<x:Checked>1</x:Checked>")
        + control("Radio", "By air")
        + control("Note", "A note's own box")
        + control("Label", "Old words", style="visibility:hidden")
        + "</xml>"
    )
    extra: dict[str, str | bytes] = {
        "xl/_rels/sheet.xml.rels": relations(("vmlDrawing", "vml1.vml"), ("ctrlProp", "control1.xml")),
        "xl/vml1.vml": drawing,
        "xl/control1.xml": f'<formControlPr xmlns="{USUAL}spreadsheetml/2006/main" objectType="List"><itemLst>'
        '<item val="Spain"/><item val="Norway"/></itemLst></formControlPr>',
    }
    document = read(make_raw_xlsx(ROWS, extra=extra), "a.xlsx", sandbox, limits)
    assert [words for _, words in blocks(document)] == [
        "Rates", "Zone", "Send the form", "☒ Fragile goods", "☐ By air", "List: Spain; Norway",
    ]  # fmt: skip
    assert not document.warnings


def test_a_text_box_of_an_old_workbook_is_read_however_long_it_is(sandbox: Sandbox, limits: LoadLimits) -> None:
    box = " ".join(f"word{number}" for number in range(2000))
    data = make_container("Workbook", make_xls_stream([["Zone", "Price"], ["A", 5.0]], box=box))
    assert box in read(data, "a.xls", sandbox, limits).text


def test_text_boxes_of_excel_95_are_told_of(sandbox: Sandbox, limits: LoadLimits) -> None:
    def record(code: int, body: bytes) -> bytes:
        return struct.pack("<HH", code, len(body)) + body

    beginning, end = record(0x0809, struct.pack("<HHHH", 0x0500, 5, 0, 0)), record(0x0A, b"")
    name = b"\x06Prices"
    sheet_at = len(beginning) + 4 + 6 + len(name) + len(end)
    book = beginning + record(0x0085, struct.pack("<IBB", sheet_at, 0, 0) + name) + end
    cell = record(0x0204, struct.pack("<HHHH", 0, 0, 0, 5) + b"Zones")
    box = record(0x005D, struct.pack("<IHHH", 1, 6, 1, 0) + bytes(34) + struct.pack("<H", 5) + bytes(20) + b"Boxed")
    sheet = record(0x0809, struct.pack("<HHHH", 0x0500, 16, 0, 0)) + cell + box + end
    document = read(make_container("Book", book + sheet), "a.xls", sandbox, limits)
    assert "Zones" in document.text
    assert [warning.what for warning in document.warnings] == ["The words in a text box of it were not read."]
