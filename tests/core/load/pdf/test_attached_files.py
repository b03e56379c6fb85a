"""What is attached to a PDF is handed over, to become sources of their own."""

import io

import pypdfium2

from core.load import LoadLimits, Sandbox, load
from tests.core.load.makers import make_pdf

FILES = [("prices.csv", b"box;3 EUR"), ("terms.txt", b"Paid within 14 days.")]


def test_files_attached_to_a_pdf_are_handed_over(sandbox: Sandbox, limits: LoadLimits) -> None:
    document = pypdfium2.PdfDocument(make_pdf([[(50.0, 700.0, 12.0, "See the files of this portfolio.")]]))
    for name, content in FILES:
        attachment = document.new_attachment(name)
        attachment.set_data(content)
    stream = io.BytesIO()
    document.save(stream)
    read = load(stream.getvalue(), "a.pdf", limits=limits, sandbox=sandbox)
    assert sorted(tuple(attachment) for attachment in read.attachments) == FILES
    assert read.warnings == ()
