"""Pages that a PDF lists again: a small file may name one big page thousands of times."""

import re

_KIDS = re.compile(rb"/Kids\s*+\[([^\[\]]*)\]")
_REFERENCE = re.compile(rb"(?<!\d)\d++\s++\d++\s++R")


def repeated_pages(data: bytes, count: int) -> frozenset[int]:
    """Return the indexes of the pages that are the same object as an earlier one.

    Told from a page tree that is written openly as one list of all ``count`` pages; of any other none is known.
    """
    for kids in _KIDS.finditer(data):
        references = _REFERENCE.findall(kids[1])
        if len(references) == count and len(set(references)) < count:
            first = {reference: count - index for index, reference in enumerate(reversed(references), 1)}
            return frozenset(index for index, reference in enumerate(references) if first[reference] != index)
    return frozenset()
