"""Evaluation schemes: rows of an indicator system with path, unit and weight."""

from __future__ import annotations

from pipeline.extract.frame import Frame
from pipeline.extract.tables import SchemeLine, TableReading
from pipeline.lexicons import Lexicons
from pipeline.model import Evidence, SchemeRow
from pipeline.text import normalise, parse_number


class SchemeMaker:
    """Makes scheme rows; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._weight_note = lexicons.pattern("weight-note")
        self._unit_note = lexicons.pattern("unit-note")
        self._number = lexicons.pattern("number-arabic")
        self._weight = lexicons.pattern("weight-value")

    def make(self, tables: TableReading) -> tuple[SchemeRow, ...]:
        """A row for each lowest level of every scheme, in order."""
        return tuple(self._row(line) for line in tables.scheme_lines)

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
