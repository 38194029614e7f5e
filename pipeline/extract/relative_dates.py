"""Dates that lean on the day of writing, and the ways of writing dates that plans do without.

`TimeFinder` asks for them only where it is told to: a plan says 2025年底前 and means its own year by 5月, while 去年
and 三天后 in it tell of the past or of a rule. 三天后 is that one day, 60日内 begins with the day of writing and 近三年
ends with it, 下个月 is the calendar month; a span keeps both of its ends.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.lexicons import Lexicons
from pipeline.text import parse_number

Groups = Mapping[str, str | None]
Days = tuple[date, date]
DAY_ALONE = "relative-day"  # its month may be that of the day before it: 九号到十五号

_YEAR_WORDS = {"y0": 0, "ylast": -1, "ybeforelast": -2, "ynext": 1, "yafternext": 2}
_MONTH_WORDS = {"m0": 0, "mlast": -1, "mnext": 1}
_QUARTER_WORDS = {"q0": 0, "qlast": -1, "qnext": 1}
_CENTURY = 50  # of years in two digits, those from here on are of the last century


@dataclass(frozen=True, slots=True)
class RelativeDate:
    """A date found at squeezed positions: its first and last day, and the match for the words around it."""

    days: Days
    form: str
    match: re.Match[str]


class RelativeDates:
    """Finds them; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        """Raises LexiconError where a pattern is missing."""
        self._patterns = [(name, lexicons.pattern(name), days) for name, days in _FORMS]

    def find(self, text: str, today: date) -> list[RelativeDate]:
        """Every such date of a squeezed text written on the day `today`, in no order, overlaps included."""
        found = []
        for name, pattern, days_of in self._patterns:
            for match in pattern.finditer(text):
                try:
                    days = days_of(match.groupdict(), today)
                except (ValueError, OverflowError):  # no such day
                    continue
                if days is not None:
                    found.append(RelativeDate(days, name, match))
        return found


def _moment(groups: Groups, today: date) -> Days | None:
    year = _year(groups, today)
    days = _month(groups, year, today) or _months(groups, year) or _quarters(groups, year, today)
    return days or _half(groups, year, today) or (date(year, 1, 1), date(year, 12, 31))


def _year(groups: Groups, today: date) -> int:
    if written := groups.get("y"):
        year = _whole(written)
        return year if year >= 100 else year + (1900 if year >= _CENTURY else 2000)
    return today.year + (_offset(groups, _YEAR_WORDS) or 0)


def _month(groups: Groups, year: int, today: date) -> Days | None:
    written = groups.get("m") or groups.get("mth")
    offset = _offset(groups, _MONTH_WORDS)
    if written is None and offset is None and not groups.get("mfirst"):
        return None
    first = date(year, _whole(written or 1), 1)
    if offset is not None:
        first = _months_on(date(year, today.month, 1), offset)
    if groups.get("d"):
        first = first.replace(day=_whole(groups["d"]))
        return first, first
    return first, _month_end(first)


def _months(groups: Groups, year: int) -> Days | None:
    """The first or last months of a year: 前五个月."""
    if groups.get("months"):
        return date(year, 1, 1), _month_end(date(year, _whole(groups["months"]), 1))
    if groups.get("lastmonths"):
        return date(year, 13 - _whole(groups["lastmonths"]), 1), date(year, 12, 31)
    return None


def _quarters(groups: Groups, year: int, today: date) -> Days | None:
    written = groups.get("q") or groups.get("qq")
    offset = _offset(groups, _QUARTER_WORDS)
    if offset is not None:
        first = _months_on(date(year, (today.month - 1) // 3 * 3 + 1, 1), 3 * offset)
        return first, _month_end(_months_on(first, 2))
    if groups.get("quarters"):
        return date(year, 1, 1), _month_end(date(year, _whole(groups["quarters"]) * 3, 1))
    if not written and not groups.get("qfirst"):
        return None
    first = date(year, _whole(written or 1) * 3 - 2, 1)
    return first, _month_end(_months_on(first, 2))


def _half(groups: Groups, year: int, today: date) -> Days | None:
    if groups.get("hlast"):
        second = today.month > 6
        return _half_year(year if second else year - 1, first=second)
    if groups.get("half1") or groups.get("half2"):
        return _half_year(year, first=groups.get("half1") is not None)
    return None


def _half_year(year: int, first: bool) -> Days:
    return (date(year, 1, 1), date(year, 6, 30)) if first else (date(year, 7, 1), date(year, 12, 31))


def _numeric(groups: Groups, today: date) -> Days:
    first = date(_whole(groups["y"]), _whole(groups["m"] or groups["m2"]), 1)
    day = groups["d"] or groups["d2"]
    if day:
        first = first.replace(day=_whole(day))
    return first, first if day else _month_end(first)


def _bare_year(groups: Groups, today: date) -> Days:
    return date(_whole(groups["y"]), 1, 1), date(_whole(groups["y"]), 12, 31)


def _day(groups: Groups, today: date) -> Days:
    day = today.replace(day=_whole(groups["d"]))
    return day, day


def _offset_days(groups: Groups, today: date) -> Days | None:
    back = bool(groups["before"] or groups["back"])
    if not back and not (groups["after"] or groups["within"] or groups["ahead"]):
        return None  # a duration
    count = _whole(groups["n"]) * (-1 if back else 1)
    if groups["days"] or groups["weeks"]:
        other = today + timedelta(days=count * (7 if groups["weeks"] else 1))
    else:
        other = _months_on(today, count * (12 if groups["years"] else 1))
    if groups["within"] or groups["ahead"] or groups["back"]:
        return min(today, other), max(today, other)
    return other, other


def _decade(groups: Groups, today: date) -> Days:
    century = today.year // 100 + 1
    if groups["century"]:
        century = _whole(groups["century"])
    elif groups["lastcentury"]:
        century -= 1
    start = (century - 1) * 100 + _whole(groups["decade"])
    return date(start, 1, 1), date(start + 9, 12, 31)


def _this_and_next(groups: Groups, today: date) -> Days:
    return date(today.year, 1, 1), date(today.year + 1, 12, 31)


def _now(groups: Groups, today: date) -> Days:
    return today, today


_FORMS: Sequence[tuple[str, Callable[[Groups, date], Days | None]]] = (
    ("relative-moment", _moment),
    ("relative-numeric", _numeric),
    ("relative-year", _bare_year),
    (DAY_ALONE, _day),
    ("relative-offset", _offset_days),
    ("relative-decade", _decade),
    ("relative-both", _this_and_next),
    ("relative-now", _now),
)


def _offset(groups: Groups, words: Mapping[str, int]) -> int | None:
    return next((offset for name, offset in words.items() if groups.get(name)), None)


def _whole(text: str | int | None) -> int:
    return int(parse_number(str(text or "")) or 0)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _months_on(day: date, months: int) -> date:
    """The day so many months later or earlier, the last of the month where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
