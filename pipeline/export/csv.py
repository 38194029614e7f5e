"""CSV that Excel opens without garbled characters (UTF-8 with mark) and without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from pipeline.compare import Matrix
from pipeline.export import tables
from pipeline.export.cells import safe
from pipeline.store import Store


def write(store: Store, stream: BinaryIO, lang: str, min_grade: str | None = None) -> None:
    """The commitments, one a row, with a header of column names (the same in every language)."""
    table = tables.commitments(store, min_grade)
    _write(stream, table.columns, table.rows)


def write_matrix(store: Store, matrix: Matrix, stream: BinaryIO, lang: str) -> None:
    """The comparison table as it is read: a row per region or document, a column per indicator."""
    table = tables.matrix_table(matrix, lang)
    _write(stream, table.columns, table.rows)


def _write(stream: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([safe(c) for c in columns])
    writer.writerows([safe(value) for value in row] for row in rows)
    stream.write(text.getvalue().encode("utf-8-sig"))
