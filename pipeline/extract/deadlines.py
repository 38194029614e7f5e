"""Time expressions and how they resolve to ISO dates.

Rules of resolution are those of the annotation guide: 到2025年 and 2025年底前 end with the year and have no start;
2020年 is the whole year; 自2022年起 has a start and no end; a missing year is the year that the plan is for; a duration
counts from the issue date to the day, and where only the publishing year is known it ends with a year.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date

from pipeline.extract.relative_dates import DAY_ALONE, RelativeDate, RelativeDates
from pipeline.lexicons import Lexicons
from pipeline.text import fold, parse_number

PATTERNS = (
    "deadline-years",
    "deadline-months",
    "deadline-days",
    "deadline-date",
    "deadline-month-span",
    "deadline-month",
    "deadline-quarter",
    "deadline-half",
    "deadline-relative",
    "deadline-duration",
    "plan-period",
)
_MONTHS_IN = {"年": 12, "个月": 1}


@dataclass(frozen=True, slots=True)
class Calendar:
    """What missing parts are filled from: the plan's year, its issue date, and the year it was published in."""

    year: int | None = None
    issued: date | None = None
    published_year: int | None = None


@dataclass(frozen=True, slots=True)
class TimeMention:
    """A time expression at squeezed positions; ISO dates or None. `form` is the pattern that found it.

    `bounded` says that words like 到, 底前, 起 or 期间 mark it as a time by which or from which something holds.
    """

    start: int
    end: int
    raw: str
    since: str | None
    until: str | None
    approx: bool
    form: str
    bounded: bool
    past: bool = False


class TimeFinder:
    """Finds time expressions; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons, relative: bool = False) -> None:
        """With `relative`, also what leans on the day of writing (去年, 三天后), dates in figures and spans of any two
        dates; without, what plans say.
        """
        self._relative = RelativeDates(lexicons) if relative else None
        self._gap = lexicons.pattern("relative-gap")
        self._patterns = [(name, lexicons.pattern(name)) for name in PATTERNS]
        self._starts = frozenset(lexicons.cues("time_start"))
        self._ends = frozenset(lexicons.cues("time_end"))
        self._past = frozenset(lexicons.cues("time_past"))
        self._leads_from = lexicons.cues("lead_from")
        self._leads_to = lexicons.cues("lead_to")
        self._month_part = lexicons.pattern("month-part")
        self._late = frozenset(lexicons.cues("edge_late"))
        self._periods = {
            fold(term): (row.get("start"), row.get("end"))
            for row in lexicons.get("plan_periods")
            for term in (row.name, *row.aliases)
        }

    def find(self, text: str, basis: Calendar) -> list[TimeMention]:
        """Every time expression of a squeezed text; where two overlap the earlier, then the longer, stays."""
        found: list[TimeMention] = []
        for name, pattern in self._patterns:
            for match in pattern.finditer(text):
                mention = self._resolve(name, match, basis)
                if mention is not None:
                    found.append(mention)
        if self._relative is not None and basis.issued is not None:
            found.extend(map(self._leaning, self._relative.find(text, basis.issued)))
        found.sort(key=lambda m: (m.start, -(m.end - m.start), m.past))
        kept: list[TimeMention] = []
        for mention in found:
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return kept if self._relative is None else self._spans(text, kept)

    def _resolve(self, name: str, match: re.Match[str], basis: Calendar) -> TimeMention | None:
        groups = match.groupdict()
        if name == "deadline-duration":
            return self._duration(match, basis)
        if name == "plan-period":
            return self._period(match)
        year = self._year(groups, basis)
        part = self._month_part.match(groups.get("edge") or "")
        span = _span(groups, year, _MONTH_PARTS[part.lastgroup or ""] if part else _WHOLE_MONTH)
        if (span is None and year is not None) or (span is not None and span[1] < span[0]):
            return None
        first, last = span or (None, None)
        lead, edge, bound = groups.get("lead") or "", groups.get("edge") or "", groups.get("bound") or ""
        past = groups.get("past") is not None
        since: date | None = first
        until: date | None = last
        opens, closes = self._opens(lead, bound), self._closes(lead, edge, bound)
        if past:
            since, until = None, None
        elif opens and "m2" not in groups and "y2" not in groups:
            until = None
        elif closes and groups.get("y2") is None and groups.get("m2") is None:
            since = None
        return TimeMention(
            match.start(), match.end(), match.group(0), _iso(since), _iso(until), bool(groups.get("about")), name,
            bool(opens or closes or bound or lead), past,
        )  # fmt: skip

    def _opens(self, lead: str, bound: str) -> bool:
        return bound in self._starts or lead.endswith(self._leads_from)

    def _closes(self, lead: str, edge: str, bound: str) -> bool:
        return bound in self._ends or (bool(lead) and lead.endswith(self._leads_to)) or edge in self._late

    def _leaning(self, found: RelativeDate) -> TimeMention:
        """A relative date with the words around it, by the same rules; 以来 and 至今 leave it open to the end."""
        groups = found.match.groupdict()
        first, last = found.days
        lead, edge, bound = groups.get("lead") or "", groups.get("edge") or "", groups.get("bound") or ""
        part = self._month_part.match(edge)
        if part is not None and first.day == 1 and (first.year, first.month) == (last.year, last.month):
            start, end = _MONTH_PARTS[part.lastgroup or ""]
            first, last = first.replace(day=start), last.replace(day=end) if end else last
        opens = groups.get("past") is not None or self._opens(lead, bound)
        closes = not opens and self._closes(lead, edge, bound)
        return TimeMention(
            found.match.start(), found.match.end(), found.match.group(0), None if closes else first.isoformat(),
            None if opens else last.isoformat(), bool(groups.get("about")), found.form, bool(opens or closes or lead),
        )  # fmt: skip

    def _spans(self, text: str, mentions: list[TimeMention]) -> list[TimeMention]:
        """Joins two dates with 至, 到 or a dash between them: the first day of the one to the last day of the other.

        What the second leaves out, it takes from the first.
        """
        joined: list[TimeMention] = []
        for mention in mentions:
            before = joined[-1] if joined else None
            gap = text[before.end : mention.start] if before else ""
            leads = mention.raw.startswith(self._leads_to)
            if before and before.since and mention.until and ((not gap and leads) or self._gap.match(gap) is not None):
                until = _after(before.since, mention.until, mention.form)
                raw = text[before.start : mention.end]
                joined[-1] = replace(before, end=mention.end, raw=raw, until=until, bounded=True)
            else:
                joined.append(mention)
        return joined

    def _year(self, groups: dict[str, str | None], basis: Calendar) -> int | None:
        if written := groups.get("y"):
            return int(parse_number(written) or 0)
        if basis.year is None:
            return None
        return basis.year + 1 if groups.get("next") else basis.year

    def _duration(self, match: re.Match[str], basis: Calendar) -> TimeMention | None:
        group = match.groupdict()
        # 力争三年 is a duration by its lead alone; 用3年 and a bare 3年 need 时间, 努力 or 内 behind them.
        if not group["tail"] and not group["alone"]:
            return None
        count = parse_number(group["n2"] or group["n"] or "")
        if count is None:
            return None
        months = int(count * _MONTHS_IN[group["u"] or "年"])
        until: date | None = None
        if basis.issued is not None:
            until = _add_months(basis.issued, months)
        elif basis.published_year is not None:
            year = basis.published_year + months // 12
            until = date(year, 12, 31) if months % 12 == 0 else None
        return TimeMention(
            match.start(), match.end(), match.group(0), None, _iso(until),
            bool(group["about"] or group["about2"]), "deadline-duration", True,
        )  # fmt: skip

    def _period(self, match: re.Match[str]) -> TimeMention | None:
        start, end = self._periods[match.group("period")]
        edge = match.group("edge") or ""
        closes = edge in self._late or bool(match.group("lead"))
        bounded = closes or bool(edge) or match.group("tail") is not None
        return TimeMention(
            match.start(), match.end(), match.group(0), None if closes else start, end, False, "plan-period",
            bounded, match.group(0).endswith(tuple(self._past)),
        )  # fmt: skip


# First and last day that the groups of the pattern month-part stand for; None is the end of the month.
_MONTH_PARTS: dict[str, tuple[int, int | None]] = {
    "to10": (1, 10), "to20": (1, 20), "mid": (11, 20), "from11": (11, None), "from21": (21, None),
}  # fmt: skip
_WHOLE_MONTH = (1, None)


def _span(groups: dict[str, str | None], year: int | None, part: tuple[int, int | None]) -> tuple[date, date] | None:
    """First and last day of what the groups name in a year; None where there is no such date or the year is open."""
    if year is None:
        return None
    try:
        if groups.get("m") or groups.get("d2"):
            return _within_months(groups, year, part)
        if groups.get("y2"):
            return date(year, 1, 1), date(_whole(groups["y2"]), 12, 31)
        if groups.get("q"):
            quarter = _whole(groups["q"])
            return date(year, quarter * 3 - 2, 1), _month_end(year, quarter * 3)
        if groups.get("half"):
            first_half = groups["half"] == _FIRST_HALF
            return date(year, 1 if first_half else 7, 1), date(year, 6 if first_half else 12, 30 if first_half else 31)
    except ValueError:
        return None
    return date(year, 1, 1), date(year, 12, 31)


_FIRST_HALF = "上"


def _within_months(groups: dict[str, str | None], year: int, part: tuple[int, int | None]) -> tuple[date, date]:
    month = _whole(groups["m"])
    first = date(year, month, _whole(groups.get("d")) or part[0])
    last_year = _whole(groups.get("y2")) or year
    last_month = _whole(groups.get("m2")) or month
    if groups.get("d2"):
        return first, date(last_year, last_month, _whole(groups["d2"]))
    if groups.get("m2"):
        return first, _month_end(last_year, last_month)
    if groups.get("d"):
        return first, first
    return first, date(year, month, part[1]) if part[1] else _month_end(year, month)


def _after(first: str, last: str, form: str) -> str:
    """The last day of a span, with what its words leave out taken from the first day: its year, its month."""
    if form == DAY_ALONE:
        return first[:8] + last[8:]
    if form == "deadline-month" and first[:4] != last[:4]:
        return first[:4] + last[4:] if first[4:] <= last[4:] else f"{int(first[:4]) + 1}{last[4:]}"
    return last


def _whole(text: str | None) -> int:
    return int(parse_number(text or "") or 0)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
