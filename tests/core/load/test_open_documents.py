"""OpenDocument texts and presentations: notes, comments, shapes, headers, merged cells; nothing that was deleted."""

from core.load import LoadLimits, Sandbox
from tests.core.load.makers import make_zip
from tests.core.load.test_page_formats import blocks, read

_SPACES = {
    "text": "text", "office": "office", "table": "table", "draw": "drawing", "svg": "svg-compatible", "style": "style",
    "presentation": "presentation", "chart": "chart",
}  # fmt: skip
NAMES = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"' for short, long in _SPACES.items())
NAMES += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'


def open_document(body: str, styles: str = "", masters: str = "", parts: dict[str, str] | None = None) -> bytes:
    kind = "presentation" if body.startswith("<draw:page") else "text"
    return make_zip(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {NAMES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>",
            "styles.xml": f"<office:document-styles {NAMES}>{masters}</office:document-styles>",
        }
        | {
            name: f"<office:document-content {NAMES}>{content}</office:document-content>"
            for name, content in (parts or {}).items()
        }
    )


def test_notes_comments_boxes_and_headers_are_read_and_deletions_are_not(sandbox: Sandbox, limits: LoadLimits) -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>Pay<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Except gifts.</text:p>"
        "</text:note-body></text:note> <text:span>in <text:s text:c='3'/>June</text:span>"
        "<office:annotation><dc:creator>Ilse</dc:creator><text:p>Until when?</text:p></office:annotation>"
        '<draw:frame draw:name="Frame 9"><svg:title>A picture</svg:title><draw:text-box><text:p>Boxed.</text:p>'
        "</draw:text-box></draw:frame>.</text:p>"
        "<draw:custom-shape><text:p>In a shape.</text:p></draw:custom-shape>"
        '<text:p text:style-name="P9">margin</text:p>'
        '<text:list><text:list-item><text:h text:outline-level="2">Rates</text:h></text:list-item></text:list>'
    )
    styles = '<style:style style:name="P9"><style:text-properties text:display="none"/></style:style>'
    masters = (
        "<office:master-styles><style:master-page><style:header><text:p>Revision F</text:p></style:header>"
        "<style:footer><text:p>Phone 0431<text:tab/>Page <text:page-number>3</text:page-number></text:p></style:footer>"
        "</style:master-page></office:master-styles>"
    )
    document = read(open_document(body, styles, masters), "a.odt", sandbox, limits)
    assert blocks(document) == [
        ("paragraph", "Revision F"),
        ("paragraph", "Pay in  June."),
        ("paragraph", "Comment by Ilse: Until when?"),
        ("paragraph", "Boxed."),
        ("paragraph", "In a shape."),
        ("heading", "Rates"),
        ("paragraph", "Phone 0431"),
        ("list", "(1) Except gifts."),
    ]
    assert [warning.what for warning in document.warnings] == ["Hidden text was not read (6 characters)."]


def test_merged_cells_stand_in_each_row_and_charts_are_tables(sandbox: Sandbox, limits: LoadLimits) -> None:
    def cell(text: str, merged: str = "") -> str:
        return f"<table:table-cell {merged}><text:p>{text}</text:p></table:table-cell>"

    merged = 'table:number-rows-spanned="2"'
    rows = (
        f"<table:table-header-rows><table:table-row>{cell('Kind')}{cell('Class')}{cell('Fee')}</table:table-row>"
        f"</table:table-header-rows><table:table-row>{cell('Parcel', merged)}{cell('Small')}"
        f"{cell('4.10')}</table:table-row><table:table-row><table:covered-table-cell/>{cell('Large')}{cell('7.90')}"
        "</table:table-row>"
    )
    chart = (
        "<office:body><office:chart><chart:chart><chart:title><text:p>Parcels sent</text:p></chart:title><table:table>"
        f"<table:table-row>{cell('Spain')}{cell('5')}</table:table-row></table:table></chart:chart></office:chart>"
        "</office:body>"
    )
    body = (
        f"<table:table>{rows}</table:table><text:p>Chart:<draw:frame><draw:object xlink:href='./Object 1'/>"
        "</draw:frame></text:p>"
    )
    data = open_document(body, parts={"Object 1/content.xml": chart})
    document = read(data, "a.odt", sandbox, limits)
    assert blocks(document) == [
        ("table", "Kind | Class | Fee\nParcel | Small | 4.10\nParcel | Large | 7.90"),
        ("paragraph", "Chart:"),
        ("paragraph", "Parcels sent"),
        ("table", "Spain | 5"),
    ]


def test_a_presentation_is_read_slide_by_slide(sandbox: Sandbox, limits: LoadLimits) -> None:
    def frame(text: str, kind: str, top: int) -> str:
        return (
            f'<draw:frame presentation:class="{kind}" svg:y="{top}cm"><draw:text-box><text:p>{text}</text:p>'
            "</draw:text-box></draw:frame>"
        )

    notes = f"<presentation:notes>{frame('Say it slowly.', 'notes', 0)}</presentation:notes>"
    pages = (
        f"<draw:page>{frame('Second', 'outline', 5)}{frame('Fees', 'title', 9)}{notes}</draw:page>"
        f'<draw:page draw:style-name="dp2">{frame("Secret", "title", 1)}</draw:page>'
    )
    styles = (
        '<style:style style:name="dp2"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    document = read(open_document(pages, styles), "a.odp", sandbox, limits)
    assert (document.kind, document.page_word, document.page_names) == ("odp", "slide", ("Fees", ""))
    assert blocks(document) == [("heading", "Fees"), ("paragraph", "Second"), ("paragraph", "Notes: Say it slowly.")]
    assert [warning.what for warning in document.warnings] == ["Slide 2 is hidden and was not read."]
