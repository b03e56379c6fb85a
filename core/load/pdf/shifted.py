"""Fonts that do not say what their signs stand for, and whose signs all stand at the same distance from their letters.

So "wkh dqqxdo uhsruw" is "the annual report". Letters are mended one for one: each stays where it was.
"""

import re

# Words that running text can hardly do without, in the languages most often met.
_COMMON = tuple(
    frozenset(words.split())
    for words in (
        "the of and to in is for that on with are be this or as by from at not it was",
        "der die das und ist von den mit für auf nicht ein eine zu des dem im werden in wird",
        "de la le les et des en du une pour dans est que par sur pas au qui",
        "el la los las que de por con una para del se como en es al",
        "di il che per una della sono con non la del le si dei",
    )
)
_SOME = tuple(f" {word} " for words in _COMMON for word in words)
_ODD = re.compile("[\x01\x03-\x08\x0b\x0c\x0e-\x1f]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SHIFTS = (29, 3, -3, 30, 31, 28, 1, -1, 2, -2)
_LEAST_SHARE = 0.2
_MOST_SHARE_BEFORE = 0.05
_FEWEST_WORDS = 16
_FEWEST_KINDS = 4
_LOOKED_AT = 3000
_KEPT = frozenset("\r\n \t\x02\xad\ufffe")


def mended(raw: str) -> str:
    """Return a page's text with its shifted letters put right; as it was where it holds none."""
    odd = _ODD.search(raw) is not None
    as_it_is = len(raw) < 100 or not raw.isascii() or any(word in raw for word in _SOME)
    if not odd and as_it_is:
        return raw
    if not as_it_is and (shift := _shift(raw)):
        return raw.translate(_table(raw, shift))
    lines = raw.split("\n") if odd else []
    if shift := _shift("\n".join(line for line in lines if _ODD.search(line))):
        return "\n".join(line.translate(_table(line, shift)) if _ODD.search(line) else line for line in lines)
    return raw


def _shift(text: str) -> int:
    """Return how far the letters of a text stand from what they are, 0 where it reads best as it is or not at all."""
    sample = text[:_LOOKED_AT]
    if _share(sample) > _MOST_SHARE_BEFORE:
        return 0
    shares = {shift: _share(sample.translate(_table(sample, shift))) for shift in _SHIFTS}
    best = max(shares, key=lambda shift: shares[shift])
    return best if shares[best] >= _LEAST_SHARE else 0


def _share(text: str) -> float:
    """Return the share of a text's words that are common in one language; of a few words it is not known."""
    words = _WORD.findall(text.casefold())
    if len(words) < _FEWEST_WORDS:
        return 0.0
    kinds = set(words)
    known = max(_COMMON, key=lambda common: len(kinds & common))
    return sum(word in known for word in words) / len(words) if len(kinds & known) >= _FEWEST_KINDS else 0.0


def _table(text: str, shift: int) -> dict[int, int]:
    return {
        ord(letter): ord(letter) + shift
        for letter in set(text) - _KEPT
        if ord(letter) < 127 and 32 <= ord(letter) + shift < 127
    }
