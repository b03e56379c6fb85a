"""What an uploaded file is called here: printable and short, and two different names never become one."""

import hashlib
import unicodedata

NAME_LENGTH = 300
FOLDER_LENGTH = 200
MARK_LENGTH = 12
# They join letters of Persian or Hindi words and the faces of an emoji: seen in their effect, though not printable.
_PAGE_WORDS = {
    **dict.fromkeys(("xlsx", "xlsm", "xltx", "xls", "xlsb", "ods"), "sheet"),
    **dict.fromkeys(("pptx", "pptm", "ppsx", "potx", "ppt", "odp"), "slide"),
    "epub": "chapter",
    "mbox": "mail",
}
JOINERS = "\u200c\u200d\ufe0f"


def clean_file_name(name: str) -> str:
    """Return an upload's name as shown: printable, forward slashes, no ``..``; it never becomes a path on our disk.

    However accents are written (NFC or NFD), a name is the same. Where a sign cannot be shown, or the name is too long,
    a mark made of the whole name stands for what is left out: "prices (3f2a91c0d47e).txt".
    """
    whole = unicodedata.normalize("NFC", name.replace("\\", "/"))
    whole = "/".join(part for part in whole.split("/") if part not in ("", ".", ".."))
    shown = printable_name(whole)
    if shown == whole and len(shown) <= NAME_LENGTH:
        return shown or "file without a name"
    return _marked(shown or "file without a name", whole)


def printable_name(name: str) -> str:
    """Return a name as shown, without any mark: signs that cannot be shown become blanks, and blanks one blank."""
    signs = unicodedata.normalize("NFC", name.replace("\\", "/"))
    parts = "".join(c if c.isprintable() or c in JOINERS else " " for c in signs).split("/")
    return "/".join(" ".join(part.split()) for part in parts if part.strip() not in ("", ".", ".."))


def clean_folder(name: str) -> str:
    """Return a folder's name as shown, "/" between one and the next; "" for none. It is cut where it is too long."""
    return printable_name(name)[:FOLDER_LENGTH].rstrip("/ ")


def folder_of(name: str) -> str:
    """Return the folder in which a file of this name came: "prices/2026" of "prices/2026/list.pdf"; "" for none."""
    return clean_folder(name.rpartition("/")[0])


def page_called(name: str) -> str:
    """Return what a page of a file of this name is called: a sheet, a slide, a chapter, an e-mail, or a page."""
    return _PAGE_WORDS.get(name.rpartition(".")[2].lower(), "page")


def short_name(name: str) -> str:
    """Return a name of at most ``NAME_LENGTH`` characters, with a mark for what is left out of its middle."""
    return name if len(name) <= NAME_LENGTH else _marked(name, name)


def _marked(shown: str, whole: str) -> str:
    """Put the mark before the ending, which says what kind of file it is; a long name is cut in the middle."""
    mark = f"({hashlib.sha256(whole.encode('utf-8', 'surrogatepass')).hexdigest()[:MARK_LENGTH]})"
    folders, slash, last = shown.rpartition("/")
    stem, dot, ending = last.rpartition(".") if "." in last[1:] else (last, "", "")
    marked = f"{folders}{slash}{stem.rstrip()} {mark}{dot}{ending}"
    if len(marked) <= NAME_LENGTH:
        return marked
    half = (NAME_LENGTH - len(mark) - 4) // 2
    return f"{shown[:half]}… {mark} …{shown[-half:]}"
