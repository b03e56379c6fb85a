"""Letters of the symbol fonts, which Word keeps as places in a font, as the signs that a reader sees."""

# The font Symbol from 0x20 and from 0xA0; a blank where it has a piece of a larger sign.
_SYMBOL_LOW = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼ "
_SYMBOL_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…  ↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑           〉∫⌠ ⌡         "
_WINGDINGS = {
    0x28: "☎", 0x2A: "✉", 0x4A: "☺", 0x4C: "☹", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x76: "❖", 0x9F: "•",
    0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗",
    0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐"}


def symbol(font: str, code: int) -> str:
    """Return the sign at a place in a symbol font; nothing for pictures that are no words."""
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    name = font.casefold()
    if place > 0xFF:
        return "" if 0xE000 <= place <= 0xF8FF or 0xD800 <= place <= 0xDFFF or place > 0x10FFFF else chr(place)
    if name.startswith("wingdings 2"):
        return _WINGDINGS_2.get(place, "")
    if name.startswith(("wingdings", "webdings", "zapf", "marlett")):
        return _WINGDINGS.get(place, "") if name == "wingdings" else ""
    if name.startswith("symbol"):
        if 0x20 <= place <= 0x7F:
            return _SYMBOL_LOW[place - 0x20]
        return _SYMBOL_HIGH[place - 0xA0 : place - 0x9F] if place >= 0xA0 else ""
    return chr(place) if place >= 0x20 else ""


def with_symbols(font: str, text: str) -> str:
    """Return a text with the letters it takes from a symbol font's private area as the signs they show."""
    if text.isascii() or not any("\uf020" <= letter <= "\uf0ff" for letter in text):
        return text
    shown = font if font.casefold().startswith(("symbol", "wingdings", "webdings")) else "symbol"
    return "".join(symbol(shown, ord(letter)) if "\uf020" <= letter <= "\uf0ff" else letter for letter in text)
