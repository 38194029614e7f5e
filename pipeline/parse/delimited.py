"""The reader for CSV and TSV: tables as text. A file of that name without the shape of a table is plain text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import PurePath

from pipeline.parse import txt
from pipeline.parse.sheet_layout import Budget, Sheet, lay_out
from pipeline.raw import RawDocument

FORMAT = "csv"
SUFFIXES: tuple[str, ...] = (".csv", ".tsv", ".tab")
# Programs of government sites write a table as text and name it as a workbook.
_NAMES = frozenset({*SUFFIXES, ".xls", ".xlsx", ".et"})
_DELIMITERS = ",\t;|"
_SAME_WIDTH = 0.7  # of the lines: titles and notes above and below a table are often written without its delimiters
_SAMPLE = 1000  # lines by which the delimiter is told


def sniff(data: bytes, name: str) -> bool:
    """Whether a text is named as a table and is one: most of its lines have the same number of fields, two at least."""
    if PurePath(name).suffix.lower() not in _NAMES or not txt.sniff(data, name):
        return False
    return _delimiter(txt.decode(data, name)[0]) is not None


def read(data: bytes, name: str) -> RawDocument:
    """The rows as a table, lines above and below it as paragraphs. The file's name is no title.

    Raises UnreadableError where the bytes are no text, or beyond the limits of `sheet_layout`.
    """
    text, issues = txt.decode(data, name)
    delimiter = _delimiter(text)
    if delimiter is None:
        return txt.read(data, name)
    budget = Budget(name)
    sheet = Sheet("")
    for row, fields in enumerate(_rows(text, delimiter)):
        for column, value in enumerate(fields):
            if value.strip():
                budget.take(value)
                sheet.cells[row, column] = value
    blocks, told = lay_out([sheet], name)
    return RawDocument(FORMAT, blocks, issues=issues + told)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _delimiter(text: str) -> str | None:
    """The delimiter that gives most lines the same width; None where none gives `_SAME_WIDTH` of them two fields."""
    sample = "\n".join(text.splitlines()[:_SAMPLE])
    best: tuple[float, int, str] | None = None
    for delimiter in _DELIMITERS:
        try:
            _rows(text, delimiter)
            rows = [row for row in _rows(sample, delimiter) if any(field.strip() for field in row)]
        except csv.Error:  # a field beyond the limit of 131,072 characters: an open quotation mark, no table
            continue
        widths = Counter(len(row) for row in rows)
        if not widths:
            continue
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        share = count / len(rows)
        if width > 1 and len(rows) > 1 and share >= _SAME_WIDTH and (best is None or (share, width) > best[:2]):
            best = (share, width, delimiter)
    return None if best is None else best[2]
