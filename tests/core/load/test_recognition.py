"""Scans and pictures of text: what is read of them, in which order, and where each word stands."""

import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from core.document_json import document_from_json, document_to_json
from core.errors import Cancelled, LoadError
from core.load import LoadLimits, Sandbox, load, recognition_available, render_page
from core.load.limits import Reading
from core.schema import Document
from tests.core.load.makers import make_pdf
from tests.core.load.test_real_files import check_contract

pytestmark = pytest.mark.skipif(not recognition_available(), reason="Text recognition (rapidocr) is not installed.")

# drawn(LETTER, grey=True), saved by a program that can write HEIC, which nothing here can.
HEIC = Path(__file__).parent / "cases" / "letter.heic"
Placed = tuple[float, float, float, str]
LETTER = [
    (60.0, 720.0, 20.0, "Returning a parcel"),
    (60.0, 680.0, 11.0, "You may return any parcel within thirty days of its delivery, unopened and"),
    (60.0, 666.0, 11.0, "with the receipt that came with it. We pay the postage for returns within"),
    (60.0, 652.0, 11.0, "the country; from abroad you pay it yourself."),
    (60.0, 610.0, 11.0, "Damaged parcels are replaced at once. Please keep the box and take a picture."),
]
COLUMNS = [
    (60.0, 740.0, 14.0, "The letter of the harbour office to all its members, four times a year"),
    *((60.0, 700.0 - 14 * line, 11.0, f"Left column, line {line} of the first story told") for line in range(8)),
    *((330.0, 700.0 - 14 * line, 11.0, f"Right column, line {line} of the second story") for line in range(8)),
]


def drawn(lines: Sequence[Placed], dpi: int = 150, *, grey: bool = False, skew: float = 0.0) -> Image.Image:
    """Return the picture of a page of 600 by 800 points."""
    page = pypdfium2.PdfDocument(make_pdf([lines]))[0]
    picture = page.render(scale=dpi / 72).to_pil().convert("L" if grey else "RGB")
    return picture.rotate(skew, Image.Resampling.BICUBIC, fillcolor="white") if skew else picture


def saved(pictures: Sequence[Image.Image], kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    more = {"save_all": True, "append_images": list(pictures[1:])} if len(pictures) > 1 else {}
    pictures[0].save(stream, kind, **more, **options)
    return stream.getvalue()


def scan(*pictures: Image.Image, dpi: int = 150) -> bytes:
    """Return a PDF of nothing but pictures of pages."""
    return saved(pictures, "PDF", resolution=dpi, quality=70)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def written(lines: Sequence[Placed]) -> list[str]:
    return [word for line in lines for word in words(line[3])]


def read(data: bytes, name: str, sandbox: Sandbox, limits: LoadLimits) -> Document:
    document = load(data, name, limits=limits, sandbox=sandbox)
    check_contract(document)
    for word in document.word_boxes:
        assert 0 <= word.start < word.end <= len(document.text)
        assert document.text[word.start : word.end].strip()
        assert word.left < word.right
        assert word.bottom < word.top
    return document


def test_a_scanned_pdf_is_read_in_blocks(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(scan(drawn(LETTER, grey=True, skew=2)), "letter.pdf", sandbox, limits)
    assert (document.kind, document.page_count, document.language) == ("pdf", 1, "en")
    assert words(document.text) == written(LETTER)
    assert document.warnings == ()
    blocks = [(block.kind, document.text[block.start : block.end]) for block in document.blocks]
    assert blocks[0] == ("heading", "Returning a parcel")
    assert [kind for kind, _ in blocks[1:]] == ["paragraph", "paragraph"]
    assert blocks[2][1].startswith("Damaged parcels")
    assert document_from_json(document_to_json(document)) == document


@pytest.mark.parametrize("skew", [0.0, 2.0])
def test_a_cited_word_is_marked_where_it_stands(skew: float, sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(scan(drawn(LETTER, 200, skew=skew), dpi=200), "letter.pdf", sandbox, limits)
    original = make_pdf([LETTER])
    text = load(original, "letter.pdf", limits=limits, sandbox=sandbox).text
    for cited in ("thirty days", "postage", "Damaged"):
        start, first = document.text.index(cited), text.index(cited)
        boxes = [word[2:] for word in document.word_boxes if start <= word.start < start + len(cited)]
        assert len(boxes) == len(cited.split())
        data = scan(drawn(LETTER, 200, skew=skew), dpi=200)
        marked = render_page(data, 1, boxes=boxes, sandbox=sandbox, limits=limits, scale=1).boxes
        span = (first, first + len(cited))
        [true] = render_page(original, 1, highlights=[span], sandbox=sandbox, limits=limits, scale=1).boxes
        box = [min(b[0] for b in marked), min(b[1] for b in marked)] + [max(b[side] for b in marked) for side in (2, 3)]
        # A page turned by two degrees moves what stands 300 points from its middle by ten points.
        assert np.abs(np.array(box) - true).max() < (14 if skew else 4.5)
        if skew:
            turn = np.radians(skew)
            middle = (np.array(true[:2]) + true[2:]) / 2 - (300, 400)
            at = middle @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) + (300, 400)
            assert np.abs((np.array(box[:2]) + box[2:]) / 2 - at).max() < 3


def test_columns_are_read_one_after_the_other(sandbox: Sandbox, limits: LoadLimits) -> None:
    text = read(scan(drawn(COLUMNS, skew=1)), "letter.pdf", sandbox, limits).text
    assert words(text) == written(COLUMNS)


def test_a_word_broken_at_the_end_of_a_line_is_whole(sandbox: Sandbox, limits: LoadLimits) -> None:
    lines = [(60.0, 700.0, 12.0, "All that was said about the inter-"), (60.0, 684.0, 12.0, "national trade of tea")]
    document = read(saved([drawn(lines)], "PNG"), "tea.png", sandbox, limits)
    assert document.text == "All that was said about the international\ntrade of tea"
    broken = [word for word in document.word_boxes if document.text[word.start : word.end] in ("inter", "national")]
    assert len(broken) == 2
    assert broken[0].bottom > broken[1].bottom


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_page_that_lies_on_its_side_is_read_and_marked(turns: int, sandbox: Sandbox, limits: LoadLimits) -> None:
    upright = drawn(LETTER)
    picture = Image.fromarray(np.rot90(np.asarray(upright), turns).copy())
    document = read(saved([picture], "PNG"), "turned.png", sandbox, limits)
    assert words(document.text) == written(LETTER)
    start = document.text.index("postage")
    [box] = [word[2:] for word in document.word_boxes if word.start == start]
    image = render_page(saved([picture], "PNG"), 1, boxes=[box], sandbox=sandbox, limits=limits, scale=1)
    marked = np.asarray(Image.open(io.BytesIO(image.png)))
    yellow = np.argwhere((marked[..., 0].astype(int) - marked[..., 2]) > 60)
    upright_again = np.rot90(marked, -turns)
    again = np.argwhere((upright_again[..., 0].astype(int) - upright_again[..., 2]) > 60)
    assert len(yellow) > 100
    rows, columns = again[:, 0] / upright_again.shape[0], again[:, 1] / upright_again.shape[1]
    assert abs((800 - rows.mean() * 800) - (666 + 4)) < 6
    assert 240 < columns.mean() * 600 < 360


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF"])
def test_pictures_are_read(kind: str, sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(saved([drawn(LETTER)], kind), f"letter.{kind.lower()}", sandbox, limits)
    assert (document.kind, document.page_count, document.page_word) == ("image", 1, "page")
    assert words(document.text) == written(LETTER)


def test_a_telephone_s_heic_is_read_and_marked(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = read(HEIC.read_bytes(), "IMG_0001.HEIC", sandbox, limits)
    assert (document.kind, words(document.text)) == ("image", written(LETTER))
    start = document.text.index("postage")
    boxes = [word[2:] for word in document.word_boxes if word.start == start]
    assert len(render_page(HEIC.read_bytes(), 1, boxes=boxes, sandbox=sandbox, limits=limits, scale=1).boxes) == 1


def test_a_heic_that_cannot_be_read_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.load.scans import picture

    reading = Reading("IMG_0001.HEIC", 100, 100, lambda *_: None)
    monkeypatch.setattr(picture.importlib.util, "find_spec", lambda name: None if name == "pi_heif" else name)
    for available, code in ((True, "unsupported"), (False, "scanned")):
        monkeypatch.setattr(picture, "recognition_available", lambda here=available: here)
        with pytest.raises(LoadError) as refusal:
            picture.read(HEIC.read_bytes(), reading)
        assert refusal.value.code == code
        assert refusal.value.remedy


def test_a_tiff_of_two_pages_has_two_pages(sandbox: Sandbox, limits: LoadLimits) -> None:
    data = saved([drawn(LETTER).convert("1"), drawn(COLUMNS).convert("1")], "TIFF", compression="group4")
    document = read(data, "fax.tif", sandbox, limits)
    assert document.page_count == 2
    assert words(document.text[: document.page_starts[1]]) == written(LETTER)
    image = render_page(data, 2, boxes=[document.word_boxes[-1][2:]], sandbox=sandbox, limits=limits, scale=1)
    assert max(image.width, image.height) == 842
    assert len(image.boxes) == 1
    with pytest.raises(LoadError):
        render_page(data, 3, sandbox=sandbox, limits=limits)


def test_a_telephone_s_picture_that_says_it_is_turned_is_turned(sandbox: Sandbox, limits: LoadLimits) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = drawn(LETTER).rotate(90, expand=True)
    assert words(read(saved([lying], "JPEG", exif=exif), "a.jpg", sandbox, limits).text) == written(LETTER)


def test_letters_on_nothing_stand_on_white(sandbox: Sandbox, limits: LoadLimits) -> None:
    clear = Image.new("RGBA", (1250, 1667), (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=Image.eval(drawn(LETTER, grey=True), lambda value: 255 - value))
    assert words(read(saved([clear], "PNG"), "a.png", sandbox, limits).text) == written(LETTER)


def test_of_a_mixed_pdf_both_kinds_of_pages_are_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    mixed = pypdfium2.PdfDocument.new()
    for part in (make_pdf([COLUMNS]), scan(drawn(LETTER)), make_pdf([[(60, 700, 12, "The last page has text.")]])):
        mixed.import_pages(pypdfium2.PdfDocument(part))
    stream = io.BytesIO()
    mixed.save(stream)
    document = read(stream.getvalue(), "mixed.pdf", sandbox, limits)
    assert document.page_count == 3
    assert document.warnings == ()
    second = document.text[document.page_starts[1] : document.page_starts[2]]
    assert words(second) == written(LETTER)
    assert document.text[document.page_starts[2] :] == "The last page has text."
    assert {document.page_at(word.start) for word in document.word_boxes} == {2}


def test_a_page_that_is_hard_to_read_is_named(sandbox: Sandbox, limits: LoadLimits) -> None:
    clear = np.asarray(drawn(LETTER, 100, grey=True))
    noise = np.random.default_rng(1).normal(0, 120, clear.shape)
    spoilt = np.clip(clear + noise, 0, 255).astype(np.uint8)
    document = read(scan(drawn(LETTER, 100), Image.fromarray(spoilt), dpi=100), "a.pdf", sandbox, limits)
    assert [warning.what for warning in document.warnings] == ["Page 2 was hard to read; check it."]


def test_a_picture_without_words_is_refused_as_that(sandbox: Sandbox, limits: LoadLimits) -> None:
    plain = Image.new("RGB", (800, 600), (90, 140, 200))
    for data, name in ((scan(plain), "a.pdf"), (saved([plain], "PNG"), "a.png")):
        with pytest.raises(LoadError) as refusal:
            load(data, name, limits=limits, sandbox=sandbox)
        assert refusal.value.code == "no_text"


def test_a_long_scan_has_time_of_its_own_and_says_how_long_it_takes(sandbox: Sandbox) -> None:
    told: list[tuple[str, int, int]] = []
    pages = [drawn([(60.0, 700.0, 12.0, f"Page number {number}")], 100) for number in range(6)]
    load(scan(pages[0], dpi=100), "warm.pdf", limits=LoadLimits(60, 2048, 10, 100), sandbox=sandbox)
    few = LoadLimits(seconds=1.5, memory_megabytes=2048, pages=10, megabytes=100)
    document = load(
        scan(*pages, dpi=100), "a.pdf", limits=few, sandbox=sandbox, progress=lambda *words: told.append(words)
    )
    assert document.page_count == 6
    assert ("Recognising 6 pages, which takes less than a minute", 0, 0) in told
    assert ("Recognising page", 3, 6) in told


def test_a_scan_that_is_stopped_stops(sandbox: Sandbox, limits: LoadLimits) -> None:
    told: list[str] = []
    with pytest.raises(Cancelled):
        load(
            scan(*[drawn(LETTER)] * 20),
            "a.pdf",
            limits=limits,
            sandbox=sandbox,
            progress=lambda stage, *_: told.append(stage),
            cancelled=lambda: any(stage.startswith("Recognising") for stage in told),
        )
    assert sandbox.process_id is None


def test_a_picture_that_is_a_bomb_is_refused(sandbox: Sandbox, limits: LoadLimits) -> None:
    bomb = saved([Image.new("1", (20_000, 20_000))], "PNG")
    with pytest.raises(LoadError) as refusal:
        load(bomb, "a.png", limits=limits, sandbox=sandbox)
    assert refusal.value.code == "too_large"


def test_without_recognition_scans_are_refused_and_their_pages_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.load.pdf import reader, scanned
    from core.load.scans import pages as scans
    from core.load.scans import picture

    for module in (picture, scanned):
        monkeypatch.setattr(module, "recognition_available", lambda: False)
    reading = Reading("a.pdf", 100, 100, lambda *_: None)
    for read_it, data in ((reader.read, scan(drawn(LETTER))), (picture.read, saved([drawn(LETTER)], "PNG"))):
        with pytest.raises(LoadError) as refusal:
            read_it(data, reading)
        assert refusal.value.code == "scanned"
        assert refusal.value.remedy == scans.READ_SCANS
    mixed = pypdfium2.PdfDocument(make_pdf([COLUMNS]))
    mixed.import_pages(pypdfium2.PdfDocument(scan(drawn(LETTER))))
    stream = io.BytesIO()
    mixed.save(stream)
    document = reader.read(stream.getvalue(), reading)
    assert [tuple(warning) for warning in document.warnings] == [
        ("1 of 2 pages holds only pictures.", scans.READ_SCANS)
    ]
