"""E-books: drawn pages, odd kinds of chapters, encodings, and what is encrypted."""

import pytest

from core.errors import LoadError
from core.load import LoadLimits, Sandbox, load
from tests.core.load.makers import make_zip
from tests.core.load.test_page_formats import blocks, read


def book(items: str, spine: str, files: dict[str, str | bytes]) -> bytes:
    package = f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>"
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    return make_zip(
        {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/book.opf": package} | files
    )


def test_drawn_pages_odd_kinds_and_old_encodings_are_read(sandbox: Sandbox, limits: LoadLimits) -> None:
    drawn = '<svg xmlns="http://www.w3.org/2000/svg"><text>Drawn <tspan>words</tspan></text></svg>'
    items = (
        '<item id="a" href="A.xhtml" media-type="text/x-oeb1-document"/>'
        '<item id="b" href="b.svg" media-type="image/svg+xml"/><item id="c" href="c.xml" media-type="text/xml"/>'
        '<item id="d" href="d.pdf" media-type="application/pdf" fallback="c"/>'
    )
    old = '<?xml version="1.0" encoding="iso-8859-5"?><html><body><p>Глава</p></body></html>'
    data = book(
        items,
        '<itemref idref="a"/><itemref idref="b"/><itemref idref="d"/>',
        {
            "OEBPS/a.XHTML": f"<html><body><p>One</p>{drawn}</body></html>",
            "OEBPS/b.svg": drawn.replace("Drawn", "Only drawn"),
            "OEBPS/c.xml": old.encode("iso-8859-5"),
        },
    )
    document = read(data, "a.epub", sandbox, limits)
    assert [words for _, words in blocks(document)] == ["One", "Drawn words", "Only drawn words", "Глава"]
    assert [block.page for block in document.blocks] == [1, 1, 2, 3]


def test_an_encrypted_book_is_locked(sandbox: Sandbox, limits: LoadLimits) -> None:
    encryption = (
        "<encryption><EncryptedData><EncryptionMethod Algorithm='http://www.w3.org/2001/04/xmlenc#aes128-cbc'/>"
        "<CipherData><CipherReference URI='OEBPS/a.xhtml'/></CipherData></EncryptedData></encryption>"
    )
    data = book(
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>',
        '<itemref idref="a"/>',
        {"OEBPS/a.xhtml": b"\x8f\x01\x02", "META-INF/encryption.xml": encryption},
    )
    with pytest.raises(LoadError) as refused:
        load(data, "a.epub", limits=limits, sandbox=sandbox)
    assert refused.value.code == "encrypted"
