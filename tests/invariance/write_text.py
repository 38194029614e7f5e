"""Renders a plan as plain text, and its tables as a workbook."""

from __future__ import annotations

import re
from io import BytesIO

from invariance.plan_model import Grid, Look, Plan

_INDENT = "\u3000\u3000"
_PERCENT = re.compile(r"(\d+(?:\.\d{1,2})?)%")
_WHOLE = re.compile(r"0|[1-9]\d{0,8}")
_INDENTED = (Look.BODY, Look.FIRST, Look.SECOND)


def txt(plan: Plan) -> bytes:
    """UTF-8, a paragraph a line with its indent, a row of a table a line with tabs between the cells.

    Plain text states no merged cells: those of one row are written once, those of one column leave their places empty.
    """
    lines: list[str] = []
    for part in plan.parts:
        if isinstance(part, Grid):
            lines += ["", *_rows(part), ""]
        else:
            lines.append((_INDENT if part.look in _INDENTED else "") + part.text)
    return ("\n".join(lines) + "\n").encode("utf-8")


def _rows(grid: Grid) -> list[str]:
    made = []
    for line in grid.rows_of_cells():
        cells: list[str] = []
        for cell, at in line:
            cells += ["" if cell is None else re.sub(r"\s+", "", cell.text)] + [""] * (at.colspan - 1)
        made.append("\t".join(cells))
    return made


def xlsx(plan: Plan) -> bytes | None:
    """A workbook with a sheet for each table, its caption in merged rows above it; None where there is no table.

    Numbers and percentages are numbers in their cells, as a person types them.
    """
    if not plan.tables:
        return None
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        kept = {"text_wrap": True, "valign": "vcenter", "border": 1}
        plain, title = book.add_format(kept), book.add_format({"align": "center"})
        percent = [book.add_format(kept | {"num_format": form}) for form in ("0%", "0.0%", "0.00%")]
        for number, grid in enumerate(plan.tables, 1):
            sheet = book.add_worksheet(f"附件{number}")
            for row, line in enumerate(grid.caption):
                if grid.cols > 1:
                    sheet.merge_range(row, 0, row, grid.cols - 1, line, title)
                else:
                    sheet.write_string(row, 0, line, title)
            for cell in grid.cells:
                row, col = cell.at.row + len(grid.caption), cell.at.col
                value: str | float = cell.text
                look = plain
                if _WHOLE.fullmatch(cell.text):
                    value = int(cell.text)
                elif (share := _PERCENT.fullmatch(cell.text)) is not None:
                    digits = share.group(1)
                    value, look = float(digits) / 100, percent[len(digits.partition(".")[2])]
                if cell.at.rowspan > 1 or cell.at.colspan > 1:
                    last = row + cell.at.rowspan - 1, col + cell.at.colspan - 1
                    sheet.merge_range(row, col, *last, value, look)
                elif isinstance(value, str):
                    sheet.write_string(row, col, value, look)
                else:
                    sheet.write_number(row, col, value, look)
    return stream.getvalue()
