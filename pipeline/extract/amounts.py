"""Every amount of a text, with or without a unit, as `Quantity`: what QuantityFinder reads and what it leaves.

Plans promise nothing in numbers without a unit, and say little in 三斤半 or 港币两千元; so their extraction reads by
QuantityFinder alone. This is for texts that are no plans, and for the test cases of other projects.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.extract.numerals import Numeral, NumeralFinder
from pipeline.extract.quantities import Quantity, QuantityFinder, lower_end
from pipeline.lexicons import Lexicons
from pipeline.text import parse_number

_MONEY = "元"


class AmountFinder:
    """Finds amounts; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        """Raises LexiconError where the patterns or the units are missing."""
        self._quantities = QuantityFinder(lexicons)
        self._numerals = NumeralFinder(lexicons)
        self._units = {term: rows[0] for term, rows in lexicons.get("units").terms.items()}
        self._longest = max(map(len, self._units))
        self._share = lexicons.pattern("share-head")
        self._half = lexicons.pattern("amount-half")
        self._cents = lexicons.pattern("amount-cents")
        self._sign = lexicons.pattern("money-sign")
        self._money_before = lexicons.pattern("money-before")
        self._money_behind = lexicons.pattern("money-behind")
        self._gap = lexicons.pattern("range-gap")
        self._particle = lexicons.pattern("amount-particle")

    def find(self, text: str) -> list[Quantity]:
        """Every amount of a squeezed text, in order, not overlapping. A number without unit has the unit ""."""
        found: list[Quantity] = []
        for one in self._candidates(text):
            if found and one.start < found[-1].end:
                continue
            one = self._with_tail(text, one)
            joined = self._joined(text, found[-1], one) if found else None
            if joined is not None:
                found[-1] = joined
            else:
                found.append(one)
        return [self._compared(text, one) for one in found]

    def _candidates(self, text: str) -> list[Quantity]:
        """Quantities and numerals by their place, and where they overlap the longer first, then the quantity."""
        quantities = self._quantities.find(text)
        shares = {q.start for q in quantities if self._share.match(text[q.start : q.end]) is not None}
        numerals = [
            self._amount(text, numeral)
            for numeral in self._numerals.find(text)
            if not numeral.ordinal and numeral.start not in shares
        ]
        return sorted([*quantities, *numerals], key=lambda q: (q.start, -q.end))

    def _amount(self, text: str, numeral: Numeral) -> Quantity:
        unit_text = self._unit_at(text, numeral.end)
        unit = self._units[unit_text].name if unit_text else ""
        end = numeral.end + len(unit_text)
        op = "=" if numeral.value_max is None else "range"
        return Quantity(
            numeral.start, end, numeral.start, end, numeral.value, numeral.value_max, unit, op,
            text[numeral.end - 1].isdigit(),
        )  # fmt: skip

    def _unit_at(self, text: str, at: int) -> str:
        sizes = range(min(self._longest, len(text) - at), 0, -1)
        return next((text[at : at + size] for size in sizes if text[at : at + size] in self._units), "")

    def _with_tail(self, text: str, one: Quantity) -> Quantity:
        """三斤半, 五角八分 and the currency that stands before or behind belong to the amount."""
        if one.unit and self._half.match(text[one.end :]) is not None:
            one = _grown(one, one.end + 1, one.value + 0.5)
        if one.unit == _MONEY and (cents := self._cents.match(text[one.end :])) is not None and cents.end():
            tenths, hundredths = (parse_number(cents[name] or "0") or 0.0 for name in ("tenths", "hundredths"))
            one = _grown(one, one.end + cents.end(), round(one.value + tenths / 10 + hundredths / 100, 4))
        if one.unit == _MONEY and (behind := self._money_behind.match(text[one.end :])) is not None:
            one = replace(_grown(one, one.end + behind.end(), one.value), unit=self._units[behind.group(0)].name)
        if one.unit == _MONEY and (before := self._money_before.search(text[: one.start])) is not None:
            one = replace(one, start=before.start(), unit=self._units[before.group(0)].name)
        if not one.unit and (sign := self._sign.search(text[: one.start])) is not None:
            one = replace(one, start=sign.start(), unit=_MONEY)
        return one

    def _joined(self, text: str, one: Quantity, two: Quantity) -> Quantity | None:
        """One amount of two: 3斤5两 by the factors of their units, 十八至三十万日元 by the mark between them."""
        if one.value_max is not None or two.value_max is not None:
            return None
        gap = text[one.end : two.start]
        if not gap:
            return self._compound(one, two)
        if self._gap.match(gap) is None or one.unit not in ("", two.unit):
            return None
        low = one.value
        if not one.unit:
            second = text[two.start : two.end].removesuffix(self._unit_before(text, two.end))
            low = lower_end(text[one.start : one.end], second) or low
        if low >= two.value:
            return None
        return replace(two, start=one.start, value=low, value_max=two.value, op="range")

    def _unit_before(self, text: str, end: int) -> str:
        sizes = range(min(self._longest, end), 0, -1)
        return next((text[end - size : end] for size in sizes if text[end - size : end] in self._units), "")

    def _compound(self, one: Quantity, two: Quantity) -> Quantity | None:
        large, small = self._units.get(one.unit), self._units.get(two.unit)
        if large is None or small is None or large.get("base_unit") != small.get("base_unit"):
            return None
        if not large.get("factor") or not small.get("factor"):
            return None
        share = float(small.get("factor")) / float(large.get("factor"))
        if share >= 1 or two.value * share >= 1:
            return None
        return _grown(one, two.end, one.value + two.value * share)

    def _compared(self, text: str, one: Quantity) -> Quantity:
        """The amount with the comparators around all of it, a particle between them included (超过了)."""
        start = one.start
        particle = self._particle.search(text[:start])
        ranged = one.value_max is not None
        fuzzy = one.op == ">=" and one.outer_start == one.start and one.outer_end == one.end
        outer_start, outer_end, op = self._quantities.compared(text, start, one.end, ranged, fuzzy)
        if outer_start == start and particle is not None:
            before, end, with_particle = self._quantities.compared(text, particle.start(), one.end, ranged, fuzzy)
            if before < particle.start():
                outer_start, outer_end, op = before, end, with_particle
        return replace(one, outer_start=outer_start, outer_end=outer_end, op=op)


def _grown(one: Quantity, end: int, value: float) -> Quantity:
    return replace(one, end=end, outer_end=max(end, one.outer_end), value=value)
