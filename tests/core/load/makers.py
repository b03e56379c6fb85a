"""Files made by hand for the tests: small, and each with one thing wrong or one thing to find."""

import io
import zipfile
from collections.abc import Sequence


def make_pdf(
    pages: Sequence[Sequence[tuple[float, float, float, str]]],
    *,
    rotate: int = 0,
    outline: str = "",
    rules: Sequence[Sequence[tuple[float, float, float, float]]] = (),
) -> bytes:
    """Write a PDF; each page is a list of (x, y, font size, text) in points from the lower left corner.

    ``rules`` are the straight lines drawn on each page, from (x, y) to (x, y).
    """
    objects = [
        "<< /Type /Catalog /Pages 2 0 R OUTLINE >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for number, lines in enumerate(pages):
        drawn = rules[number] if number < len(rules) else ()
        content = "".join(f"{x} {y} m {to_x} {to_y} l S\n" for x, y, to_x, to_y in drawn)
        content += "".join(
            f"BT /F1 {size} Tf {x} {y} Td ({text.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj ET\n"
            for x, y, size, text in lines
        )
        objects.append(f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}endstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate {rotate} /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    if outline:
        root, entry = len(objects) + 1, len(objects) + 2
        objects[0] = objects[0].replace("OUTLINE", f"/Outlines {root} 0 R")
        objects.append(f"<< /Type /Outlines /First {entry} 0 R /Last {entry} 0 R /Count 1 >>")
        objects.append(f"<< /Title ({outline}) /Parent {root} 0 R /Dest [{kids[0]} /Fit] >>")
    objects[0] = objects[0].replace(" OUTLINE", "")
    return joined_objects(objects)


def joined_objects(objects: list[str]) -> bytes:
    """Write a PDF of these objects, numbered from 1; the first is its catalog."""
    body, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    start = len(body)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    return body + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")


def make_mirrored_pdf(word: str) -> bytes:
    """Write a PDF that draws a word's letters from left to right, last letter first, as browsers write Arabic."""
    drawn = word[::-1]
    codes = range(0x61, 0x61 + len(drawn))
    maps = "".join(f"<{code:02x}> <{_utf16(letter)}>\n" for code, letter in zip(codes, drawn, strict=True))
    unicode = (
        f"begincmap\n1 begincodespacerange\n<00> <ff>\nendcodespacerange\n{len(drawn)} beginbfchar\n{maps}endbfchar"
    )
    shapes = " ".join(f"/g{code} 8 0 R" for code in codes)
    names = " ".join(f"/g{code}" for code in codes)
    letters = "".join(
        f"/Span << /ActualText <FEFF{_utf16(letter)}> >> BDC <{code:02x}> Tj EMC\n"
        for code, letter in zip(codes, drawn, strict=True)
    )
    text = f"BT /F1 20 Tf 100 700 Td\n{letters}ET"
    shape = "600 0 0 0 500 700 d1 0 0 500 700 re f"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        f"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 600 700] /FontMatrix [.001 0 0 .001 0 0] "
        f"/CharProcs << {shapes} >> "
        f"/Encoding << /Differences [97 {names}] >> /FirstChar 97 /LastChar {codes[-1]} "
        f"/Widths [{'600 ' * len(drawn)}] /ToUnicode 7 0 R >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R "
        "/Resources << /Font << /F1 3 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "null",
        f"<< /Length {len(unicode)} >>\nstream\n{unicode}\nendstream",
        f"<< /Length {len(shape)} >>\nstream\n{shape}\nendstream",
    ]
    return joined_objects(objects)


def _utf16(letter: str) -> str:
    return letter.encode("utf-16-be").hex()


def make_zip(members: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def make_docx(body: str, *, before: str = "", extra: dict[str, str | bytes] | None = None) -> bytes:
    """Write a Word document from the XML inside its body; ``before`` stands before the root element."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return make_zip(
        {
            "[Content_Types].xml": f'<?xml version="1.0"?><Types xmlns="{package}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            f'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
            "_rels/.rels": f'<?xml version="1.0"?><Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": f'<?xml version="1.0"?>{before}<w:document xmlns:w="{word}"><w:body>{body}</w:body>'
            "</w:document>",
        }
        | (extra or {})
    )
