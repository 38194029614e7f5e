"""Numerals with a unit: value, range, comparator and period, read off folded text without white space.

The grammar is number · multiplier (万, 亿) · fuzz (余, 多) · range · unit, with a comparator before (不少于, 超过, 近)
or after it (以上, 以内, 左右). What a quantity is for (target, norm, past result) is not decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.lexicons import Lexicons
from pipeline.text import parse_number

_MULTIPLIERS = {"": 1.0, "十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8}
_SHARED_PLACES = "百千万亿佰仟"
_ZEROS = frozenset("零〇")  # 零部件, 零距离: a bare 零 before a measure word is part of a word
# 五六个, 十五六家, 二三十人: two digits side by side are a range, not 56. Besides neighbours only 三五 is said.
_SPOKEN_RANGE = re.compile(
    r"(?P<head>[十百千]|[一二两三四五六七八九][十百千])?(?P<low>[一二两三四五六七八九])(?P<high>[二三四五六七八九])(?P<tail>[十百千万亿]*)"
)
_SPOKEN_PAIRS = frozenset({(float(n), float(n + 1)) for n in range(1, 9)} | {(3.0, 5.0)})
_LOOK_BACK = 9  # the longest comparator is 8 characters
_LOOK_AHEAD = 8
_SIGN_BACK = 3  # 零下 and one character before it
_PERCENT, _DASH = "%", "-"
_INCLUDED = "(含)"
_PASSED = ">"
_GRADE = "级"  # 达到7000亿级: an order of magnitude, its unit as it is written
_HALF = 50.0  # 一半, in percent


@dataclass(frozen=True, slots=True)
class Quantity:
    """A numeral with its unit. `start`..`end` covers number and unit, `outer_start`..`outer_end` its comparators too.

    Positions are squeezed ones. `value` is in `unit`, multipliers applied; `value_max` only for a range.
    `op` is one of >= > <= < ~ = range.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    value: float
    value_max: float | None
    unit: str
    op: str
    digits: bool


class QuantityFinder:
    """Finds quantities; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._quantity = lexicons.pattern("quantity")
        self._double = lexicons.pattern("double")
        self._minus = lexicons.pattern("minus")
        self._second_unit = lexicons.pattern("second-unit")
        self._guard = lexicons.pattern("unit-guard")
        self._numeral_guard = lexicons.cues("numeral_guard")
        self._ordinal = lexicons.pattern("ordinal-head")
        self._verbs = tuple(w for w in lexicons.cues("commit_verb") if len(w) > 1)
        self._before = [(w, op) for cue, op in _BEFORE for w in lexicons.cues(cue)]
        self._before.sort(key=lambda pair: -len(pair[0]))
        self._after = [(w, op) for cue, op in _AFTER for w in lexicons.cues(cue)]
        self._after.sort(key=lambda pair: -len(pair[0]))
        self._apart = lexicons.pattern("comparator-apart")
        self._units = {alias: row.name for row in lexicons.get("units") for alias in (row.name, *row.aliases)}

    def find(self, text: str) -> list[Quantity]:
        """Every quantity of a squeezed text, in order, not overlapping."""
        found: list[Quantity] = []
        at = 0
        while (match := self._quantity.search(text, at)) is not None:
            quantity = self._read(text, match)
            if quantity is None and match.group("b"):  # 6500万年 after 2.5亿年~ is no upper bound, so each is its own
                match = self._quantity.match(text, match.start(), match.start("b")) or match
                quantity = self._read(text, match)
            if quantity is None:
                at = match.start() + 1
                continue
            found.append(quantity)
            at = quantity.end
        found.extend(self._doublings(text))
        return sorted(found, key=lambda q: q.start)

    def _doublings(self, text: str) -> list[Quantity]:
        found = []
        for match in self._double.finditer(text):
            times = parse_number(match.group("times") or "1") or 1.0
            found.append(
                Quantity(match.start(), match.end(), match.start(), match.end(), 2.0**times, None, "倍", "=", False)
            )
        return found

    def _read(self, text: str, match: re.Match[str]) -> Quantity | None:
        unit_text = match.group("unit") or match.group("hunit") or ""
        if unit_text:
            unit_at = match.end() - len(unit_text)
            before = text[: match.start()]
            han = match.group("h") is not None
            if self._guard.match(text[unit_at : unit_at + _LOOK_AHEAD]) is not None:
                return None
            if _runs_on(text, match.end()):
                return None
            if han and (self._ordinal.search(before) or self._is_word(before, match.group("h"))):
                return None
            if not han and before[-1:].isascii() and (before[-1:].isalnum() or before[-1:] in (".", "+")):
                return None
        numbers = self._values(match)
        if numbers is None:
            return None
        value, value_max, fuzzy = numbers
        share = any(match.group(name) for name in ("percent", "half", "part", "part2", "ua"))
        unit = _PERCENT if share else _GRADE if match.group("graded") else self._units.get(unit_text, unit_text)
        start = match.start()
        end = match.end()
        if unit_text and (second := self._second_unit.match(text, end)) is not None:
            unit, end = unit + second.group(0), second.end()
        minus = self._minus.search(text[max(0, start - _SIGN_BACK) : start]) if value_max is None else None
        if minus is not None and (unit == _PERCENT or text[start - 1] != _DASH):  # else the bullet of a list
            start, value = start - len(minus.group(0)), -value
        outer_start, outer_end, op = self.compared(text, start, end, value_max is not None, fuzzy)
        if match.group("latin"):
            unit = match.group("latin")
            if op == "=" or (text[start - 1 : start].isascii() and text[start - 1 : start].isalnum()):
                return None  # 5G, 3D: only a comparator shows that letters nobody listed are a unit (达到70dB)
        if match.group("order"):
            op = _PASSED  # 过千亿, 超万亿
        return Quantity(start, end, outer_start, outer_end, value, value_max, unit, op, match.group("h") is None)

    def compared(self, text: str, start: int, end: int, is_range: bool, fuzzy: bool) -> tuple[int, int, str]:
        """Where the comparators around the number at `start`..`end` begin and end, and the operator that they make."""
        outer_start, before_op = self._comparator_before(text, start)
        outer_end, after_op = self._comparator_after(text, end)
        op = _combine(before_op, after_op, is_range, fuzzy)
        if text.startswith(_INCLUDED, outer_end):  # 超过300平方米(含)
            op = {">": ">=", "<": "<="}.get(op, op)
        return outer_start, outer_end, op

    def _is_word(self, before: str, numeral: str) -> bool:
        """Whether 一 ends a word (统一部署, 同一个); 引进一名 is none, since a verb ends there."""
        return (
            parse_number(numeral[0]) == 1 and before.endswith(self._numeral_guard) and not before.endswith(self._verbs)
        )

    def _values(self, match: re.Match[str]) -> tuple[float, float | None, bool] | None:
        group = match.group
        if group("percent"):
            share = parse_number(group("share"))
            upper = parse_number(group("share2")) if group("share2") else None
            whole = parse_number(group("of"))
            if share is None or not whole:
                return None
            return _percent(share, whole), None if upper is None else _percent(upper, whole), False
        if group("physical"):
            return parse_number(group("physical")) or 0.0, None, False
        if group("order"):
            return parse_number("一" + group("order")) or 0.0, None, True
        if group("half"):
            return _HALF, None, False
        if group("part") or group("part2"):
            part = parse_number(group("part") or group("part2"))
            whole = parse_number(group("whole") or group("whole2"))
            return (round(part / whole * 100, 2), None, False) if part and whole and part < whole else None
        if (unitless := group("graded") or group("bare") or group("plain") or group("crowd")) is not None:
            number = parse_number(unitless)
            scale = _multiplier(group("graded_m") or group("bare_m") or group("crowd_m") or "")
            return None if number is None else (number * scale, None, False)
        first, second = (group("a"), group("b")) if group("a") else (group("h"), group("h2"))
        low_tail = (group("am") or "") + (group("fam") or group("fhm") or "")
        high_tail = group("bm") or ""
        if second is None and _SPOKEN_RANGE.fullmatch(first) is not None:
            both = spoken_range(first + low_tail)
            return None if both is None else (*both, False)
        high = parse_number(second + (high_tail or low_tail)) if second else None
        low = None if set(first) <= _ZEROS else parse_number(first + (low_tail or high_tail))
        if high is not None and not low_tail:
            low = lower_end(first, second + high_tail)
        if low is None or (second and high is None) or (high is not None and high <= low):
            return None
        return low, high, bool(group("fa") or group("fb") or group("fh") or group("fh2"))

    def _comparator_before(self, text: str, at: int) -> tuple[int, str | None]:
        window = text[max(0, at - _LOOK_BACK) : at]
        for word, op in self._before:
            if window.endswith(word):
                start = at - len(word)
                if op == "~":
                    outer, outer_op = self._comparator_before(text, start)
                    return (outer, outer_op if outer_op not in (None, ">=") else "~")
                return start, op
        apart = self._apart.search(window)
        if apart is not None:
            return at, ">=" if apart.group("least") else "<="
        return at, None

    def _comparator_after(self, text: str, at: int) -> tuple[int, str | None]:
        window = text[at : at + _LOOK_AHEAD]
        for word, op in self._after:
            if window.startswith(word):
                return at + len(word), op
        return at, None


_BEFORE = (
    ("before_ge", ">="),
    ("before_gt", ">"),
    ("before_le", "<="),
    ("before_lt", "<"),
    ("before_about", "~"),
)
_AFTER = (("after_ge", ">="), ("after_le", "<="), ("after_about", "~"))


def spoken_range(text: str) -> tuple[float, float] | None:
    """The two numbers that two digits side by side mean (五六 → 5 and 6, 三五百 → 300 and 500), else None."""
    spoken = _SPOKEN_RANGE.fullmatch(text)
    if spoken is None or (parse_number(spoken["low"]), parse_number(spoken["high"])) not in _SPOKEN_PAIRS:
        return None
    if spoken["head"] and parse_number(spoken["high"]) != (parse_number(spoken["low"]) or 0) + 1:
        return None  # 三五家, but 十三五 is a period
    low, high = (parse_number(spoken.expand(rf"\g<head>\g<{end}>\g<tail>")) for end in ("low", "high"))
    return None if low is None or high is None or high <= low else (low, high)


def _runs_on(text: str, end: int) -> bool:
    """Whether a unit of Latin letters is cut out of a longer word (GW in GWx)."""
    return end < len(text) and text[end - 1 : end + 1].isascii() and text[end - 1 : end + 1].isalpha()


def lower_end(first: str, second: str) -> float | None:
    """The value of `first` in a range `first`至`second`, which may share the place words that end `second`.

    两到三万 begins with 20000 and 1到2千万 with 10 million, since one is below two; 8500到3万 and 五十到一百 share
    none.
    """
    low = parse_number(first)
    if low is None or second.endswith(first[-1]):
        return low
    places = len(second) - len(second.rstrip(_SHARED_PLACES))
    for size in range(places, 0, -1):
        head = parse_number(second[:-size])
        if head is not None and low < head:
            return parse_number(first + second[-size:])
    return low


def _percent(share: float, whole: float) -> float:
    return round(share * 100 / whole, 10)


def _multiplier(text: str) -> float:
    value = 1.0
    for char in text or "":
        value *= _MULTIPLIERS[char]
    return value


def _combine(before: str | None, after: str | None, is_range: bool, fuzzy: bool) -> str:
    """达到50%左右 is ~, 达到50%以上 is >=, 超过50% is >, a bare range is range, 50余家 is >=."""
    if after == "~":
        return "~"
    if is_range and before is None and after is None:
        return "range"
    if before in (">", "<", "<=") and after is None:
        return before
    if after is not None:
        return after
    if before is not None:
        return before
    return ">=" if fuzzy else "="
