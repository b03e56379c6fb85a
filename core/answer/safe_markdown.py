"""A model's Markdown in, Markdown out in which nothing loads or leads anywhere that the sources do not name."""

import re
from collections.abc import Iterator

from core.text import without_invisible

# Two signs for private use that stand for a link that stays while the rest is made harmless.
_OWN_SIGNS = re.compile("[\ue000\ue001]")
_LABEL = r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
_IN_BRACKETS = r"\(\s*+(?:<[^<>\n]*>|[^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+)\)"
_IMAGE = re.compile(rf"!{_LABEL}(?:{_IN_BRACKETS}|\[[^\[\]\n]*\])?")
_LINK = re.compile(rf"{_LABEL}({_IN_BRACKETS})")
_REFERENCE = re.compile(r"\[((?!\^?\d{1,2}\])[^\[\]\n]+)\]\[(?!\d{1,2}\])[^\[\]\n]*\]")
_DEFINED_ADDRESS = re.compile(r"(?m)^([ \t>]*)\[[^\[\]\n]+\]:[ \t]*+(?:\n[ \t]*+)?<?(?:\w+:)?//.*(?:\n|\Z)")
_DEFINITION = re.compile(r"(?m)^([ \t>]*\[[^\[\]\n]+\]):")
_BRACED_ADDRESS = re.compile(r"<(https?://[^\s<>]+)>")
_ADDRESS = re.compile(r"(?i)\b(?:(?:https?|ftp):/*|www\.)[^\s<>\"'`)\]]*")
_OPENS_TAG = re.compile(r"<(?=[a-zA-Z/!?])")


def safe_markdown(text: str, sources: str = "", *, complete: bool = True) -> str:
    """Return a model's Markdown with nothing in it that loads or leads anywhere that the sources do not name.

    Images become their words; links stay only where their address stands in ``sources``, other addresses are taken
    out; HTML is shown as text; signs nobody can see go. With ``complete=False``, ``text`` is the beginning of an
    answer that is still being written: an end that may become a link, image, address or tag is held back.
    """
    links: list[str] = []

    def link(match: re.Match[str]) -> str:
        label, address = match.group(1), match.group(2)[1:-1].strip()
        address = (address[1:].partition(">")[0] if address.startswith("<") else address.partition(" ")[0]).strip()
        if re.fullmatch(r"\^?\d{1,2}", label):
            return f"[{label}]"
        if not re.match(r"(?i)https?://\S", address) or not _stands_in(address, sources):
            return label
        links.append(f"[{_ADDRESS.sub('', label).replace('[', '').replace(']', '')}]({address})")
        return f"\ue000{len(links) - 1}\ue001"

    def bare(match: re.Match[str]) -> str:
        return match.group() if _stands_in(match.group().rstrip(".,;:!?"), sources) else ""

    text = without_invisible(_OWN_SIGNS.sub("", text))
    if not complete:
        text = text[: _settled(text)].rstrip()
    for _ in range(3):  # an image in a link in an image; what is nested deeper is made inert below
        text = _IMAGE.sub(r"\1", text)
    text = _REFERENCE.sub(r"\1", _LINK.sub(link, text))
    text = _DEFINITION.sub(r"\1 :", _DEFINED_ADDRESS.sub(r"\1", text))
    text = _OPENS_TAG.sub("&lt;", _BRACED_ADDRESS.sub(r"\1", text))
    text = _ADDRESS.sub(bare, text).replace("](", "] (").replace("![", "[")
    return re.sub("\ue000(\\d+)\ue001", lambda match: links[int(match.group(1))], text)


def _stands_in(address: str, sources: str) -> bool:
    """Tell whether an address stands in the sources as it is, and not only as the beginning of another one's name."""
    return bool(re.search(rf"{re.escape(address)}(?![\w-]|\.\w)", sources))


def _settled(text: str) -> int:
    """Return how far the beginning of an answer can be shown: no bracket open, no word that may become an address."""
    run = re.search(r"(?<![!-~])[!-~]+$", text)
    end = run.start() if run else len(text)
    for start, closed in _bracketed(text, text.rfind("\n\n") + 1):
        if closed is None or start < end <= closed:
            return min(end, start - 1 if text[max(0, start - 1)] == "!" else start)
    return end


def _bracketed(text: str, index: int) -> Iterator[tuple[int, int | None]]:
    """Give where each thing in brackets begins and ends, with the address behind it; None while it may go on."""
    opened, depth = -1, 0
    while index < len(text):
        if text[index] == "[":
            opened = index if opened < 0 else opened
            depth += 1
        elif text[index] == "]" and depth:
            depth -= 1
            following = text[index + 1 : index + 2]
            closed = text.find(")", index) if following == "(" else index
            if depth == 0 and (following in ("", ":") or closed < 0):
                break
            if depth == 0 and following != "[":
                yield opened, closed
                opened, index = -1, closed
        index += 1
    if opened >= 0:
        yield opened, None
