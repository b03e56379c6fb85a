"""Files within a PDF, as in a portfolio or an electronic invoice: handed over to become sources of their own."""

from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from core.load.attachments import Attachments, attachments_for
from core.load.limits import Reading

_MOST_NAMED = 200


def attached_files(document: Any, reading: Reading) -> Attachments:
    """Take out the files that are attached to a PDF; of very many the first."""
    files = attachments_for(reading)
    for index in range(min(pdfium.FPDFDoc_GetAttachmentCount(document), _MOST_NAMED)):
        attachment = document.get_attachment(index)
        name = attachment.get_name()
        try:
            files.add(name, bytes(attachment.get_data()))
        except pypdfium2.PdfiumError:
            files.leave(name)
    return files
