"""Words and Markdown: plain words for a reader of Markdown, and which words of a quoted answer are the source's."""

import re

# Marks anywhere, those that count at the beginning only, and the sign without which a reader sees no address.
_MARK = re.compile(r"[\\`*_\[\]<>&~$#]|^[-+=:]|:(?=//)|(?<=www)\.|(?<=\w)@(?=\w)", re.IGNORECASE)
_LIST_NUMBER = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))")
_FENCE = re.compile(r"(?m)^ {0,3}(`{3,}|~{3,})([^\n]*)$")
_MARKED = re.compile(r"(“.*”) \[(\d{1,3})\]")


def quote_and_number(paragraph: str) -> tuple[str, str]:
    """Return a paragraph of a quoted answer as “…” and the number of its marker; "" where it has none.

    Only what follows the last closing quotation mark is a marker: a [1] before it is one of the source's own words.
    """
    match = _MARKED.fullmatch(paragraph)
    return (match[1], match[2]) if match else (paragraph, "")


def literal(text: str) -> str:
    """Return plain words as one line of Markdown that shows them letter for letter: no mark, image, HTML or address."""
    line = _MARK.sub(r"\\\g<0>", " ".join(text.split()))
    return _LIST_NUMBER.sub(r"\1\\", line)


def fences_closed(text: str) -> str:
    """Return Markdown whose last block of code is closed, so that what follows it does not become a part of it."""
    fence = ""
    for match in _FENCE.finditer(text):
        if not fence:
            fence = match[1]
        elif match[1].startswith(fence) and not match[2].strip():
            fence = ""
    return f"{text}\n{fence}" if fence else text
