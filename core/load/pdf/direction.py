"""Words of scripts that run from right to left: their letters in the order in which they are read."""

import re

from core.load.pdf.letters import Letters

_LEFTWARD = re.compile("[\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]{2,}")


def reads_leftward(text: str) -> bool:
    """Tell whether a page holds words of a script that runs from right to left."""
    return _LEFTWARD.search(text) is not None


def in_reading_order(letters: Letters) -> Letters:
    """Turn round the right-to-left words whose first letter stands left of their last."""
    spans = [
        word.span()
        for word in _LEFTWARD.finditer(letters.text)
        if letters.box(word.start())[0] < letters.box(word.end() - 1)[0] - 1
    ]
    if not spans:
        return letters
    places = list(range(len(letters.text)))
    for first, last in spans:
        places[first:last] = places[first:last][::-1]
    return letters.reordered("".join(letters.text[place] for place in places), places)
