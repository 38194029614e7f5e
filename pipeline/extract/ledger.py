"""The ledger: every numeral of a document with exactly one fate.

Its universe is every run of digits, and every Chinese numeral before a measure word, a percent sign or a date word.
What no mask, time, quantity or table column accounts for is `unaccounted`, so that what was missed can be seen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.extract.frame import Context, Frame
from pipeline.extract.masks import LIST_NUMBER
from pipeline.extract.tables import TableReading
from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind, Document, Number
from pipeline.text import Squeezed

UNACCOUNTED = "unaccounted"
FURNITURE = "furniture"
DEADLINE, DATE, TABLE_VALUE = "deadline", "date", "table_value"

POINTS = frozenset(".、)")

Fates = dict[tuple[int, int], tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class _Claim:
    start: int
    end: int
    fate: str
    record: tuple[str, int] | None = None


class LedgerMaker:
    """Accounts for the numerals of one document."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._numeral = lexicons.pattern("ledger-numeral")
        self._loose = lexicons.pattern("ledger-list")
        self._signed = lexicons.pattern("ledger-signature")

    def make(self, context: Context, tables: TableReading, fates: Fates, deadlines: set[int]) -> tuple[Number, ...]:
        """The numerals in order. `fates` are those of the quantities, `deadlines` the offsets where one is stated."""
        found = list(self._furniture(context.document))
        for frame in context.frames:
            claims = self._claims(frame, tables, fates, deadlines)
            found.extend(self._numerals(frame, claims, tables))
        return tuple(sorted(found, key=lambda n: n.start))

    def _furniture(self, document: Document) -> list[Number]:
        found = []
        for block in document.blocks:
            if block.kind is BlockKind.FURNITURE and block.end > block.start:
                view = Squeezed(document.text, block.start, block.end)
                for match in self._numeral.finditer(view.text):
                    start, end = view.span(match.start(), match.end())
                    found.append(Number(start, end, document.text[start:end], FURNITURE))
        return found

    def _claims(self, frame: Frame, tables: TableReading, fates: Fates, deadlines: set[int]) -> list[_Claim]:
        claims = []
        for quantity in frame.quantities:
            fate, record = fates.get((frame.block.index, quantity.start), (UNACCOUNTED, None))
            claims.append(_Claim(quantity.start, quantity.end, fate, None if record is None else ("targets", record)))
        for time in frame.times:
            start = frame.span(time.start, time.end)[0]
            claims.append(_Claim(time.start, time.end, DEADLINE if start in deadlines else DATE))
        claims.extend(_Claim(m.start, m.end, m.fate) for m in frame.masks)
        return claims

    def _numerals(self, frame: Frame, claims: list[_Claim], tables: TableReading) -> list[Number]:
        found = []
        for match in self._numeral.finditer(frame.text):
            claim = next((c for c in claims if c.start <= match.start() < c.end), None)
            fate, record = (claim.fate, claim.record) if claim else (self._unclaimed(frame, match, tables), None)
            start, end = frame.span(match.start(), match.end())
            found.append(Number(start, end, frame.text[match.start() : match.end()], fate, record))
        return found

    def _heads_line(self, frame: Frame, match: re.Match[str]) -> bool:
        """Whether the numeral numbers a line inside its block (2.配合做好… in a cell of several lines)."""
        start, offsets = match.start(), frame.view.offsets
        broken = start > 0 and offsets[start] - offsets[start - 1] > 1
        return broken and frame.text[match.end() : match.end() + 1] in POINTS

    def _unclaimed(self, frame: Frame, match: re.Match[str], tables: TableReading) -> str:
        """What a numeral without unit can still be: a cell of a known column, a list number, a signature's date."""
        if self._heads_line(frame, match):
            return LIST_NUMBER
        if (fate := tables.fate(frame)) is not None:
            return fate
        if self._loose.search(frame.text[: match.start()]) and match.end() < len(frame.text):
            return LIST_NUMBER
        if self._signed.fullmatch(frame.text):
            return DATE
        if match.group(0) == frame.text:
            # A line that is nothing but a number is the 序号 of a table that lost its cells.
            return TABLE_VALUE if frame.block.cell is not None and frame.block.cell.col else LIST_NUMBER
        return UNACCOUNTED
