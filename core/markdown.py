"""Words and Markdown: plain words for a reader of Markdown, and which words of a quoted answer are the source's."""

import re

_MARK = re.compile(r"[!-/:-@\[-`{-~]")
_MARKED = re.compile(r"(“.*”) \[(\d{1,3})\]")


def quote_and_number(paragraph: str) -> tuple[str, str]:
    """Return a paragraph of a quoted answer as “…” and the number of its marker; "" where it has none.

    Only what follows the last closing quotation mark is a marker: a [1] before it is one of the source's own words.
    """
    match = _MARKED.fullmatch(paragraph)
    return (match[1], match[2]) if match else (paragraph, "")


def literal(text: str) -> str:
    """Return Markdown that any reader shows letter for letter, on one line: it holds no mark, link, image or HTML."""
    return _MARK.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(text.split()))
