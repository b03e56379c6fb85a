"""RTF through striprtf: its text, without pictures and styles."""

from core.load.builder import Builder
from core.load.limits import Reading
from core.load.plain import paragraphs
from core.schema import Document


def read(data: bytes, reading: Reading) -> Document:
    """Read a rich-text document. Table rows come as cells joined by bars."""
    from striprtf.striprtf import rtf_to_text

    text = rtf_to_text(data.decode("latin-1"), encoding="cp1252", errors="replace")
    builder = Builder()
    rows: list[list[str]] = []
    for line in [*text.replace("\r", "").split("\n"), ""]:
        if line.rstrip().endswith("|"):
            rows.append([cell.strip() for cell in line.rstrip()[:-1].split("|")])
            continue
        if rows:
            builder.table(rows)
            rows = []
        for block in paragraphs(line.strip()):
            words = line.strip()[block.start : block.end]
            if block.kind == "heading":
                builder.heading(words, block.level)
            elif block.kind == "list":
                builder.item(words)
            else:
                builder.paragraph(words)
    return builder.document("rtf")
