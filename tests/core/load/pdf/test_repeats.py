"""A page that a small file shows thousands of times, however it is listed: laid out once, and no page is lost."""

import zlib
from collections.abc import Callable, Sequence

import pytest

from core.load import LoadLimits, Sandbox
from core.load.limits import Reading
from core.load.pdf import reader
from core.load.pdf.forms import Added
from core.load.pdf.line import PageText
from core.load.pdf.text import page_text
from core.schema import Document
from tests.core.load.makers import make_pdf
from tests.core.load.test_hostile_files import read as read_in_child
from tests.core.load.test_real_files import check_contract

pytestmark = pytest.mark.timeout(240)
BOX = "/MediaBox [0 0 600 800]"
FONT = "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
Objects = dict[int, str]
File = tuple[Objects, Objects]
Writer = Callable[[Objects, Objects], bytes]


def page(content: int = 3, more: str = BOX) -> str:
    return f"<< /Type /Page /Parent 2 0 R {more} {FONT} /Contents {content} 0 R >>"


def kids(numbers: Sequence[int], count: int) -> str:
    return f"<< /Type /Pages /Kids [{' '.join(f'{number} 0 R' for number in numbers)}] /Count {count} >>"


def words(text: str) -> str:
    return "".join(f"BT /F1 9 Tf 50 {700 - 12 * line} Td ({text} {line}) Tj ET\n" for line in range(40))


def packed(objects: Objects, streams: Objects) -> bytes:
    """Write a PDF 1.5 whose ``objects`` lie compressed in an object stream. 1 is the catalog, 2 the page tree."""
    body, places = b"%PDF-1.5\n", {}

    def add(number: int, entries: str, content: bytes) -> None:
        nonlocal body
        places[number] = len(body)
        content = zlib.compress(content)
        head = f"{number} 0 obj\n<< {entries} /Filter /FlateDecode /Length {len(content)} >>\nstream\n"
        body += head.encode() + content + b"\nendstream\nendobj\n"

    for number, content in streams.items():
        add(number, "", content.encode())
    whole = max(*objects, *streams) + 1
    numbers, texts, length = [], [], 0
    for number, text in objects.items():
        numbers.append(f"{number} {length}")
        texts.append(text)
        length += len(text) + 1
    head = " ".join(numbers) + " "
    add(whole, f"/Type /ObjStm /N {len(objects)} /First {len(head)}", (head + " ".join(texts)).encode())
    order = {number: position for position, number in enumerate(objects)}
    rows = b""
    for number in range(whole + 2):
        kind, place, index = (2, whole, order[number]) if number in order else (1, places.get(number, len(body)), 0)
        rows += bytes([kind if number else 0]) + place.to_bytes(4, "big") + index.to_bytes(2, "big")
    start = len(body)
    add(whole + 1, f"/Type /XRef /Size {whole + 2} /W [1 4 2] /Root 1 0 R", rows)
    return body + f"startxref\n{start}\n%%EOF".encode()


def openly(objects: Objects, streams: Objects) -> bytes:
    """Write the same as ``packed`` with every object in the open."""
    whole = objects | {
        number: f"<< /Length {len(text)} >>\nstream\n{text}\nendstream" for number, text in streams.items()
    }
    body, places = b"%PDF-1.4\n", {}
    for number, text in sorted(whole.items()):
        places[number] = len(body)
        body += f"{number} 0 obj\n{text}\nendobj\n".encode()
    start = len(body)
    size = max(places) + 1
    table = "".join(
        f"{places.get(number, 0):010d} 00000 {'n' if number in places else 'f'} \n" for number in range(size)
    )
    return body + f"xref\n0 {size}\n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()


def tree(pages: Objects, nodes: Objects, streams: Objects | None = None) -> File:
    return {1: "<< /Type /Catalog /Pages 2 0 R >>", **nodes, **pages}, streams or {3: words("Line")}


FLAT = tree({4: page()}, {2: kids([4] * 1000, 1000)})
NESTED = tree({4: page()}, {2: kids(range(5, 15), 1000)} | {number: kids([4] * 100, 100) for number in range(5, 15)})
SHARED = tree({4: page()}, {2: kids([5] * 10, 1000), 5: kids([6] * 10, 100), 6: kids([4] * 10, 10)})
INHERITED = tree({4: page(more="")}, {2: kids([5] * 20, 1000), 5: kids([4] * 50, 50).replace(">>", f"{BOX} >>")})
TURNED = tree({4: page(more=f"{BOX} /Rotate 90 /CropBox [50 50 500 700]")}, {2: kids([4] * 1000, 1000)})
SCALED = tree({4: page(more=f"{BOX} /UserUnit 10")}, {2: kids([4] * 1000, 1000)})
BOXLESS = tree({4: page(more="")}, {2: kids([4] * 1000, 1000)})
WRONG_BOX = tree({4: page(more="/MediaBox [9 9 9 9] /CropBox [0 0 -5 1e30]")}, {2: kids([4] * 1000, 1000)})
COPIES = tree({number: page() for number in range(4, 304)}, {2: kids(range(4, 304), 300)})
COPIED_STREAMS = tree(
    {number: page(number + 100) for number in range(4, 104)},
    {2: kids(range(4, 104), 100)},
    {number: words("Line") for number in range(104, 204)},
)


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> list[PageText]:
    """Every page that the real function laid out."""
    pages: list[PageText] = []

    def counted(textpage: object, added: Added, raw: str) -> PageText:
        pages.append(page_text(textpage, added, raw))
        return pages[-1]

    monkeypatch.setattr(reader, "page_text", counted)
    return pages


def read(data: bytes) -> Document:
    document = reader.read(data, Reading("a.pdf", 5000, 100, lambda *_: None))
    check_contract(document)
    return document


@pytest.mark.parametrize("write", [openly, packed])
@pytest.mark.parametrize(
    "listed",
    [FLAT, NESTED, SHARED, INHERITED, TURNED, SCALED, BOXLESS, WRONG_BOX],
    ids=["flat", "nested", "shared", "inherited", "turned", "scaled", "boxless", "wrong_box"],
)
def test_a_page_listed_again_is_laid_out_once(listed: File, write: Writer, layouts: list[PageText]) -> None:
    document = read(write(*listed))
    assert len(layouts) == 1
    assert document.text.count("Line 7\n") == 1
    assert document.page_count == len(document.page_starts) == 1000
    assert [warning.what for warning in document.warnings] == [
        "999 pages only repeat an earlier one, which was read once."
    ]


@pytest.mark.parametrize("write", [openly, packed])
@pytest.mark.parametrize("copies", [COPIES, COPIED_STREAMS], ids=["one_content", "own_contents"])
def test_copies_of_a_page_are_laid_out_once_and_all_kept(copies: File, write: Writer, layouts: list[PageText]) -> None:
    document = read(write(*copies))
    assert len(layouts) == 1
    assert document.text.count("Line 7\n") == document.page_count == len(set(document.page_starts))
    assert document.warnings == ()


def test_a_blank_form_printed_twice_keeps_both_with_their_page_numbers(sandbox: Sandbox, limits: LoadLimits) -> None:
    form = [(50.0, 700.0, 11.0, "Name:"), (50.0, 660.0, 11.0, "Address:"), (50.0, 600.0, 11.0, "Signature:")]
    letter = [(50.0, 700.0, 11.0, "Please fill in both forms.")]
    document = read_in_child(make_pdf([form, letter, form]), "a.pdf", sandbox, limits)
    places = [block.page for block in document.blocks if "Name:" in document.text[block.start : block.end]]
    assert places == [1, 3]
    assert document.warnings == ()


def test_pages_of_the_same_words_at_other_places_are_laid_out_each(layouts: list[PageText]) -> None:
    pages = [
        [(50.0 + left, 700.0 - 14 * line, size, f"word {line}") for line in range(6)]
        for left, size in ((0.0, 11.0), (200.0, 11.0), (0.0, 20.0))
    ]
    document = read(make_pdf(pages))
    assert len(layouts) == 3
    assert document.text.count("word 3") == 3


def test_each_page_of_a_long_file_is_read_as_if_it_stood_alone() -> None:
    pages = [
        [(50.0, 700.0 - 14 * line, 11.0, f"{number % 7} row {line}") for line in range(number % 5)]
        for number in range(60)
    ]
    document = read(make_pdf(pages))
    for number, (start, lines) in enumerate(zip(document.page_starts, pages, strict=True)):
        alone = "\n".join(text for *_, text in lines)
        assert document.text[start : start + len(alone)] == alone, number


def test_a_damaged_page_listed_again_and_pages_left_out_by_the_limit_are_told() -> None:
    objects, streams = tree({4: page(), 5: "null"}, {2: kids([4, 5, 4, 5, 4, 4], 6)})
    document = reader.read(openly(objects, streams), Reading("a.pdf", 5, 100, lambda *_: None))
    assert document.text.count("Line 7\n") == 1
    assert "Only the first 5 of 6 pages were read." in [warning.what for warning in document.warnings]
    assert "2 pages only repeat an earlier one, which was read once." in [warning.what for warning in document.warnings]
