"""What Word's XML says by attributes: switches, the styles whose text is hidden, what is chosen in a form."""

from typing import Any

WORD_SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WORD = f"{{{WORD_SPACE}}}"
VALUE = f"{WORD}val"


def is_on(switch: Any) -> bool:
    """Tell whether a switch (w:b, w:vanish), None where it is not there, is on."""
    return switch is not None and (switch.get(VALUE) or "1") not in ("0", "false", "off", "none")


def hidden_styles(styles: Any) -> frozenset[str]:
    """Return the identifiers of the styles whose text is hidden, by themselves or by the style they build on."""
    based: dict[str, str] = {}
    switch: dict[str, bool] = {}
    for style in styles.iter(f"{WORD}style") if styles is not None else ():
        name = style.get(f"{WORD}styleId") or ""
        parent = style.find(f"{WORD}basedOn")
        based[name] = (parent.get(VALUE) or "") if parent is not None else ""
        if (vanish := style.find(f"{WORD}rPr/{WORD}vanish")) is not None:
            switch[name] = is_on(vanish)
    hidden = set()
    for name in based if any(switch.values()) else ():
        each = name
        for _ in range(20):  # styles build on one another a few steps deep; a ring has no end
            if each in switch or each not in based:
                break
            each = based[each]
        if switch.get(each):
            hidden.add(name)
    return frozenset(hidden)


def chosen_entry(listed: Any) -> str:
    """Return what is chosen in a form's list (w:ddList)."""
    entries = [entry.get(VALUE) or "" for entry in listed.iter(f"{WORD}listEntry")]
    result = listed.find(f"{WORD}result")
    place = result.get(VALUE) or "" if result is not None else "0"
    return entries[int(place)] if place.isdecimal() and int(place) < len(entries) else ""


def keep_properties(paragraph: Any, properties: Any) -> None:
    """Keep of a paragraph's properties those that say what it is: its style, its place in a list, its level."""
    kept = under(paragraph, "pPr")
    if (style := properties.find(f"{WORD}pStyle")) is not None:
        under(kept, "pStyle", style.get(VALUE) or "")
    if (listed := properties.find(f"{WORD}numPr")) is not None:
        place = under(kept, "numPr")
        for name in ("ilvl", "numId"):
            _keep_number(place, listed.find(f"{WORD}{name}"), name)
    _keep_number(kept, properties.find(f"{WORD}outlineLvl"), "outlineLvl")
    if (section := properties.find(f"{WORD}sectPr")) is not None:
        keep_section(kept, section)


def _keep_number(parent: Any, element: Any, name: str) -> None:
    if element is not None and (value := element.get(VALUE) or "").isdecimal():
        under(parent, name, value)


def keep_section(parent: Any, section: Any) -> None:
    """Add a section's end to a plain copy, with how the next one begins and nothing else."""
    kept = under(parent, "sectPr")
    kind = section.find(f"{WORD}type") if section is not None else None
    if kind is not None and kind.get(VALUE) in ("continuous", "nextColumn", "nextPage", "evenPage", "oddPage"):
        under(kept, "type", kind.get(VALUE))


def under(parent: Any, name: str, value: str | None = None) -> Any:
    """Add an element of Word's to ``parent`` and return it."""
    from lxml import etree

    child = etree.SubElement(parent, f"{WORD}{name}")
    if value is not None:
        child.set(VALUE, value)
    return child
