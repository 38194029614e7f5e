"""Evaluation schemes: rows of an indicator system with path, unit and weight."""

from __future__ import annotations

from pipeline.extract.frame import Context, Frame
from pipeline.extract.tables import SchemeLine, TableReading
from pipeline.lexicons import Lexicons
from pipeline.model import Evidence, SchemeRow, Section
from pipeline.text import normalise, parse_number

NO_TABLE = -1
FEWEST_HEADINGS = 3  # headings with weights that make a scheme; one or two may carry a note in brackets


class SchemeMaker:
    """Makes scheme rows; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._weight_note = lexicons.pattern("weight-note")
        self._unit_note = lexicons.pattern("unit-note")
        self._number = lexicons.pattern("number-arabic")
        self._weight = lexicons.pattern("weight-value")
        self._weighted = lexicons.pattern("heading-weight")

    def make(self, context: Context, tables: TableReading) -> tuple[SchemeRow, ...]:
        """A row for each lowest level of every scheme, in order: those of the tables, then those of the headings."""
        return (*(self._row(line) for line in tables.scheme_lines), *self._headings(context))

    def _headings(self, context: Context) -> list[SchemeRow]:
        """A scheme written in prose: the lowest headings that end with a weight, each with the headings above it."""
        sections = context.document.sections
        weighted = [s for s in sections if self._weighted.search(s.heading)]
        parents = {s.parent for s in weighted}
        lowest = [s for s in weighted if s.index not in parents]
        return [self._heading(context, s) for s in lowest] if len(lowest) >= FEWEST_HEADINGS else []

    def _heading(self, context: Context, section: Section) -> SchemeRow:
        found = self._weighted.search(section.heading)
        names = [*context.path(section), section.heading]
        return SchemeRow(
            tuple(normalise(self._weighted.sub("", name)) for name in names),
            None,
            parse_number(found.group("value")) if found else None,
            NO_TABLE,
            Evidence(section.heading_start, section.heading_end, "scheme-heading", 0.9, section.index),
        )

    def _row(self, line: SchemeLine) -> SchemeRow:
        names = [self._number.sub("", self._weight_note.sub("", frame.text)) for frame in line.levels]
        unit = line.unit.text if line.unit is not None else None
        if (noted := self._unit_note.search(names[-1])) is not None:
            unit = noted.group("unit")
            names[-1] = names[-1][: noted.start()] + names[-1][noted.end() :]
        lowest = line.levels[-1]
        start, end = lowest.span(0, len(lowest.text))
        section = lowest.section.index if lowest.section else None
        return SchemeRow(
            tuple(normalise(name) for name in names),
            unit,
            self._value(line.weight),
            line.table,
            Evidence(start, end, "scheme-row", 0.98, section),
        )

    def _value(self, frame: Frame | None) -> float | None:
        if frame is None or (found := self._weight.match(frame.text)) is None:
            return None
        return parse_number(found.group("value"))
