"""Every word of a Word document, in the places where libraries do not look."""

from pathlib import Path

import pytest

from core.load import LoadLimits, Sandbox, load
from core.schema import Document
from tests.core.load.makers import make_docx, make_zip
from tests.core.load.test_page_formats import blocks, read

CASES = Path(__file__).parent / "cases"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{RELATIONS}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(inner)}</w:p>"


def word(body: str, parts: dict[str, str] | None = None, kinds: dict[str, str] | None = None) -> bytes:
    """A Word document of ``body``; ``parts`` by their names below word/, ``kinds`` what each is to the document."""
    related = "".join(
        f'<Relationship Id="{Path(name).stem}" Type="{RELATIONS}/{kind}" Target="{name}"/>'
        for name, kind in (kinds or {}).items()
    )
    extra = {f"word/{name}": content for name, content in (parts or {}).items()} | {
        "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships">{related}</Relationships>',
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
    }
    return make_docx("", extra=dict(extra))


def case(name: str, sandbox: Sandbox, limits: LoadLimits) -> Document:
    path = next(CASES.glob(f"{name}*"))
    return read(path.read_bytes(), path.name, sandbox, limits)


def test_tracked_changes_are_read_as_accepted(sandbox: Sandbox, limits: LoadLimits) -> None:
    assert blocks(case("d02", sandbox, limits)) == [
        ("heading", "Supply terms"),
        ("paragraph", "The notice period is ninety days."),
        ("paragraph", "Goods from Karo are excluded from the warranty."),
        ("paragraph", "Freight is paid by the buyer."),
        ("table", "Fee | 175 EUR"),
    ]


def test_symbols_equations_and_fields_are_text_and_hidden_text_is_not(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = case("d04", sandbox, limits)
    assert [words for _, words in blocks(document)] == [
        "Parts",
        "Order part AX-4410 for the pump.",
        "Tolerance ±5 mm, temp 20 C",
        "See Ostrum depot for spares.",
        "Brunnhof Ltd is the maker.",
        "Force is F=m·a here.",
        "Write to spares@brunnhof.example.",
    ]
    assert [warning.what for warning in document.warnings] == ["Hidden text was not read (29 characters)."]


def test_a_comment_follows_what_it_is_about(sandbox: Sandbox, limits: LoadLimits) -> None:
    assert blocks(case("d06", sandbox, limits))[1:] == [
        ("paragraph", "The price is fixed until June."),
        ("paragraph", "Comment by Ilse: Valid only for orders above 5000."),
    ]


def test_facts_in_headers_and_footers_are_searched_once(sandbox: Sandbox, limits: LoadLimits) -> None:
    assert blocks(case("d07", sandbox, limits)) == [
        ("paragraph", "Document QP-17 Revision F"),
        ("heading", "Quality procedure"),
        ("paragraph", "Every delivery is inspected within two days."),
        ("paragraph", "Brunnhof Ltd, Hafenweg 12, 24103 Rodau, phone 0431-555010"),
    ]


def test_a_merged_cell_stands_in_each_of_its_rows(sandbox: Sandbox, limits: LoadLimits) -> None:
    table = blocks(case("d08", sandbox, limits))[1][1].split("\n")
    assert table[1:] == ["Parcel | Small | 4.10", "Parcel | Large | 7.90", "Letter | All | 1.20 Registered 3.35"]


def test_words_in_controls_rows_and_fields_are_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    def held(inner: str) -> str:
        return f"<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    def field(instruction: str, result: str) -> str:
        return (
            f'<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>'
            f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    cell = f"<w:tc>{paragraph(run('Spain'))}</w:tc>"
    row = f"<w:tr>{cell}{held(cell.replace('Spain', '12 €'))}</w:tr>"
    body = (
        held(paragraph(run("In a block. "), held(run("In a line."))))
        + f"<w:tbl>{row}{held(row.replace('Spain', 'Chile'))}</w:tbl>"
        + paragraph(run("Dear "), field("MERGEFIELD x", run("Ms Brandtner")))
        + paragraph(field('IF "' + run("not shown") + '"', run("shown")))
        + paragraph("<w:customXml w:element='e'>", run("tagged"), "</w:customXml>")
    )
    assert blocks(read(word(body), "a.docx", sandbox, limits)) == [
        ("paragraph", "In a block. In a line."),
        ("table", "Spain | 12 €\nChile | 12 €"),
        ("paragraph", "Dear Ms Brandtner"),
        ("paragraph", "shown"),
        ("paragraph", "tagged"),
    ]


def test_a_deleted_paragraph_mark_joins_and_a_hidden_style_hides(sandbox: Sandbox, limits: LoadLimits) -> None:
    styles = (
        f'<w:styles {NAMES}><w:style w:type="paragraph" w:styleId="Secret"><w:name w:val="Secret"/>'
        "<w:rPr><w:vanish/></w:rPr></w:style>"
        '<w:style w:type="paragraph" w:styleId="Below"><w:name w:val="Below"/><w:basedOn w:val="Secret"/></w:style>'
        "</w:styles>"
    )
    body = (
        paragraph(run("The notice "), properties="<w:rPr><w:del/></w:rPr>")
        + paragraph(run("period is short."))
        + paragraph(run("margin 62"), properties='<w:pStyle w:val="Below"/>')
        + f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph(run('gone'))}</w:tc></w:tr></w:tbl>"
    )
    document = read(word(body, {"styles.xml": styles}, {"styles.xml": "styles"}), "a.docx", sandbox, limits)
    assert blocks(document) == [("paragraph", "The notice period is short.")]
    assert [warning.what for warning in document.warnings] == ["Hidden text was not read (9 characters)."]


def test_charts_smart_art_and_text_boxes_are_read_where_they_stand(sandbox: Sandbox, limits: LoadLimits) -> None:
    chart = (
        f"<c:chartSpace {NAMES}><c:chart><c:title><a:p><a:r><a:t>Parcels sent</a:t></a:r></a:p></c:title><c:barChart>"
        "<c:ser><c:tx><c:v>2025</c:v></c:tx><c:cat><c:strLit><c:pt idx='0'><c:v>Spain</c:v></c:pt>"
        "<c:pt idx='1'><c:v>Chile</c:v></c:pt></c:strLit></c:cat><c:val><c:numLit><c:formatCode>0%</c:formatCode>"
        "<c:pt idx='0'><c:v>0.25</c:v></c:pt><c:pt idx='1'><c:v>0.75</c:v></c:pt></c:numLit></c:val></c:ser>"
        "</c:barChart></c:chart></c:chartSpace>"
    )
    points = f"<dgm:dataModel {NAMES}><a:p><a:r><a:t>Order, then pay</a:t></a:r></a:p></dgm:dataModel>"
    box = f"<w:txbxContent>{paragraph(run('Boxed'))}</w:txbxContent>"
    body = (
        paragraph(run("Before"), '<w:r><w:drawing><c:chart r:id="chart1"/><dgm:relIds r:dm="data1"/></w:drawing></w:r>')
        + paragraph(
            run("Beside"),
            f"<w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
            "</mc:AlternateContent></w:r>",
        )
        + paragraph(run("After"))
    )
    parts, kinds = (
        {"charts/chart1.xml": chart, "diagrams/data1.xml": points},
        {"charts/chart1.xml": "chart", "diagrams/data1.xml": "diagramData"},
    )
    assert blocks(read(word(body, parts, kinds), "a.docx", sandbox, limits)) == [
        ("paragraph", "Before"),
        ("paragraph", "Parcels sent"),
        ("table", " | 2025\nSpain | 25%\nChile | 75%"),
        ("paragraph", "Order, then pay"),
        ("paragraph", "Beside"),
        ("paragraph", "Boxed"),
        ("paragraph", "After"),
    ]


@pytest.mark.parametrize("main", ["word/document.xml", "text/main.xml"])
def test_strict_open_xml_and_other_names_of_parts_are_read(main: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    usual = "http://schemas.openxmlformats.org/"
    strict = "http://purl.oclc.org/ooxml/"
    document = f"<w:document {NAMES}><w:body>{paragraph(run('Strictly read.'))}</w:body></w:document>"
    data = make_zip(
        {
            "[Content_Types].xml": f'<Types xmlns="{usual}package/2006/content-types"><Override PartName="/{main}" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{usual}package/2006/relationships"><Relationship Id="r1" '
            f'Type="{strict}officeDocument/relationships/officeDocument" Target="{main}"/></Relationships>',
            main: document.replace(f"{usual}wordprocessingml/2006/", f"{strict}wordprocessingml/"),
        }
    )
    assert blocks(read(data, "a.docx", sandbox, limits)) == [("paragraph", "Strictly read.")]


def test_page_numbers_are_no_facts_and_a_box_around_text_is_no_table(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = '<w:fldSimple w:instr="PAGE"><w:r><w:t>3</w:t></w:r></w:fldSimple>'
    footer = f"<w:ftr {NAMES}>{paragraph(run('Page '), page)}{paragraph(run('Phone 0431-555010'))}</w:ftr>"
    inner = f"<w:tbl><w:tr><w:tc>{paragraph(run('A'))}</w:tc><w:tc>{paragraph(run('1'))}</w:tc></w:tr></w:tbl>"
    body = (
        f"<w:tbl><w:tr><w:tc>{paragraph(run('One.'))}{paragraph(run('Two.'))}{inner}<w:p/></w:tc></w:tr></w:tbl>"
        '<w:sectPr><w:footerReference w:type="default" r:id="footer1"/></w:sectPr>'
    )
    document = read(word(body, {"footer1.xml": footer}, {"footer1.xml": "footer"}), "a.docx", sandbox, limits)
    assert blocks(document) == [
        ("paragraph", "One."),
        ("paragraph", "Two."),
        ("table", "A | 1"),
        ("paragraph", "Phone 0431-555010"),
    ]


def test_embedded_files_are_named(sandbox: Sandbox, limits: LoadLimits) -> None:
    held = paragraph(run("See the sheet."), "<w:r><w:object><o:OLEObject xmlns:o='o' Type='Embed'/></w:object></w:r>")
    document = load(word(held), "a.docx", limits=limits, sandbox=sandbox)
    assert [warning.what for warning in document.warnings] == [
        "A file embedded in it was not read, only what is shown of it."
    ]


def test_a_page_inserted_as_a_part_is_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    page = "MIME-Version: 1.0\nContent-Type: text/html\n\n<html><body><p>Inserted words.</p></body></html>"
    parts, kinds = {"part.mht": page}, {"part.mht": "aFChunk"}
    document = read(word('<w:altChunk r:id="part"/>', parts, kinds), "a.docx", sandbox, limits)
    assert blocks(document) == [("paragraph", "Inserted words.")]
