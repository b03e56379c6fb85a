"""Signs nobody can see: taken out of what a model reads and a visitor is shown, so that no text hides in them."""

import re

# Soft hyphen, fillers, direction and variation signs, zero-width blanks, invisible operators, tags, and the like.
_NEVER_SEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Letters and marks of the scripts that are written with joiners: Arabic to Burmese, Khmer to Lepcha, and the like.
_JOINING = (
    "\u0620-\u109f\u1780-\u1aaf\u1b00-\u1c4f\ua800-\uab2f\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00010aff\U00011000-\U000117ff\U0001e900-\U0001e95f"
)
_EMOJI = "\u00a9\u00ae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
# One joiner between two letters or two emoji, and variation selector 16 after an emoji: these are seen in their effect.
_SEEN = (
    f"(?<=[{_JOINING}])[\u200c\u200d](?=[{_JOINING}])"
    f"|(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
    f"|(?<=[{_EMOJI}])\ufe0f|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
_SIGN = re.compile(f"({_SEEN})|[{_NEVER_SEEN}\u200c\u200d\ufe0f]")
_LINE_BREAK = re.compile("[\u2028\u2029]")


def without_invisible(text: str) -> str:
    """Return ``text`` without the signs nobody can see; the line breaks of Unicode become plain ones.

    What joins the letters of a Persian or Hindi word, or the faces of an emoji, stays; several joiners in a row, or
    one between Latin letters, only hide something.
    """
    return text if text.isascii() else _LINE_BREAK.sub("\n", _SIGN.sub(r"\1", text))
