"""From the cells of a sheet to blocks: what is a table and what is a line of text above or below it.

A sheet has no paragraphs: titles, notes and signatures stand in cells of their own, and rows and columns that hold
nothing run on without end. Here a sheet becomes what the same annex would be as a page of a document, so that a task
table gives the same rows whether it came as XLSX or as DOCX.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.errors import UnreadableError
from pipeline.lexicons import load
from pipeline.model import BlockKind, CellAt
from pipeline.raw import RawBlock, RawDocument, RawIssue
from pipeline.text import Squeezed, fold

# Annexes of plans have some hundred rows, lists of projects of a whole province some thousand. What is larger is a data
# set or an attack.
MAX_CELLS = 200_000  # with text, in a workbook
MAX_PLACES = 500_000  # of the tables, empty ones too
MAX_CHARS = 10_000_000  # a shared text counts each time that it is shown
MAX_SHEETS = 500
_NAMED = 5  # how many rows, columns or cells an issue names
_TITLE_CHARS = 6  # the shortest lines that title a table (名单、附件1 are shorter)
_LINE_CHARS = 8  # a lone first cell that is longer runs over the empty cells beside it, as a note does


@dataclass(slots=True)
class Sheet:
    """A sheet as its file states it. Rows and columns are 0-based, merged ranges (top, left, bottom, right) half-open.

    `texts` are lines outside the cells (text boxes), `margins` page heads and feet.
    """

    name: str
    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    is_hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    issues: list[tuple[str, str]] = field(default_factory=list)


class Budget:
    """What a workbook may hold: counts cells and characters while a reader reads them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells = 0
        self.chars = 0

    def take(self, text: str) -> None:
        """Count a cell. Raises UnreadableError where the workbook grows beyond the limits."""
        self.cells += 1
        self.chars += len(text)
        if self.cells > MAX_CELLS or self.chars > MAX_CHARS:
            raise too_large(self.name)


def too_large(name: str) -> UnreadableError:
    """The error for a workbook with more cells or characters than are read."""
    return UnreadableError(
        ("表格太大", "the workbook is too large"),
        name,
        (f"上限为 {MAX_CELLS} 个单元格，请拆分", f"the limit is {MAX_CELLS} cells: split it"),
    )


def lay_out(sheets: Sequence[Sheet], name: str) -> tuple[tuple[RawBlock, ...], tuple[RawIssue, ...]]:
    """The blocks of the sheets in order, and what a person should know of them.

    Empty rows and columns are cut. Lines above the headings of a table and below its last row become paragraphs. A
    sheet's own name is a heading where nothing in the sheet titles it, else furniture. Hidden sheets, rows and columns
    are read like all others, with an issue. Raises UnreadableError beyond the limits.
    """
    blocks: list[RawBlock] = []
    issues: list[RawIssue] = []
    if len(sheets) > MAX_SHEETS:
        raise too_large(name)
    budget = Budget(name)
    places = tables = 0
    for sheet in sheets:
        for text in sheet.cells.values():
            budget.take(text)
        first = len(blocks)
        for block in _Layout(sheet, tables).blocks():
            places += block.cell is not None
            if places > MAX_PLACES:
                raise too_large(name)
            blocks.append(block)
        tables = max((b.cell.table + 1 for b in blocks[first:] if b.cell is not None), default=tables)
        at = first if first < len(blocks) else None
        issues += [RawIssue(code, detail, at) for code, detail in _told(sheet)]
    return tuple(blocks), tuple(issues)


def lay_out_again(raw: RawDocument, name: str) -> RawDocument:
    """A document whose tables are sheets, such as a page of HTML that a program saved as a workbook: laid out so.

    Raises UnreadableError beyond the limits.
    """
    blocks: list[RawBlock] = []
    moved: dict[int, int] = {}
    tables = 0
    for table, group in itertools.groupby(enumerate(raw.blocks), lambda item: item[1].cell and item[1].cell.table):
        run = list(group)
        if table is None:
            moved.update((index, len(blocks) + n) for n, (index, _) in enumerate(run))
            blocks += [block for _, block in run]
            continue
        sheet = Sheet("")
        for _, block in run:
            at = block.cell
            assert at is not None
            sheet.cells[at.row, at.col] = block.text
            sheet.merged.append((at.row, at.col, at.row + at.rowspan, at.col + at.colspan))
        found, _ = lay_out([sheet], name)
        for block in found:
            cell = block.cell
            blocks.append(block if cell is None else replace(block, cell=replace(cell, table=cell.table + tables)))
        tables += max((b.cell.table + 1 for b in found if b.cell is not None), default=0)
    issues = tuple(replace(i, block=None if i.block is None else moved.get(i.block)) for i in raw.issues)
    return replace(raw, blocks=tuple(blocks), issues=issues)


def _told(sheet: Sheet) -> Iterator[tuple[str, str]]:
    yield from sheet.issues
    if sheet.is_hidden and sheet.cells:
        yield "hidden-sheet", f"sheet {sheet.name!r} is hidden; it was read like the others"
    rows = sorted({row for row, _ in sheet.cells} & sheet.hidden_rows)
    columns = sorted({column for _, column in sheet.cells} & sheet.hidden_columns)
    if rows:
        yield "hidden-rows", f"sheet {sheet.name!r}: hidden rows were read: {_named(str(row + 1) for row in rows)}"
    if columns:
        named = _named(column_letters(column) for column in columns)
        yield "hidden-columns", f"sheet {sheet.name!r}: hidden columns were read: {named}"


def _named(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:_NAMED]) + (f" … ({len(every)})" if len(every) > _NAMED else "")


def column_letters(column: int) -> str:
    """The letters of a 0-based column: A … Z, AA …"""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    row: int
    col: int
    rowspan: int
    colspan: int


class _Layout:
    """One sheet: its cells moved together over empty rows and columns, cut into stretches of rows."""

    def __init__(self, sheet: Sheet, first_table: int) -> None:
        self._sheet = sheet
        self._table = first_table
        texts = {at: text for at, text in sheet.cells.items() if text.strip()}
        self._rows = sorted({row for row, _ in texts})
        self._cols = sorted({col for _, col in texts})
        self._covered: dict[tuple[int, int], str] = {}
        self._blank: dict[tuple[int, int], tuple[int, int]] = {}  # merged cells to be filled in by hand
        self._cells = self._placed(texts)
        merged = [c for cells in self._cells.values() for c in cells if c.rowspan > 1]
        self._bridged = {row for c in merged for row in range(c.row + 1, c.row + c.rowspan)}

    def _placed(self, texts: dict[tuple[int, int], str]) -> dict[int, list[_Cell]]:
        """The cells by row, on the grid without empty rows and columns. Text under a merged cell is set apart."""
        spans: dict[tuple[int, int], tuple[int, int]] = {}
        places = 0
        row_at = {row: i for i, row in enumerate(self._rows)}
        col_at = {col: i for i, col in enumerate(self._cols)}
        for top, left, bottom, right in self._sheet.merged:
            rows = self._rows[bisect_left(self._rows, top) : bisect_left(self._rows, bottom)]
            cols = self._cols[bisect_left(self._cols, left) : bisect_left(self._cols, right)]
            places += len(rows) * len(cols)
            if places > MAX_PLACES:
                raise too_large(self._sheet.name)
            inside = [(row, col) for row in rows for col in cols if (row, col) in texts]
            if (top, left) in texts:
                spans[top, left] = (len(rows), len(cols))
                self._covered.update({at: texts[at] for at in inside if at != (top, left)})
            elif rows and cols and not inside:
                self._blank[row_at[rows[0]], col_at[cols[0]]] = (len(rows), len(cols))
        found: dict[int, list[_Cell]] = {}
        for (row, col), text in sorted(texts.items()):
            if (row, col) not in self._covered:
                cell = _Cell(text.strip(), row_at[row], col_at[col], *spans.get((row, col), (1, 1)))
                found.setdefault(cell.row, []).append(cell)
        return found

    def blocks(self) -> Iterator[RawBlock]:
        """The blocks of the sheet: its name, page heads and feet, lines and tables, covered cells, text boxes."""
        body = [block for first, last in self._stretches() for block in self._stretch(first, last)]
        if self._sheet.name.strip() and (body or self._sheet.texts or self._sheet.margins):
            yield self._name(body)
        yield from (RawBlock(text, BlockKind.FURNITURE) for text in self._sheet.margins)
        yield from body
        yield from (RawBlock(text, BlockKind.FURNITURE) for _, text in sorted(self._covered.items()))
        yield from (RawBlock(text) for text in self._sheet.texts)

    def _name(self, body: list[RawBlock]) -> RawBlock:
        """The sheet's name: a heading where it alone can title the sheet's first table, else furniture."""
        name = self._sheet.name.strip()
        above = [b.text for b in itertools.takewhile(lambda b: b.cell is None, body)]
        titled = len(above) == len(body) or any(len(t) >= _TITLE_CHARS and ":" not in fold(t) for t in above)
        written, lexicons = Squeezed(name).text, load()
        label = lexicons.pattern("annex-label").match(written)
        is_bare = label is not None and not label.group("title")
        if titled or is_bare or lexicons.pattern("sheet-default-name").match(written):
            return RawBlock(name, BlockKind.FURNITURE)
        return RawBlock(name, BlockKind.HEADING, level=1)

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Runs of rows that make one table each: cut at empty rows that a lone title follows."""
        first = 0
        for i in range(1, len(self._rows)):
            is_gap = self._rows[i] > self._rows[i - 1] + 1
            if is_gap and self._is_line(i) and i not in self._bridged:
                yield first, i
                first = i
        if self._rows:
            yield first, len(self._rows)

    def _is_line(self, row: int) -> bool:
        cells = self._cells.get(row, [])
        return len(cells) == 1 and cells[0].rowspan == 1

    def _stretch(self, first: int, last: int) -> Iterator[RawBlock]:
        top, bottom = first, last
        while top < last and self._is_above(top):
            top += 1
        rows = [self._cells.get(row, []) for row in range(top, last)]
        width = max((cells[-1].col + cells[-1].colspan - cells[0].col for cells in rows if len(cells) > 1), default=1)
        while bottom > top and self._is_below(bottom - 1, width):
            bottom -= 1
        for row in range(first, top):
            yield from self._lines(row)
        yield from self._grid(top, bottom)
        for row in range(bottom, last):
            yield from self._lines(row)

    def _is_above(self, row: int) -> bool:
        """Whether a row stands above the headings: a lone cell, or cells that are all filled in (`填报单位：…`)."""
        cells = self._cells.get(row, [])
        if any(c.rowspan > 1 for c in cells):
            return False
        return len(cells) <= 1 or all(":" in fold(c.text) for c in cells)

    def _is_below(self, row: int, width: int) -> bool:
        """Whether a row stands below a table: one cell over its whole width, or a lone note that begins on the left."""
        if not self._is_line(row) or row in self._bridged:
            return False
        (cell,) = self._cells[row]
        return cell.colspan >= width or (cell.col == 0 and len(cell.text) > _LINE_CHARS)

    def _lines(self, row: int) -> Iterator[RawBlock]:
        for cell in self._cells.get(row, []):
            yield from (RawBlock(line) for line in cell.text.split("\n") if line.strip())

    def _grid(self, top: int, bottom: int) -> Iterator[RawBlock]:
        """The cells of the rows, empty ones too; a table of one column is no table."""
        cells = [c for row in range(top, bottom) for c in self._cells.get(row, [])]
        if not cells:
            return
        left = min(c.col for c in cells)
        right = max(c.col + c.colspan for c in cells)
        if right - left < 2 or all(c.col == left and c.colspan == right - left for c in cells):
            for row in range(top, bottom):
                yield from self._lines(row)
            return
        if (right - left) * (bottom - top) > MAX_PLACES:
            raise too_large(self._sheet.name)
        at = {(c.row, c.col): c for c in cells}
        taken: set[tuple[int, int]] = set()
        for row in range(top, bottom):
            for col in range(left, right):
                if (row, col) in taken:
                    continue
                cell = at.get((row, col)) or self._empty(row, col, bottom, right)
                if cell.rowspan * cell.colspan > 1:
                    taken |= {(r, c) for r in range(row, row + cell.rowspan) for c in range(col, col + cell.colspan)}
                place = CellAt(self._table, row - top, col - left, cell.rowspan, cell.colspan)
                yield RawBlock(cell.text, BlockKind.CELL, cell=place)
        self._table += 1

    def _empty(self, row: int, col: int, bottom: int, right: int) -> _Cell:
        """A cell without text, merged as far as the table goes."""
        rowspan, colspan = self._blank.get((row, col), (1, 1))
        return _Cell("", row, col, min(rowspan, bottom - row), min(colspan, right - col))
