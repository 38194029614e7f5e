"""Folding, white space and Chinese numerals: pure functions on strings, no lexicon, no file.

`fold` maps one code point to one code point: a pattern runs on folded text and its offsets hold in the real one.
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from functools import cache

# Enclosed numbers (①, ⑴, ⒈, ㈠, ㊀): NFKC would turn "①2025年" into "12025年", so they keep their own code point.
_ENCLOSED = (
    frozenset(range(0x2460, 0x2500))
    | frozenset(range(0x2776, 0x2794))
    | frozenset(range(0x3220, 0x3250))
    | (frozenset(range(0x3280, 0x32C0)))
)
# One look for what typesetters write in several ways; NFKC leaves these alone.
_SAME_LOOK = dict(zip("﹝﹞﹙﹚‐‑−∶﹕○", "〔〕()---::〇", strict=True))
# The CJK radicals supplement, which fonts and converters put for characters; NFKC knows two of them. By the equivalents
# that Unicode states (EquivalentUnifiedIdeograph), the plain character where that one lies outside the basic plane.
_RADICALS = (
    "厂乛乚乙亻冂几刀刂卜㔾小小兀尣尢尢巳幺彑彐忄㣺扌攵旡冃月歺母民氵氺灬爫爫丬牛犭王疋罒示礻竹糹纟罓罒㓁㓁网羊羊羋耂肀"
    "聿肉臼艹艹艹虎衤覀西见角角讠贝足车辶辶辶阝钅長镸长门阜阝雨青韦页风飞食飠飠饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_SAME_LOOK |= {chr(c): p for c, p in zip((c for c in range(0x2E81, 0x2EF4) if c != 0x2E9A), _RADICALS, strict=True)}


@cache
def _fold_char(char: str) -> str:
    if char in _SAME_LOOK:
        return _SAME_LOOK[char]
    if ord(char) in _ENCLOSED:
        return char
    if char.isspace() and char != "\n":
        return " "
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


class _FoldTable(dict[int, str]):
    """A translation table that fills itself, since `str.translate` is faster than a join over characters."""

    def __missing__(self, code: int) -> str:
        self[code] = value = _fold_char(chr(code))
        return value


_FOLD_TABLE = _FoldTable()


def fold(text: str) -> str:
    """Full width to half width, compatibility characters and radicals to plain ones, any space to a blank.

    `len(fold(text)) == len(text)` for every string; characters that NFKC makes longer stay as they are.
    """
    return text.translate(_FOLD_TABLE)


_BLANK = re.compile(r"\s+|[\u200b-\u200f\u2060\ufeff]+")
_BLANK_BY_HAN = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])|(?<=\d)\s+(?=\d)")


def normalise(text: str) -> str:
    """The form of strings in exports: NFKC, no white space next to a character outside ASCII, else single blanks."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", " ", _BLANK_BY_HAN.sub("", text)).strip()


class Squeezed:
    """Folded text without white space, that knows where each character came from.

    Spaces that converters put between Han and digits, and line breaks inside a paragraph, vanish for patterns while
    every span still leads back to the real text.
    """

    __slots__ = ("offsets", "text")

    def __init__(self, source: str, start: int = 0, end: int | None = None) -> None:
        """A view of `source[start:end]`; offsets given back are into `source`."""
        end = len(source) if end is None else end
        folded = fold(source[start:end])
        if _BLANK.search(folded) is None:
            self.text = folded
            self.offsets: range | list[int] = range(start, end)
            return
        pieces: list[str] = []
        offsets: list[int] = []
        last = 0
        for gap in _BLANK.finditer(folded):
            pieces.append(folded[last : gap.start()])
            offsets.extend(range(start + last, start + gap.start()))
            last = gap.end()
        pieces.append(folded[last:])
        offsets.extend(range(start + last, end))
        self.text = "".join(pieces)
        self.offsets = offsets

    def __len__(self) -> int:
        return len(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span in the source of the half-open span `start`..`end` of the squeezed text."""
        if start >= end:
            at = self.offsets[start] if start < len(self.offsets) else (self.offsets[-1] + 1 if self.offsets else 0)
            return at, at
        return self.offsets[start], self.offsets[end - 1] + 1

    def index(self, offset: int) -> int:
        """The first squeezed position at or after a source offset."""
        return bisect_left(self.offsets, offset)


_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_DIGITS |= {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_PLACES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000, "廿": 20, "卅": 30}
_MYRIADS = {"万": 10**4, "亿": 10**8, "萬": 10**4, "億": 10**8, "兆": 10**12}
CHINESE_NUMERAL = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_ARABIC = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")
_HALVES = frozenset({"半", "一半"})
_SIGNS, _NEGATIVE = "+-负", "-负"
_FRACTION = re.compile(r"(?:(?P<whole>.+)又)?(?P<below>.+?)分之(?P<above>.+)")


def parse_number(text: str) -> float | None:
    """The value of a numeral (`1,200.5`, `1.2万`, `3千`, `二〇二五`, `一百二十`, `半`, `零点五`), None if it is none.

    Signs (`-5`, `负五`) and fractions (`三分之一`, `一又二分之一`) are read. Digits in a row without place words are
    read by position (二〇二五 → 2025). A lone last digit after a place word stands for the next lower place (三万五 and
    3万5 → 35000), as people say it.
    """
    text = fold(text).replace(" ", "")
    if not text:
        return None
    if text in _HALVES:
        return 0.5
    if text[0] in _SIGNS and len(text) > 1:
        rest = parse_number(text[1:])
        return None if rest is None else (-rest if text[0] in _NEGATIVE else rest)
    if (parts := _FRACTION.fullmatch(text)) is not None:
        return _parse_fraction(parts)
    whole, dot, fraction = text.partition("点")
    if dot:
        head = parse_number(whole)
        tail = [_DIGITS.get(c) for c in fraction.rstrip("".join(_MYRIADS))]
        scale = _MYRIADS.get(fraction[-1:], 1)
        if head is None or not tail or None in tail:
            return None
        return float(f"{head:.0f}." + "".join(str(d) for d in tail)) * scale
    return _parse_mixed(text)


def _parse_fraction(parts: re.Match[str]) -> float | None:
    """三分之一 and 一又二分之一; None where a part is no numeral, or the whole is divided by nothing."""
    whole = parse_number(parts["whole"]) if parts["whole"] else 0.0
    below, above = parse_number(parts["below"]), parse_number(parts["above"])
    return None if whole is None or above is None or not below else whole + above / below


def _parse_mixed(text: str) -> float | None:
    """Digits and place words in falling order; anything out of order (百百, 十12, 1.2万3) is no numeral."""
    if all(c in _DIGITS for c in text):
        return float("".join(str(_DIGITS[c]) for c in text))
    total = section = current = 0.0
    limit = myriad = math.inf  # what the next number, and the next 万 or 亿, must stay below
    last_place = 1.0
    seen_digit = fractional = False
    i = 0
    while i < len(text):
        char = text[i]
        i += 1
        if char in _PLACES:
            place = _PLACES[char]
            if place >= limit:
                return None
            section += (current if seen_digit else 1.0) * place
            current, seen_digit, last_place, limit = 0.0, False, place, place
        elif char in _MYRIADS:
            size = _MYRIADS[char]
            if size < myriad:
                total += (section + current if seen_digit or section else 1.0) * size
            elif size > myriad and total < size:
                total = (total + section + current) * size
            elif size == myriad and text[i - 2] == char and text[0] not in _MYRIADS:
                total *= size  # 10万万
            else:
                return None
            section, current, seen_digit, last_place, limit, myriad = 0.0, 0.0, False, size, size, size
        elif fractional:
            return None
        elif char in "零〇":
            current, seen_digit, last_place = 0.0, False, 1.0
        else:
            arabic = _ARABIC.match(text, i - 1)
            if seen_digit or (arabic is None and char not in _DIGITS):
                return None
            current = float(arabic.group(0).replace(",", "")) if arabic else float(_DIGITS[char])
            if current >= limit:
                return None
            seen_digit, fractional = True, bool(arabic and arabic.group(2))
            if arabic:
                last_place = last_place if len(arabic.group(0)) == 1 else 1.0
                i = arabic.end()
    if seen_digit and not fractional and last_place >= 100:
        current *= last_place / 10
    return total + section + current
