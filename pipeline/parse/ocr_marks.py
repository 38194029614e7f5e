"""Marks that the recogniser gives in half width, or for a character of the same shape: put as they were printed.

Two habits of the PP-OCR models are mended, both without changing the number of characters. Brackets, commas, colons,
semicolons and question and exclamation marks come out in half width now and then where the print has them in full
width; beside a Chinese character or a mark of full width they are put in full width, as GB/T 15834-2011 has them, and
brackets in pairs. Those between figures and Latin letters stay: 1,200, 8:30. And between figures a dash comes out as
the Chinese numeral of that shape, the comma of thousands in full width (patterns `ocr-dash`, `ocr-thousands`).
Everything else stays as it was read.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.lexicons import Lexicons
from pipeline.raw import RawBlock, RawDocument, RawLine
from pipeline.text import fold

_FULL = {"(": "（", ")": "）", ",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}  # no stop: it may be a point
_PATTERNS = ("ocr-dash", "ocr-thousands")


def as_printed(raw: RawDocument, lexicons: Lexicons) -> RawDocument:
    """The document and its parts with the marks of recognised blocks mended; others are the same objects as before."""
    parts = tuple(replace(part, document=as_printed(part.document, lexicons)) for part in raw.parts)
    return replace(raw, blocks=tuple(_mended(b, lexicons) if b.lines else b for b in raw.blocks), parts=parts)


def full_width(text: str) -> str:
    """A recognised text with its marks in full width where they stand beside Chinese ones; as long as before."""
    chars = list(text)
    open_brackets: list[int] = []
    for i, char in enumerate(text):
        if char in _FULL and _is_beside_wide(text, i):
            chars[i] = _FULL[char]
        if char in "(（":
            open_brackets.append(i)
        elif char in ")）" and open_brackets:
            pair = (open_brackets.pop(), i)
            if any(chars[k] in "（）" for k in pair):
                for k in pair:
                    chars[k] = _FULL.get(text[k], text[k])
    return "".join(chars)


def _is_beside_wide(text: str, at: int) -> bool:
    before, after = text[max(0, at - 2) : at].rstrip()[-1:], text[at + 1 : at + 3].lstrip()[:1]
    return any("\u2e80" <= c <= "\uffef" for c in before + after)


def _mended(block: RawBlock, lexicons: Lexicons) -> RawBlock:
    text = block.text
    chars = list(full_width(text))
    for name in _PATTERNS:
        for match in lexicons.pattern(name).finditer(fold(text)):
            chars[match.start() : match.end()] = lexicons.patterns[name]["meant"] * (match.end() - match.start())
    mended = "".join(chars)
    if mended == text:
        return block
    bare = "".join(mended.split())
    lines: list[RawLine] = []
    at = 0
    for line in block.lines:
        lines.append(replace(line, text=bare[at : at + len(line.text)]))
        at += len(line.text)
    return replace(block, text=mended, lines=tuple(lines))
