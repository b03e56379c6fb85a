"""What of a PDF could not be read, in words: nothing at all, or some of its pages."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

from core.errors import LoadError
from core.load.pdf.contents import Content
from core.load.pdf.forms import MOST_MARKS
from core.load.scans.pages import READ_SCANS, not_installed
from core.schema import Shortfall
from core.text import counted

if TYPE_CHECKING:
    from core.load.scans.reading_order import RecognisedPage

_GARBAGE = re.compile("[\ufffd\x00-\x08\x0e-\x1f\ue000-\uf8ff]")
_FEW_WORDS = 150
_FEW_NAMES = 5
_STAMPED_LETTERS = 100  # on a page: more may be what the page is about


def broken() -> LoadError:
    """Return the error for a PDF that is cut off or damaged beyond reading."""
    return LoadError(
        "This PDF is incomplete or damaged and could not be opened.",
        "Download or export it again and upload the new copy.",
        code="broken",
    )


def check_readable(
    document: Any, text: str, contents: Sequence[Content], scans: "Mapping[int, RecognisedPage]"
) -> None:
    """Raise LoadError (broken, unsupported, scanned, garbled, no_text) for a PDF that nothing can be read of.

    ``scans`` are the pages whose letters were recognised.
    """
    solid = len(text) - text.count(" ") - text.count("\n")
    if not solid and set(contents) == {"damaged"}:
        raise broken()
    if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL and len(text.split()) < _FEW_WORDS:
        raise LoadError(
            "This form is of a kind (XFA) that only Adobe Acrobat shows: its pages hold nothing but a word of waiting.",
            'Open it in Adobe Acrobat, print it to a new PDF ("Adobe PDF" or "Save as PDF") and add that.',
            code="unsupported",
        )
    if not solid and not scans and "unmapped" not in contents:
        if "pictures" in contents:
            raise not_installed("This PDF holds only pictures of pages, no text.")
        if "shapes" in contents:
            raise not_installed("This PDF holds no text: if there are words to see, they are drawn as shapes.")
    if not scans and _is_scan(contents) and solid <= _STAMPED_LETTERS * contents.count("stamped"):
        raise not_installed("This PDF holds only pictures of pages, with a few words put over them.")
    garbage = len(_GARBAGE.findall(text))
    if (garbage > solid * 0.3 and garbage > 20) or ("unmapped" in contents and not solid):
        raise LoadError(
            "The letters in this PDF cannot be told: it does not say which character each of its signs stands for.",
            "Export it again from the program it was made with, or run text recognition (OCR) on it.",
            code="garbled",
        )
    if not solid and (names := _attached(document)):
        raise LoadError(
            f"The pages of this PDF are empty; files are attached to it, which were not read: {names}.",
            "Save the attached files in a PDF program and add them on their own.",
            code="no_text",
        )


def shortfalls(
    document: Any,
    contents: Sequence[Content],
    total: int,
    crowded: int,
    scans: "Mapping[int, RecognisedPage]",
) -> Iterator[Shortfall]:
    """Say what of a PDF of ``total`` pages was not read; ``crowded`` pages have more notes than were looked at."""
    count = len(contents)
    if repeated := contents.count("repeated"):
        verb = "repeats" if repeated == 1 else "repeat"
        yield Shortfall(f"{counted(repeated, 'page')} only {verb} an earlier one, which was read once.")
    if count < total:
        yield Shortfall(f"Only the first {count:,} of {total:,} pages were read.", "Split it into smaller files.")
    if not scans and (pictures := contents.count("pictures")):
        verb = "holds" if pictures == 1 else "hold"
        yield Shortfall(f"{pictures} of {count} pages {verb} only pictures.", READ_SCANS)
    if not scans and (stamped := contents.count("stamped")):
        verb = "is a picture" if stamped == 1 else "are pictures"
        yield Shortfall(
            f"{stamped} of {count} pages {verb} with a few words put over; only these words were read.", READ_SCANS
        )
    if not scans and (shapes := contents.count("shapes")):
        what = "holds only a drawing" if shapes == 1 else "hold only drawings"
        yield Shortfall(
            f"{shapes} of {count} pages {what}; words in it, if there are any, are drawn as shapes and were not read.",
            READ_SCANS,
        )
    if not scans and (unmapped := contents.count("unmapped")):
        yield Shortfall(
            f"The letters of {unmapped} of {count} pages cannot be told: their fonts do not say what they stand for.",
            READ_SCANS,
        )
    if failed := contents.count("damaged"):
        verb = "is" if failed == 1 else "are"
        yield Shortfall(f"{failed} of {count} pages {verb} damaged and could not be read.", "Export it again.")
    if crowded:
        yield Shortfall(
            f"Only the first {MOST_MARKS:,} fields and notes of {counted(crowded, 'page')} were looked at.",
            "Print the file to a new PDF and add that.",
        )
    if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
        yield Shortfall(
            "This is a form that only Adobe Acrobat shows in full (XFA); what was filled in may not have been read.",
            "Open it in Adobe Acrobat, print it to a new PDF and add that.",
        )


def _is_scan(contents: Sequence[Content]) -> bool:
    return "stamped" in contents and not {"text", "unmapped", "damaged"}.intersection(contents)


def _attached(document: Any) -> str:
    """Return the names of the first files attached."""
    count = pdfium.FPDFDoc_GetAttachmentCount(document)
    names = ", ".join(document.get_attachment(index).get_name() for index in range(max(0, min(count, _FEW_NAMES))))
    return f"{names} and {count - _FEW_NAMES:,} more" if count > _FEW_NAMES else names
