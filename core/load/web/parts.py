"""What of a web page is shown and what is no text of it: hidden parts, menus, consent banners, forms, formulas."""

import re
from collections.abc import Iterator
from typing import Any

_UNSEEN = frozenset([
    "script", "style", "template", "noscript", "head", "iframe", "object", "embed", "canvas", "audio", "video", "map",
    "datalist", "link", "meta",
])  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_MENU = re.compile(
    r"(^|[\s_-])(nav|navbar|navigation|menu|breadcrumbs?|skip-?link|cookies?|sidebar|social|share)($|[\s_-])", re.I
)
_MENU_ROLES = ("navigation", "menu", "menubar", "search")
_CONSENT = re.compile(
    r"(cookie|gdpr|consent|privacy)[\s_-]*(banner|bar|notice|notification|consent|popup|pop-up|modal|dialog|law|alert|"
    r"message|overlay|wall|accept|prompt|info|hint|layer|manager|settings|preferences|box|container|wrapper)"
    r"|(^|[\s_-])(gdpr|consent|cookies?|onetrust|cybotcookiebot|usercentrics|didomi|qc-cmp2?|truste|cky|iubenda-cs|"
    r"klaro|cmplz|borlabs|cc-window|osano-cm)([\s_-]|$)",
    re.I,
)
_CONSENT_ROLES = ("dialog", "alertdialog", "banner", "region", "alert", "complementary")
_CONSENT_TAGS = frozenset([
    "div", "section", "aside", "dialog", "form", "footer", "header", "p",
])  # fmt: skip
_MAIN_PARTS = frozenset(["main", "article", "h1"])
_SHORT = 600
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_VALUED = ("text", "email", "tel", "number", "date", "url", "time", "month", "datetime-local", "")
_PARTED = frozenset([
    "br", "p", "div", "li", "td", "th", "tr", "option", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "mtr",
])  # fmt: skip
_DEEPEST_FORMULA = 40


def skips(element: Any, *, menus: bool = True) -> bool:
    """Tell a part that is not shown, or (``menus``) that only leads to other pages."""
    tag, get = element.tag, element.get
    if tag in _UNSEEN or (menus and tag == "nav"):
        return True
    if not element.attrib:
        return False
    if get("hidden") is not None or get("aria-hidden") == "true":
        return True
    style = (get("style") or "").lower()
    if ("display" in style or "visibility" in style) and _HIDDEN.search(style):
        return True
    if not menus:
        return False
    if get("role") in _MENU_ROLES:
        return True
    return tag in ("ul", "ol") and _MENU.search(f"{get('class') or ''} {get('id') or ''}") is not None


def asks_consent(element: Any) -> bool:
    """Tell a banner or dialog about cookies by its name, never the text of a page about them."""
    if element.tag not in _CONSENT_TAGS or not element.attrib:
        return False
    get = element.get
    in_dialog = get("role") in _CONSENT_ROLES or get("aria-modal") == "true" or element.tag == "dialog"
    label = get("aria-label") or get("aria-describedby") or "" if in_dialog else ""
    if not _CONSENT.search(f"{get('class') or ''} {get('id') or ''} {label}"):
        return False
    if any(parent.tag in _MAIN_PARTS for parent in element.iterancestors()):
        return False
    length, asked = 0, False
    for part in element.iter():
        if part.tag in _MAIN_PARTS:
            return False
        asked = asked or part.tag in ("button", "input") or (isinstance(part.tag, str) and part.get("role") == "button")
        length += len(part.text or "") + len(part.tail or "")
        if length > _SHORT and (asked or length > 20 * _SHORT):
            break
    return asked or length <= _SHORT


def said(element: Any) -> str | None:
    """Return what a field, a choice or a formula says in the line it stands in; None for any other part."""
    tag = element.tag
    if tag == "select":
        return f" {', '.join(filter(None, map(words_of, element.iter('option'))))} "
    if tag == "input":
        kind = (element.get("type") or "").lower()
        if kind in ("checkbox", "radio"):
            return "☒ " if element.get("checked") is not None else ""
        return f" {element.get('value') or ''} " if kind in _VALUED else ""
    if tag == "math":
        return _formula(element, 0)
    if tag == "svg":
        texts = (part for part in element.iter("text") if part.getparent().tag != "text")
        return f" {' '.join(filter(None, map(words_of, texts)))} "
    if tag == "sup":
        return _raised(element)
    return None


def _raised(element: Any) -> str | None:
    """Return a raised number behind a number, "10⁶" or a footnote's "5.00¹", so that the two do not become one."""
    words = "".join(element.itertext()).strip()
    if len(words) > 3 or not words.isascii() or not words.lstrip("+-").isdigit():
        return None
    before, parent = element.getprevious(), element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else ""
    return words.translate(_RAISED) if (text or "")[-1:].isdigit() else None


def words_of(element: Any) -> str:
    """Return the words of a small part (a cell, a caption) on one line."""
    if not len(element):
        return " ".join((element.text or "").split())
    parts = [element.text or ""]
    stack = list(reversed(element))
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            parts.append(part)
            continue
        if not isinstance(part.tag, str) or skips(part, menus=False):
            parts.append(part.tail or "")
            continue
        words = said(part)
        if words is not None:
            parts += [words, part.tail or ""]
            continue
        parts.append((" " if part.tag in _PARTED else "") + (part.text or ""))
        stack.append((" " if part.tag in _PARTED else "") + (part.tail or ""))
        stack.extend(reversed(part))
    return " ".join("".join(parts).split())


def _formula(element: Any, depth: int) -> str:
    """Return a formula (MathML) in a line: "x^2", "(a + b)/c", "√(2)"."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in ("annotation", "annotation-xml") or not tag or depth > _DEEPEST_FORMULA:
        return ""
    parts = [words for child in element if (words := _formula(child, depth + 1))]
    if not len(element):
        words = " ".join((element.text or "").split())
        return f" {words} " if tag == "mo" and words in "=+−-<>≤≥≠≈×·±→" else words
    if tag == "mfrac" and len(parts) == 2:
        return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
    if tag in ("msup", "msub", "mover", "munder") and len(parts) == 2:
        return f"{parts[0]}{'^' if tag in ('msup', 'mover') else '_'}{_grouped(parts[1])}"
    if tag in ("msubsup", "munderover") and len(parts) == 3:
        return f"{parts[0]}_{_grouped(parts[1])}^{_grouped(parts[2])}"
    if tag == "msqrt":
        return f"√({''.join(parts)})"
    if tag in ("mtr", "mtable", "mlabeledtr"):
        return " ".join(parts)
    return " ".join("".join(parts).split()) if tag == "math" else "".join(parts)


def _grouped(words: str) -> str:
    words = words.strip()
    return words if len(words) < 2 or words.isalnum() else f"({words})"


def opens_something(button: Any) -> bool:
    """Tell the button that stands as a heading over what it folds out, as questions and answers often have."""
    return any(button.get(name) is not None for name in _FOLDS) or button.get("role") == "tab"


_FOLDS = ("aria-expanded", "aria-controls", "data-toggle", "data-bs-toggle")


def all_texts(root: Any, markup: str, *, menus: bool) -> Iterator[str]:
    """Yield the texts of a page that are shown, without the walk through it; its parsed ``root`` is used up."""
    from lxml import etree

    markup = markup.lower()
    marked = "|".join(path for word, path in _MARKED.items() if word in markup)
    for element in [*root.iter(*_UNSEEN, "nav", "ul", "ol"), *(root.xpath(marked) if marked else ())]:
        if skips(element, menus=menus) and element.getparent() is not None:
            element.drop_tree()
    yield from etree.XPath("descendant-or-self::text()", smart_strings=False)(root)


# What skips() may say no to, by a word in the page without which there is none: each step through a large page costs.
_MARKED = {
    "hidden": "descendant::*[@hidden or @aria-hidden='true']",
    "role": f"descendant::*/@role[{' or '.join(f'.={role!r}' for role in _MENU_ROLES)}]/..",
    "none": "descendant::*/@style[contains(., 'display')]/..",
    "visib": "descendant::*/@style[contains(., 'visib')]/..",
}
