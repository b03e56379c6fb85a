"""A model's Markdown in, Markdown out in which nothing loads or leads anywhere that the sources do not name."""

import html
import re
from collections.abc import Iterator

from core.text import without_invisible

# What comes together when something between it is taken out is looked at again, so many times.
PASSES = 8

# Two signs for private use that stand for a link that stays while the rest is made harmless.
_OWN_SIGNS = re.compile("[\ue000\ue001]")
_ANY_MARK = re.compile(r"[^\w\s]|_")
_KEPT = re.compile("\ue000(\\d+)\ue001")
# Every pattern starts where its run starts and never tries a run twice: see tests for the time they take.
_LABEL = r"\[((?:[^\[\]\\\n]|\\.|\\?\n(?![ \t]*+\n)|\[[^\[\]\n]{0,400}+\]){0,400}+)\]"
_IN_BRACKETS = r"\(\s*+(?:<[^<>\n]*+>|[^()\n]*+(?:\([^()\n]*+\)[^()\n]*+)*+)\)"
_IMAGE = re.compile(rf"!{_LABEL}(?:{_IN_BRACKETS}|\[[^\[\]\n]*+\])?")
_LINK = re.compile(rf"{_LABEL}({_IN_BRACKETS})")
_REFERENCE = re.compile(r"\[((?!\^?\d{1,2}\])[^\[\]\n]++)\]\[(?!\d{1,2}\])[^\[\]\n]*+\]")
_DEFINED_ADDRESS = re.compile(r"(?m)^([ \t>]*+)\[[^\[\]\n]++\]:[ \t]*+\n?[ \t]*+<?(?:\w++:)?//[^\n]*+(?:\n|\Z)")
_BRACED_ADDRESS = re.compile(r"<(https?://[^\s<>]++)>")
_OPENS_TAG = re.compile(r"<(?=\S)")
# As GitHub's Markdown finds them: an address goes on up to a blank or "<". What stands before a quotation mark or a
# bracket in it is looked at on its own.
_ADDRESS = re.compile(r"(?i)(?<![a-z])(?:(?:https?|ftp):/*+|www\.)[^\s<]*+")
_ADDRESS_ALONE = re.compile(r"(?:[^\s<>\"'`()\]|“”„‘’«»、。，）】\ue000\ue001]|\([^\s<>\"'`()]*+\))*+")
_MAIL = re.compile(r"(?a)(?<![-.\w+\\])[-.\w+\\]++@[-\w\\]++(?:\.[-\w\\]++)++")
_SENTENCE_END = "!?.,:;*_~\"'"
# Signs of an address that are written in another way: they are looked at as what a reader makes of them.
_WRITTEN_SIGN = re.compile(r"\\\\|\\([:/@]|\.(?=\w))|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,31});")
_OF_ADDRESSES = re.compile(r"(?a)[\w:/.@+-]+")


def safe_markdown(text: str, sources: str = "", *, complete: bool = True) -> str:
    """Return a model's Markdown with nothing in it that loads or leads anywhere that the sources do not name.

    Images become their words; links, addresses and mail addresses stay only where they stand in ``sources``; HTML is
    shown as text; signs nobody can see go. With ``complete=False``, ``text`` is the beginning of an answer that is
    still being written: an end that may become a link, image, address or tag is held back.
    """
    links: list[str] = []
    text = _OWN_SIGNS.sub("", without_invisible(text))
    if not complete:
        text = text[: settled(text)].rstrip()
    for _ in range(PASSES):
        before, text = text, _made_safe(text, sources, links)
        if text == before:
            break
    else:
        text = _ANY_MARK.sub(" ", _KEPT.sub("", text))
    return _KEPT.sub(lambda match: links[int(match[1])], text)


def _made_safe(text: str, sources: str, links: list[str]) -> str:
    """Go through a text once; a link that stays goes to ``links`` and leaves its number between two own signs."""

    def kept(link: str) -> str:
        links.append(link)
        return f"\ue000{len(links) - 1}\ue001"

    def link(match: re.Match[str]) -> str:
        label, address = match[1], match[2][1:-1].strip()
        address = (address[1:].partition(">")[0] if address.startswith("<") else address.partition(" ")[0]).strip()
        if re.fullmatch(r"\^?\d{1,2}", label):
            return f"[{label}]"
        if not re.match(r"(?i)https?://\S", address) or not _stands_in(address, sources):
            return label
        words = _OPENS_TAG.sub("&lt;", _KEPT.sub("", _ADDRESS.sub("", label)))
        return kept(f"[{words.replace('[', '').replace(']', '')}]({address})")

    def bare(match: re.Match[str]) -> str:
        address = _ADDRESS_ALONE.match(match[0])[0].rstrip(_SENTENCE_END)  # type: ignore[index]  # it matches nothing, too
        rest = match[0][len(address) :]
        if not _stands_in(address, sources):
            return _ADDRESS.sub("", rest)
        if not rest.strip(_SENTENCE_END if "(" in address else f"{_SENTENCE_END})"):
            return match[0]
        return (kept(f"<{address}>") if "://" in address else "") + _ADDRESS.sub("", rest)

    def mail(match: re.Match[str]) -> str:
        return match[0] if _stands_in(match[0].lstrip(".").rstrip("-_"), sources) else ""

    text = _WRITTEN_SIGN.sub(_read_sign, text)
    text = _REFERENCE.sub(r"\1", _LINK.sub(link, _IMAGE.sub(r"\1", text)))
    text = _DEFINED_ADDRESS.sub(r"\1", text).replace("]:", "] :")
    text = _OPENS_TAG.sub("&lt;", _BRACED_ADDRESS.sub(r"\1", text))
    return _MAIL.sub(mail, _ADDRESS.sub(bare, text)).replace("](", "] (").replace("![", "[")


def _read_sign(match: re.Match[str]) -> str:
    """Write a sign of an address plainly, leave out what nobody can see, and leave all other signs as they are."""
    if match[0].startswith("\\"):
        return match[1] or match[0]
    sign = html.unescape(match[0])
    return sign if _OF_ADDRESSES.fullmatch(sign) else "" if not without_invisible(sign) else match[0]


def _stands_in(address: str, sources: str) -> bool:
    """Tell whether an address stands in the sources whole, and not as a part of another one."""
    return bool(address) and bool(re.search(rf"(?<![\w.+@-]){re.escape(address)}/?(?![\w\-/?&=%#+~@]|[.:]\w)", sources))


def settled(text: str) -> int:
    """Return how far the beginning of an answer can be shown: no bracket open, no word that may become an address."""
    run = re.search(r"(?<![!-~])[!-~]++$", text)
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
