"""Every word of a PowerPoint presentation: charts, SmartArt, notes, comments, shows and templates."""

from pathlib import Path

import pytest

from core.load import LoadLimits, Sandbox
from tests.core.load.makers import make_zip
from tests.core.load.test_page_formats import blocks, read

USUAL = "http://schemas.openxmlformats.org/"
RELATIONS = f"{USUAL}officeDocument/2006/relationships"
NAMES = (
    f'xmlns:p="{USUAL}presentationml/2006/main" xmlns:a="{USUAL}drawingml/2006/main" xmlns:r="{RELATIONS}" '
    f'xmlns:dgm="{USUAL}drawingml/2006/diagram" xmlns:c="{USUAL}drawingml/2006/chart"'
)


def shape(text: str, placeholder: str = "", top: int = 0) -> str:
    place = f'<p:ph type="{placeholder}"/>' if placeholder else ""
    lines = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in text.split("\n"))
    return (
        f"<p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x='0' y='{top}'/></a:xfrm></p:spPr>"
        f"<p:txBody>{lines}</p:txBody></p:sp>"
    )


def presentation(
    slides: list[str],
    parts: dict[str, str] | None = None,
    related: str = "",
    kind: str = "presentation",
    show: str = "",
) -> dict[str, str | bytes]:
    """A presentation of slides given as shapes; ``related`` are the first slide's relationships."""
    relationships = f'<Relationships xmlns="{USUAL}package/2006/relationships">'
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{USUAL}package/2006/content-types"><Override PartName='
        f'"/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.{kind}'
        '.main+xml"/></Types>',
        "_rels/.rels": f'{relationships}<Relationship Id="r1" Type="{RELATIONS}/officeDocument" '
        'Target="ppt/presentation.xml"/></Relationships>',
        "ppt/presentation.xml": f"<p:presentation {NAMES}><p:sldIdLst>"
        + "".join(f'<p:sldId id="{256 + number}" r:id="s{number}"/>' for number in range(len(slides)))
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relationships
        + "".join(
            f'<Relationship Id="s{number}" Type="{RELATIONS}/slide" Target="slides/slide{number}.xml"/>'
            for number in range(len(slides))
        )
        + f'<Relationship Id="a" Type="{RELATIONS}/commentAuthors" Target="authors.xml"/></Relationships>',
        "ppt/slides/_rels/slide0.xml.rels": f"{relationships}{related}</Relationships>",
    }
    for number, shapes in enumerate(slides):
        members[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {NAMES} {show}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
        )
    return members | (parts or {})


def relation(name: str, kind: str) -> str:
    return f'<Relationship Id="{Path(name).stem}" Type="{RELATIONS}/{kind}" Target="../{name}"/>'


def test_charts_are_tables_and_notes_follow_their_slide(sandbox: Sandbox, limits: LoadLimits) -> None:
    path = next((Path(__file__).parent / "cases").glob("p01*"))
    document = read(path.read_bytes(), path.name, sandbox, limits)
    assert blocks(document) == [
        ("heading", "Market review"),
        ("paragraph", "Grouped: Felby grew by 31 percent."),
        ("table", "Plan | Price\nGold | 49 a month"),
        ("paragraph", "Share by town"),
        ("table", " | Share 2025\nKaro | 0.41\nOstrum | 0.59"),
        ("paragraph", "Notes: Say that the Karo office closes on 30 June."),
        ("paragraph", "No title slide: budget 12 000."),
    ]
    assert [warning.what for warning in document.warnings] == ["Slide 2 is hidden and was not read."]
    assert document.page_names == ("Market review", "", "")


def test_words_only_in_smart_art_and_comments_are_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    parts = {
        "ppt/diagrams/data1.xml": f"<dgm:dataModel {NAMES}><a:p><a:r><a:t>Order</a:t></a:r></a:p></dgm:dataModel>",
        "ppt/comments/comment1.xml": f"<p:cmLst {NAMES}><p:cm authorId='7'><p:text>Why?</p:text></p:cm></p:cmLst>",
        "ppt/authors.xml": f"<p:cmAuthorLst {NAMES}><p:cmAuthor id='7' name='Ilse'/></p:cmAuthorLst>",
    }
    held = "<a:graphic><a:graphicData><dgm:relIds r:dm='data1'/></a:graphicData></a:graphic>"
    drawing = f"<p:graphicFrame>{held}</p:graphicFrame>"
    related = relation("diagrams/data1.xml", "diagramData") + relation("comments/comment1.xml", "comments")
    document = read(make_zip(presentation([drawing], parts, related)), "a.pptx", sandbox, limits)
    assert blocks(document) == [("list", "• Order"), ("paragraph", "Comment by Ilse: Why?")]


def test_merged_cells_and_titles_below_their_text(sandbox: Sandbox, limits: LoadLimits) -> None:
    def cell(text: str, merged: str = "") -> str:
        return f"<a:tc {merged}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    rows = [
        cell("Kind") + cell("Class") + cell("Fee"),
        cell("Parcel", "rowSpan='2'") + cell("Small") + cell("4.10"),
        cell("", "vMerge='1'") + cell("Large") + cell("7.90"),
        cell("On request", "gridSpan='2'") + cell("", "hMerge='1'") + cell("9.00"),
    ]
    table = f"<a:tbl>{''.join(f'<a:tr>{row}</a:tr>' for row in rows)}</a:tbl>"
    frame = f"<p:graphicFrame><a:graphic><a:graphicData>{table}</a:graphicData></a:graphic></p:graphicFrame>"
    slide = frame + shape("Fees", "title", 900) + shape("Footer", "ftr", 950)
    document = read(make_zip(presentation([slide, shape("Footer", "ftr")])), "a.pptx", sandbox, limits)
    assert blocks(document) == [
        ("heading", "Fees"),
        ("table", "Kind | Class | Fee\nParcel | Small | 4.10\nParcel | Large | 7.90\nOn request |  | 9.00"),
        ("paragraph", "Footer"),
    ]


@pytest.mark.parametrize("kind", ["slideshow", "template", "strict"])
def test_shows_templates_and_strict_open_xml_are_read(kind: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    members = presentation([shape("Shown")], kind="presentation" if kind == "strict" else kind)
    if kind == "strict":
        members = {
            name: str(content)
            .replace(f"{USUAL}presentationml/2006/", "http://purl.oclc.org/ooxml/presentationml/")
            .replace(f"{USUAL}drawingml/2006/", "http://purl.oclc.org/ooxml/drawingml/")
            .replace(RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships")
            for name, content in members.items()
        }
    assert blocks(read(make_zip(members), "a.ppsx", sandbox, limits)) == [("paragraph", "Shown")]
