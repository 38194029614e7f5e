"""Fonts that do not do their part: a stand-in for those that are not there, and text that a font does not give back.

The stand-in is for Chinese fonts that a PDF names but does not hold and the computer does not have. PDFium drops a
piece of text whose glyphs it cannot find a shape for, so that a file that sets each character by itself in a font of
the system comes out empty on a computer without that font, and differently on one with it. The stand-in gives every
character a small square. Widths come from the PDF, so that the text and its places are the same on every computer.
"""

from __future__ import annotations

import ctypes
import re
import struct
from functools import cache
from typing import Any

import pypdfium2.raw as pdfium

# Windows character sets, by which PDFium asks for a font: Shift-JIS, Hangul, Johab, GB 2312, Big5.
_CHARSETS = frozenset({128, 129, 130, 134, 136})
_HANDLE = 1  # any value but 0 serves as the handle of the only font
_EM = 1000  # units of the font
_LEFT_BEARING = 20

_JUDGED = 20  # characters besides digits that it takes to say whether a page's text is rubbish
_MIN_HAN = (
    0.3  # share of Chinese characters below which a page of a plan is not decoded right: fonts that lie stay below 0.1
)
_MAX_UNMAPPED = 0.2  # share of characters without a Unicode value, or with a private one
_MIN_COMMON = 0.7  # share of daily characters among the Chinese ones: real plans 0.9998, glyph numbers 0.4 and less
_NEUTRAL = re.compile(r"[\s\d.,%+\-/()~=:]+")


def _glyph() -> bytes:
    """A small square (header, one outline, four points on it), narrower than any letter.

    PDFium takes the larger of a character's width and its shape's, so that a wide shape would widen narrow letters.
    """
    low, high = _LEFT_BEARING, _LEFT_BEARING + _EM // 10
    head = struct.pack(">hhhhhHH", 1, low, low, high, high, 3, 0)
    flags = bytes([1, 1, 1, 1])
    xs = struct.pack(">4h", low, 0, high - low, 0)
    ys = struct.pack(">4h", low, high - low, 0, low - high)
    return head + flags + xs + ys


def _character_map() -> bytes:
    """All characters to glyph 1, as OpenType cmap format 13 (many to one)."""
    groups = struct.pack(">III", 0x20, 0x10FFFF, 1)
    subtable = struct.pack(">HHIII", 13, 0, 16 + len(groups), 0, 1) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + subtable


@cache
def tables() -> dict[bytes, bytes]:
    """The tables of the stand-in font, a TrueType font of two equal glyphs (OpenType 1.9)."""
    glyph = _glyph()
    glyph += bytes(-len(glyph) % 4)
    return {
        b"cmap": _character_map(),
        b"glyf": glyph * 2,
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh",
            0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 0, 0, _EM, _EM, 0, 8, 2, 1, 0,
        ),
        b"hhea": struct.pack(">IhhhHhhhhhh8xhH", 0x10000, 880, -120, 0, _EM, 0, 0, _EM, 1, 0, 0, 0, 2),
        b"hmtx": struct.pack(">HhHh", _EM, _LEFT_BEARING, _EM, _LEFT_BEARING),
        b"loca": struct.pack(">III", 0, len(glyph), 2 * len(glyph)),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, 2, 4, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip


@cache
def font() -> bytes:
    """The stand-in font as a file."""
    parts = tables()
    at = 12 + 16 * len(parts)
    directory, body = struct.pack(">IHHHH", 0x10000, len(parts), 64, 2, 16 * len(parts) - 64), b""
    for tag, data in parts.items():
        padded = data + bytes(-len(data) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4sIII", tag, total, at + len(body), len(data))
        body += padded
    return directory + body


def _map_font(_this: Any, _weight: int, _italic: int, charset: int, _pitch: int, _face: Any, _exact: Any) -> int | None:
    return _HANDLE if charset in _CHARSETS else None


def _font_data(_this: Any, _handle: Any, table: int, buffer: Any, size: int) -> int:
    data = font() if table == 0 else tables().get(table.to_bytes(4, "big"), b"")
    if buffer and data and size >= len(data):
        ctypes.memmove(buffer, data, len(data))
    return len(data)


def _face_name(_this: Any, _handle: Any, buffer: Any, size: int) -> int:
    name = b"Stand-in\x00"
    if buffer and size >= len(name):
        ctypes.memmove(buffer, name, len(name))
    return len(name)


@cache
def install() -> Any:
    """Makes PDFium take the stand-in for every Chinese, Japanese or Korean font that a file does not hold.

    Fonts of the system are no longer asked for, Latin ones neither: PDFium has its own for those. To be called before
    the first page is loaded; further calls do nothing. Holds for the process.
    """
    info = pdfium.FPDF_SYSFONTINFO()
    info.version = 1
    callbacks = {
        "Release": lambda _this: None,
        "EnumFonts": lambda _this, _mapper: None,
        "MapFont": _map_font,
        "GetFont": lambda _this, _face: None,
        "GetFontData": _font_data,
        "GetFaceName": _face_name,
        "GetFontCharset": lambda _this, _handle: 134,
        "DeleteFont": lambda _this, _handle: None,
    }
    types = dict(pdfium.FPDF_SYSFONTINFO._fields_)
    for name, function in callbacks.items():
        setattr(info, name, types[name](function))
    pdfium.FPDF_SetSystemFontInfo(info)
    return info  # kept by the cache: PDFium calls into it as long as the process lives


def is_rubbish(page_text: str) -> bool:
    """Whether the text of a page is not what stands on it, because its fonts do not say which characters they draw.

    Told by any of: characters without a Unicode value (U+FFFD), of the private use area or as pdfminer's `(cid:7)`;
    hardly a Chinese character and no Latin words; Chinese characters that are rare ones for the most part, as glyph
    numbers taken for characters are. A page of numbers, and one with fewer characters than can be judged, is none.
    """
    text = "".join(page_text.split())
    odd = sum("\ue000" <= c <= "\uf8ff" or c == "\ufffd" for c in text)
    if odd > _MAX_UNMAPPED * len(text) or "(cid:" in text:
        return True
    judged = _NEUTRAL.sub("", text)
    if len(judged) < _JUDGED:
        return False
    han = [c for c in judged if _is_han(c)]
    if len(han) < _MIN_HAN * len(judged):
        return not _is_latin(page_text)
    return len(han) >= _JUDGED and sum(map(_is_common, han)) < _MIN_COMMON * len(han)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff" or "\u2e80" <= char <= "\u2fdf"


@cache
def _is_common(char: str) -> bool:
    """Whether a character is of the first level of GB 2312 or of Big5, which hold those in daily use."""
    for codec, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        try:
            if first <= char.encode(codec)[0] <= last:
                return True
        except UnicodeEncodeError:
            continue
    return False


def _is_latin(text: str) -> bool:
    """Whether most of the text is words of a Latin script: plain letters, with vowels, of the length of words."""
    words = re.findall(r"[A-Za-z]{3,}", text)
    likely = [w for w in words if len(w) <= 20 and re.search(r"[aeiouyAEIOUY]", w) and (w[1:].islower() or w.isupper())]
    return sum(map(len, likely)) > 0.5 * len(re.sub(r"\s", "", text))
