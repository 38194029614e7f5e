"""The pipeline's own readings of numbers, dates and regions in the shape of the test cases of other projects.

Nothing is read here: `parse_number`, `NumeralFinder`, `AmountFinder`, `TimeFinder` and `Gazetteer` read, this maps
their records to the keys that `run_peer.py` compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pipeline.extract.amounts import AmountFinder
from pipeline.extract.deadlines import Calendar, TimeFinder
from pipeline.extract.numerals import NumeralFinder
from pipeline.extract.quantities import Quantity
from pipeline.gazetteer import Resolution, gazetteer
from pipeline.lexicons import load
from pipeline.text import Squeezed

Case = Mapping[str, Any]
Candidate = dict[str, Any]

LEXICONS = load()
NUMERALS = NumeralFinder(LEXICONS)
AMOUNTS = AmountFinder(LEXICONS)
TIMES = TimeFinder(LEXICONS, relative=True)
GAZETTEER = gazetteer(LEXICONS)
# A year of its own where a case gives none: no expected value of such a case depends on it.
NO_REFERENCE = date(2021, 6, 14)
CURRENCIES = frozenset(row.name for row in LEXICONS.get("units") if row.get("dimension") == "money")
UNITS = {term: rows[0] for term, rows in LEXICONS.get("units").terms.items()}
AND = 1  # the one character 又 between the parts of a duration
MEASURE = "个"  # 月 alone is a month of the calendar, so units.tsv has 个月
PERCENT, FRACTION = "%", LEXICONS.pattern("fraction")
SHARES = {r.name: float(r.get("factor")) for r in LEXICONS.get("units") if r.get("base_unit") == PERCENT}
CONNECTIVE = 3  # the longest word between the two bounds of an interval (的同时)
# Units of time as the cases name them, by the name of the row in units.tsv.
DURATIONS = {
    "年": ("year", 1.0), "季度": ("month", 3.0), "个月": ("month", 1.0), "周": ("week", 1.0),
    "天": ("day", 1.0), "日": ("day", 1.0), "个工作日": ("workday", 1.0),
}  # fmt: skip
# Levels of regions.tsv that an address has; a 兵团 division or a 开发区 is in none of them.
ADDRESS = {"省": "province", "市": "city", "县": "county"}


def normalise(case: Case) -> list[Candidate] | None:
    """Candidates for one case, each with its span in `case["text"]`; [] where the pipeline finds nothing."""
    view = Squeezed(case["text"])
    found = READERS[case["kind"]](view.text, case)
    return [{**candidate, "span": list(view.span(start, end))} for start, end, candidate in found]


Found = list[tuple[int, int, Candidate]]


def numbers(text: str, case: Case) -> Found:
    return [(n.start, n.end, {"value": n.value}) for n in NUMERALS.find(text)]


def quantities(text: str, case: Case) -> Found:
    """Amounts; where a case asks for money, those of money alone."""
    return [
        (q.outer_start, q.outer_end, amount(q))
        for q in AMOUNTS.find(text)
        if "money" not in case["tags"] or q.unit in CURRENCIES
    ]


def shares(text: str, case: Case) -> Found:
    """Amounts, those in another unit of share (三成) in percent by the factor of the unit."""
    found: Found = []
    for q in AMOUNTS.find(text):
        if q.unit in SHARES:
            q = replace(q, value=q.value * SHARES[q.unit], unit=PERCENT)
        found.append((q.outer_start, q.outer_end, amount(q)))
    return found


def comparators(text: str, case: Case) -> Found:
    """Amounts as intervals; a lower and an upper bound side by side (3年以上7年以下) are one interval."""
    found: Found = []
    for q in AMOUNTS.find(text):
        start, end, made = q.outer_start, q.outer_end, bounds(plain(q, text))
        if found and start - found[-1][1] <= CONNECTIVE and (both := _both(found[-1][2], made)) is not None:
            start, made = found.pop()[0], both
        found.append((start, end, made))
    return found


def plain(q: Quantity, text: str) -> Quantity:
    """A fraction as the number that it is (1/5 → 0.2): the pipeline gives it in percent, the cases do not."""
    if q.unit != PERCENT or q.value_max is not None or FRACTION.fullmatch(text[q.start : q.end]) is None:
        return q
    return replace(q, value=q.value / 100, unit="")


def _both(one: Candidate, two: Candidate) -> Candidate | None:
    low, high = (one, two) if one["op"] in (">", ">=") else (two, one)
    if low["op"] not in (">", ">=") or high["op"] not in ("<", "<="):
        return None
    return {**high, **low, "op": "range", "max": high["max"], "max_incl": high["max_incl"]}


def amount(q: Quantity) -> Candidate:
    made: Candidate = {"unit": q.unit, "op": q.op}
    if q.value_max is None:
        made["value"] = q.value
    return {**made, **bounds(q)} if q.op != "=" else made


def bounds(q: Quantity) -> Candidate:
    """The interval that a quantity with its comparator means; a duration where the unit is one of time."""

    def end(value: float | None) -> Any:
        name, size = DURATIONS.get(q.unit, ("", 1.0))
        return {name: value * size} if name and value is not None else value

    made: Candidate = {"op": q.op} | ({} if q.unit in DURATIONS else {"unit": q.unit})
    if q.op == "~":
        return made | {"value": q.value, "approx": True}
    if q.op == "range":
        return made | {"min": end(q.value), "max": end(q.value_max)}
    low = q.value if q.op in (">", ">=", "=") else None
    high = q.value if q.op in ("<", "<=", "=") else None
    made |= {"min": end(low), "max": end(high)}
    if q.op != "=":
        made["min_incl" if low is not None else "max_incl"] = q.op.endswith("=")
    return made


def times(text: str, case: Case) -> Found:
    reference = date.fromisoformat(case["reference_date"] or NO_REFERENCE.isoformat())
    basis = Calendar(reference.year, reference, reference.year)
    found: Found = [(m.start, m.end, {"start": m.since, "end": m.until}) for m in TIMES.find(text, basis)]
    return found + durations(text) + frequencies(text)


def durations(text: str) -> Found:
    """Amounts of time; those that stand side by side (一年又一个月21天) are one."""
    found: Found = []
    for q in AMOUNTS.find(text):
        if q.unit not in DURATIONS or q.value_max is not None:
            continue
        name, size = DURATIONS[q.unit]
        if found and q.start - found[-1][1] <= AND:
            found[-1] = (found[-1][0], q.end, {"duration": {**found[-1][2]["duration"], name: q.value * size}})
        else:
            found.append((q.start, q.end, {"duration": {name: q.value * size}}))
    return found


def frequencies(text: str) -> Found:
    """每年, 每两年, 每半年, 每隔3天: the span of time behind 每 or 每隔, once where no number stands there."""
    found: Found = []
    for match in LEXICONS.pattern("per").finditer(text):
        period = match.group(0)[1:]
        spans = durations(period)
        if spans:
            found.append((*match.span(), {"repeat": spans[0][2]["duration"]}))
            continue
        unit = UNITS.get(period) or UNITS.get(MEASURE + period)
        if unit is not None and unit.name in DURATIONS:
            name, size = DURATIONS[unit.name]
            found.append((*match.span(), {"repeat": {name: size}}))
    return found


def regions(text: str, case: Case) -> Found:
    """The first place of the text, and those behind it that lie in it, as province, city and county."""
    places = GAZETTEER.find(text)
    chosen: tuple[int, int, Resolution] | None = None
    for place in places:
        name = text[place.start : place.end]
        if chosen is None:
            chosen = place.start, place.end, GAZETTEER.resolve(name)
            continue
        start, end, above = chosen
        if place.start - end > CONNECTIVE:
            break
        below = GAZETTEER.resolve(name, (text[start:end],))
        if below.row is not None and above.row is not None and above.row in GAZETTEER.lineage(below.row)[1:]:
            chosen = start, place.end, below
    return [] if chosen is None else [(chosen[0], chosen[1], address(chosen[2]))]


def address(found: Resolution) -> Candidate:
    """The units of a resolved place by their rank; of a name that several units carry, the name at its rank."""
    if found.row is None:
        return {ADDRESS[row.get("level")]: row.name for row in found.candidates if row.get("level") in ADDRESS}
    row = found.successor or found.row
    return {ADDRESS[unit.get("level")]: unit.name for unit in GAZETTEER.lineage(row) if unit.get("level") in ADDRESS}


READERS: dict[str, Callable[[str, Case], Found]] = {
    "number": numbers, "percent": shares, "quantity": quantities, "comparator": comparators,
    "date": times, "period": times, "relative": times, "region": regions,
}  # fmt: skip
