"""The characters of a PDF page as PDFium gives them: text, place, size, direction, and whether they are seen."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from enum import Enum
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from pipeline.parse.pdf_shapes import INVISIBLE
from pipeline.text import fold

_HYPHEN_AT_END = 0x02  # PDFium's sign for a hyphen at the end of a line
_FAINT = 170  # of 255: letters whose three colours are all paler have less than 2.4:1 contrast on paper (WCAG 2, 1.4.3)
_TRANSPARENT = 128  # of 255: letters with less opacity are as faint as that
_NO_INK = frozenset({pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP})
UNKNOWN = "\ufffd"


class Ink(Enum):
    """How a character shows on white paper."""

    DARK = 0
    FAINT = 1
    WHITE = 2
    NONE = 3


class Found(NamedTuple):
    """A character: its box (left, bottom, right, top) and origin in PDF coordinates, its direction in degrees."""

    text: str
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    size: float
    angle: float
    ink: Ink


def characters(page: Any) -> Iterator[Found]:
    """The characters of a pypdfium2 page that the file itself holds; U+FFFD for one without a Unicode value."""
    textpage = page.get_textpage()
    raw = textpage.raw
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    last: tuple[float, ...] = ()
    last_colour: tuple[int, ...] = ()
    size = angle = 0.0
    is_drawn = True
    ink = Ink.DARK
    for i in range(pdfium.FPDFText_CountChars(raw)):
        code = pdfium.FPDFText_GetUnicode(raw, i)
        if code <= 32 and pdfium.FPDFText_IsGenerated(raw, i) == 1:
            continue  # blanks and line ends that PDFium supposes
        pdfium.FPDFText_GetLooseCharBox(raw, i, box)
        pdfium.FPDFText_GetCharOrigin(raw, i, x, y)
        bounds = (box.left, box.bottom, box.right, box.top)
        place = (y.value, box.top - box.bottom, box.right - box.left)
        # A character on the baseline of the one before, as high and as wide, is set in the same way.
        if place != last:
            last = place
            pdfium.FPDFText_GetMatrix(raw, i, matrix)
            size = pdfium.FPDFText_GetFontSize(raw, i) * math.hypot(matrix.c, matrix.d)
            angle = math.degrees(math.atan2(matrix.b, matrix.a))
            is_drawn = _is_drawn(raw, i)
        pdfium.FPDFText_GetFillColor(raw, i, red, green, blue, alpha)
        colour = (red.value, green.value, blue.value, alpha.value)
        if colour != last_colour:
            last_colour = colour
            ink = _ink(*colour)
        text = UNKNOWN if pdfium.FPDFText_HasUnicodeMapError(raw, i) == 1 else _character(code)
        yield Found(text, bounds, (x.value, y.value), size or 1.0, angle, ink if is_drawn else Ink.NONE)
    textpage.close()


def _is_drawn(raw: Any, index: int) -> bool:
    drawn = pdfium.FPDFText_GetTextObject(raw, index)
    return not drawn or pdfium.FPDFTextObj_GetTextRenderMode(drawn) not in _NO_INK


def _ink(red: int, green: int, blue: int, alpha: int) -> Ink:
    darkest = min(red, green, blue)
    if alpha == 0:
        return Ink.NONE
    if darkest >= INVISIBLE:
        return Ink.WHITE
    return Ink.FAINT if darkest >= _FAINT or alpha < _TRANSPARENT else Ink.DARK


def _character(code: int) -> str:
    """The character of a code as PDFium gives it; a radical, which fonts map for a character, as the character."""
    if code == _HYPHEN_AT_END:
        return "-"
    if code in (9, 10, 13):
        return " "
    if code < 32 or 0x7F <= code < 0xA0 or code >= 0x110000 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE:
        return UNKNOWN
    return fold(chr(code)) if 0x2E80 <= code < 0x2FE0 else chr(code)
