"""Files for measuring the readers, a small and a middling one of each type, made by the makers of the tests."""

from collections.abc import Callable
from email.message import EmailMessage

from tests.core.load.makers import make_docx, make_pdf, make_zip
from tests.core.load.old_makers import make_doc, make_ppt
from tests.core.load.outlook_maker import make_msg, properties, text
from tests.core.load.sheet_makers import make_container, make_ods, make_xls_stream, make_xlsb, make_xlsx
from tests.core.load.test_e_books import book
from tests.core.load.test_open_documents import open_document
from tests.core.load.test_presentations import presentation, shape

SIZES = {"small": 20, "middling": 600}  # sentences or rows
_PAGE = 40
_BOX = "<draw:page><draw:frame><draw:text-box><text:p>"
_BOX_END = "</text:p></draw:text-box></draw:frame></draw:page>"


def made_files() -> dict[str, bytes]:
    """Return the files by name, as "docx-middling.docx"."""
    return {
        f"{kind}-{size}.{kind}": make(min(count, _MOST.get(kind, count)))
        for kind, make in _MAKERS.items()
        for size, count in SIZES.items()
    }


def _sentences(count: int) -> list[str]:
    return [f"Parcel {number} of route {number % 7} waits {number % 90} days at the depot." for number in range(count)]


def _rows(count: int) -> list[list[str | float]]:
    head: list[str | float] = ["Parcel", "Depot", "Weight", "Days"]
    return [head, *([f"P{number}", f"Depot {number % 40}", number / 4, number % 90] for number in range(count))]


def _pages(count: int) -> list[list[str]]:
    lines = _sentences(count)
    return [lines[start : start + _PAGE] for start in range(0, count, _PAGE)]


def _paragraphs(count: int, before: str, after: str) -> str:
    return "\n".join(f"{before}{line}{after}" for line in _sentences(count))


def _web(count: int) -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in _rows(count // 2))
    body = _paragraphs(count // 2, "<p class='line'><b>Note.</b> ", "</p>")
    return f"<html><body><h1>Depots</h1>{body}<table>{rows}</table></body></html>".encode()


def _markdown(count: int) -> bytes:
    rows = "\n".join("| " + " | ".join(map(str, row)) + " |" for row in _rows(count // 2)[1:])
    table = f"| Parcel | Depot | Weight | Days |\n|---|---|---|---|\n{rows}"
    return f"# Depots\n\n{_paragraphs(count // 2, '- ', '')}\n\n## Table\n\n{table}\n".encode()


def _comma_separated(count: int) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in _rows(count)).encode()


def _mail(count: int) -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Depots", "depot@example.org", "office@example.org"
    mail.set_content(_paragraphs(count, "", ""))
    mail.add_alternative(_web(count).decode(), subtype="html")
    return mail.as_bytes()


def _outlook_mail(count: int) -> bytes:
    words = _paragraphs(count, "", "")
    return make_msg(text(0x001A, "IPM.Note") | text(0x0037, "Depots") | text(0x1000, words) | properties(32, {}))


def _pdf(count: int) -> bytes:
    return make_pdf([[(50, 750 - 16 * place, 11, line) for place, line in enumerate(page)] for page in _pages(count)])


def _word(count: int) -> bytes:
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in _rows(count // 2)
    )
    return make_docx(_paragraphs(count // 2, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>") + f"<w:tbl>{rows}</w:tbl>")


def _book(count: int) -> bytes:
    pages = _pages(count)
    items = "".join(f'<item id="c{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(pages)))
    chapters: dict[str, str | bytes] = {
        f"OEBPS/{number}.xhtml": f"<html><body>{''.join(f'<p>{line}</p>' for line in lines)}</body></html>"
        for number, lines in enumerate(pages)
    }
    return book(items, "".join(f'<itemref idref="c{number}"/>' for number in range(len(pages))), chapters)


def _table(count: int) -> str:
    rows = (
        "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row) for row in _rows(count)
    )
    return f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"


# The makers of old formats write no more sentences or rows than these.
_MOST = {"doc": 40, "msg": 30, "ppt": 300, "xls": 300}
_MAKERS: dict[str, Callable[[int], bytes]] = {
    "pdf": _pdf,
    "docx": _word,
    "doc": lambda count: make_doc([("\x0b".join(page) + "\r", b"\0\0") for page in _pages(count)]),
    "pptx": lambda count: make_zip(presentation([shape("\n".join(page)) for page in _pages(count)])),
    "ppt": lambda count: make_ppt([[(0, page[0]), (1, "\r".join(page[1:]))] for page in _pages(count)]),
    "xlsx": lambda count: make_xlsx(_rows(count)),
    "xls": lambda count: make_container("Workbook", make_xls_stream(_rows(count))),
    "xlsb": lambda count: make_xlsb(_rows(count), "0.00"),
    "ods": lambda count: make_ods(_table(count)),
    "odt": lambda count: open_document(_paragraphs(count, "<text:p>", "</text:p>")),
    "odp": lambda count: open_document(_paragraphs(count, _BOX, _BOX_END)),
    "epub": _book,
    "rtf": lambda count: (r"{\rtf1\ansi " + _paragraphs(count, "", r"\par") + "}").encode(),
    "html": _web,
    "eml": _mail,
    "msg": _outlook_mail,
    "md": _markdown,
    "csv": _comma_separated,
    "txt": lambda count: _paragraphs(count, "", "\n").encode(),
}
