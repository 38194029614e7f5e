"""An Excel workbook: the matrix first, then every commitment with a link to its evidence, agencies, documents, run."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

import xlsxwriter

from pipeline import __version__
from pipeline.compare import Matrix, State, matrix, top
from pipeline.export import tables
from pipeline.export.cells import safe
from pipeline.messages import say
from pipeline.store import Store

TOP = 20  # indicators of the first sheet where none are named: what fits a printed page on its side
_WIDE = frozenset({"quote", "clause", "title", "reason_zh", "reason_en", "advice_zh", "advice_en", "grade_reasons"})
_HIDDEN = frozenset({"start", "end", "rule", "document", "id", "indicator_written", "indicator_id", "commitment"})
_COLOURS = {
    State.QUANTIFIED: "#D9EAD3",
    State.QUALITATIVE: "#FFF2CC",
    State.OTHER: "#EFEFEF",
    State.SILENT: "#FFFFFF",
    State.DAMAGED: "#F4CCCC",
    State.NO_DOCUMENT: "#FFFFFF",
}


def write(store: Store, stream: BinaryIO, lang: str, min_grade: str | None = None) -> None:
    """The whole database; its first sheet compares the regions on the indicators that most of them promise."""
    write_matrix(store, matrix(store, top(store, TOP, min_grade), min_grade=min_grade), stream, lang, min_grade)


def write_matrix(store: Store, shown: Matrix, stream: BinaryIO, lang: str, min_grade: str | None = None) -> None:
    """The whole database (as far as its documents are of the grade) with this comparison on the first sheet."""
    memory = io.BytesIO()
    # Formulas, links and numbers are only what is written as such: nothing from a document becomes one.
    book = xlsxwriter.Workbook(
        memory,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    _Book(book, lang).fill(store, shown, min_grade)
    book.close()
    stream.write(memory.getvalue())


class _Book:
    def __init__(self, book: Any, lang: str) -> None:
        self.book = book
        self.lang = lang
        plain = {"valign": "top", "text_wrap": True}
        self.head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})
        self.plain = book.add_format({"valign": "top"})
        self.wrap = book.add_format(plain)
        self.whole = book.add_format({"valign": "top", "num_format": "#,##0"})
        self.fraction = book.add_format({"valign": "top", "num_format": "#,##0.0###"})
        self.link = book.add_format({"valign": "top", "font_color": "blue", "underline": 1})
        self.states = {s: book.add_format(plain | {"border": 1, "bg_color": c}) for s, c in _COLOURS.items()}

    def fill(self, store: Store, shown: Matrix, min_grade: str | None) -> None:
        names = {key: say(f"sheet.{key}", self.lang) for key in ("matrix", "commitments", "evidence")}
        commitments, evidence = tables.commitments(store, min_grade), tables.evidence(store, min_grade)
        ids = commitments.columns.index("id")
        rows = {row[ids]: i for i, row in enumerate(commitments.rows, 1)}
        proofs: dict[object, int] = {}
        for i, row in enumerate(evidence.rows, 1):
            proofs.setdefault(row[0], i)
        self._matrix(names["matrix"], shown, names["commitments"], rows)
        to_proof = [proofs[row[ids]] for row in commitments.rows]
        self._table(names["commitments"], commitments, "quote", names["evidence"], to_proof)
        self._table(names["evidence"], evidence, "file", names["commitments"], [rows[r[0]] for r in evidence.rows])
        further = tables.agencies(store, min_grade), tables.documents(store, min_grade)
        for key, table in zip(("agencies", "documents"), further, strict=True):
            self._table(say(f"sheet.{key}", self.lang), table)
        self._table(say("sheet.run", self.lang), tables.files(store))
        self.book.set_properties({"title": "duibiao 对标", "comments": f"duibiao {__version__}"})

    def _matrix(self, name: str, shown: Matrix, target: str, rows: dict[object, int]) -> None:
        sheet = self.book.add_worksheet(name)
        table = tables.matrix_table(shown, self.lang)
        for col, column in enumerate(table.columns):
            sheet.write_string(0, col, str(safe(column, False)), self.head)
        for i, line in enumerate(shown.lines, 1):
            sheet.write_string(i, 0, str(safe(line.label, False)), self.wrap)
            for col, cell in enumerate(line.cells, 1):
                text = str(safe(tables.cell_text(cell, self.lang), False))
                row = rows.get(cell.commitments[0]) if cell.commitments else None
                if row is None:
                    sheet.write_string(i, col, text, self.states[cell.state])
                else:
                    place = f"internal:'{target}'!A{row + 1}"
                    sheet.write_url(i, col, place, self.states[cell.state], text, safe(cell.quote[:200], False))
        last = len(shown.lines)
        sheet.write_string(last + 2, 0, say("matrix.legend", self.lang))
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 16)
        if shown.indicators:
            sheet.set_column(1, len(shown.indicators), 26)
        sheet.autofilter(0, 0, last, len(table.columns) - 1)

    def _table(
        self, name: str, table: tables.Table, link: str = "", target: str = "", rows: list[int] | None = None
    ) -> None:
        """A sheet of a table; cells of the column `link` lead to the given rows (the head is 0) of `target`."""
        sheet = self.book.add_worksheet(name)
        for col, column in enumerate(table.columns):
            sheet.write_string(0, col, column, self.head)
            width = 60 if column in _WIDE else 14
            sheet.set_column(col, col, width, self.plain, {"hidden": column in _HIDDEN})
        for i, row in enumerate(table.rows, 1):
            for col, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                cell = safe(value, False)
                if column == link and rows and cell is not None:
                    place = f"internal:'{target}'!A{rows[i - 1] + 1}"
                    sheet.write_url(i, col, place, self.link, str(cell))
                elif isinstance(cell, (int, float)):
                    sheet.write_number(i, col, cell, self._number_format(column, cell))
                elif cell:
                    sheet.write_string(i, col, cell, self.wrap if column in _WIDE else self.plain)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)

    def _number_format(self, column: str, value: float) -> Any:
        """Thousands are parted in values; years, pages and offsets stay as they are."""
        if not column.startswith(("value", "base")):
            return self.plain
        return self.whole if value == int(value) else self.fraction
