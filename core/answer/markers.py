"""The markers of a model's answer, in every form that models write them, as [1][2]: also while it is being written."""

import re

MARKER = re.compile(r"\[(\d{1,2})\]")

_NAMES = (
    r"passages?|sources?|documents?|docs?|refs?\.?|references?|citations?|footnotes?|quellen?|textstellen?|stellen?|"
    r"dokumente?|belege?|fuentes?|pasajes?|extraits?|fonti|fonte|passaggi|passaggio|bron|bronnen|fontes|trechos?"
)
_LEAD = (
    rf"(?:(?:see|cf\.|siehe|vgl\.|voir|ver|vedi|zie|from|in) {{0,2}})?(?:{_NAMES}) {{0,2}}(?:[:#]|no\.|nr\.)? {{0,2}}"
)
_ONE = r"\^?\d{1,2}"
_AND = r" {0,2}(?:[,;，；、&/–—-]|and|und|y|et|e|en) {0,2}"
_MANY = rf"{_ONE}(?:{_AND}(?:(?:{_NAMES}) {{0,2}})?{_ONE}){{0,12}}"
_NOTE = r"(?:†[^\]】\n]{0,40})?"
_IN_SQUARE = re.compile(
    rf"([ \t]?)[\[【]{{1,2}} {{0,2}}(?:({_MANY}){_NOTE}|"
    rf"{_LEAD}({_MANY})(?:[:,;.][^\[\]【】\n]{{0,80}})?) {{0,2}}[\]】]{{1,2}}(?!\()",
    re.IGNORECASE,
)
_IN_ROUND = re.compile(rf"([ \t]?)\({_LEAD}({_MANY})(?:[:,;.][^()\[\]\n]{{0,80}})?\)", re.IGNORECASE)
# A number alone in round brackets is a marker behind a word, where a sentence or clause ends; else it counts something.
_BARE = re.compile(
    r"(?P<before>[^\s(]{1,24})(?P<gap>[ \t]?)\((?P<numbers>\d{1,2}(?:, ?\d{1,2}){0,5})\)(?P<behind>.?)", re.DOTALL
)
_COUNTED = re.compile(
    r"(?:sections?|sec\.|paragraphs?|par\.|articles?|art\.|clauses?|§+|abs(?:atz|\.)|nummer|nr\.|no\.|ziffer|"
    r"satz|steps?|schritt|"
    r"options?|tables?|tabelle|fig(?:ure|\.)|abbildung|annex|anhang|item|punkt|level|class|zone|\d+\w{0,3})",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,2}) {0,2}[–—-] {0,2}\^?(\d{1,2})")
_RUN = r"(?:\[\d{1,2}\][ \t]?[,;]?[ \t]?)*\[\d{1,2}\]"
_WRAPPED = re.compile(rf"(\*\*|__|\*)({_RUN})\1")
_LED_IN = re.compile(
    rf"\((?:{_LEAD})?({_RUN})\)|(?<![^\s.!?*_])(?:\*\*|__|\*)?(?:{_NAMES})(?:\*\*|__|\*)? ?:(?:\*\*|__|"
    rf"\*)? {{0,2}}({_RUN})",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?<=\])[ \t]?[,;][ \t]?(?=\[\d{1,2}\])")
# "[^1]: what it says", and what stands under "Sources:", are lists of what was cited and no part of the answer.
_DEFINED = re.compile(r"(?m)^[ \t]{0,4}\[\^?\d{1,2}\] {0,2}:[^\n]*(?:\n|\Z)")
_LIST = re.compile(
    rf"(?m)^[ \t]{{0,4}}(?:#{{1,6}} |\*\*|__)?(?:{_NAMES}|literatur|bibliography|fußnoten)[ \t]?:?(?:\*\*|"
    rf"__)?:?[ \t]{{0,4}}\n"
    r"(?:[ \t]{0,4}\n)?(?:[ \t]{0,4}(?:[-*+•] {0,3})?(?:\[\^?\d{1,2}\]|\d{1,2}[.)]|\(\d{1,2}\))[^\n]*(?:\n|\Z))+",
    re.IGNORECASE,
)
_LIST_ON_A_LINE = re.compile(
    rf"(?m)^[ \t]{{0,4}}(?:\*\*|__)?(?:{_NAMES})[ \t]?:(?:\*\*|"
    rf"__)? {{0,2}}(?=\[\d{{1,2}}\] ?[^\s\[,;.][^\n]*)[^\n]*(?:\n|\Z)",
    re.IGNORECASE,
)
# What may become a marker, or a list of sources, with the next words.
_LED = rf"(?:\*\*|__|\*)?(?:{_NAMES})(?:\*\*|__|\*)?[ \t]?"
_PENDING = re.compile(
    r"(?<![ \t])[ \t]*+(?:[\[【(][^()\[\]【】\n]{0,60}|\(\d{1,2}\)|"
    rf"(?<![^\s.!?*_(]){_LED}:?(?:\*\*|__)?)\s{{0,4}}\Z|(?:(?<=\n)|\A)[ \t]{{0,4}}{_LED}:(?:\*\*|__)?[^\n]*\Z|"
    r"(?<=\])[ \t]?[,;]\s{0,4}\Z|(?<!\s)\s*+(?:\*\*|__|\*)?\Z",
    re.IGNORECASE,
)
_LONGEST_PENDING = 200
_LIST_BEGINS = re.compile(
    rf"(?:(?<=\n)|\A)[ \t]{{0,4}}(?:(?:#{{1,6}} |\*\*|__)?(?:{_NAMES}|literatur|bibliography|fußnoten)[ \t]?:?(?:\*\*|"
    rf"__)?:?[ \t]{{0,4}}(?:\n|\Z)|(?:\*\*|__)?(?:{_NAMES})[ \t]?:(?:\*\*|__)? {{0,2}}\[|\[\^?\d{{1,2}}\] {{0,2}}:)",
    re.IGNORECASE,
)


def decided_end(text: str) -> int:
    """Return how far the beginning of an answer can be shown: up to what may become a marker or a list of sources."""
    at = max(0, len(text) - _LONGEST_PENDING)
    pending = _PENDING.search(text[at:])
    begins = _LIST_BEGINS.search(text)
    return min(at + pending.start() if pending else len(text), begins.start() if begins else len(text))


def tidy_markers(text: str, count: int) -> str:
    """Write every kind of marker ([1, 2], 【1】, [^1], (Passage 1), (1)) as [1][2], and leave lists of sources out.

    Numbers above ``count``, and 0, are dropped.
    """

    def tidied(match: re.Match[str]) -> str:
        named = [number for number in _numbers(match[2] or match[3]) if 1 <= number <= count]
        return "".join([match[1] if named else "", *(f"[{number}]" for number in named)])

    def in_round(match: re.Match[str]) -> str:
        named = [number for number in _numbers(match[2]) if 1 <= number <= count]
        return "".join([match[1], *(f"[{number}]" for number in named)]) if named else match[0]

    body = _LIST.sub("", _DEFINED.sub("", text))
    text = body.rstrip() if body != text else text
    text = _IN_ROUND.sub(in_round, _IN_SQUARE.sub(tidied, text))
    body = _LIST_ON_A_LINE.sub("", text)
    text = body.rstrip() if body != text else text
    text = _with_bare(text, count)
    text = _BETWEEN.sub("", _WRAPPED.sub(r"\2", text))
    return _BETWEEN.sub("", _LED_IN.sub(lambda match: match[1] or match[2], text))


def in_order(text: str, order: dict[str, int]) -> str:
    """Renumber tidy markers by first appearance, for showing an answer while it is being written.

    ``order`` holds the numbers of what was shown before, and takes those of ``text``.
    """
    return MARKER.sub(lambda match: f"[{order.setdefault(match.group(1), len(order) + 1)}]", text)


def without_markers(text: str) -> str:
    """Return a text without its tidy markers."""
    return MARKER.sub(" ", text)


def _numbers(written: str) -> list[int]:
    """Return the numbers of a marker, those of a range one by one."""

    def listed(match: re.Match[str]) -> str:
        first, last = int(match[1]), int(match[2])
        return ",".join(map(str, range(first, last + 1))) if first < last else match[0]

    return [int(number) for number in re.findall(r"\d{1,2}", _RANGE.sub(listed, written))]


def _with_bare(text: str, count: int) -> str:
    """Read "(1)" as a marker where it ends a clause, unless the text marks otherwise or counts with such numbers."""
    if "(" not in text or MARKER.search(text):
        return text
    counting = False

    def read(match: re.Match[str]) -> str:
        nonlocal counting
        numbers = _numbers(match["numbers"])
        ends = match["behind"] in ("", "\n", ".", ",", ";", ":", "!", "?", ")") or match["before"][-1] in ".!?"
        if counting or not ends or _COUNTED.fullmatch(match["before"]):
            counting = True
            return match[0]
        if not all(1 <= number <= count for number in numbers):
            return match[0]
        return f"{match['before']}{match['gap']}{''.join(f'[{number}]' for number in numbers)}{match['behind']}"

    return _BARE.sub(read, text)
