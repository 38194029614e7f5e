"""Plain dates of documents (成文日期, 发布日期): reading them whole, and mending those that lost their marks.

Deadlines are another matter (`pipeline.extract`): here stands only what dates a document.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from pipeline.lexicons import Lexicons
from pipeline.text import parse_number

FIRST_YEAR = 1949


@dataclass(frozen=True, slots=True)
class PlainDate:
    """A date as found: `start`..`end` in the squeezed text, `value` ISO (only year and month where no day stands),
    `mended` where lost marks were put back, `raw` as found."""

    start: int
    end: int
    value: str
    raw: str
    mended: bool = False

    @property
    def is_full(self) -> bool:
        """Whether the day is known."""
        return len(self.value) == len("2000-01-01")


def find_dates(squeezed_text: str, lexicons: Lexicons) -> list[PlainDate]:
    """Every date with year, month and day in folded text without white space, then those with year and month only.

    A date that the calendar does not have (2月30日) is not found. Each list is in order of position.
    """
    marked = list(lexicons.pattern("date-full").finditer(squeezed_text))
    full = [d for m in marked if (d := _full(m)) is not None]
    taken = [m.span() for m in marked]
    months = []
    for match in lexicons.pattern("date-month").finditer(squeezed_text):
        if all(match.end() <= a or match.start() >= b for a, b in taken):
            year, month = parse_number(match["year"]), parse_number(match["month"])
            months.append(PlainDate(match.start(), match.end(), f"{year:.0f}-{month:02.0f}", match.group(0)))
    return full + months


def _full(match: re.Match[str]) -> PlainDate | None:
    parts = [parse_number(match[name]) for name in ("year", "month", "day")]
    value = _iso(*(int(p) for p in parts if p is not None))
    return None if value is None else PlainDate(match.start(), match.end(), value, match.group(0))


def mend_date(squeezed_text: str, lexicons: Lexicons, known: Collection[str] = ()) -> PlainDate | None:
    """The date that a line of its own is which lost 年, 月 or 日 (`2025818` → 2025-08-18), None where not certain.

    Certain is a line with one reading alone, or with one reading among the dates that the document states elsewhere
    (`known`, ISO).
    """
    match = lexicons.pattern("date-lost").fullmatch(squeezed_text)
    if match is None:
        return None
    readings = _readings(match["year"], match["rest"])
    if len(readings) > 1:
        readings = [r for r in readings if r in known]
    if len(readings) != 1:
        return None
    return PlainDate(0, len(squeezed_text), readings[0], squeezed_text, mended=True)


def _readings(year: str, rest: str) -> list[str]:
    """Every date of the year that the digits can be, a month alone among them."""
    kept = re.findall(r"\d+", rest)
    if len(kept) == 2:
        value = _iso(int(year), int(kept[0]), int(kept[1]))
        return [] if value is None else [value]
    digits = kept[0]
    months = [f"{year}-{int(digits):02}"] if len(digits) == 2 and 1 <= int(digits) <= 12 else []
    found = {
        value
        for cut in range(1, len(digits))
        if len(digits) - cut <= 2 and cut <= 2 and (value := _iso(int(year), int(digits[:cut]), int(digits[cut:])))
    }
    return sorted(found) + months


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year >= FIRST_YEAR else None
    except ValueError:
        return None
