"""The reader for XLS: the binary workbooks of Excel 5 to 2003 and of WPS (ET), by xlrd."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pipeline.errors import UnreadableError
from pipeline.parse.sheet_formats import BUILTIN, GENERAL, show, show_text
from pipeline.parse.sheet_layout import Budget, Sheet, column_letters, lay_out
from pipeline.raw import RawDocument, RawIssue

FORMAT = "xls"
SUFFIXES: tuple[str, ...] = (".xls", ".xlt", ".et", ".ett")
_TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR = range(1, 6)  # xlrd's kinds of cells


def read(data: bytes, name: str) -> RawDocument:
    """The sheets in order as tables and lines. Formulas come as the value stored with them, numbers as shown.

    Raises UnreadableError for a workbook with a password or a damaged one, and beyond the limits of `sheet_layout`.
    """
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        )
        budget = Budget(name)
        sheets = [_sheet(book, index, budget) for index in range(book.nsheets)]
    except UnreadableError:
        raise
    except Exception as error:  # XLRDError, and whatever a damaged record makes its parser raise
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error).lower():
            raise UnreadableError(
                ("有密码的工作簿", "a workbook with a password"),
                name,
                ("请去掉密码再导入", "take the password off and ingest it again"),
            ) from error
        raise UnreadableError(
            ("工作簿已损坏", "the workbook is damaged"),
            name,
            ("请用 Excel 或 WPS 打开，另存为 XLSX 再导入", "open it in Excel or WPS, save it as XLSX and ingest that"),
        ) from error
    blocks, issues = lay_out(sheets, name)
    stated = tuple((key, value) for key, value in (("creator", str(book.user_name or "").strip()),) if value)
    return RawDocument(FORMAT, blocks, stated, issues + tuple(_unread(book)))


def _unread(book: Any) -> Iterator[RawIssue]:
    """Sheets of charts and macros: xlrd leaves them out, and marks them with -1 in its map of all sheets."""
    count = sum(index == -1 for index in getattr(book, "_all_sheets_map", ()))
    if count:
        yield RawIssue("unread-part", f"{count} sheets of charts or macros were not read")


def _sheet(book: Any, index: int, budget: Budget) -> Sheet:
    source = book.sheet_by_index(index)
    sheet = Sheet(source.name, is_hidden=source.visibility != 0)
    errors: list[str] = []
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            cell = source.cell(row, column)
            text = _shown(book, cell)
            if text.strip():
                budget.take(text)
                sheet.cells[row, column] = text
                if cell.ctype == _ERROR:
                    errors.append(f"{column_letters(column)}{row + 1}")
    sheet.merged = [(top, left, bottom, right) for top, bottom, left, right in source.merged_cells]
    sheet.hidden_rows = {row for row, info in source.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = {column for column, info in source.colinfo_map.items() if info.hidden}
    if errors:
        some = ", ".join(errors[:5]) + (f" … ({len(errors)})" if len(errors) > 5 else "")
        sheet.issues.append(("cell-error", f"sheet {sheet.name!r}: formulas with an error: {some}"))
    book.unload_sheet(index)
    return sheet


def _shown(book: Any, cell: Any) -> str:
    if cell.ctype == _TEXT:
        text = str(cell.value).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
        return show_text(text, _format(book, cell))
    if cell.ctype in (_NUMBER, _DATE):
        return show(float(cell.value), _format(book, cell), bool(book.datemode))
    if cell.ctype == _BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == _ERROR:
        import xlrd

        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""


def _format(book: Any, cell: Any) -> str:
    if cell.xf_index is None or cell.xf_index >= len(book.xf_list):
        return GENERAL
    key = book.xf_list[cell.xf_index].format_key
    own = book.format_map.get(key)
    code = own.format_str if own is not None else ""
    # A file names a built-in format by number alone, or writes it out in the program's own language.
    return str(code if code and (key not in BUILTIN or code != GENERAL) else BUILTIN.get(key, GENERAL))
