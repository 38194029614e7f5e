"""Numerals of any text, with or without a unit.

Plans are read by quantities alone, since a number without a unit promises nothing; this is for what asks for every
number: the reading of other people's test cases, and texts that are no plans.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.extract.quantities import spoken_range
from pipeline.lexicons import Lexicons
from pipeline.text import parse_number

_UNIT_AHEAD = 6  # the longest unit is six characters


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral at squeezed positions, half-open, its sign and its 第 included.

    `value` is a plain number; `value_max` the upper one of two digits that are said as a range (七八公斤).
    """

    start: int
    end: int
    value: float
    value_max: float | None
    ordinal: bool


class NumeralFinder:
    """Finds numerals; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        """Raises LexiconError where the patterns or the units are missing."""
        self._numeral = lexicons.pattern("numeral")
        self._alone = lexicons.pattern("numeral-alone")
        self._goes_on = lexicons.pattern("numeral-goes-on")
        self._formal = lexicons.pattern("formal-digit")
        self._periods = frozenset(lexicons.get("plan_periods").terms)
        self._units = frozenset(lexicons.get("units").terms)

    def find(self, text: str) -> list[Numeral]:
        """Every numeral of a squeezed text, in order, not overlapping.

        A Chinese numeral of one character counts where a unit follows or a word of order or bound stands before it,
        since it mostly is part of a word (一切, 半岛, 登陆).
        """
        found = []
        for match in self._numeral.finditer(text):
            start, end = match.span("number")
            end = self._without_unit_head(text, start, end)
            written = text[start:end]
            unit_follows = self._unit_at(text, end) > 0 and self._formal.match(written) is None
            value = _value(written)
            both = spoken_range(written) if unit_follows or (value is None and written not in self._periods) else None
            value = both[0] if both else value
            if value is None or not (unit_follows or match["sign"] or self._stands(text, start, end)):
                continue
            value = -value if match["sign"] else value
            found.append(Numeral(match.start(), end, value, both[1] if both else None, match["ordinal"] is not None))
        return found

    def _stands(self, text: str, start: int, end: int) -> bool:
        if end - start > 1 or text[start].isdecimal() or end - start == len(text):
            return True
        return self._alone.search(text[:start]) is not None or self._goes_on.match(text[end:]) is not None

    def _without_unit_head(self, text: str, start: int, end: int) -> int:
        """Where the numeral ends when its last character begins the unit: 二十五|千克, 五十|兆字节, 三十|两."""
        if end - start < 2 or text[end - 1].isdecimal():
            return end
        whole, shorter = self._unit_at(text, end), self._unit_at(text, end - 1)
        if shorter <= 1 + whole and not (shorter and (not whole or _value(text[start:end]) is None)):
            return end
        readable = _value(text[start : end - 1]) is not None or spoken_range(text[start : end - 1]) is not None
        return end - 1 if readable else end

    def _unit_at(self, text: str, at: int) -> int:
        """The length of the longest unit that stands there, 0 where none does."""
        return next((size for size in range(_UNIT_AHEAD, 0, -1) if text[at : at + size] in self._units), 0)


def _value(written: str) -> float | None:
    above, slash, below = written.partition("/")
    if not slash:
        return parse_number(written)
    return int(above) / int(below) if int(below) else None
