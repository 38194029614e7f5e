"""Signs that Word sets from symbol fonts by their code there: ≥ is F0B3 in Symbol, a ticked box F0FE in Wingdings."""

from __future__ import annotations

import re

from pipeline.parse.docx_package import Element, W

# Adobe's Symbol encoding (Unicode's mapping file ADOBE/symbol.txt), the signs of texts and formulas.
_SYMBOL = {
    0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x41: "Α", 0x42: "Β", 0x43: "Χ", 0x44: "Δ",
    0x45: "Ε", 0x46: "Φ", 0x47: "Γ", 0x48: "Η", 0x49: "Ι", 0x4A: "ϑ", 0x4B: "Κ", 0x4C: "Λ", 0x4D: "Μ", 0x4E: "Ν",
    0x4F: "Ο", 0x50: "Π", 0x51: "Θ", 0x52: "Ρ", 0x53: "Σ", 0x54: "Τ", 0x55: "Υ", 0x56: "ς", 0x57: "Ω", 0x58: "Ξ",
    0x59: "Ψ", 0x5A: "Ζ", 0x5C: "∴", 0x5E: "⊥", 0x61: "α", 0x62: "β", 0x63: "χ", 0x64: "δ", 0x65: "ε", 0x66: "φ",
    0x67: "γ", 0x68: "η", 0x69: "ι", 0x6A: "ϕ", 0x6B: "κ", 0x6C: "λ", 0x6D: "μ", 0x6E: "ν", 0x6F: "ο", 0x70: "π",
    0x71: "θ", 0x72: "ρ", 0x73: "σ", 0x74: "τ", 0x75: "υ", 0x76: "ϖ", 0x77: "ω", 0x78: "ξ", 0x79: "ψ", 0x7A: "ζ",
    0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°",
    0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡",
    0xBB: "≈", 0xBC: "…", 0xC7: "∩", 0xC8: "∪", 0xC9: "⊃", 0xCA: "⊇", 0xCC: "⊂", 0xCD: "⊆", 0xCE: "∈", 0xCF: "∉",
    0xD5: "∏", 0xD6: "√", 0xD7: "⋅", 0xE5: "∑", 0xF2: "∫",
}  # fmt: skip
# The signs of the Wingdings fonts that forms and lists use, after the same codes.
_WINGDINGS = {
    0xFE: "☑", 0xFD: "☒", 0xA8: "□", 0x6F: "□", 0xFC: "✓", 0xFB: "✗", 0x6C: "●", 0x6E: "■", 0x75: "◆", 0xD8: "➢",
    0xB7: "•", 0x9F: "•", 0xE0: "→", 0xDF: "←", 0xF0: "⇨",
} | {0x81 + i: chr(ord("①") + i) for i in range(10)} | {0x8C + i: chr(ord("❶") + i) for i in range(10)}  # fmt: skip
_WINGDINGS_2 = {0x52: "☑", 0x54: "☒", 0x50: "✓", 0x4F: "✗", 0xA3: "□", 0x97: "●", 0xA2: "■"}
_OF_SYMBOL_FONT = re.compile("[\uf020-\uf0ff]")
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def symbol(node: Element) -> str:
    """The text of a `w:sym`; the code itself where the font is not known, "" where there is none."""
    try:
        code = int(node.get(W + "char", ""), 16)
    except ValueError:
        return ""
    if not (0 < code < 0xD800 or 0xE000 <= code < 0x110000):
        return ""
    return _FONTS.get(node.get(W + "font", "").lower(), {}).get(code & 0xFF) or chr(code)


def in_font(text: str, run: Element | None) -> str:
    """A run's text with the signs in it that stand for those of its symbol font."""
    if _OF_SYMBOL_FONT.search(text) is None:
        return text
    fonts = None if run is None else run.find(f"{W}rPr/{W}rFonts")
    known = {} if fonts is None else _FONTS.get(fonts.get(W + "ascii", "").lower(), {})
    return _OF_SYMBOL_FONT.sub(lambda found: known.get(ord(found[0]) & 0xFF, found[0]), text)
